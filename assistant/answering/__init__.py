"""Hits to a draft.

refusing: from the signs of the hits, answer, answer in part, or not; and what is said then
quoting: exact quotations -> crediting, where somebody's words were asked for
writing: a language model's words -> plain_sentences, each with what it cites
"""
