"""Kinds of question, by the forms in which English asks, and the kinds of answer they want.

A sentence about the right thing that has no date does not answer "on what date".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.english.quantities import HOW_MANY, HOW_MANY_THINGS, MEASURES
from index.english.word_lists import (
    CURRENCIES,
    CURRENCY_CODES,
    DAYS,
    FUNCTION_WORDS,
    MONTHS,
    NUMBER_WORDS,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: what it is called, how it is asked for, and its looks.

    `always` says that no sentence answers that has nothing of these looks; of the other kinds
    one that has is the likelier answer. `is_marked`: what looks so is the answer itself.
    """

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]
    always: bool = False
    is_marked: bool = True


MONTH = rf"(?:{'|'.join(month[:3].capitalize() for month in MONTHS)})[a-z]*\.?"
DAY = rf"(?:{'|'.join(map(str.capitalize, DAYS))})"
COUNT = rf"(?:\d[\d,.]*|\b(?:an?|half|few|several|{'|'.join(NUMBER_WORDS)}))"
TIME = (
    r"(?:second|minute|hour|(?:week|working |business )?day|night|week|month|quarter|year|decade)s?"
)

LENGTH = (
    r"(?:character|letter|digit|word|page|line|met(?:re|er)|feet|inche|mile|centimet(?:re|er))s?"
)

CODES = "|".join(CURRENCY_CODES)
MONEY = re.compile(
    rf"[$€£¥₹₽₺₩₪]\s?\d|\b(?:{CODES})\s?\d|\d\s?(?:%|per ?cent\b|[$€£¥₹₽₺₩₪]|(?:{CODES}|kr|zł)\b)"
    rf"|{COUNT}[ -](?:\w+ )?(?:{'|'.join(CURRENCIES)})s?\b"
    r"|\bfree\b|\bno (?:charge|cost|fee)\b"
    r"|\b\d[\d,]*\.\d\d\b(?!\s?[ap]\.?m\b)|\b\d{1,3}(?:,\d{3})+\b"
    r"|\b\d[\d.,]*(?= (?:an?|per|each)\b)"
    r"|\b(?:price|cost|fee|fare|charge|rent|toll|salary)s?\b[^:;.\n]{0,25}: ?[^;\n]*\d",
    re.I,
)
"""Where everybody knows the currency, it is not said: "0.42 a mile", "1,450 to Greenways", or the
name of a column says it."""

KINDS = (
    Kind(
        "a time of day",
        re.compile(r"\bwhat time\b(?! (?:of (?:the )?year|period|frame|span|zone))", re.I),
        re.compile(
            r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}\s?[ap]\.?m\b|o['’]clock"
            r"|\b(?:noon|midnight|dawn|dusk|sunrise|sunset|morning|afternoon|evening|night)\b",
            re.I,
        ),
        always=True,
    ),
    Kind(
        "a day of the week",
        re.compile(r"\b(?:what|which) (?:week ?days?|days? of the week)\b", re.I),
        re.compile(rf"\b{DAY}s?\b|\b(?:daily|weekends?|weekdays?|every day)\b", re.I),
        always=True,
    ),
    Kind(
        "a date",
        re.compile(r"\b(?:on )?(?:what|which) (?:exact )?(?:date|day|year|month|century)\b", re.I),
        re.compile(rf"\d|\b{MONTH}\b|\b{DAY}\b|\bcentur"),
        always=True,
    ),
    Kind(
        "a number",
        re.compile(rf"\bhow many (?!(?:[\w-]+ )?{MEASURES}|times\b)", re.I),
        HOW_MANY_THINGS,
        always=True,
    ),
    Kind(
        "a number",
        re.compile(r"\bhow many\b|\bwhat (?:percentage|percent|number|share)\b", re.I),
        HOW_MANY,
        always=True,
    ),
    Kind(
        "a phone number",
        re.compile(
            r"\b(?:tele)?phone numbers?\b|\bfax number\b|\bnumber (?:do|can|should) i call",
            re.I,
        ),
        re.compile(r"\+?\(?\d[\d ()./-]{5,}\d"),
        always=True,
    ),
    Kind(
        "an e-mail address",
        re.compile(r"\be-?mail (?:address|contact)\b|\bwhat(?: is|'s|’s) the e-?mail\b", re.I),
        re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
        always=True,
    ),
    Kind(
        "how long",
        re.compile(
            r"\bhow (?:long|far (?:ahead|in advance)|soon|quickly)\b|\bfor what period\b",
            re.I,
        ),
        re.compile(rf"{COUNT}(?:[ -]\w+)?[ -](?:{TIME}|{LENGTH})\b", re.I),
    ),
    Kind(
        "how often",
        re.compile(r"\bhow (?:often|frequently|regularly)\b", re.I),
        re.compile(
            rf"\b(?:once|twice|\w+ times|every|each|per|daily|weekly|monthly|quarterly"
            rf"|annual(?:ly)?"
            rf"|yearly|hourly|always|never)\b|\b(?:an?|the) {TIME}\b", re.I,
        ),
        is_marked=False,
    ),
    Kind(
        "a price",
        re.compile(
            r"\bhow much (?:does|do|did|is|are|will|would)\b.*\b(?:cost|pay|paid|charged?)\b"
            r"|\bwhat (?:does|do|did) .*\bcosts?\b|\b(?:price|cost|fee|fare)s? (?:of|for)\b"
            r"|\bwhat(?: is|'s|’s) the .*\b(?:price|cost|fee|fare)\b", re.I,
        ),
        MONEY,
        always=True,
    ),
    Kind(
        "an amount of money",
        re.compile(
            r"\bhow much\b(?!.*\btime\b)|\b(?:price|cost|fee|budget|salary|fare|rent)s?\b"
            r"|\bwhat (?:does|do|did|is|are) .*\b(?:charge[ds]?|paid)\b", re.I,
        ),
        MONEY,
    ),
    Kind(
        "a deadline",
        re.compile(
            r"\b(?:until|by) when\b|\b(?:deadline|latest (?:day|date|time)|due date)\b", re.I
        ),
        re.compile(
            rf"\b{MONTH}\b|\b{DAY}s?\b|\d(?::\d\d|\s?[ap]\.?m\b)|\d(?:st|nd|rd|th)\b"
            rf"|\b(?:within|before|after) (?:\w+ )?{COUNT}(?:[ -]\w+)?[ -]{TIME}\b"
        ),
    ),
    Kind(
        "who",
        re.compile(
            r"^\W*(?:and |but )?who(?:m|se)?\b(?!\s+(?:can|may|must|should|has to)\b)", re.I
        ),
        re.compile(rf"(?<=[\w,;:)’'] )(?!(?:{MONTH}|{DAY}|I)\b)[A-Z][\w’'.-]+"),
        is_marked=False,
    ),
    Kind(
        "a limit",
        re.compile(
            r"\b(?:limit|maximum|minimum|allowance|quota|budget|rate|size)\b"
            r"|\bwhat(?:'s|’s| is| was) the (?:most|least|lowest|highest|longest|shortest|largest"
            r"|smallest)\b", re.I,
        ),
        re.compile(rf"\d|\b(?:{'|'.join(NUMBER_WORDS)})\b|\bunlimited\b|\bno limit\b", re.I),
        is_marked=False,
    ),
    Kind(
        "a reason",
        re.compile(r"^\W*(?:and |but )?why\b|\b(?:for what|what is the) reason\b", re.I),
        re.compile(
            r"\b(?:because|since|so that|due to|in order to|as a result|therefore|thus|reasons?"
            r"|to (?:avoid|prevent|ensure|make sure|allow|help|protect))\b", re.I,
        ),
        is_marked=False,
    ),
    Kind(
        "what was decided",
        re.compile(
            r"\b(?:(?:decide|resolve|agree)d?|resolutions?|decisions?|outcomes?)\b", re.I
        ),
        re.compile(
            r"^\W*(?:resolution|decision)s?\b|\b(?:resolved|decided|agreed|voted|approved|adopted|"
            r"carried)\b", re.I,
        ),
        is_marked=False,
    ),
    Kind(
        "what is to be done",
        re.compile(
            r"\b(?:action|task|to-do)s?\b|\bwh(?:o|at) (?:is|are|has|have|does|do|was|were) "
            r"(?:[\w’'.-]+ ){0,4}?to\b", re.I,
        ),
        re.compile(r"^\W*(?:actions?|to-?do)\b|\b(?:is|are|was|were|has|have|agreed) to \w", re.I),
        is_marked=False,
    ),
    Kind(
        "a time",
        re.compile(
            r"\bwhen\b(?! (?:i|you|we|they|he|she|it|the|a|an|my|using)\b)|\b(?:what|which) "
            r"times?\b"
            r"|\bsince when\b", re.I,
        ),
        re.compile(
            rf"\b(?:1\d|20)\d\d\b|\b{MONTH}\b|\b{DAY}s?\b|\d(?::\d\d|\s?[ap]\.?m\b)|\bcentur"
            rf"|{COUNT}(?:[ -]\w+)?[ -]{TIME}\b|\b(?:noon|midnight|daily|weekly|monthly|annually)\b"
        ),
    ),
)  # fmt: skip
"""Only the kinds whose answers can be told by their looks: all 112 questions of squad/dev
that can be answered and ask for a date or number have it in the best passage."""


def expected(question: str) -> Kind | None:
    """The kind of answer that the question asks for; None if it cannot be told."""
    return next((kind for kind in KINDS if kind.asked.search(question)), None)


OF_MAIL = re.compile(
    r"\b(?:who|whom|whose|when|sen[dt]s?|sender|sending|recipients?|received?|wrote|written|writes?|"
    r"addressed?|address(?:es)?|copied|cc|date|day|dated|from whom|author)\b",
    re.IGNORECASE,
)
"""With one of these a question may ask what stands in the head of a mail."""

MAIL = r"(?:e-?mail|mail|message)s?"
MAIL_FIELDS_ASKED = {
    "From": re.compile(
        rf"\bwho (?:wrote|writes|sent|e?-?mailed|forwarded)\b|\bfrom whom\b|\bsender\b"
        rf"|\b{MAIL}\b.*\b(?:from|written|sent by)\b|\bauthor of .*\b{MAIL}\b",
        re.IGNORECASE,
    ),
    "To": re.compile(
        rf"\b(?:wrote|writes|sent|send|written|addressed|forwarded) to\b|\brecipients?\b"
        rf"|\bwho (?:got|received|gets) (?:the|an?) {MAIL}\b",
        re.IGNORECASE,
    ),
    "Subject": re.compile(rf"\bsubject\b.*\b(?:{MAIL}|did|does|has)\b", re.I),
    "Cc": re.compile(r"\b(?:got|gets|received|sent|in|was) (?:an? )?(?:cop(?:y|ied)|cc)\b", re.I),
    "Date": re.compile(
        rf"\b(?:when|what (?:day|date|time)|which (?:day|date))\b.*\b{MAIL}\b"
        rf"|\bdate of .*\b{MAIL}\b"
        r"|\b(?:when|what day|which day) (?:did|was|were)\b.*\b(?:write|send|sent|forward(?:ed)?)"
        r"\b",
        re.IGNORECASE,
    ),
}
"""By the lines of the head of a mail: what asks for them."""

SAYS_MAIL = re.compile(rf"\b{MAIL}\b|\bforward|\b(?:copied|cc)\b|\bsubject\b", re.I)
FORWARDING = re.compile(r"\bforward", re.I)
FORWARDED = re.compile(rf"\b(?:forwarded|original) (?:{MAIL}|letter)\b", re.I)
"""Asks for what was forwarded, not for that which forwards it."""

WRITTEN_BY = (
    re.compile(r"\bdid (?P<who>.+?) (?:write|send|forward|reply|answer|e?-?mail)\b", re.I),
    re.compile(rf"\b(?P<who>[A-Z][\w.-]*(?: [A-Z][\w.-]*)*)['’]s? (?:(?i:{MAIL}|reply))\b"),
    re.compile(rf"(?i:\b{MAIL}) (?:from|by|of) (?P<who>[A-Z][\w.-]*(?: [A-Z][\w.-]*)*)"),
)
"""Where a question says who wrote the mail that it asks about."""

WRITTEN_WHAT = re.compile(
    r"\b(?:who (?:wrote|has written|authored|compiled)|(?:who (?:is|are|was|were) the|whose) "
    r"(?:author|writer)s? of|by whom (?:is|was)) (?P<what>[^?]+)",
    re.I,
)
"""Asks who wrote a document."""

# -- what stands at the margin and at the foot of a page ---------------------------

COMMENTED = re.compile(r"\b(?:comment(?:s|ed)?|annotat(?:ions?|ed)|margin(?:al)? notes?)\b", re.I)
NOTED_BELOW = re.compile(r"\b(?:foot|end)[- ]?notes?\b", re.I)

# -- how much an answer has to hold ----------------------------------------------

STEPS = re.compile(
    r"^\W*(?:and |so |but )?(?:how (?:do|does|did|can|could|should|would|must|to|are|is)\b"
    r"|(?:the )?steps? (?:to|for|of)\b|what (?:are|is) the (?:steps|procedure|process)\b"
    r"|what (?:do|does|must|should|have) .*\b(?:have to|need(?:ed)? to|must|should)\b"
    r"|what (?:must|should|shall) (?!be\b|have been\b)\w+"
    r"|(?:please )?(?:walk|take|talk|guide) (?:me|us) through\b"
    r"|(?:please )?(?:can you |could you )?(?:explain|tell|show|describe)(?: to)?(?: me| us)? how "
    r"to\b|what(?:'s|’s| is| are) the (?:\w+ )?(?:steps|procedure|process|way) (?:to|for|of)\b"
    r"|(?:instructions?|guide|directions) (?:for|to|on)\b|way to\b)",
    re.I,
)
LIST = re.compile(
    r"^\W*(?:and |so |but )?(?:(?:please )?(?:list|name|enumerate)\b|(?:give|show) (?:me )?(?:a "
    r"list|all|the)\b"
    r"|(?:which|what) (?:\w+ ){0,3}?\w{2,}s (?:are|were|is|do|does|did|can|could|has|have|must"
    r"|should|may|will)\b"
    r"|(?:what|which) (?:\w+ ){0,2}?(?:kinds|types|sorts|forms|options|categories) of\b"
    r"|(?:what|which) (?:\w+ ){0,4}?are there\b"
    r"|what (?:are|were)\b|(?:in|on|at|for|of|by|from|to|under|with) which (?:\w+ ){0,2}?\w{2,}s\b"
    r"|how many\b.*\b(?:are|were) (?:there|present)\b|who (?:are|were)\b)|\blist of\b|\ball (?:of "
    r")?the\b.*\bare\b",
    re.I,
)
COUNTED = re.compile(
    r"^\W*(?:and |so |but )?how many (?P<what>[^?]+?) "
    r"(?:are|were|is|was|do|does|did|has|have|had)\b",
    re.I,
)
""" "How many voting members were present?": of which things the number is asked."""

SUMMARY = re.compile(
    r"^\W*(?:(?:please )?summari[sz]e\b|(?:give|show|write|make)(?: me)? an? (?:\w+ "
    r")?(?:summary|overview)\b"
    r"|(?:a )?(?:short |brief |quick )?(?:summary|overview) of\b|tl;?dr\b|in a nutshell\b"
    r"|(?:what(?:'s|’s| is) )?the gist of\b|gist of\b"
    r"|what (?:is|are|was) (?:this|that|it|these|(?:the|this|that) \w+|the .*\b(?:document"
    r"|paper|report"
    r"|article|file|policy"
    r"|memo|minutes|text|page|guide|handbook|section|book|letter|contract|note)s?"
    r"(?: (?:on|about|for|of) [^?]+?)?)(?: all| mainly| mostly)? about"
    r"(?=\W*$|[,;]| (?:and|in|all)\b)"
    r"|what(?:'s|’s) (?:this|that|it|the .*) about\b"
    r"|(?:what|which) (?:documents|files) (?:do you have|are there|can you see)\b"
    r"|what (?:was|were|is) (?:discussed|decided|covered|talked about|on the agenda)\b"
    r"(?! (?:about|on|for|with|regarding|concerning)\b)"
    r"|(?:what are )?(?:the )?(?:main|key) (?:points|ideas|topics|takeaways|findings)\b"
    r"|what does (?:this|the|that) (?:document|paper|report|article|file|text)(?: say| cover| "
    r"contain)\W*$)",
    re.I,
)
COORDINATED = r"(?:(?:an?|the) )?[\w’'-]+(?: [\w’'-]+){0,2}?"

COMPARED = (
    re.compile(
        r"\bdifferences? (?:in (?P<head>[^?]+?) )?between (?P<one>.+?) and (?P<other>[^?]+)", re.I
    ),
    re.compile(
        r"\bhow (?:do|does|are|is|did) (?P<one>.+?) and (?P<other>.+?)"
        r" (?:differ|compare|different)\b",
        re.I,
    ),
    re.compile(
        r"\bhow (?:do|does|are|is|did) (?P<one>.+?)"
        r" (?:differ(?:ent)? from|compare (?:to|with)) (?P<other>[^?]+)",
        re.I,
    ),
    re.compile(r"\bcompar(?:e|ing|ison of) (?P<one>.+?) (?:and|with|to) (?P<other>[^?.]+)", re.I),
    re.compile(
        r"(?:^|[:,] )(?P<one>[^:,?]+?),? (?:vs|versus)\b\.? (?P<other>[^:?]+)(?P<rest>:.*)?",
        re.I,
    ),
    re.compile(
        r"\b(?:for|of|is|are|do|does|did|was|were) (?P<one>[^,?]{2,60}?),? (?:as )?compared "
        r"(?:with|to) (?P<other>[^?]+)",
        re.I,
    ),
    re.compile(
        r"^(?P<head>\W*(?:how|what|when|which|who|where)\b[^?]*? (?P<placed>in|on|for|at|with|under"
        rf"|from|to)) (?P<one>{COORDINATED}),? and (?P=placed) (?P<other>[^?]+)",
        re.I,
    ),
    re.compile(
        r"^(?P<head>\W*(?:how|when|where)\b[^?]*? (?:do|does|are|did|were|will|can|have))"
        r" (?P<one>(?:an?|the) [\w’'-]+) and (?P<other>(?:an?|the) [\w’'-]+)(?P<rest> [^?]+)",
        re.I,
    ),
    re.compile(
        r"^\W*what (?:can|does|do|is|are|has|have) (?P<one>.+?) (?:(?:do|have|get|offer|include"
        r"|cover|allow) )?(?:that|which) (?P<other>.+?) (?:can(?:not|['’]t)"
        r"|(?:do|does|is|are|has|have)(?: not|n['’]t))\b",
        re.I,
    ),
    re.compile(
        r"^\W*(?:is|are|does|do|has|which is|what is)\b.* (?:more|less|\w+er|better"
        r"|worse)\b[^,]*[,:] (?P<one>[^,?]+) or (?P<other>[^?]+)",
        re.I,
    ),
)  # fmt: skip
"""Two things, each of which is asked for by itself: "the difference between A and B"."""

SECOND_QUESTION = re.compile(
    r"(?:,? (?:and|but|or)(?: also)?|[;,]) (?=(?:how|what|when|why|where|who|whose|which|is|are"
    r"|does|do|can|could|must"
    r"|should|will|may)\b)",
    re.I,
)
"""Between two questions in one sentence: "How long is it, and who approves it?"."""

QUESTION_WORD = re.compile(
    r"^\W*(?:how|what|when|why|where|who|whose|which|is|are|does|do|can|could|must|should|will|may"
    r"|did|was|were|has|have)\b",
    re.I,
)

ASKS_FOR = re.compile(
    r"^\W*(?:and |but |(?:in|on|at|by|for|from|of|to|with|under) )?"
    r"(?:how|what|when|why|where|who|whom|whose|which)\b",
    re.I,
)
"""Not whether something is so."""

LATEST = re.compile(
    r"\b(?:latest|newest|most recent|current(?:ly)?|up[- ]to[- ]date|at present|right now)\b", re.I
)

ASKED_WHETHER = re.compile(r"\basked\b[^.?!]{0,40}?\b(?:whether|if)\b", re.I)
"""A question told in the third person: it says nothing, what follows it does."""

# -- what a question asks of whom, where and for what ------------------------------

PLACING = r"(?:in|at|for|to|from|of)"
MODIFIER = rf"(?!{PLACING}\s)[\w-]+\s"

RESTRICTING = (
    re.compile(
        r"\b(?:do|does|did|can|may|must|should|will)\s+(?:the |an? |all )?"
        r"(?P<words>[\w-]+(?:\s[\w-]+)?)\s+(?:get|have|receive|need|qualify|earn)\b",
        re.I,
    ),
    re.compile(
        rf"\b{PLACING}\s+(?:(?:the|an?)\s+(?:{MODIFIER}){{0,2}}?|(?:{MODIFIER}){{1,2}}?"
        r"|(?=(?-i:[A-Z])|[\w-]*[^\Ws]s\W*$))(?P<words>(?!\w+ed\W*$)[\w-]+)\W*$",
        re.I,
    ),
    re.compile(
        r"^\W*what(?:'s|’s| is| was) the (?P<words>(?:[\w.-]+\s){0,3}?[\w-]+)"
        r" (?:of|at|in|for|to|on)\b",
        re.I,
    ),
)
"""Where a question says of whom, where, for what, or what of it: "the deductible of the plan",
"how many days do interns get", "a discount for startups". One bare word is no group of anything:
"in order", "to fight"."""

THING = r"(?P<words>(?!\d)[\w-]+)"
DETERMINER = r"(?:the|an?|every|each|any|all)"
PLACED = frozenset(
    """inside outside within behind near along across around towards onto upon via instead per
    still already yet ever also just even always never usually often sometimes""".split()
)
"""Beside the function words: they say where, when or how often, and name nothing."""

BEFORE_A_THING = r"(?:inside|outside|in|at|for|from|of|on|by|with|during|per|without|under|to)"
BEHIND_A_THING = (
    rf"(?:{BEFORE_A_THING}|is|are|was|were|do|does|did|can|may|must|should|will|and|or)"
)
INVERTED = r"^\W*(?!who\b)(?:[\w’'-]+\s+){0,8}?(?:do|does|did|can|may|must|should|will|could)\s+"

NAMING = (
    re.compile(rf"\b{BEFORE_A_THING}\s+(?:{DETERMINER}\s+)?{THING}\W*$", re.I),
    re.compile(rf"\b{BEFORE_A_THING}\s+(?:{DETERMINER}\s+)?{THING}\s+{BEHIND_A_THING}\b", re.I),
    re.compile(rf"\b{BEFORE_A_THING}\s+{DETERMINER}\s+{THING}\b", re.I),
    re.compile(rf"\bhow many\s+{THING}\s+{BEHIND_A_THING}\b", re.I),
    re.compile(
        rf"^\W*(?:is|are|was|were)\s+{THING}\s+(?:\w+(?:ed|able|ible)|free|welcome)\b", re.I
    ),
    re.compile(
        rf"\b(?:how much|what|where|when|how long)\s+(?:is|are|was|were)\s+{DETERMINER}\s+"
        rf"{THING}\b",
        re.I,
    ),
    re.compile(rf"{INVERTED}(?:{DETERMINER}\s+)?(?P<words>[\w-]+s)\s+[\w-]+", re.I),
    re.compile(rf"{INVERTED}{DETERMINER}\s+{THING}\s", re.I),
    re.compile(
        r"\b(?!(?:in|of|at|by|to|on|for|from|than|about|until|since|before|after|over|under"
        rf"|within|{'|'.join(MONTHS)})\s)[a-z]{{2,}}\s(?P<words>\d[\w.]*\w|\d)\b",
        re.I,
    ),
    re.compile(r"\b(?P<words>[A-Z]+-?\d+)\b"),
)
"""Where a question names the things that it is about: what stands behind a preposition or an
article, what is counted, what may be "allowed", who does something, and the number by which
something is called."""

CONTENT = rf"(?!(?:{'|'.join(sorted(FUNCTION_WORDS | PLACED))})\b)[^\W\d][\w-]*"
PHRASE = re.compile(
    rf"\b(?:(?P<verb>do|does|did|can|may|must|should|will|could|would)\s+{DETERMINER}|{DETERMINER}"
    rf"|(?P<number>how many)|(?P<type>which|what)|(?P<owned>['’]s))"
    rf"\s+(?P<words>{CONTENT}(?:\s{CONTENT}){{0,3}})",
    re.I,
)
"""A noun with those before it that tell which is meant: "the harbour office", "how many parking
fines". Behind `verb` the verb of the question follows it, as behind what is counted (`number`);
of a `type` is the answer."""

WHO_DID = re.compile(r"^\W*(?:and )?who(?: else)? (?P<verb>[a-z]{3,})\b", re.I)
BESIDE_NOW = re.compile(
    r"\b(?:last|previous|past|next|following|coming)"
    r" (?:year|month|week|term|season|spring|summer|autumn|winter)\b",
    re.I,
)
"""A time that is told by another: "last year"."""

ANOTHER_TIME = re.compile(
    r"\b(?:last|previous|past|before|earlier|next|following|coming|later|after|than|from)\b"
    r"|\b(?:1[5-9]|20)\d\d\b",
    re.I,
)

GOES_ON_BE = re.compile(r"\s+(?:be|have|not)\b", re.I)

NO_THING = re.compile(r"[a-z-]+(?:ing|ed|est|ly|ous|able|ible|ful|less|ive|[^r]al|ical)")
"""The looks of a word that names none: of most adjectives, adverbs and forms of verbs."""

# -- what is said around a question ----------------------------------------------

GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear \w+|good (?:morning|day|afternoon|evening))"
    r"(?:\s+(?:there|all|team|everyone|everybody))*\s*[,.!:–-]*\s+(?=\w)",
    re.I,
)
LEADING_TO_A_QUESTION = re.compile(
    r"^\W*(?:(?:can|could|would|will) you (?:please )?(?:tell|explain to|help|show|remind) "
    r"me(?: understand| find out)?"
    r"|(?:please )?(?:tell|remind) me|i(?:['’]d| would)? (?:like|want|need|love) to (?:know"
    r"|understand|find out)"
    r"|do you (?:happen to )?know|(?:quick|one|a|another|next) (?:quick )?question|i was wondering"
    r"|just wondering|please)\s*[,:–-]?\s+(?=(?:if|whether|how|what|when|why|where|who|whose"
    r"|which|about|the|is|are"
    r"|does|do|can)\b)",
    re.I,
)
NOT_ASKED = re.compile(
    r"^\W*(?:(?:system|assistant|user|instructions?|important|prompt|developer)\s*:"
    r"|(?:please |now |just |only |and )*(?:reply|respond|answer|ignore|disregard|forget|act as"
    r"|pretend|remember that"
    r"|you are|you['’]re|use only|keep it|keep your|be (?:brief|concise|short|honest|polite)|do "
    r"not|don['’]t"
    r"|output|format|return only|say only|in (?:one|two|a) (?:word|sentence|paragraph)s?|no "
    r"explanation"
    r"|yes or no|think step|take your time|it is (?:very )?(?:urgent|important)|thanks?|thank "
    r"you|thx|cheers"
    r"|best regards|kind regards|best|regards)\b)[^?]*$",
    re.I,
)
"""A sentence that tells whoever answers how to, and asks nothing."""

LEADING_INSTRUCTION = re.compile(
    r"^\W*(?:(?:please )?(?:reply|respond|answer)(?: me)?(?: only| just)?[^:?]{0,60}|in (?:one"
    r"|a few|two) (?:words?|sentences?))\s*[:,–-]\s+",
    re.I,
)
TRAILING_COURTESY = re.compile(
    r"\s*[,.!–-]?\s*(?:please|thanks?(?: you)?(?: (?:so|very) much| a lot| in advance)?|thx"
    r"|cheers)\W*$",
    re.I,
)

# -- questions for somebody's words ---------------------------------------------

AUXILIARY = re.compile(r"\b(?:did|does|do|has|have|had)\b\s+", re.IGNORECASE)
WHO = re.compile(r"^\W*who(?:\s+(?:else|has|have|had|also))*\s+(?P<cue>\w+)\s*(?P<topic>.*)$", re.I)
WHICH = re.compile(r"^\W*(?:which|what)\s+(?=[\w’'-]+\s+\S)", re.I)
NARRATED = re.compile(
    r"\b(?:do|does|did|has|have)\s+(?:the|this)\s+(?:paper|article|document|report|story)\s+", re.I
)
""" "Which source does the article cite for …" asks which source says it."""

ANOTHER_QUESTION = re.compile(r",?\s+and\s+(?:how|what|when|why|where|who|which)\b.*", re.I)

ACCORDING = re.compile(
    r"\baccording\s+to\s+(?P<speaker>[^,?]+?)"
    r"(?:,|\?|$|\s(?=(?:what|why|how|when|where|who|which)\b))(?P<topic>.*)",
    re.I,
)
VIEW = re.compile(
    r"\b(?:is|was|are|were)\s+(?P<speaker>.+?)(?:’s|'s|s’|s')\s+(?:view|opinion|position|stance"
    r"|reaction|response|reply|answer|comment|remark|take|statement)s?\b(?P<topic>.*)$",
    re.I,
)

REPLY = re.compile(
    r"\b(?:is|was|were)\s+(?:the|any)\s+(?:reply|response|answer|reaction)\s+(?:of|from|by)\s+"
    r"(?P<speaker>.+?)(?P<topic>(?:\s(?:to|on|about)\s.*)?)\??$",
    re.I,
)
""" "What was the reply of Holt to the council?" asks for Holt's words."""

REPLY_TO = re.compile(
    r"\b(?:is|was|were)\s+(?:the|any|his|her|their)\s+(?:reply|response|answer|reaction)\s+to\s+"
    r"(?P<speaker>[^?,]+?)(?:(?:[’']s?)?\s+(?:question|remark|proposal|request|complaint|statement|"
    r"suggestion|concern|objection|demand|claim)s?)?(?P<topic>(?:\s(?:on|about|regarding)\s.*)?)\??$",
    re.I,
)
""" "What was the reply to Holt's question about the mill?" asks for what follows Holt's words."""

AND_THE_ANSWER = re.compile(
    r"\band\s+(?:what|how)\s+(?:is|was|were)\s+(?:the|his|her|their)\s+"
    r"(?:answer|reply|response|reaction)s?\b",
    re.I,
)

EVER = re.compile(r"\s+(?:ever|really|actually|also|finally|first|then)$", re.I)
""" "Did Holt ever agree": no part of the name."""

THAT = re.compile(r"\W*(?:that|whether|how|why|about)\b", re.I)
ON_A_TOPIC = re.compile(r"\W+(?:about|regarding|concerning)\b", re.I)

HAS_TO = re.compile(r"\s+ha(?:ve|s|d) to$", re.I)
NOT_WORDS = re.compile(r"\bnot\b|\w{3,} to$", re.I)
""" "What did X not want to comment on?" asks for no words; nor does "refuse to say"."""

# -- questions that are nothing without the one before ---------------------------

LEANING = r"""(?:\W+(?:did|do|does|has|have|had|is|was|are|were|he|she|they|it|you|we|i|us|me|him
|her|them|that|this|there|here|the|say|says|said|tell|told|mention|mentioned|know|stand|stands|written
|come|comes|from|on|about|of|to|in|please|documents?|articles?|texts?))*\W*$""".replace("\n", "")
"""Words that name nothing: "what else did they say about it", not "where is it made"."""

MORE = re.compile(
    r"^\W*(?:is that (?:all|everything)|(?:and )?what else|(?:is there )?anything else"
    rf"|(?:tell me )?more|did (?:he|she|they) say anything else){LEANING}",
    re.I,
)
WHERE = re.compile(
    r"^\W*(?:(?:in )?(?:which|what) (?:article|document|file|text|source|report)s?"
    rf"|where (?:is|was|does|did) (?:that|this|it|he|she|they)){LEANING}",
    re.I,
)
WHAT_ABOUT = re.compile(
    r"^\W*(?:(?:and )?(?:what|how) about|and(?!\s+(?:how|what|when|where|which|who|why)\b)"
    r"(?: about)?|(?:no\W+)?(?:sorry\W+)?i mean(?:t)?)\s+(?P<what>[^?]+?)\W*$",
    re.I,
)
YEAR_ONLY = re.compile(r"^\W*(?:(?:in|for|by|since|until) )?\d{4}\W*$", re.I)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
HOW_ELSE = re.compile(
    r"^\W*(?:and )?(?P<how>when|where|why|who|how(?: (?:much|many|long|often))?)\W*$", re.I
)
"""Asks the question before in another way, if that is not for somebody's words: "Why did he
say about trade?" is no question."""

ASKS_HOW = re.compile(r"^\W*(?:when|where|why|who|what|how(?: (?:much|many|long|often))?)\b", re.I)

COURTESY = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|day|afternoon|evening)|thanks?(?: you)?|thx|bye|goodbye"
    r"|ok(?:ay)?|great|perfect)(?:\W+(?:there|you|very|much|so|a|lot|again|all|thanks?))*\W*$",
    re.I,
)
"""Words of people who ask nothing."""

GOES_ON = re.compile(r"^\W*(?:and|but|or|so|then|what about|how about)\b", re.I)
POINTS_BACK = re.compile(
    r"\b(?:he|she|him|his|hers?|they|them|theirs?|it|its|this|these|those|mine|yours|one)\b"
    r"|\bthe (?:same|latter|former)\b|\b(?:that|there|then|so)\W*$",
    re.I,
)
"""Stands for something that was said before. "That" and "there" in the middle of a question
seldom do: "say that it rained", "are there trains"."""
PERSON = re.compile(r"\b(?:he|she|him)\b", re.I)
NAME = re.compile(r"[A-ZА-ЯЁ][\w’'-]+(?:\s(?:[A-ZА-ЯЁ][\w’'-]+|\d+\b))*")
"""With the numbers in it: Apollo 11."""
ARTICLE = re.compile(r"^the\s+", re.I)
ANY_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.I)
