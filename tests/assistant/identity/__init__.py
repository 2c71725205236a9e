"""Tests of `assistant.identity`."""
