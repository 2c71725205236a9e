"""What each person sets for themselves: the language and theme of pages, and how they are
answered. Kept on the server, so it is the same in every browser, and there with the first reply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, get_args

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.accounts.preferences import Preferences, Theme
from assistant.answers import Mode, Wishes
from assistant.languages import LANGUAGES, later
from assistant.rendering.templating import render
from assistant.web.api.parameters import Whoever
from assistant.web.entry import doors
from assistant.web.entry.callers import Caller
from assistant.web.pages.frame import masthead
from assistant.web.services import Services

PATH = "/settings"

THEMES: Mapping[Theme, str] = {
    "system": later("As the system"),
    "light": later("Light"),
    "dark": later("Dark"),
}

MODES: Mapping[Mode, str] = {
    "quote": later("Quotations: the documents’ own words"),
    "write": later("Written, each sentence checked against the documents"),
}

STRICTNESS: Mapping[str, tuple[float | None, str]] = {
    "more": (0.2, later("Answer more: also what may not be an answer")),
    "": (None, later("As the server is set")),
    "sure": (0.8, later("Answer less: only what is rather sure")),
}
"""From which probability a question is answered, by what a form calls it."""

Field = Annotated[str, Form(max_length=300)]


def add_settings(app: FastAPI, services: Services) -> None:
    """The routes of /settings."""

    @app.get(PATH)
    @doors.page("ask")
    def see(caller: Whoever, did: str = "") -> HTMLResponse:
        said = later("Kept") if did == "kept" else ""
        return HTMLResponse(settings_page(services, caller, said))

    @app.post(PATH)
    @doors.page("ask")
    def keep(
        caller: Whoever,
        language: Field = "",
        theme: Field = "system",
        mode: Field = "quote",
        strictness: Field = "",
        model: Field = "",
    ) -> Response:
        known: tuple[Theme, ...] = get_args(Theme)
        chosen = Preferences(
            language if language in LANGUAGES else "",
            next((each for each in known if each == theme), "system"),
            "write" if mode == "write" and writes_with(services, caller) else "quote",
            caller.preferences.model,
            STRICTNESS.get(strictness, STRICTNESS[""])[0],
        )
        if may_choose_model(services, caller):
            offered = ["", *services.assistant.offered_models()]
            kept = caller.preferences.model
            chosen = replace(chosen, model=model if model in offered else kept)
        services.preferences.keep(caller.principal, chosen)
        return RedirectResponse(f"{PATH}?did=kept", 303)


def settings_page(services: Services, caller: Caller, said: str = "") -> str:
    """The form, with what is set now."""
    set_now = caller.preferences
    names = {threshold: name for name, (threshold, _) in STRICTNESS.items()}
    return render(
        "web/settings.html",
        bar=masthead(services.assistant, PATH, caller),
        set_now=set_now,
        strictness=names.get(set_now.answer_from, ""),
        languages=LANGUAGES,
        themes=THEMES,
        modes=MODES if writes_with(services, caller) or _models(services, caller) else {},
        levels={name: words for name, (_, words) in STRICTNESS.items()},
        models=_models(services, caller),
        own_model=services.assistant.writes_with,
        said=said,
    )


def writes_with(services: Services, caller: Caller) -> str | None:
    """The model that writes for this caller, None where none does."""
    return wishes_of(services, caller).model or services.assistant.writes_with


def wishes_of(services: Services, caller: Caller) -> Wishes:
    """How they want to be answered, as far as they may."""
    set_now = caller.preferences
    model = set_now.model if may_choose_model(services, caller) else ""
    return Wishes(set_now.answer_from, model)


def may_choose_model(services: Services, caller: Caller) -> bool:
    """Whoever administers chooses among the models of the server that is set; with none set, the
    one person on whose computer this is may take what is on it."""
    if "administer" not in caller.permissions:
        return False
    return services.assistant.writes_with is not None or caller.way == "local"


def _models(services: Services, caller: Caller) -> Sequence[str]:
    """Those to choose from, with the one that was chosen."""
    if not may_choose_model(services, caller):
        return ()
    names = [*services.assistant.offered_models(), caller.preferences.model]
    return [name for name in dict.fromkeys(names) if name]
