"""Documents to statements, each with its speaker.

    forms (a table): turns of speakers whom the form names
    quotations, leading_in -> segmenting -> parsing -> grammar, cues -> sentence -> rules (a table)
    (of languages without a parser: unparsed, by its unparsed_words) -> utterances
    -> continuing: whose quotations are with which nobody is named
    -> naming: people (capitals, names), describing, coreference
    -> speaking: can whoever it is have said it

`attributing` is the way through them.
`languages` knows in which language a document is and who attributes statements in it.
"""
