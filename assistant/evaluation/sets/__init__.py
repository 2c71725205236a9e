"""Question sets: what stands in a line, files of them, changes to one.

loading -> questions;  collecting: answers of the chat -> questions;  sets: an index's own
"""
