"""What two texts share, and where one says more, less or the opposite: words only.

Nothing here knows a document or a language model. Closed classes of words are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index.documents import Span
from index.english.spelling import NUMBER_WORDS, OFTEN_A_PRONOUN, folded
from index.stores.bm25 import FUNCTION_WORDS, NEGATING_WORDS

WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")
WORD_OR_BREAK = re.compile(rf"{WORD.pattern}|[,.;:!?“”\"–—]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“]+)“")

TYPOGRAPHIC = str.maketrans("“”„«»‘’‚‐‑–—\u00a0\u2009\u202f", '"""""\'\'\'----   ')
"""Marks to the plain ones, character for character, so that offsets stay."""

OUTER = " \t\n,.;:"
"""What may stand inside closing quotation marks without being quoted."""


@dataclass(frozen=True, slots=True)
class Markers:
    """A closed class: words as they are, and verbs in whatever form."""

    words: frozenset[str]
    verbs: frozenset[str]

    def hold(self, word: str) -> bool:
        """Is the word one of them? "May" is a month."""
        plain = word.lower().replace("’", "'")
        return word != "May" and (plain in self.words or root(word) in self.verbs)


SCOPE = 3
"""Words behind a negator or hedge that it is about. On statements of polnear/dev two and
five catch as much, with as many false alarms (tests/benchmarks/verification.py)."""

HALF = 0.5
"""Share of what a negator is about from which a text says that, negated or not. Chosen,
not fitted: with it all corruptions of the kind are caught in polnear/dev and squad/dev."""

SUFFIXES = ("ing", "ies", "ied", "ed", "es", "ly", "s", "y", "e")


@dataclass(frozen=True, slots=True)
class Marker:
    """A negator or a hedge, and the roots of the words that it is about."""

    word: str
    scope: tuple[str, ...]


def root(word: str) -> str:
    """What inflected forms share, roughly: walked and walking are walk."""
    plain = re.sub(r"['’]s?$", "", folded(word))
    for suffix in SUFFIXES:
        if plain.endswith(suffix) and len(plain) - len(suffix) >= 3:
            return plain.removesuffix(suffix)
    return plain


NEGATORS = Markers(
    NEGATING_WORDS, frozenset(map(root, "decline refuse deny fail lack reject".split()))
)
HEDGES = Markers(
    frozenset(
        """may might could possibly perhaps maybe probably likely reportedly allegedly apparently
        supposedly seemingly""".split()
    ),
    frozenset(map(root, "seem appear".split())),
)


OPPOSITES = tuple(
    (frozenset(map(root, one.split())), frozenset(map(root, other.split())))
    for one, other in (
        ("rise rose risen increase grow grew grown", "fall fell fallen decrease decline drop"),
        ("more most greater", "less least fewer fewest"),
        ("higher highest", "lower lowest"),
        ("larger largest bigger biggest", "smaller smallest"),
        ("longer longest", "shorter shortest"),
        ("above over", "below under"),
        ("first", "last"),
        ("maximum", "minimum"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("public", "private"),
        ("accept approve", "reject refuse"),
        ("support back favour favor", "oppose"),
        ("allow permit", "forbid forbade forbidden prohibit ban"),
        ("include", "exclude"),
        ("begin began begun start", "end stop finish"),
        ("praise", "criticize criticise condemn accuse blame"),
        ("agree", "disagree"),
        ("success succeed successful", "failure fail failed"),
        ("always", "never"),
        ("cheap cheaper", "expensive"),
        ("legal", "illegal"),
        ("positive", "negative"),
    )
)
"""Words that say the contrary of each other, whoever is named first: not "before" and "after",
nor "buy" and "sell"."""

COMPOUND = re.compile(
    rf"\b({'|'.join(w for w, n in NUMBER_WORDS.items() if int(n) >= 20)})[- ]"
    rf"({'|'.join(w for w, n in NUMBER_WORDS.items() if 0 < int(n) < 10)})\b",
    re.I,
)


def telling(text: str) -> set[str]:
    """The roots of the words that say something."""
    return {root(word) for word in WORD.findall(text) if word.lower() not in FUNCTION_WORDS}


def share(of: set[str], among: set[str]) -> float:
    """How much of one is in the other, from 0 to 1; 1 of nothing."""
    return len(of & among) / len(of) if of else 1.0


def quoted(text: str) -> Iterator[str]:
    """What stands in quotation marks, without punctuation at the ends."""
    for match in QUOTED.finditer(text):
        words = next(filter(None, match.groups())).strip(OUTER)
        if words:
            yield words


def without_quotations(text: str) -> str:
    """The text with a break in place of what is quoted."""
    return QUOTED.sub(" ; ", text)


def find(words: str, text: str) -> Span | None:
    """Where the words stand in the text, but for the shape of marks and white space."""
    plain = r"\s+".join(re.escape(word) for word in words.translate(TYPOGRAPHIC).split())
    match = re.search(rf"(?<!\w){plain}(?!\w)", text.translate(TYPOGRAPHIC))
    return Span(*match.span()) if match else None


def exchanged(printed: str, written: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words that stand in place of others, where the words around them are the same:
    (those printed, those written)."""
    old, new = re.findall(r"\w+", printed), re.findall(r"\w+", written)
    before, after = [folded(word) for word in old], [folded(word) for word in new]
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace":
            yield old[a:b], new[c:d]


def same_words(one: str, other: str) -> bool:
    """Are they the same but for the shape of marks and white space?"""
    return one.translate(TYPOGRAPHIC).split() == other.translate(TYPOGRAPHIC).split()


def numbers(text: str) -> dict[str, str]:
    """The numbers of a text in digits, each as it is printed: {"20000": "20,000"}."""
    text = _in_digits(text)
    found = {
        NUMBER_WORDS[word.lower()]: word
        for word in re.findall(r"[A-Za-z]+", text)
        if word.lower() in NUMBER_WORDS and word.lower() not in OFTEN_A_PRONOUN
    }
    return found | {re.sub(r"[.,](?=\d{3}\b)", "", n): n for n in NUMBER.findall(text)}


def all_numbers(text: str) -> set[str]:
    """As `numbers`, with what is only perhaps a number."""
    text = _in_digits(text)
    words = {NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in NUMBER_WORDS}
    return words | numbers(text).keys()


def turned_round(words: str, printed: str) -> tuple[str, str] | None:
    """The first word of one text whose contrary the other has in its place, and that
    contrary. Nothing where either has both."""
    here, there = _by_root(words), _by_root(printed)
    for pair in OPPOSITES:
        for side, contrary in (pair, pair[::-1]):
            mine, theirs = side & here.keys(), contrary & there.keys()
            if mine and theirs and not (side & there.keys() or contrary & here.keys()):
                return here[min(mine)], there[min(theirs)]
    return None


def _by_root(text: str) -> dict[str, str]:
    return {root(word): word for word in reversed(WORD.findall(text))}


def _in_digits(text: str) -> str:
    """With twenty-eight as 28, which is neither twenty nor eight."""
    return COMPOUND.sub(lambda m: str(sum(int(NUMBER_WORDS[w.lower()]) for w in m.groups())), text)


def negations(text: str) -> list[Marker]:
    """Every negator with what it is about."""
    return _markers(text, NEGATORS)


def hedges(text: str) -> list[Marker]:
    """Every hedge with what it is about."""
    return _markers(text, HEDGES)


def unmatched(markers: Sequence[Marker], others: Sequence[Marker], text: str) -> Marker | None:
    """The first that is about something in the text, where none of the others is. Each
    of the others answers for one, those that fit best first."""
    there = telling(text)
    pairs = sorted(
        ((_alike(marker, other), i, j) for i, marker in enumerate(markers)
         for j, other in enumerate(others)),
        reverse=True,
    )  # fmt: skip
    matched: dict[int, int] = {}
    for alike, i, j in pairs:
        if alike >= HALF and i not in matched and j not in matched.values():
            matched[i] = j
    left = (marker for i, marker in enumerate(markers) if i not in matched)
    return next((marker for marker in left if _is_about(marker, there)), None)


def _is_about(marker: Marker, there: set[str]) -> bool:
    """Does a text have the nearest word that the marker is about, and most of them?"""
    return (
        marker.scope[:1] != ()
        and marker.scope[0] in there
        and (share(set(marker.scope), there) > HALF)
    )


def _alike(one: Marker, other: Marker) -> float:
    """How much of the shorter scope is in the other."""
    shared = len(set(one.scope) & set(other.scope))
    return shared / max(1, min(len(one.scope), len(other.scope)))


def _markers(text: str, markers: Markers) -> list[Marker]:
    words = [match[0] for match in WORD_OR_BREAK.finditer(text)]
    return [
        Marker(word, _scope(words[i + 1 :], markers) or _scope(words[:i][::-1], markers))
        for i, word in enumerate(words)
        if markers.hold(word)
    ]


def _scope(words: Sequence[str], markers: Markers) -> tuple[str, ...]:
    """The roots of the next telling words, up to a break in the sentence."""
    about: list[str] = []
    for word in words:
        if len(about) == SCOPE or (about and not word[0].isalnum()):
            break
        if word[0].isalnum() and word.lower() not in FUNCTION_WORDS and not markers.hold(word):
            about.append(root(word))
    return tuple(about)
