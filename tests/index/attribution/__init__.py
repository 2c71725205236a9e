"""Tests of `index.attribution`."""
