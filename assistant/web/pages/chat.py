"""The chat: questions and answers on the left, sources and the reader on the right."""

from __future__ import annotations

import base64
import glob
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.addresses import at
from assistant.answers import Answer, Citation, Claim, Event, Mode, Turn
from assistant.browsing.suggesting import suggest
from assistant.chat import Assistant
from assistant.errors import AssistantError
from assistant.evaluation.sets.collecting import AnswerMemory
from assistant.rendering.answers import (
    HOW_SAID,
    day,
    name_beside_title,
    note_of,
    place_in_words,
    to_dict,
    to_html,
    to_words,
)
from assistant.rendering.errors import tell
from assistant.rendering.templating import part
from assistant.web.asking import Asked, Asking
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller, caller_of
from assistant.web.entry.observing import NOT_BY_ITSELF
from assistant.web.entry.policies import PAGE_POLICY
from assistant.web.pages.frame import masthead
from index.documents import Found, Query
from index.english.spelling import counted
from index.errors import IndexingError
from index.models.quiet import be_quiet
from index.search.view import View

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

ALL_DOCUMENTS = "All documents"
MOST_LISTED = 500
"""Documents in the filter's list: more are found by typing in the question."""

_ITS_FILES = doors.files("ask", PAGE_POLICY)
_ITS_CALLS = doors.page("ask", PAGE_POLICY)

GRADIO_DOORS = (
    doors.Door("GET", "/", doors.page("ask", PAGE_POLICY, view="Ask")),
    doors.Door("POST", "/gradio_api/queue/join", replace(_ITS_CALLS, limit="answers")),
    *(
        doors.Door(method, path, _ITS_CALLS)
        for method, path in (
            ("GET", "/config"),
            ("GET", "/gradio_api/info"),
            ("GET", "/gradio_api/app_id"),
            ("GET", "/gradio_api/startup-events"),
            ("GET", "/gradio_api/heartbeat/{session}"),
            ("GET", "/gradio_api/queue/data"),
            ("POST", "/gradio_api/cancel"),
        )
    ),
    *(
        doors.Door("GET", path, _ITS_FILES)
        for path in (
            "/theme.css",
            "/gradio_api/theme.css",
            "/manifest.json",
            "/pwa_icon",
            "/static/{rest:path}",
            "/assets/{rest:path}",
            "/svelte/{rest:path}",
        )
    ),
    *(
        doors.Door("GET", path, doors.files("public", PAGE_POLICY))
        for path in ("/favicon.ico", "/robots.txt")
    ),
)
"""The page's own routes, which Gradio adds: what is not here of them stays closed."""

AT_ONCE = 16
"""Answers made at the same time; Gradio's default of one makes people queue."""

POLLED_EVERY = 0.02
"""Seconds after which Gradio looks again for a question, and for progress. Its own, 1 and
10 ms, keep an idle server at 4.5 % of a processor, these at 0.8."""

FORGOTTEN = (
    "The server no longer knows what was said above: it was started anew, or somebody else "
    "signed in. This question was understood by itself."
)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said so far on one open page, kept by the server.

    `session` is the one in which it was said: nobody else goes on with it. `remembered` are
    the names under which its answers may be added to a question set.
    """

    session: str = ""
    turns: tuple[Turn, ...] = ()
    remembered: tuple[str, ...] = ()

    def of(self, caller: Caller) -> Talk:
        """The same for whoever had it so far, an empty one for everybody else."""
        return self if self.session == caller.session else Talk(caller.session)

    def then(self, question: str, words: str, name: str | None = None) -> Talk:
        """With one more question and what was said to it."""
        turns = (*self.turns, Turn("user", question), Turn("assistant", words))
        names = (*self.remembered, name) if name else self.remembered
        return replace(self, turns=turns, remembered=names)


def mount_page(app: FastAPI, asking: Asking, assistant: Assistant, memory: AnswerMemory) -> None:
    """Put the chat at the root of the application."""
    be_quiet()
    import gradio as gr

    page = build_page(asking, assistant, memory)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=200)
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = POLLED_EVERY
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        root_path=at("/").rstrip("/"),
        theme=_theme(),
        head=part("web/parts.html", "head", "page"),
        favicon_path=str(Path(__file__).parents[1] / "static" / "icon.svg"),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        enable_monitoring=False,
        mcp_server=False,
        app_kwargs={
            "openapi_url": None,
            "docs_url": None,
            "redoc_url": None,
            "telemetry": NOT_BY_ITSELF,
        },
        ssr_mode=False,
    )


def build_page(asking: Asking, assistant: Assistant, memory: AnswerMemory) -> gr.Blocks:
    """The page, without a server; `memory` keeps what may be added to a question set."""
    import gradio as gr

    page: gr.Blocks
    with gr.Blocks(title="On Record", fill_width=True, analytics_enabled=False) as page:
        header = gr.HTML(elem_id="header", apply_default_css=False)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="conversation", scale=6, min_width=320):
                chat, examples, question, mode, documents = _conversation(assistant.writes_with)
            with gr.Column(elem_id="evidence", scale=5, min_width=320):
                sources = gr.HTML(_part("no_sources"), elem_id="sources", apply_default_css=False)
                gr.HTML(
                    part("web/parts.html", "reader", "← Sources"),
                    elem_id="reader",
                    apply_default_css=False,
                )
        talk = gr.State(Talk())
        asked = [question, chat, talk, documents, mode]
        shown = [chat, talk, sources, question, examples]
        respond = partial(_respond, asking, memory)
        question.submit(respond, asked, shown, **QUIETLY)
        examples.click(_first, [examples], [question], **QUIETLY).then(
            respond, asked, shown, **QUIETLY
        )
        page.load(partial(_open, assistant), None, [header, chat, documents, examples], **QUIETLY)
    return page


def _conversation(
    writes_with: str | None,
) -> tuple[gr.Chatbot, gr.Dataset, gr.Textbox, gr.Radio, gr.Dropdown]:
    """The left column: what was said, questions to try, then what is asked."""
    import gradio as gr

    chat = gr.Chatbot(
        elem_id="chat",
        show_label=False,
        container=False,
        layout="panel",
        height="100%",
        buttons=["copy"],
        feedback_options=None,
        group_consecutive_messages=False,
        latex_delimiters=[],
        line_breaks=False,
    )
    examples = gr.Dataset(
        components=[gr.Textbox(visible=False)],
        samples=[],
        elem_id="examples",
        show_label=False,
        layout="table",
    )
    question, mode, documents = _asking(writes_with)
    return chat, examples, question, mode, documents


def _asking(writes_with: str | None) -> tuple[gr.Textbox, gr.Radio, gr.Dropdown]:
    """The question, how it is answered and where is looked."""
    import gradio as gr

    with gr.Row(elem_id="ask"):
        question = gr.Textbox(
            elem_id="question",
            placeholder="What did … say about …?",
            label="Your question",
            show_label=False,
            container=False,
            autofocus=True,
            max_lines=4,
            submit_btn="Ask",
            scale=8,
        )
    mode = gr.Radio(
        choices=[
            ("Quotations", "quote"),
            (f"Written by {writes_with}", "write"),
        ],
        value="quote",
        show_label=False,
        container=False,
        visible=writes_with is not None,
        elem_id="mode",
    )
    documents = gr.Dropdown(
        choices=[ALL_DOCUMENTS],
        value=ALL_DOCUMENTS,
        label="Look in",
        elem_id="documents",
        container=False,
        filterable=True,
    )
    return question, mode, documents


def _caller() -> Caller:
    """Whom the guard let in with the request that Gradio is working on."""
    from gradio.context import LocalContext
    from starlette.requests import HTTPConnection

    asked = LocalContext.request.get()
    if asked is None or not isinstance(asked.request, HTTPConnection):
        raise LookupError("Gradio works on something that nobody asked for")
    return caller_of(asked.request)


QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _first(sample: Sequence[str]) -> str:
    return sample[0]


def _open(assistant: Assistant) -> tuple[Any, Any, Any, Any]:
    """What depends on the index, each time the page is loaded."""
    import gradio as gr

    caller = _caller()
    principal = caller.principal
    names = [source.name for source in assistant.view_of(principal).sources()]
    samples = [[question] for question in suggest(assistant, principal)]
    return (
        part("web/parts.html", "masthead", masthead(assistant, "/", caller)),
        gr.Chatbot(placeholder=_welcome(caller, has_documents=bool(names))),
        gr.Dropdown(choices=[ALL_DOCUMENTS, *names[:MOST_LISTED]], visible=len(names) > 1),
        gr.Dataset(samples=samples, visible=bool(samples)),
    )


def _welcome(caller: Caller, *, has_documents: bool) -> str:
    """Nobody is told whether there are documents that they may not read."""
    if has_documents:
        return _part("welcome")
    return _part("empty_index" if caller.way == "local" else "nothing_shared")


def _respond(
    asking: Asking,
    memory: AnswerMemory,
    question: str,
    messages: list[dict[str, Any]],
    talk: Talk,
    documents: str,
    mode: Mode,
) -> Iterator[tuple[Any, Talk, Any, Any, Any]]:
    """The conversation with the answer growing, as it is shown and as it was said, its
    sources, and the question box.

    A question that cannot be answered for an error stays in the box.
    """
    import gradio as gr

    hidden = gr.Dataset(visible=False)
    asked = [*messages, {"role": "user", "content": _paragraph("asked", question)}]
    caller = _caller()
    talk = talk.of(caller)
    note = _paragraph("correction", FORGOTTEN) if messages and not talk.turns else ""
    query = Asked(question, talk.turns, _glob(documents), mode)
    name = None
    try:
        for event, said, found in _stream(asking, caller, query):
            if isinstance(event, Answer):
                name = _remember(memory, event, talk, caller, asking.view_of(caller))
                talk = talk.then(question, to_words(event), name)
            answer = {"role": "assistant", "content": f"{note}{said}{_link_to_add(name)}"}
            yield [*asked, answer], talk, found, "", hidden
    except (AssistantError, IndexingError) as error:
        told = tell(error).words
        talk = talk.then(question, told)
        answer = {"role": "assistant", "content": _paragraph("error", told)}
        yield [*asked, answer], talk, _part("no_sources"), question, hidden


def _glob(documents: str | None) -> str | None:
    """As it was chosen from the list; None for all."""
    return None if documents in (ALL_DOCUMENTS, None) else glob.escape(documents)


def _stream(asking: Asking, caller: Caller, asked: Asked) -> Iterator[tuple[Event, str, str]]:
    """What happened, the answer so far and the sources so far, as HTML."""
    claims: list[Claim] = []
    nothing = _part("no_sources")
    for event in asking.stream(caller, asked):
        if isinstance(event, Query):
            yield (
                event,
                _paragraph("working", "Looking through the documents…"),
                nothing,
            )
        elif isinstance(event, Found):
            looked = counted(event.documents_searched, "document")
            reading = _paragraph("working", f"Reading the best places in {looked}…")
            yield event, reading, nothing
        elif isinstance(event, Claim):
            claims.append(event)
            yield event, _growing(claims), nothing
        else:
            yield event, _answer(event), _sources(event)


def _growing(claims: Sequence[Claim]) -> str:
    """Claims without links: what they cite is shown when the answer is whole."""
    return _part("growing", claims)


def _answer(answer: Answer) -> str:
    """The answer below what was made of the question: words put right, a follow-up made
    whole. A click on that puts it into the question box."""
    query = answer.query
    understood = query.standalone_question if query.is_restated else ""
    return _part("answered", answer.found.corrections, understood, to_html(answer))


def _remember(
    memory: AnswerMemory, answer: Answer, talk: Talk, caller: Caller, view: View
) -> str | None:
    """The name by which the answer can become a question of a set, for those who evaluate."""
    if "evaluate" not in caller.permissions:
        return None
    return memory.keep(answer, talk.turns, talk.remembered, view)


def _link_to_add(name: str | None) -> str:
    return "" if name is None else _part("link_to_add", name)


def _sources(answer: Answer) -> str:
    if answer.refusal is None:
        title, citations = "Sources", answer.citations
    else:
        title, citations = "Nearest, but not an answer", answer.refusal.considered
    if not citations:
        return _part("no_sources")
    cards = [_card(citation, citations, answered=answer.answered) for citation in citations]
    receipt = base64.b64encode(json.dumps(to_dict(answer), ensure_ascii=False).encode()).decode()
    return _part("sources", title, cards, receipt)


def _card(citation: Citation, among: Sequence[Citation], *, answered: bool) -> dict[str, object]:
    """Where it stands, who said it and how, and what the document says against itself."""
    source, speaker = citation.source, citation.speaker
    page = f"page {citation.page}" if citation.page else ""
    place = place_in_words(citation)
    details = (page, place, day(source.published), name_beside_title(source))
    how = [HOW_SAID[citation.speech]] if citation.speech else []
    how += [f"as {citation.reported_by} reports"] if citation.reported_by else []
    return {
        "link": citation.link_among(among),
        "number": citation.number if answered else None,
        "title": source.title,
        "speaker": speaker and speaker.name,
        "how": how,
        "note": note_of(citation),
        "quote": citation.quote,
        "details": [*filter(None, details)],
    }


def _paragraph(kind: str, words: str) -> str:
    return part("rendering/parts.html", "paragraph", kind, words)


def _part(macro: str, *values: object) -> str:
    return part("web/chat.html", macro, *values)


def _theme() -> gr.themes.Base:
    import gradio as gr

    text = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica", "Arial", "sans-serif"]
    code = ["ui-monospace", "Menlo", "Consolas", "monospace"]
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        font=text,
        font_mono=code,
    )
