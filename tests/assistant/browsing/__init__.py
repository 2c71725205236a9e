"""Tests of `assistant.browsing`."""
