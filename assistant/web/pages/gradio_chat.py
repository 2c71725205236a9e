"""The chat as a Gradio application, at /gradio: for programs and pages that are made for Gradio.

People use the chat at "/", a page of our own over the same conversations. Measured, Gradio's own
page needs 62 requests and shifts its layout by .12, its answers go through a queue, and its
templates need a policy that lets scripts be evaluated. Below a path of a host it does not find its
way, and is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.accounts.conversations import Conversations
from assistant.answers import Answer, Claim
from assistant.errors import AssistantError
from assistant.rendering.answers import to_html
from assistant.rendering.errors import tell
from assistant.rendering.telling import told_claim
from assistant.rendering.templating import part
from assistant.web.asking import Asked, Asking
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller, caller_of
from assistant.web.entry.gradio_sessions import CHAT
from assistant.web.entry.observing import NOT_BY_ITSELF
from assistant.web.entry.policies import PAGE_POLICY
from index.errors import IndexingError
from index.models.quiet import be_quiet

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_ITS_FILES = doors.files("ask", PAGE_POLICY)
_ITS_CALLS = doors.page("ask", PAGE_POLICY)

GRADIO_DOORS = (
    doors.Door("GET", f"{CHAT}/", _ITS_CALLS),
    doors.Door("POST", f"{CHAT}/gradio_api/queue/join", replace(_ITS_CALLS, limit="answers")),
    *(
        doors.Door(method, CHAT + path, _ITS_CALLS)
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
        doors.Door("GET", CHAT + path, _ITS_FILES)
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
        doors.Door("GET", CHAT + path, doors.files("public", PAGE_POLICY))
        for path in ("/favicon.ico", "/robots.txt")
    ),
)
"""Gradio's own routes: what is not here of them stays closed."""

AT_ONCE = 16
"""Answers made at the same time; Gradio's default of one makes people queue."""

POLLED_EVERY = 0.02
"""Seconds after which Gradio looks again for a question, and for progress. Its own, 1 and
10 ms, keep an idle server at 4.5 % of a processor, these at 0.8."""

QUIETLY: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation of one open page: its id, "" before the first question, and in which
    session it began. Nobody else goes on with it."""

    session: str = ""
    id: str = ""


def mount_gradio(app: FastAPI, asking: Asking, conversations: Conversations) -> None:
    """Put it into the application."""
    be_quiet()
    import gradio as gr

    page = build_page(asking, conversations)
    page.queue(default_concurrency_limit=AT_ONCE, max_size=200)
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = POLLED_EVERY
    gr.mount_gradio_app(
        app,
        page,
        path=CHAT,
        theme=_theme(),
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


def build_page(asking: Asking, conversations: Conversations) -> gr.Blocks:
    """The page, without a server."""
    import gradio as gr

    page: gr.Blocks
    with gr.Blocks(title="On Record", analytics_enabled=False) as page:
        chat = gr.Chatbot(
            show_label=False,
            height="75vh",
            buttons=["copy"],
            feedback_options=None,
            latex_delimiters=[],
            line_breaks=False,
        )
        question = gr.Textbox(label="Your question", submit_btn="Ask", autofocus=True)
        talk = gr.State(Talk())
        respond = partial(_respond, asking, conversations)
        question.submit(respond, [question, chat, talk], [chat, talk, question], **QUIETLY)
    return page


def _caller() -> Caller:
    """Whom the guard let in with the request that Gradio is working on."""
    from gradio.context import LocalContext
    from starlette.requests import HTTPConnection

    asked = LocalContext.request.get()
    if asked is None or not isinstance(asked.request, HTTPConnection):
        raise LookupError("Gradio works on something that nobody asked for")
    return caller_of(asked.request)


def _respond(
    asking: Asking,
    conversations: Conversations,
    question: str,
    messages: list[dict[str, Any]],
    talk: Talk | None,
) -> Iterator[tuple[list[dict[str, Any]], Talk, str]]:
    """The conversation with the answer growing, and the question box. A question that cannot be
    answered for an error stays in the box; one without words is none."""
    caller = _caller()
    if talk is None or talk.session != caller.session:
        talk = Talk(caller.session)
    if not question.strip():
        yield messages, talk, ""
        return
    asked = [*messages, {"role": "user", "content": _paragraph("asked", question)}]
    claims: list[Claim] = []
    try:
        talk = Talk(caller.session, talk.id or conversations.start(caller.principal))
        for event in asking.stream(caller, Asked(question, conversation=talk.id)):
            if isinstance(event, Claim):
                claims.append(told_claim(event))
                yield [*asked, _said(_part("growing", claims))], talk, ""
            elif isinstance(event, Answer):
                yield [*asked, _said(_part("whole", to_html(event), event))], talk, ""
    except (AssistantError, IndexingError) as error:
        yield [*asked, _said(_paragraph("error", tell(error).words))], talk, question


def _said(words: str) -> dict[str, Any]:
    return {"role": "assistant", "content": words}


def _paragraph(kind: str, words: str) -> str:
    return part("rendering/parts.html", "paragraph", kind, words)


def _part(macro: str, *values: object) -> str:
    return part("web/gradio.html", macro, *values)


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
