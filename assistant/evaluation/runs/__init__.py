"""A set asked and scored, and the files that keep it.

running -> journal, a record at a time -> run -> results
opinions: what a language model thinks of an answer
"""
