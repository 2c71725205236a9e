"""Questions for somebody's words in other languages than English.

"Was hat Rahmon über Studenten gesagt?" "Что сказал Рахмон о студентах?" "Qui a dit que … ?"
A verb of saying, a word that asks, and a preposition that leads to the topic tell what is what,
in whatever order the language puts them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.attribution.unparsed_words import PRONOUNS as THIRD_PERSONS
from index.attribution.unparsed_words import SPEECH_VERBS
from index.documents import Asks, Span
from index.english.word_lists import PARTICLES

VERBS = frozenset(SPEECH_VERBS.split()) - {"so"} | frozenset(
    """gesagt gemeint geäußert berichtet geschrieben erzählt angekündigt versprochen dicho declarado
    afirmado explicado anunciado dito declarou gezegd verteld verklaard сказав сказала заявив
    заявила каже гуфт гуфта гуфтанд гуфтааст мегӯяд powiedział powiedziała powiedzieli stwierdził
    stwierdziła mówi mówił είπε δήλωσε λέει قال قالت صرح صرحت""".split()
)
"""Those of news, and how else they stand in a question."""


@dataclass(frozen=True, slots=True)
class QuestionForms:
    """How one language asks: its words for "what", "who", "about", "that", and what may stand
    beside a verb or a name."""

    what: str
    who: str
    about: str
    that: str
    beside: str = ""


LANGUAGES = (
    QuestionForms("was", "wer", "über|zu|zum|zur|bezüglich", "dass|daß|ob",
           "hat haben hatte der die das den"),
    QuestionForms("que|quoi", "qui", "sur|à propos d[eu]s?|au sujet d[eu]s?|concernant", "que|si",
           "a ont avait est ce le la les t"),
    QuestionForms("qué|que", "quién|quiénes|quien", "sobre|acerca del?|respecto al?", "que|si",
           "ha han había el la los las o"),
    QuestionForms("cosa|che", "chi", "su|sul|sulla|sui|sulle|sugli|riguardo al?", "che|se",
           "ha hanno aveva il lo la i gli le che"),
    QuestionForms("que", "quem", "sobre|acerca d[aeo]s?", "que|se", "o a os as"),
    QuestionForms("wat", "wie", "over", "dat|of", "heeft hebben de het"),
    QuestionForms("что|чего", "кто", "о|об|обо|про|насч[её]т|по поводу", "что|будто", "ли"),
    QuestionForms("що", "хто", "про|щодо", "що", "чи"),
    QuestionForms("чӣ|чи", "кӣ", "дар бораи|оид ба|дар хусуси", "ки"),
    QuestionForms("co", "kto", "o|na temat", "że", "czy"),
    QuestionForms("τι", "ποιος|ποια", "για|σχετικά με", "ότι|πως",
           "ο η το οι τα έχει τον την τους τις του της"),
    QuestionForms("ماذا", "من", "عن|حول", "إن|أن"),
)  # fmt: skip

WHO = frozenset(word for language in LANGUAGES for word in language.who.split("|"))

ELIDED = re.compile(r"(?i)\b(qu|d|l)['’]")
WHOLE = {"qu": "que ", "d": "de ", "l": "le "}
TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
FURTHEST = 1
"""Words in front of a "que" that asks; elsewhere it is "that"."""

AND = frozenset("und et y e en а и но a i aber mais pero".split())
"""With which a question goes on with the one before."""

MOST_WORDS = 6
"""Words of a speaker's name."""


@dataclass(frozen=True, slots=True)
class SpeakerQuestion:
    """What is asked for, whose words, and about what."""

    asks: Asks
    speaker: str | None
    topic: str


def asked_elsewhere(sentence: str) -> SpeakerQuestion | None:
    """Whose words a sentence asks for, in the language that finds a topic, else in any."""
    plain = ELIDED.sub(lambda found: WHOLE[found[1].lower()], sentence)
    words = TOKEN.findall(plain)
    words = words[1:] if words and words[0].lower() in AND else words
    verb = next((place for place, word in enumerate(words) if word.lower() in VERBS), None)
    if verb is None:
        return None
    readings = (_Reading(language, words, verb) for language in LANGUAGES)
    found = [asked for reading in readings if (asked := reading.asked())]
    return max(found, key=lambda asked: bool(asked.topic), default=None)


def is_third_person(word: str) -> bool:
    """Is it a "he" or "she" of one of these languages?"""
    return word.lower() in THIRD_PERSONS or word.lower() in ("ӯ", "вай")


class _Reading:
    """A sentence with a verb of saying, read as one of a language."""

    def __init__(self, language: QuestionForms, words: Sequence[str], verb: int) -> None:
        self._words, self._low = words, [word.lower() for word in words]
        self._verb, self._beside = verb, {*language.beside.split(), *language.what.split("|")}
        self._who = self._find(language.who, 0, FURTHEST + 1)
        as_that = language.what.split("|")[0] in language.that.split("|")
        self._what = self._find(language.what, 0, FURTHEST + 1 if as_that else verb)
        self._that = None if self._what else self._find(language.that, verb + 1, len(words))
        self._about = self._that or self._find(language.about, 0, len(words))

    def asked(self) -> SpeakerQuestion | None:
        """What the language takes it to ask for; None if nothing."""
        start, end = self._about_what()
        topic = " ".join(self._bare(self._words[self._about.end : end])) if self._about else ""
        if self._who and not self._what:
            topic = topic or " ".join(self._words[self._verb + 1 :])
            return SpeakerQuestion("who", None, topic) if topic else None
        speaker = self._speaker(start, end)
        if not speaker or speaker.lower() in WHO or not (self._what or (self._that and topic)):
            return None
        return SpeakerQuestion("said" if self._what else "whether", speaker, topic)

    def _find(self, phrases: str, start: int, end: int) -> Span | None:
        """Where one of these phrases stands first, the longest that does."""
        places = [Span(a, a + n) for a in range(start, end) for n in (3, 2, 1) if a + n <= end]
        fits = (s for s in places if re.fullmatch(phrases, " ".join(self._low[s.start : s.end])))
        return next(fits, None)

    def _about_what(self) -> tuple[int, int]:
        """From "about" up to the verb, or to the word that asks, where these come later."""
        if self._about is None:
            return len(self._words), len(self._words)
        start = self._about.start
        behind = [self._verb, *([self._what.start] if self._what else [])]
        return start, min((at for at in behind if at > start), default=len(self._words))

    def _speaker(self, start: int, end: int) -> str:
        """What is left, without articles and auxiliaries at its ends, up to the end of a name."""
        left: Sequence[str] = [
            word
            for place, word in enumerate(self._words)
            if word.lower() not in VERBS
            and not start <= place < end
            and not (self._what and self._what.start <= place < self._what.end)
        ]
        left = self._bare(self._bare(left)[::-1])[::-1]
        named = next((place for place, word in enumerate(left) if word[0].isupper()), 0)
        behind = (p for p, w in enumerate(left) if p > named and w[0].islower())
        stop = next((place for place in behind if left[place] not in PARTICLES), len(left))
        return " ".join(left[:stop]) if stop <= MOST_WORDS else ""

    def _bare(self, words: Sequence[str]) -> Sequence[str]:
        """Without the articles and the like in front."""
        first = (place for place, word in enumerate(words) if word.lower() not in self._beside)
        return words[next(first, len(words)) :]
