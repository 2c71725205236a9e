"""The chat: questions and answers on the left, sources and the reader on the right."""

from __future__ import annotations

import base64
import glob
import html
import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answers import Answer, Citation, Claim, Mode, Turn
from assistant.browsing.suggesting import suggest
from assistant.chat import Assistant
from assistant.errors import AssistantError
from assistant.evaluation.sets.collecting import AnswerMemory
from assistant.rendering.answers import (
    HOW_SAID,
    blockquote,
    day,
    escape,
    lines,
    name_beside_title,
    note_of,
    paragraph,
    to_dict,
    to_html,
)
from assistant.telling import tell
from assistant.web.asking import Asked, Asking
from assistant.web.entry.callers import Caller, caller_of
from assistant.web.entry.observing import NOT_BY_ITSELF
from assistant.web.pages.frame import head, masthead, reader
from index.documents import Found, Query
from index.english.spelling import counted
from index.errors import IndexingError
from index.models.quiet import be_quiet

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

ALL_DOCUMENTS = "All documents"
MOST_LISTED = 500
"""Documents in the filter's list: more are found by typing in the question."""

TAG = re.compile(r"<[^>]*>")
ADD = re.compile(r'<div class="add">.*?</div>')
"""Stands below an answer, and is no part of the conversation."""

KEPT_AS = re.compile(r'href="/evaluation/add\?answer=([\w-]+)"')
"""In it: by which name the answer is remembered."""

AT_ONCE = 16
"""Answers made at the same time; Gradio's default of one makes people queue."""

POLLED_EVERY = 0.02
"""Seconds after which Gradio looks again for a question, and for progress. Its own, 1 and
10 ms, keep an idle server at 4.5 % of a processor, these at 0.8."""

WELCOME = """<div class="welcome"><h2>Ask what the documents say</h2>
<p>You get their exact words, each with a link to the place.</p></div>"""

EMPTY_INDEX = """<div class="welcome"><h2>There are no documents yet</h2>
<p>Add a folder or a file, then load this page again:</p>
<pre>onrecord index FOLDER</pre></div>"""

NOTHING_SHARED = """<div class="welcome"><h2>There is nothing here for you yet</h2>
<p>Documents that are shared with you can be asked about here.</p></div>"""

NO_SOURCES = """<div class="pane-empty"><p>The sources of an answer appear here.</p>
<p>Click a number like <span class="cite">[1]</span> to read it where it stands.</p></div>"""


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
        theme=_theme(),
        head=head("page"),
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
                sources = gr.HTML(NO_SOURCES, elem_id="sources", apply_default_css=False)
                gr.HTML(reader("← Sources"), elem_id="reader", apply_default_css=False)
        shown = [chat, sources, question, examples]
        respond = partial(_respond, asking, memory)
        question.submit(respond, [question, chat, documents, mode], shown, **QUIETLY)
        examples.click(_first, [examples], [question], **QUIETLY).then(
            respond, [question, chat, documents, mode], shown, **QUIETLY
        )
        page.load(partial(_open, assistant), None, [header, chat, documents, examples], **QUIETLY)
    return page


def _conversation(
    writes_with: str | None,
) -> tuple[gr.Chatbot, gr.Dataset, gr.Textbox, gr.Radio, gr.Dropdown]:
    """The left column: what was said, questions to try, the question, how and where to look."""
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
    return chat, examples, question, mode, documents


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
    names = [source.name for source in assistant.sources(principal=principal)]
    samples = [[question] for question in suggest(assistant, principal)]
    return (
        masthead(assistant, "ask", caller),
        gr.Chatbot(placeholder=_welcome(caller, has_documents=bool(names))),
        gr.Dropdown(choices=[ALL_DOCUMENTS, *names[:MOST_LISTED]], visible=len(names) > 1),
        gr.Dataset(samples=samples, visible=bool(samples)),
    )


def _welcome(caller: Caller, *, has_documents: bool) -> str:
    """Nobody is told whether there are documents that they may not read."""
    if has_documents:
        return WELCOME
    return EMPTY_INDEX if caller.way == "local" else NOTHING_SHARED


def _respond(
    asking: Asking,
    memory: AnswerMemory,
    question: str,
    messages: list[dict[str, Any]],
    documents: str,
    mode: Mode,
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """The conversation with the answer growing, its sources, and the question box.

    A question that cannot be answered for an error stays in the box.
    """
    import gradio as gr

    hidden = gr.Dataset(visible=False)
    asked = [*messages, {"role": "user", "content": paragraph("asked", question)}]
    try:
        for said, found in _stream(asking, memory, question, messages, documents, mode):
            answer = {"role": "assistant", "content": said}
            yield [*asked, answer], found, "", hidden
    except (AssistantError, IndexingError) as error:
        said = paragraph("error", tell(error).words)
        yield [*asked, {"role": "assistant", "content": said}], NO_SOURCES, question, hidden


def _stream(
    asking: Asking,
    memory: AnswerMemory,
    question: str,
    messages: Sequence[dict[str, Any]],
    documents: str,
    mode: Mode,
) -> Iterator[tuple[str, str]]:
    """The answer so far and the sources so far, as HTML."""
    scope = None if documents in (ALL_DOCUMENTS, None) else glob.escape(documents)
    claims: list[Claim] = []
    asked = Asked(question, [*_turns(messages)], scope, mode)
    caller = _caller()
    for event in asking.stream(caller, asked):
        if isinstance(event, Query):
            yield paragraph("working", "Looking through the documents…"), NO_SOURCES
        elif isinstance(event, Found):
            looked = counted(event.documents_searched, "document")
            yield paragraph("working", f"Reading the best places in {looked}…"), NO_SOURCES
        elif isinstance(event, Claim):
            claims.append(event)
            yield _growing(claims), NO_SOURCES
        else:
            kept = _kept(memory, event, messages, caller)
            yield _answer(event) + kept, _sources(event)


def _growing(claims: Sequence[Claim]) -> str:
    """Claims without links: what they cite is shown when the answer is whole."""
    return "".join(blockquote(claim, lines(claim.text)) for claim in claims)


def _answer(answer: Answer) -> str:
    """The answer below what was made of the question: words put right, a follow-up made
    whole. A click on that puts it into the question box."""
    corrections = "".join(
        paragraph("correction", f"Searched for “{right}” instead of “{wrong}”.")
        for wrong, right in answer.found.corrections.items()
    )
    return corrections + _understood(answer.query) + to_html(answer)


def _kept(
    memory: AnswerMemory, answer: Answer, messages: Sequence[dict[str, Any]], caller: Caller
) -> str:
    """A link by which the answer becomes a question of a set, for those who evaluate."""
    if "evaluate" not in caller.permissions:
        return ""
    earlier = [name for message in messages for name in KEPT_AS.findall(_words(message))]
    name = memory.keep(answer, [*_turns(messages)], earlier, caller.principal)
    if name is None:
        return ""
    return f'<div class="add"><a href="/evaluation/add?answer={name}">Add to question set</a></div>'


def _understood(query: Query) -> str:
    if not query.is_restated:
        return ""
    whole = f'<a class="understood" href="#question">{escape(query.standalone_question)}</a>'
    return f'<p class="correction">Understood as: {whole}</p>'


def _sources(answer: Answer) -> str:
    if answer.refusal is None:
        title, cards = "Sources", answer.citations
    else:
        title, cards = "Nearest, but not an answer", answer.refusal.considered
    if not cards:
        return NO_SOURCES
    listed = "".join(_card(citation, answered=answer.answered) for citation in cards)
    return f'<h2 class="pane-title">{title}</h2><ol class="cards">{listed}</ol>{_save(answer)}'


def _save(answer: Answer) -> str:
    """A link that saves the answer as it is, without asking the server again."""
    receipt = base64.b64encode(json.dumps(to_dict(answer), ensure_ascii=False).encode()).decode()
    return (
        '<p class="save"><a download="answer.json" '
        f'href="data:application/json;base64,{receipt}">Save this answer</a></p>'
    )


def _card(citation: Citation, *, answered: bool) -> str:
    source = citation.source
    page = f"page {citation.page}" if citation.page else ""
    details = [page, day(source.published), name_beside_title(source)]
    number = f'<span class="number">{citation.number}</span>' if answered else ""
    return (
        f'<li><a class="card cite" href="{html.escape(citation.link)}">{number}'
        f'<span class="card-title">{escape(source.title)}</span>'
        f"{_credit(citation)}"
        f'<span class="card-quote">{escape(citation.quote)}</span>'
        f'<span class="card-details">{escape(" · ".join(filter(None, details)))}</span></a></li>'
    )


def _credit(citation: Citation) -> str:
    """Who said it and how, and what the document says against itself about them."""
    if citation.speaker is None:
        return ""
    how = [HOW_SAID[citation.speech]] if citation.speech else []
    how += [f"as {citation.reported_by} reports"] if citation.reported_by else []
    note = note_of(citation)
    warned = f'<span class="card-note">{lines(note)}</span>' if note else ""
    return (
        f'<span class="card-speaker"><b>{escape(citation.speaker.name)}</b> '
        f"{escape(' · '.join(['', *how]).strip())}</span>{warned}"
    )


def _turns(messages: Sequence[dict[str, Any]]) -> Iterator[Turn]:
    for message in messages:
        words = ADD.sub("", _words(message))
        yield Turn(message["role"], html.unescape(TAG.sub("", words)))


def _words(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(p.get("text", "") for p in content)


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
