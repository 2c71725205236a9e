"""Texts with marks are read without them: reStructuredText, AsciiDoc, Org, LaTeX, RTF, notebooks,
XML. Each of them says the same here."""

from __future__ import annotations

import json

import pytest

from index.documents import walk
from index.reading.blocks import Reading, Unreadable
from index.reading.files import read

RST = b"""Harbour
=======

The fee is **12** crowns, see `the list <http://a.b/c>`_ and :ref:`more <x>`.

* one
* two

======  =====
Berth   Price
======  =====
Alder   12
Birch   14
======  =====

.. code-block:: python

   print("x")

.. include:: /etc/passwd
.. raw:: html

   <b>raw</b>
"""

ADOC = b"""= Harbour
:author: Ann Holt
:toc:

The fee is *12* crowns, see https://a.b/c[the list] and <<x,more>>.

* one
* two

[cols="1,1"]
|===
|Berth |Price

|Alder
|12
|Birch |14
|===

[source,python]
----
print("x")
----
// Nobody sees this.
"""

ORG = b"""#+AUTHOR: Ann Holt
* TODO Harbour :money:
:PROPERTIES:
:ID: 12
:END:
The fee is *12* crowns, see [[http://a.b/c][the list]] and [[x][more]].

- one
- two

| Berth | Price |
|-------+-------|
| Alder | 12 |
| Birch | 14 |

#+BEGIN_SRC python
print("x")
#+END_SRC
# Nobody sees this.
"""

TEX = rb"""\documentclass{article} \usepackage{x}
\begin{document}
\section{Harbour}
The fee is \textbf{12} crowns, see \href{http://a.b/c}{the list} and more. % Nobody sees this.
\input{/etc/passwd}

\begin{itemize} \item one \item two \end{itemize}
\begin{tabular}{ll} \hline Berth & Price \\ \hline Alder & 12 \\ Birch & 14 \\ \end{tabular}
\begin{verbatim}
print("x")
\end{verbatim}
\end{document}
"""

NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "markdown",
                "source": [
                    "# Harbour\n\nThe fee is **12** crowns, see [the list](x) and more.\n\n",
                    "* one\n* two\n\n| Berth | Price |\n|-|-|\n| Alder | 12 |\n| Birch | 14 |\n",
                ],
            },
            {
                "cell_type": "code",
                "source": 'print("x")',
                "outputs": [{"data": {"image/png": "x", "text/plain": "<Figure>"}}],
            },
        ]
    }
).encode()

SAID = "The fee is 12 crowns, see the list and more."


def blocks(reading: Reading) -> list[tuple[str, str]]:
    return [
        (block.kind, reading.text[block.span.start : block.span.end])
        for block in walk(reading.structure)
        if block.kind not in ("table", "cell")
    ]


@pytest.mark.parametrize(
    ("suffix", "content"),
    [(".rst", RST), (".adoc", ADOC), (".org", ORG), (".tex", TEX), (".ipynb", NOTEBOOK)],
)
def test_a_text_is_read_without_its_marks(suffix: str, content: bytes) -> None:
    assert blocks(read(suffix, content)) == [
        ("heading", "Harbour"),
        ("paragraph", SAID),
        ("item", "one"),
        ("item", "two"),
        ("row", "Berth: Alder; Price: 12."),
        ("row", "Berth: Birch; Price: 14."),
        ("code", 'print("x")'),
    ]


def test_what_a_text_says_of_itself_is_known() -> None:
    assert read(".adoc", ADOC).byline == read(".org", ORG).byline == "Ann Holt"
    assert read(".rst", RST).title == read(".ipynb", NOTEBOOK).title == "Harbour"
    assert read(".ipynb", NOTEBOOK).left_out == {"picture": 1}


def test_a_note_follows_its_paragraph() -> None:
    reading = read(
        ".tex", rb"\begin{document}It is open.\footnote{In May.} So come. \end{document}"
    )
    assert blocks(reading) == [("paragraph", "It is open. So come."), ("note", "In May.")]
    assert reading.structure[1].facts["about"] == "It is open."


def test_the_line_below_the_title_of_asciidoc_names_its_authors() -> None:
    reading = read(
        ".adoc", b"= Bakery rules\nLotte Hahn <l@b.example>; Per Moe\n\nBread is sold.\n"
    )
    assert reading.byline == "Lotte Hahn; Per Moe"
    assert read(".adoc", b"= Rules\n\nBread\n").byline is None


def test_fields_and_footnotes_of_restructured_text_are_read_as_they_look() -> None:
    source = b"""Manual
======

:Author: Ivar Moss

The mount weighs 14 kg [#w]_ and carries 9 kg.

.. [#w] With the counterweights.
"""
    assert blocks(read(".rst", source)) == [
        ("heading", "Manual"),
        ("item", "Author: Ivar Moss"),
        ("paragraph", "The mount weighs 14 kg and carries 9 kg."),
        ("note", "With the counterweights."),
    ]


def test_the_title_of_latex_is_read_where_it_is_printed() -> None:
    source = rb"""\title{The harbour} \author{Ann Holt \and Per Moe} \date{2031}
        \begin{document}\maketitle It is open.\end{document}"""
    reading = read(".tex", source)
    assert (reading.title, reading.byline) == ("The harbour", "Ann Holt, Per Moe")
    assert blocks(reading) == [
        ("heading", "The harbour"),
        ("paragraph", "Ann Holt, Per Moe"),
        ("paragraph", "2031"),
        ("paragraph", "It is open."),
    ]


def test_richtext_is_read_with_its_tables_and_lists() -> None:
    rich = rb"""{\rtf1\ansi\ansicpg1252 {\fonttbl{\f0 Arial;}}{\b Fees}\par The fee is 12 \u8364?,
 caf\'e9.\par 1.\tab first\par\trowd\cellx1\cellx2 Berth\cell Price\cell\row
Alder\cell 12\cell\row Birch\cell 14\cell\row\pard End{\footnote note}\par}"""
    reading = read(".rtf", rich)
    assert blocks(reading) == [
        ("paragraph", "Fees"),
        ("paragraph", "The fee is 12 €, café."),
        ("item", "1. first"),
        ("row", "Berth: Alder; Price: 12."),
        ("row", "Berth: Birch; Price: 14."),
        ("paragraph", "End"),
    ]
    assert reading.left_out == {"footnote": 1}


def test_records_of_xml_are_sentences() -> None:
    berth = "<berth id='{}'><owner>{}</owner><price>{}</price></berth>".format
    reading = read(".xml", f"<h>{berth(7, 'Ann', 12)}{berth(8, 'Bo', 14)}</h>".encode())
    assert [said for kind, said in blocks(reading) if kind == "row"] == [
        "id: 7; owner: Ann; price: 12.",
        "id: 8; owner: Bo; price: 14.",
    ]


def test_text_in_xml_is_paragraphs() -> None:
    reading = read(
        ".xml",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM '/etc/passwd'>]><a><title>Harbour</title><s><title>Fees"
        b"</title><p>The fee is <b>12</b>.</p><p>&x;In May.</p></s></a>",
    )
    assert blocks(reading) == [
        ("heading", "Harbour"),
        ("heading", "Fees"),
        ("paragraph", "The fee is 12."),
        ("paragraph", "In May."),
    ]


@pytest.mark.parametrize("suffix", [".rst", ".adoc", ".org", ".tex"])
def test_no_other_file_is_opened(suffix: str) -> None:
    text = "In May.\n\n.. include:: {0}\n\ninclude::{0}[]\n\n#+INCLUDE: {0}\n\n\\input{{{0}}}\n"
    assert "root:" not in read(suffix, text.format("/etc/passwd").encode()).text


@pytest.mark.parametrize("suffix", [".xml", ".html"])
def test_an_element_with_attributes_without_end_is_refused_before_it_is_read(suffix: str) -> None:
    """What only looks like one is none."""
    attributes = " ".join(f'b{n}="c"' for n in range(5_001))
    with pytest.raises(Unreadable, match="more than 5,000 attributes"):
        read(suffix, f"<a {attributes}>x</a>".encode())
    rule = "=" * 5_001
    assert "x" in read(suffix, f"<a><!-- {rule} --><b>x</b> {rule}</a>".encode()).text
