"""All that is English.

word_lists   the word lists, each once
spelling     what is a word, when two spellings are one
quantities   numbers, and what is counted or measured
amounts      numbers where they stand: unit, period, limit, the words beside them
dates        days and file names that a question names
negation     "not", "perhaps" and contraries
somebody     who can say something: persons, bodies, texts that assert something
kinds        what a question asks for, and what an answer to it looks like

Nothing here knows a document's store, a statement or a language model.
"""

from __future__ import annotations

from index.english.word_lists import (
    FUNCTION_WORDS,
    GENDER,
    NUMBER_WORDS,
    OFTEN_A_PRONOUN,
    ORGANIZATION,
    PRONOUNS,
    SCALES,
    SCALES_OF_MONEY,
    TITLES,
)
from index.lexicon import Lexicon

ENGLISH = Lexicon(
    code="en",
    stemmer="english",
    function_words=FUNCTION_WORDS,
    titles=TITLES,
    organizations=ORGANIZATION,
    genders=GENDER,
    pronouns=PRONOUNS,
    capitals_are_names=True,
    numbers=NUMBER_WORDS,
    perhaps_numbers=OFTEN_A_PRONOUN,
    scales=SCALES,
    scales_of_money=SCALES_OF_MONEY,
)
