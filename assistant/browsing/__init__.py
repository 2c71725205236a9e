"""What there is to find, without a question.

listing      who said what: speakers, and the statements of one
suggesting   questions to begin with, each of which is answered
"""
