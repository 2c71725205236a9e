"""Which language a document is in, and who attributes statements in it.

English comes with the installation. Another language needs a spaCy model and its cues
(see `index.attribution.cues`); of documents in a language that has none, only what their form says
is attributed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from index.attribution.cues import ENGLISH_CUES, Cues
from index.attribution.parsing import PACKAGED_MODELS, NoParser, Parser, SpacyParser
from index.documents import Document, Statement
from index.english import ENGLISH
from index.lexicon import Lexicon

SAMPLE = "The mayor said that the bridge would open in May."

LOOKED_AT = 3_000
"""Characters from which the language is told."""

ONE_AT_A_TIME = threading.Lock()
"""Held while a text's language is told: the first call loads the model, which takes .8 s,
and calls at the same time would each load their own. Later ones take 2 ms."""


@dataclass(frozen=True, slots=True)
class Language:
    """What attribution needs of a language. One that was added by its parser and cues alone
    has the English lexicon: its titles and pronouns are then not known."""

    parser: Parser
    cues: Cues
    lexicon: Lexicon = ENGLISH


FORM_ALONE = Language(NoParser(), Cues(""))
"""For a language that has no parser."""


class Attributor:
    """Attributes the statements of a document in whatever language it has a parser for."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages

    def attribute(self, document: Document) -> tuple[Statement, ...]:
        """The statements; in a language without a parser those that the form of the document
        tells. Raises ParserUnavailable."""
        from index.attribution.attributing import attribute  # a question starts without it

        language = self.language(document.text) or FORM_ALONE
        return attribute(document, language.parser, language.cues, language.lexicon)

    def prepare(self) -> None:
        """Load what the first text would wait for. Raises ParserUnavailable."""
        language = self.language(SAMPLE)
        if language is not None:
            list(language.parser.parse([SAMPLE]))

    def language(self, text: str) -> Language | None:
        """What there is for the language that a text is in."""
        return self._languages.get(language_of(text))


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language that a text most likely is in."""
    from py3langid import classify

    with ONE_AT_A_TIME:
        code, _ = classify(text[:LOOKED_AT])
    return str(code)


def languages(added: Mapping[str, tuple[str, str]] | None = None) -> dict[str, Language]:
    """English, and those that were added: {code: (name of a spaCy model, cues)}.

    The cues are lines such as "dire: ccomp", as in `index.attribution.cues`. A model is loaded when
    the first document in its language is met.
    """
    english = SpacyParser(PACKAGED_MODELS[ENGLISH.code], rests_on_torch=bool(added))
    known = {ENGLISH.code: Language(english, ENGLISH_CUES, ENGLISH)}
    for code, (model, cues) in (added or {}).items():
        known[code] = Language(SpacyParser(model), Cues(cues))
    return known
