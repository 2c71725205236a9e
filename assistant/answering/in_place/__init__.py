"""What stands in a place of its own, for questions that ask for just that.

mails: who wrote to whom and when, from their heads
comments: what was noted at the margin or at the foot of a page
authors: who wrote a document, from the lines above its text
"""
