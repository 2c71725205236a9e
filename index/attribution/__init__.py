"""Documents to statements, each with its speaker.

    quotations -> segmenting -> parsing -> grammar, cues -> rules -> people, describing

`languages` knows in which language a document is and who attributes statements in it.
"""
