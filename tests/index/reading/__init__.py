"""Tests of `index.reading`."""
