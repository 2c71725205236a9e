"""What a document says by its form: who speaks is told by where it stands, not by a verb.

    turns (nouns) -> labels, talking (what tells a speaker)
    -> transcripts, mails, minutes, authors, lines (one family each) -> table (of forms)

A form is given a document as it is printed and yields its turns, or nothing where the document
has not that form. It recognises itself from the document as a whole. Within a turn grammar finds
whom the speaker quotes. `printed_words` are what such documents print around names.
"""
