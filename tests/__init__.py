"""The tests mirror the modules; benchmarks/ holds what is measured by hand."""
