"""Tests of `index.rights`."""
