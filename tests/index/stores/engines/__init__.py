"""Tests of `index.stores.engines`."""
