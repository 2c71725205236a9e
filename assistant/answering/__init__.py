"""Hits to a draft.

quoting: exact quotations -> crediting, where somebody's words were asked for
writing: a language model's sentences, each with what it cites
"""
