"""Tests of `index.reading.messages`."""
