"""Two wordings of one text side by side: where the other one stands, and how they differ.

Words and punctuation marks are compared, white space is not.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import accumulate, combinations_with_replacement, islice, takewhile

from assistant.receipts.receipt import Difference
from index.documents import Span

WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")
ENDS = frozenset(".!?。！？")
"""Marks that end a sentence."""


def likeness(saved: str, now: str) -> float:
    """Twice the common words over all words of both: 0 to 1."""
    words, others = WORD_OR_MARK.findall(saved), WORD_OR_MARK.findall(now)
    return SequenceMatcher(None, words, others, autojunk=False).ratio()


def most_alike(saved: str, text: str) -> Span | None:
    """The place in the text that aligns best with the saved words, if they have any in
    common. Takes time in proportion to the text."""
    wanted, (printed, starts) = WORD_OR_MARK.findall(saved), _words(text)
    if not wanted or not printed:
        return None
    begin, end = _region(wanted, printed)
    place = _aligned(wanted, printed[begin:end])
    if place is None:
        return None
    first, last = begin + place.start, begin + place.end - 1
    return Span(starts[first], starts[last] + len(printed[last]))


def difference(saved: str, now: str) -> Iterator[Difference]:
    """From the saved words to today's, in runs of words as they are printed."""
    old, new = saved.split(), now.split()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Difference("same", " ".join(old[a:b]))
            continue
        if a < b:
            yield Difference("dropped", " ".join(old[a:b]))
        if c < d:
            yield Difference("added", " ".join(new[c:d]))


@lru_cache(maxsize=1)  # the citations of one document follow one another
def _words(text: str) -> tuple[Sequence[str], Sequence[int]]:
    """The words of a text and where each begins."""
    return WORD_OR_MARK.findall(text), [match.start() for match in WORD_OR_MARK.finditer(text)]


def _region(wanted: Sequence[str], printed: Sequence[str]) -> tuple[int, int]:
    """From which to which word to align: the richest window and half as much around."""
    first, margin = _richest_window(wanted, printed), len(wanted) // 2
    return max(0, first - margin), first + len(wanted) + margin


def _richest_window(wanted: Sequence[str], printed: Sequence[str]) -> int:
    """Where as many words as are wanted have most of them, rare ones counting more:
    the index of the first."""
    missing, known = Counter(wanted), set(wanted)
    places = [index for index, word in enumerate(printed) if word in known]
    frequency = Counter(printed[index] for index in places)
    inside: deque[int] = deque()
    score, best, first = 0.0, 0.0, 0
    for index in places:
        while inside and inside[0] <= index - len(wanted):
            left = printed[inside.popleft()]
            missing[left] += 1
            score -= (missing[left] > 0) / frequency[left]
        word = printed[index]
        score += (missing[word] > 0) / frequency[word]
        missing[word] -= 1
        inside.append(index)
        if score > best + 1e-9:  # sums of fractions, added and taken away
            best, first = score, max(0, index - len(wanted) + 1)
    return first


def _aligned(wanted: Sequence[str], region: Sequence[str]) -> Span | None:
    """The words of the region with the largest share in common with those wanted, and
    at each end as many more as the wanted ones have there that are others, but none of
    another sentence."""
    matcher = SequenceMatcher(None, wanted, region, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    first, last = _densest(blocks, len(wanted))
    begin, end = first.b, last.b + last.size
    spare = len(wanted) - (last.a + last.size)
    before = takewhile(lambda word: word not in ENDS, reversed(region[:begin]))
    after = _to_the_end(region[end - 1 : end + spare])
    return Span(begin - len(list(islice(before, first.a))), end + len(after) - 1)


def _densest(blocks: Sequence[Match], wanted: int) -> tuple[Match, Match]:
    """The first and the last of the blocks between which most is common."""
    common = [0, *accumulate(block.size for block in blocks)]

    def share(ends: tuple[int, int]) -> float:
        first, last = blocks[ends[0]], blocks[ends[1]]
        words = last.b + last.size - first.b
        return (common[ends[1] + 1] - common[ends[0]]) / (wanted + words)

    ends = max(combinations_with_replacement(range(len(blocks)), 2), key=share)
    return blocks[ends[0]], blocks[ends[1]]


def _to_the_end(words: Sequence[str]) -> Sequence[str]:
    """Up to and with the first mark that ends a sentence."""
    end = next((index for index, word in enumerate(words) if word in ENDS), len(words))
    return words[: end + 1]
