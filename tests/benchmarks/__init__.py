"""What is measured by hand: figures vary with the machine, so ratios count.

    python -m tests.benchmarks.kills    kill indexing runs and see what is left

Each says with `--help` what it takes.
"""
