"""Tests of `index.models`."""
