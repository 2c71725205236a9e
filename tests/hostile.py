"""Words that mean harm wherever they are taken for markup: they run, load or lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

OUTSIDE = "http://127.0.0.1:1/leak"
"""Nobody listens there; a request to it is noticed."""

SHAPES = tuple(
    text.replace("URL", OUTSIDE)
    for text in (
        "<script>alert(1)</script>", "<img src=URL>", "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>", "<svg><image href=URL></svg>", "<iframe src=URL></iframe>",
        "<iframe srcdoc='<script>alert(1)</script>'>", "<video poster=URL>", "<audio src=URL>",
        "<object data=URL>", "<embed src=URL>", "<link rel=stylesheet href=URL>",
        "<link rel=dns-prefetch href=URL>", "<meta http-equiv=refresh content=0;url=URL>",
        "<base href=URL>", "<style>@import 'URL'</style>", "<p style=background:url(URL)>x",
        "<table background=URL>", "<input type=image src=URL>",
        "<picture><source srcset=URL></picture>", "<form action=URL><button>x",
        "<a href=URL ping=URL>x</a>", "<a href='javascript:alert(1)'>x</a>",
        "<details open ontoggle=alert(1)>", "<body onload=alert(1)>", "<math><mi xlink:href=URL>",
        "![x](URL)", "![x][1]\n\n[1]: URL", "[x](javascript:alert(1))", "[x](URL 'title')",
        "```mermaid\ngraph TD; A[<img src=URL>]\n```", "$\\href{URL}{x}$",
        "data:text/html,<script>alert(1)</script>", "</p></blockquote><script>alert(1)</script>",
        "\u202e<img src=URL>", "&lt;img src=URL&gt;", "<template><img src=URL></template>",
        "<xmp><img src=URL>",
    )
)  # fmt: skip

WAYS_OUT = ("{}", '">{}', "'>{}", "</textarea></title></script>{}")
"""Out of an attribute, and out of elements that hold words alone."""

PAYLOADS = tuple(way.format(shape) for shape in SHAPES for way in WAYS_OUT)


def together(count: int) -> Iterator[str]:
    """So many of them at a time, as one line each."""
    lines = [" ".join(payload.split()) for payload in PAYLOADS]
    for at in range(0, len(lines), count):
        yield " ".join(lines[at : at + count])
