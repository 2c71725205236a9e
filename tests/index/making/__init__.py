"""Tests of `index.making`."""
