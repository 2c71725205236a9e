"""What there is to find, without a question.

documents    the documents that somebody may read
listing      who said what: speakers, and the statements of one
timeline     the same in the order of its days
suggesting   questions to begin with, each of which is answered
"""
