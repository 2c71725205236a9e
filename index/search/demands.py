"""What a question insists on, and whether a text has it: the names and numbers that it asks
for, and its "not". By words only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.chunking import sentences
from index.documents import Span
from index.english import ENGLISH
from index.english.kinds import (
    GOES_ON_BE,
    NAMING,
    NO_THING,
    PHRASE,
    PLACED,
    RESTRICTING,
    WHO_DID,
    YEAR,
)
from index.english.negation import has_negation
from index.english.quantities import is_number
from index.english.spelling import NAMELIKE, SUFFIXES, WORD, folded, root
from index.english.word_lists import (
    ADJECTIVES,
    ATTRIBUTES,
    COMPARING_ADJECTIVES,
    DOCUMENTS,
    FUNCTION_WORDS,
    GENERAL_NOUNS,
    IRREGULAR_PARTICIPLES,
    LIGHT_VERBS,
    LITTLE_WORDS,
    SUBJECTS,
)
from index.lexicon import Lexicon
from index.words import is_cut_by_dictionary, without_accents, without_unseen, words_of

BEGINNING = 6
"""Letters by which two words are held for one: Normans and Normandy."""

SHORT_NAME = 4
"""Letters of a name from which on a longer one may begin with it: Tajik and Tajikistan."""


RARE = 0.45
"""How rare a word is that tells of whom or for what a question asks, as `Found.rarity` has it:
the name of the company is in too many passages to restrict anything. From .55 to .45 nothing
that can be answered is lost on handbooks and 220 questions of squad/dev."""

GENERAL = (
    FUNCTION_WORDS
    | LITTLE_WORDS
    | GENERAL_NOUNS
    | COMPARING_ADJECTIVES
    | frozenset("lowest highest minimum maximum average total usual exact main".split())
    | frozenset("latest newest recent current present today".split())
)
"""Words that restrict nothing."""

NAMELESS = frozenset(map(root, GENERAL | ADJECTIVES | ATTRIBUTES | LIGHT_VERBS | DOCUMENTS))
"""Words that name nothing of which a document would have to have heard."""

SAME_LANGUAGE_FROM = 0.2
"""Share of function words from which a question is in a language: .99 of those in English on
squad/dev and xquad/dev have as many, and at most .06 of those in any of 11 other languages."""


PASSAGE_FROM = 0.12
"""The same share of a passage: .95 of the paragraphs of handbooks and .99 of those of xquad in
English have as many, and .05 of the paragraphs in German, of ten other languages none."""

ENOUGH_LETTERS = 24
"""Letters of words without a capital, from which a passage tells its language."""

ASKING = frozenset(
    """谁 哪 吗 呢 几个 几点 几天 几年 几次 什么 甚么 多少 怎么 怎样 如何 为何 何时 是否 可以
    能否 能不能 有没有 是不是 需要 应该 必须 我们 请问 一个 这个 那个 关于 いつ どこ だれ なに
    なん どの どれ どう いくつ いくら です ます した する して ある いる ください という
    อะไร ใคร ไหน เมื่อไร เท่าไร กี่ อย่างไร ทำไม หรือ""".split()
)
"""With one of these a word of Chinese, Japanese or Thai asks."""

SAID = re.compile(r"[^\W\d][\w'’-]*(?:,? [^\W\d][\w'’-]*){3,}|[^\x00-\u024f\s]{6,}")
"""Words that follow one another, not the cells of a table or the fields of a record."""

ADDRESS = re.compile(r"\S+[@/]\S+")


@dataclass(frozen=True, slots=True)
class Insistence:
    """The names and numbers of a question, folded, and whether it negates."""

    names: frozenset[str]
    negates: bool

    def is_met_by(self, *texts: str) -> bool:
        """Have the texts all of the names and numbers?"""
        return not self.names or not self.missing_from(*texts)

    def missing_from(self, *texts: str) -> frozenset[str]:
        """Which of the names and numbers the texts have not."""
        there = {part.plain for text in texts for part in _parts(text)}
        return frozenset(n for n in self.names if not any(_are_one(n, word) for word in there))

    def is_negated_in(self, text: str) -> bool:
        """Does the text negate something, if the question does?"""
        return not self.negates or has_negation(text)


def insistence(question: str, lexicon: Lexicon = ENGLISH) -> Insistence:
    """What a question insists on, as it was typed. A name is known by its capital, which says
    nothing of the first word, nor where every word has one, nor in a language where every noun
    has."""
    parts = _parts(question, lexicon)
    insisted = {part.plain for part in parts if is_number(part.plain)}
    told = lexicon.capitals_are_names and _is_in(lexicon, [part.printed for part in parts])
    if told and any(part.printed[0].islower() for part in parts[1:]):
        insisted.update(part.plain for part in parts[1:] if _is_name(part.printed, lexicon))
    return Insistence(frozenset(insisted), has_negation(question))


def seems_foreign(question: str, known: int, passage: str = "", lexicon: Lexicon = ENGLISH) -> bool:
    """May the question be in another language than the documents, of whose words they have so
    many: hardly any, and it asks by none of this language's words, or the sentences of a passage
    have none? Names, numbers and addresses are of every language."""
    words = WORD.findall(question)
    if len(words) <= 1 or known > len(words) / 4:
        return False
    running = [word for word in WORD.findall(sentences_in(passage)) if not word[0].isupper()]
    tells = sum(len(word) for word in running if word.isalpha()) >= ENOUGH_LETTERS
    return not (_is_in(lexicon, words) and (not tells or _is_in(lexicon, running, PASSAGE_FROM)))


def sentences_in(text: str) -> str:
    """The words of a text that tell its language: not the cells of tables, nor addresses."""
    return " ".join(SAID.findall(ADDRESS.sub("", text)))


def restricting(question: str) -> tuple[str, ...]:
    """The words of the question that say of whom, where, when and for what it asks, in its
    order: its names and years too. Somebody else's days are no answer to whose they ask for."""
    asked = question[_last_question(question) :]
    names = insistence(asked).names
    printed = [w for w in as_printed(asked, names) if not is_number(w) or YEAR.fullmatch(w)]
    found = [form.search(asked) for form in RESTRICTING]
    said = [WORD.findall(each["words"]) for each in found if each is not None]
    words = (word for part in said if not _is_clause(part) for word in part)
    telling = [word for word in words if word.lower() not in GENERAL | PLACED]
    return tuple(dict.fromkeys([*printed, *telling]))


def rare_restrictions(question: str, rarity: Mapping[str, float]) -> tuple[str, ...]:
    """Those of them that are rare enough to restrict anything, or are years; in scripts without
    spaces all that tell."""
    words = restricting(question)
    rare = (w for w in words if rarity.get(w, 0.0) >= RARE or YEAR.fullmatch(w))
    return (*rare, *words_without_spaces(question))


def words_without_spaces(question: str) -> tuple[str, ...]:
    """The telling words of a question in Chinese, Japanese, Thai and the like: those of several
    characters that neither ask nor stand in every sentence."""
    words = dict.fromkeys(word.text for word in words_of(question, ENGLISH))
    return tuple(
        word
        for word in words
        if is_cut_by_dictionary(word) and len(word) > 1 and not any(ask in word for ask in ASKING)
    )


def things(question: str) -> dict[str, str]:
    """The words of the question that name what it is about, each with the word that it describes
    ("" for none); no abbreviation, for what it stands for may be there."""
    asked = question[_last_question(question) :]
    words = [word for form in NAMING for m in form.finditer(asked) for word in m["words"].split()]
    found = {**dict.fromkeys(words, ""), **_described(asked)}
    return {word: head for word, head in found.items() if _names(word)}


def _names(word: str) -> bool:
    generic = root(word) in NAMELESS or NO_THING.fullmatch(word)
    return not generic and not (word.isalpha() and word.isupper())


def _described(asked: str) -> dict[str, str]:
    """The nouns behind an article, "how many", "which" and the like, as `things` gives them."""
    found: dict[str, str] = {}
    for phrase in PHRASE.finditer(asked):
        words = phrase["words"].split()
        if phrase["owned"] and WHO_DID.match(asked):  # "who is his brother" is of that type, too
            continue
        if phrase["verb"] and not GOES_ON_BE.match(asked, phrase.end()):
            words = words[:1]  # "does the clerk retire"
        if phrase["number"]:
            last = next((i for i, w in enumerate(words) if w.endswith("s") or w in GENERAL), 0)
            words = words[: last + 1]
        while words and (NO_THING.fullmatch(words[-1]) or words[-1] in IRREGULAR_PARTICIPLES):
            words.pop()
        if not words:
            continue
        head = words[-1]
        if phrase["type"]:  # "which firm": the answer need not say that it is one
            words.pop()
        found.update({word: head if word != head else "" for word in words})
    return found


def is_ones_own(word: str, question: str) -> bool:
    """Is it the asking person's: "my old machine"? That tells it from nobody else's."""
    return (
        re.search(rf"\b(?:my|our|your)\s(?:[\w-]+\s){{0,2}}?{re.escape(word)}\b", question, re.I)
        is not None
    )


def _is_clause(words: Sequence[str]) -> bool:
    """Is somebody its subject: "the most I may spend"?"""
    return any(word.lower() in SUBJECTS for word in words)


def is_mentioned(word: str, text: str) -> bool:
    """Has the text the word, in whatever form and spelling? "US" is "U.S.", "wifi" "Wi-Fi"."""
    forms = "|".join(SUFFIXES)
    if re.search(rf"\b{re.escape(root(word))}(?:{forms})?\b", text, re.I):
        return True
    if word.isalpha() and re.search(rf"\b{'[-‐‑]?'.join(word)}\b", text, re.I):
        return True
    wanted = _searched(word)
    if wanted and wanted <= _searched(text):
        return True
    names = frozenset(part.plain for part in _parts(word))
    return not word.islower() and Insistence(names, negates=False).is_met_by(text)


def whole_number(word: str, text: str) -> str:
    """The word; a number with what follows it in the text where both are one: "1.25 million"."""
    scales = "|".join(map(re.escape, ENGLISH.scales))
    whole = re.search(rf"(?<![\d.,]){re.escape(word)}\s+(?:{scales})\b", text, re.IGNORECASE)
    return whole[0] if whole and word[0].isdigit() else word


def _searched(text: str) -> set[str]:
    """Its words as they are searched: "1.25 million" is 1250000."""
    return {word.text.lower() for word in words_of(text, ENGLISH)} - ENGLISH.scales.keys()


def _last_question(text: str) -> int:
    """Where the last of its sentences begins that is a question: others tell of a case."""
    spans = sentences(text, Span(0, len(text)))
    asking = [span.start for span in spans if text[span.start : span.end].endswith("?")]
    return asking[-1] if asking else 0


def as_printed(question: str, names: Iterable[str]) -> tuple[str, ...]:
    """These folded names and numbers as the question has them, in its order."""
    wanted = frozenset(names)
    found = [part.printed for part in _parts(question) if part.plain in wanted]
    return tuple(dict.fromkeys(found))


class _Part(NamedTuple):
    """A part of a name, or a number, as it is printed and in the form that is compared."""

    start: int
    printed: str
    plain: str


def _parts(text: str, lexicon: Lexicon = ENGLISH) -> list[_Part]:
    """Numbers and initials as the word index has them, and the rest of the words."""
    others, parts = text, []
    for word in words_of(text, lexicon):
        printed = text[word.start : word.end]
        if word.text[0].isdigit() or "." in printed:
            parts.append(_Part(word.start, printed, word.text.lower()))
            others = others[: word.start] + " " * len(printed) + others[word.end :]
    for match in NAMELIKE.finditer(without_unseen(others)):
        parts.append(_Part(match.start(), match[0], _plain(match[0])))
    return sorted(parts)


def _is_in(language: Lexicon, words: Sequence[str], share: float = SAME_LANGUAGE_FROM) -> bool:
    known = sum(word.lower() in language.function_words for word in words)
    return known >= share * len(words)


def _is_name(word: str, lexicon: Lexicon) -> bool:
    return word[0].isupper() and word.lower() not in lexicon.function_words


def _are_one(name: str, word: str) -> bool:
    if is_number(name) or min(len(name), len(word)) < SHORT_NAME:
        return name == word
    return word.startswith(name[:BEGINNING]) or name.startswith(word)


def _plain(word: str) -> str:
    return folded(without_accents(word)).replace("’", "'").removesuffix("'s")
