"""What a model says, to plain sentences with their citation marks in one form.

    words as they come -> without its reasoning -> marks as [1] -> sentences -> no Markdown, no link

Models cite in many forms whatever they are asked, and think aloud before they answer.
"""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.answers import MARK, mark
from index.chunking import sentences
from index.documents import Span
from index.english.quantities import is_number

# -- what is only thought ----------------------------------------------------------

REASONING = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad"
THINKS = re.compile(rf"[<\[◁](?:{REASONING})[>\]▷]", re.I)
THOUGHT = re.compile(rf"[<\[◁]/(?:{REASONING})[>\]▷]", re.I)

LONGEST_TAG = 16
"""Characters that are held back at an end where a tag may have begun."""


class Aloud:
    """What of a model's words is said and not only thought, as they come."""

    def __init__(self) -> None:
        self._thinks = False
        self._held = ""

    def hear(self, words: str) -> str:
        """The next words without what stands in <think> and </think>, closed or not."""
        left, said = self._held + words, ""
        while tag := (THOUGHT if self._thinks else THINKS).search(left):
            said += "" if self._thinks else left[: tag.start()]
            left = left[tag.end() :]
            self._thinks = not self._thinks
        begun = re.search(rf"[<\[◁][^<>\[\]◁▷]{{0,{LONGEST_TAG}}}$", left)
        end = begun.start() if begun else len(left)
        self._held = left[end:]
        return said + ("" if self._thinks else left[:end])

    def rest(self) -> str:
        """What was held back, once nothing follows."""
        return "" if self._thinks else self._held


# -- marks -------------------------------------------------------------------------

NAMED = r"(?:(?:see\s)?(?:passage|source|document|doc|reference|ref|citation|footnote)s?[ :#.]*)?"
LISTED = r"\d{1,3}(?:(?:\s*[,;&]\s*|\s*[-–]\s*|\s+and\s+)\^?\d{1,3})*"
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

MARK_FORMS = re.compile(
    rf"""\[\^?{NAMED}(?P<square>{LISTED})\](?!:)(?:\([^()\s]*\))?   # [1], [1, 2], [^1], [1](link)
    | 【{NAMED}(?P<lenticular>{LISTED})(?:†[^】]*)?】               # 【1】, 【1†source】
    | <sup>[\W^]*(?P<raised>{LISTED})\W*</sup>
    | (?:(?<=[^\W\d_]{{3}})|(?<=[.!?,;:)”"’']))(?P<superscript>[¹²³⁴⁵⁶⁷⁸⁹])(?![⁰¹²³⁴⁵⁶⁷⁸⁹])
    | (?<=\S)\s?\({NAMED}(?P<round>\d(?:\s*[,;&]\s*\d)*)\)  # (1): few are given
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A superscript counts behind a word or a full stop, for m² is a unit."""

DEFINITION = re.compile(r"^\s*\[\^?\d{1,3}\]:.*$", re.MULTILINE)
"""A footnote, or the address that belongs to a mark."""

INCOMPLETE = re.compile(r"\s*(?:!?\[[^\]]*|【[^】]*|\([^)]{0,20}|<[^>]{0,20})$")
"""What may yet become a mark."""


def in_one_form(text: str) -> str:
    """With every citation mark as [1], each by itself."""
    return MARK_FORMS.sub(_in_one_form, text)


def _in_one_form(match: re.Match[str]) -> str:
    kind = str(match.lastgroup)
    before = match.string[: match.start()].rpartition("\n")[2].split()
    if kind == "round" and (not before or is_number(before[-1].strip("“”\"'("))):
        return match[0]  # "(1) First", "three (3) days"
    marks = "".join(map(mark, _numbers(match[kind].translate(SUPERSCRIPTS))))
    apart = "" if match.string[: match.start()][-1:] in ("", " ", "\n", "]") else " "
    return apart + marks


def _numbers(listed: str) -> list[int]:
    """[1, 2, 3, 5] of "1-3, 5"."""
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", listed):
        found += range(int(first), int(last or first) + 1) if int(last or first) < 1000 else []
    return found


# -- sentences ---------------------------------------------------------------------

MARKS_FIRST = re.compile(r"(?:\s*\[\d{1,3}\])+\.?")
ADORNMENT = re.compile(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+|\*\*|__|(?<!\w)`|`(?!\w)")
"""Markdown that models write though they are asked not to."""

ONLY_A_LIST_OF_SOURCES = re.compile(r"\W*(?:sources?|references?|citations?)?\W*", re.I)

PICTURE = re.compile(
    r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?|<(?:img|svg|iframe|video)\b[^>]*>", re.I
)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)|</?a\b[^>]*>", re.I)
ADDRESS = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|javascript:|data:)[^\s<>]*>?", re.I
)


def split(text: str, printed: str = "") -> tuple[list[str], str]:
    """The sentences that are complete, with the marks behind them, and what is left.

    A sentence is complete when something other than a mark follows it. `printed` is what
    the passages have: of addresses only theirs are kept.
    """
    *lines, last = DEFINITION.sub("", in_one_form(PICTURE.sub("", text))).split("\n")
    *whole, left = _sentences_of(last)
    complete = [sentence for line in lines for sentence in _sentences_of(line)]
    tidied = [tidy(sentence, printed) for sentence in (*complete, *whole)]
    return [sentence for sentence in tidied if sentence], left


def _sentences_of(line: str) -> list[str]:
    """The line in pieces, cut behind each sentence and its marks; at least one."""
    cuts = []
    for span in sentences(line, Span(0, len(line)))[1:]:
        marks = MARKS_FIRST.match(line, span.start)
        start = marks.end() if marks else span.start
        if line[start:].strip() and not INCOMPLETE.match(line, start):
            cuts.append(start)
    return [line[first:last] for first, last in pairwise([0, *cuts, len(line)])]


def tidy(sentence: str, printed: str = "") -> str:
    """Without Markdown, links and pictures; empty if nothing but marks is left."""
    plain = LINK.sub(lambda link: link[1] or "", in_one_form(PICTURE.sub("", sentence)))
    plain = ADDRESS.sub(lambda found: _if_printed(found[0], printed), ADORNMENT.sub("", plain))
    plain = re.sub(r"\s{2,}", " ", re.sub(r"\(\s*\)|\[\s*\]", "", plain)).strip()
    return "" if ONLY_A_LIST_OF_SOURCES.fullmatch(MARK.sub("", plain)) else plain


def _if_printed(address: str, printed: str) -> str:
    """An address of the passages with what closes its sentence, else that alone."""
    bare = address.strip("<>").rstrip(".,;:!?)")
    return address.strip("<>") if bare in printed else address.strip("<>")[len(bare) :]
