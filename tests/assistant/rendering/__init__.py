"""Tests of `assistant.rendering`."""
