"""Tests of `assistant.understanding`."""
