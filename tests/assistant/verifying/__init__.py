"""Tests of `assistant.verifying`."""
