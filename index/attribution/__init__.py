"""Documents to statements, each with its speaker.

    forms (a table): turns of speakers whom the form names
    quotations -> segmenting -> parsing -> grammar, cues -> sentence -> rules (a table)
    -> utterances -> naming: people, describing

`attributing` is the way through them.
`languages` knows in which language a document is and who attributes statements in it.
"""
