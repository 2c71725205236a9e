"""Plots as SVG: no script, no style of their own; the report's style sheet colours them.

Every value that is drawn also stands there as text or in a tooltip.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.evaluation.scoring.resampling import Interval
from assistant.rendering.templating import render

WIDTH = 560
"""Units of every plot's width; the page scales it."""

LONGEST_LABEL = 26

LABEL_ROOM = 60
"""Units that a label such as "30 Sep" takes, with air."""


Mark = Mapping[str, Any]
"""A shape, with what its template needs to draw it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled value. `note` is its tooltip."""

    label: str
    value: float
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """A labelled count in two parts, one above the other. `note` is its tooltip."""

    label: str
    lower: int
    upper: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A labelled share with its interval, over so many questions."""

    label: str
    value: float
    bounds: Interval
    count: int


def estimates(title: str, rows: Sequence[Estimate]) -> str:
    """A dot with its interval for each row, on a scale from 0 to 1."""
    left, right, step, top = 190, 470, 26, 8
    height = top + step * len(rows) + 30

    def x(share: float) -> float:
        return left + share * (right - left)

    body = list(_scale_below(x, top, height - 26))
    for number, row in enumerate(rows):
        y = top + step * number + step / 2
        low, high = (x(bound) for bound in row.bounds)
        said = f"{row.label}: {row.value:.3f} ({row.bounds[0]:.3f}–{row.bounds[1]:.3f})"
        drawn = [
            _text(0, y + 4, _cut(row.label), "label"),
            _rect(low, y - 4, max(2.0, high - low), 8, "band"),
            _dot(x(row.value), y, 4.5),
            _text(right + 14, y + 4, f"{row.value:.2f}", "value"),
            _text(WIDTH, y + 4, f"{row.count:,}", "count end"),
        ]
        body.append(_group(f"{said}, {row.count:,} questions", drawn))
    return _svg(title, height, body)


def bars(title: str, values: Sequence[Bar], below: str) -> str:
    """Upright bars with their values on top; `below` says what the labels are."""
    left, top, foot = 4, 24, 190
    most = max((bar.value for bar in values), default=0) or 1
    step = (WIDTH - 2 * left) / max(1, len(values))
    body: list[Mark] = [_line(left, foot, WIDTH - left, foot, "axis")]
    for number, bar in enumerate(values):
        height = (foot - top) * bar.value / most
        middle = left + step * (number + 0.5)
        drawn = [
            _rect(left + step * number + 3, foot - height, step - 6, height, f"bar {bar.kind}"),
            _text(middle, foot - height - 6, f"{bar.value:,.0f}" if bar.value else "", "on middle"),
            _text(middle, foot + 16, bar.label, "tick middle"),
        ]
        body.append(_group(bar.note or bar.label, drawn))
    body.append(_text(WIDTH / 2, foot + 36, below, "caption middle"))
    return _svg(title, foot + 44, body)


def stacks(title: str, values: Sequence[Stack]) -> str:
    """Upright bars made of two parts, with a scale; as many labels as there is room for."""
    left, right, top, foot = 40, WIDTH, 12, 180
    step = (right - left) / max(1, len(values))
    highest = _round_above(max((stack.lower + stack.upper for stack in values), default=0))
    every = max(1, math.ceil(LABEL_ROOM / step))
    body = list(_scale_beside(left, right, top, foot, highest))
    for number, stack in enumerate(values):
        x, wide = left + step * (number + 0.1), step * 0.8
        low, high = ((foot - top) * part / highest for part in (stack.lower, stack.upper))
        drawn = [
            _rect(x, foot - low, wide, low, "bar"),
            _rect(x, foot - low - high, wide, high, "bar bad"),
        ]
        body.append(_group(stack.note, drawn))
        if (len(values) - 1 - number) % every == 0:
            body.append(_text(x + wide / 2, foot + 16, stack.label, "tick middle"))
    return _svg(title, foot + 24, body)


def curve(
    title: str,
    points: Sequence[tuple[float, float]],
    marked: tuple[float, float, str] | None,
    across: str,
    up: str,
) -> str:
    """A line through shares (from 0 to 1 both ways), with one point marked and named."""
    left, right, top, foot = 44, WIDTH - 12, 24, 200
    highest = min(1.0, max(0.1, math.ceil(10 * max((y for _, y in points), default=1)) / 10))

    def x(share: float) -> float:
        return left + share * (right - left)

    def y(share: float) -> float:
        return foot - share / highest * (foot - top)

    body = list(_scale_below(x, top, foot))
    for share in (0, highest / 2, highest):
        body += [
            _line(left, y(share), right, y(share), "grid"),
            _text(left - 6, y(share) + 4, f"{share:.2f}", "tick end"),
        ]
    path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)
    body.append({"shape": "curve", "points": path})
    if marked:
        a, b, name = marked
        side = "end" if a > 0.5 else ""
        body += [
            _dot(x(a), y(b), 5),
            _text(x(a) + (-10 if side else 10), y(b) - 10, name, f"value {side}"),
        ]
    body += [
        _text(left, 12, up, "caption"),
        _text((left + right) / 2, foot + 36, across, "caption middle"),
    ]
    return _svg(title, foot + 44, body)


def spread(title: str, times: Sequence[float], marks: Sequence[tuple[str, float]]) -> str:
    """How often which time was taken: bins of equal width on a logarithmic scale, with
    the marked times as lines. `times` are in milliseconds."""
    left, right, top, foot = 8, WIDTH - 8, 44, 190
    low = math.log10(max(0.1, min(times)))
    high = max(low + 0.1, math.log10(max(0.1, *times)))

    def x(time: float) -> float:
        return left + (math.log10(max(0.1, time)) - low) / (high - low) * (right - left)

    counts = [0] * BINS
    for time in times:
        counts[min(BINS - 1, int((x(time) - left) / (right - left) * BINS))] += 1
    step = (right - left) / BINS
    body: list[Mark] = [_line(left, foot, right, foot, "axis")]
    for number, count in enumerate(counts):
        height = (foot - top) * count / max(counts)
        bounds = [10 ** (low + (high - low) * (number + side) / BINS) for side in (0, 1)]
        bar = _rect(left + step * number + 1, foot - height, step - 2, height, "bar")
        body.append(_group(f"{bounds[0]:,.1f} to {bounds[1]:,.1f} ms: {count:,}", [bar]))
    for row, (name, time) in enumerate(marks):
        side = "end" if x(time) > WIDTH * 0.7 else ""
        body += [
            _line(x(time), 16 + 14 * row, x(time), foot, "marked"),
            _text(x(time) + (-6 if side else 6), 20 + 14 * row, f"{name} {time:,.0f} ms",
                  f"value {side}"),
        ]  # fmt: skip
    for time in _round_times(low, high):
        body.append(_text(x(time), foot + 16, f"{time:,.0f}", "tick middle"))
    body.append(_text(WIDTH / 2, foot + 36, "milliseconds, logarithmic scale", "caption middle"))
    return _svg(title, foot + 44, body)


BINS = 32


def _round_times(low: float, high: float) -> Iterator[float]:
    """1, 2, 5, 10, … between the bounds, far enough from the edges to be read."""
    margin = (high - low) * 0.03
    for power in range(math.floor(low), math.ceil(high) + 1):
        for digit in (1, 2, 5):
            time = digit * 10.0**power
            if time >= 1 and low + margin < math.log10(time) < high - margin:
                yield time


def thin(points: Sequence[tuple[float, float]], most: int = 200) -> list[tuple[float, float]]:
    """So many of the points, evenly, with the first and the last."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(step * number)] for number in range(most)]


def area_under(points: Sequence[tuple[float, float]]) -> float:
    """By trapezoids."""
    return sum((c - a) * (b + d) / 2 for (a, b), (c, d) in pairwise(points))


def _scale_below(x: Callable[[float], float], top: float, foot: float) -> Iterator[Mark]:
    for share in (0, 0.25, 0.5, 0.75, 1):
        yield _line(x(share), top, x(share), foot, "grid")
        yield _text(x(share), foot + 16, f"{share:g}", "tick middle")


def _scale_beside(
    left: float, right: float, top: float, foot: float, highest: int
) -> Iterator[Mark]:
    for share in (0, 0.5, 1):
        y = foot - share * (foot - top)
        yield _line(left, y, right, y, "axis" if share == 0 else "grid")
        yield _text(left - 8, y + 4, f"{share * highest:,.0f}", "tick end")


def _round_above(most: int) -> int:
    """The next even number of one digit and zeros, 2 at least: its half can be written, too."""
    power: int = 10 ** max(0, len(str(most)) - 1)
    return next(n * power for n in (2, 4, 6, 8, 10) if n * power >= most)


def _svg(title: str, height: float, body: Iterable[Mark]) -> str:
    marks = [mark for mark in body if mark]
    return render("reports/plot.svg", title=title, width=WIDTH, height=f"{height:.0f}", marks=marks)


def _text(x: float, y: float, words: str, kind: str) -> Mark:
    """Nothing for no words."""
    if not words:
        return {}
    return {"shape": "text", "x": f"{x:.1f}", "y": f"{y:.1f}", "words": words, "kind": kind}


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Mark:
    size = {"width": f"{width:.1f}", "height": f"{height:.1f}"}
    return {"shape": "rect", "x": f"{x:.1f}", "y": f"{y:.1f}", "kind": kind, **size}


def _line(x: float, y: float, to_x: float, to_y: float, kind: str) -> Mark:
    end = {"to_x": f"{to_x:.1f}", "to_y": f"{to_y:.1f}"}
    return {"shape": "line", "x": f"{x:.1f}", "y": f"{y:.1f}", "kind": kind, **end}


def _dot(x: float, y: float, radius: float) -> Mark:
    return {"shape": "dot", "x": f"{x:.1f}", "y": f"{y:.1f}", "radius": radius}


def _group(note: str, marks: Sequence[Mark]) -> Mark:
    """Marks with one tooltip."""
    return {"shape": "group", "note": note, "marks": [mark for mark in marks if mark]}


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
