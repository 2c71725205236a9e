"""Verbs that say that something is said, and what stands with each.

Learned from a development set of 924 news articles with annotated statements, all
of it at once, by `python -m tests.benchmarks.statements --learn`: a verb with a kind
of complement is a cue if the annotators took it for one in at least LEAST_SHARE of
the places, seen at least LEAST_SEEN times. Kinds: ccomp a clause ("said that …"),
xcomp an infinitive ("promised to …"), obj an object ("criticized …"), or a preposition
("called for …").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.english.spelling import forms
from index.english.word_lists import DECIDERS, FINDERS, ORGANIZATION, TITLES

LEAST_SHARE = 0.35
LEAST_SEEN = 3

FRAMENET = """
acknowledge add admit affirm allege announce assert attest aver avow caution claim comment
concede confirm conjecture contend declare deny disclose exclaim explain explicate expound
insist maintain mention note observe proclaim profess pronounce reaffirm recount reiterate
relate remark report say state suggest venture write assure inform notify advise confide
accentuate emphasize stress underline underscore reveal: ccomp
underline underscore emphasize stress accentuate affirm reaffirm confirm deny reiterate
proclaim recount: obj
remark's statement's comment's claim's announcement's allegation's assertion's
declaration's contention's explanation's: about on ccomp
reply answer retort rejoin agree concur object protest: ccomp
enquire inquire: about ccomp
query: about ccomp obj
demand: obj
doubt dispute: ccomp
recommend move: ccomp
recommend: xcomp
"""
"""After the frames Statement, Telling, Affirm_or_deny, Reveal_secret, Convey_importance,
Communication_response, Questioning and Agree_or_refuse_to_act of FrameNet 1.7: cues that news
about one subject has too rarely to be learned from it. Written from memory of the frames:
single words were not compared with the release."""

LEARNED = """
accuse: obj of
acknowledge: ccomp obj
add: ccomp
admit: ccomp
advise: xcomp
allege: ccomp
announce: ccomp obj
argue: ccomp
ask: about ccomp for obj xcomp
assert: ccomp
attack: as for obj
attack's: on
blame: for obj on
blast: for obj
boast: about ccomp of
brag: about
call: for obj with xcomp
caution: ccomp
characterize: as obj
charge: ccomp obj
cite: as ccomp obj
claim: ccomp xcomp
claim's: ccomp
comment's: on
compare: to
complain: about ccomp
concede: ccomp
conclude: ccomp
condemn: obj
confirm: ccomp
contend: ccomp
continue: ccomp
counter: ccomp
criticize: as for obj
declare: ccomp obj
defend: against as obj
demand: ccomp
denounce: as ccomp obj
deny: ccomp
deride: obj
describe: as ccomp obj
detail: obj
disclose: ccomp
discuss: ccomp obj
dismiss: as obj
echo: obj
emphasize: ccomp obj
endorse: obj
explain: ccomp obj
express: ccomp obj
hail: obj
insist: ccomp
issue: ccomp
joke: about ccomp
label: obj
lament: obj
lash: at
liken: obj to
maintain: ccomp
mention: obj
mock: obj
note: ccomp obj
offer: xcomp
outline: obj
pledge: ccomp xcomp
pledge's: xcomp
point: as ccomp obj to
post: ccomp obj
praise: as for obj
predict: ccomp
promise: ccomp obj xcomp
promise's: xcomp
propose: ccomp obj xcomp
question: ccomp obj
rail: against
recall: ccomp obj
refer: ccomp to
reiterate: ccomp obj
reject: obj
remark: ccomp
repeat: obj
report: ccomp obj xcomp
respond: by ccomp with
reveal: ccomp obj
rip: obj
say: ccomp for obj xcomp
slam: as for obj
speak: about of
state: ccomp obj
stress: ccomp obj
suggest: ccomp obj xcomp
talk: about of
tell: about ccomp xcomp
testify: ccomp
thank: for obj
thought's: on
tout: obj
tweet: ccomp obj
urge: obj xcomp
vow: ccomp xcomp
warn: against ccomp of xcomp
wonder: ccomp
write: about ccomp
"""

FINDING = """
show find indicate suggest reveal conclude confirm estimate establish demonstrate: ccomp
"""
"""After the frames Evidence, Becoming_aware and Coming_to_believe of FrameNet 1.7: of anybody
they are deeds ("she found that the door was locked"), of a survey or a court they are words."""

DECIDING = """
agree resolve vote decide: ccomp xcomp
rule judge hold hear find determine order direct recommend conclude note consider: ccomp
order direct: xcomp
"""
"""After the frames Deciding, Verdict, Make_agreement_on_action and Opinion of FrameNet 1.7: what
a body says by what it does, as minutes and judgments have it."""

HOLDING = "feel consider judge: ccomp"
"""After the frame Opinion: "Mr Hale felt that the budget was too tight" stands in minutes for
what he said."""

RULE = re.compile(r"([^:]+):(.*)\n?")
"""Cues, and the kinds of complement that each of them takes, up to the end of a line."""


CLAUSES = frozenset({"ccomp", "about"})
BEGINNING = re.compile(r"(?:[\w’'-]+ ?){1,5}")


class Cues:
    """The verbs of one language that say that something is said.

    Without English inflection any word could be a form of a cue.
    """

    def __init__(self, learned: str, *, english: bool = False) -> None:
        self._kinds: dict[str, frozenset[str]] = {}
        for cues, kinds in RULE.findall(learned):
            for cue in cues.split():
                self._kinds[cue] = self._kinds.get(cue, frozenset()) | set(kinds.split())
        inflected = (form for verb in self._kinds for form in forms(verb.removesuffix("'s")))
        self._forms = frozenset(inflected) if english else None

    def of_clauses(self) -> Cues:
        """Those that have a clause for what is said."""
        clauses = Cues("")
        clauses._kinds = {cue: kinds & CLAUSES for cue, kinds in self._kinds.items()}
        clauses._forms = self._forms
        return clauses

    @property
    def are_english(self) -> bool:
        """Are these the verbs of English, with its inflection?"""
        return self._forms is not None

    def has(self, verb: str) -> bool:
        """Is the verb a cue, with whatever complement?"""
        return verb in self._kinds

    def takes(self, verb: str, kind: str) -> bool:
        """Is the verb a cue with this kind of complement?"""
        return kind in self._kinds.get(verb, ())

    def begin(self, words: str) -> bool:
        """Is one of the first words a form of a cue?"""
        first = BEGINNING.match(words)
        return first is not None and self.may_be_among(first[0].lower().split())

    def may_be_among(self, words: Iterable[str]) -> bool:
        """Could one of these words, in small letters, be a form of a cue?"""
        return self._forms is None or not self._forms.isdisjoint(words)


SHOWS = frozenset(
    form
    for verb in FINDING.partition(":")[0].split()
    for form in forms(verb)
    if not form.endswith("ing")
) - {"estimate", "estimates"}
"""Forms of these that are no noun of a finding."""

CONCLUSIONS = (
    (Cues(FINDING, english=True), FINDERS),
    (Cues(DECIDING, english=True), DECIDERS | ORGANIZATION),
    (Cues(HOLDING, english=True), DECIDERS | ORGANIZATION | TITLES),
)
"""Cues that count with such a subject only."""

CONCLUDERS = frozenset({"it"}) | frozenset(
    form
    for word in FINDERS | DECIDERS | ORGANIZATION | TITLES
    for form in (word, f"{word}s", f"{word[:-1]}ies")
)
"""Words of such subjects, in the singular and the plural."""


def may_be_concluded(words: Sequence[str]) -> bool:
    """Could one of these words, in small letters, be such a cue, and another its subject?"""
    return any(cues.may_be_among(words) for cues, _ in CONCLUSIONS) and not CONCLUDERS.isdisjoint(
        words
    )


ENGLISH_CUES = Cues(FRAMENET + LEARNED, english=True)
