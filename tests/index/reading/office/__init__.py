"""Tests of `index.reading.office`."""
