"""Tests of `assistant.accounts`."""
