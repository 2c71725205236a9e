"""Tests of `index.reading.pages`."""
