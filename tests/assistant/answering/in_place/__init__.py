"""Tests of `assistant.answering.in_place`."""
