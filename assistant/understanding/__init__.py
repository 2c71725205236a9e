"""A question and what was said before it, to a query that stands alone.

querying -> restating, where no rule helps and a language model may
"""
