"""Invented documents, and questions in everyday words that people have about them."""
