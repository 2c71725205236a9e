"""Tests of `assistant.receipts`."""
