"""Tests of `assistant.manual`."""
