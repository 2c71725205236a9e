"""Figures: how one question went, and a whole set.

gold + records -> metrics -> figures -> resampling: how sure they are
                          -> verdicts: right or wrong, and why

`spans` is their arithmetic.
"""
