"""Tests of `assistant.operating`."""
