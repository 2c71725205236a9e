"""Tests of `index.reading.markup`."""
