"""Tests of `index.stores`."""
