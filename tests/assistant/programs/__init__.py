"""Tests of `assistant.programs`."""
