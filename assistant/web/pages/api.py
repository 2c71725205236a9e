"""The API as a page for people: what its own description says, who may call it, and a line
for `curl` each. Made from the routes, so that it cannot fall behind them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from assistant.operating.maintaining import API
from assistant.rendering.templating import render
from assistant.web.entry import doors
from assistant.web.entry.doors import Doors, doors_in

EXAMPLES: Mapping[str, Any] = {
    "question": "What did Rahmon say about students?",
    "outcome": "answered",
    "verdict": "good",
    "assertion": "…",
    "embed": "hr",
    "nonce": "…",
    "issuer": "https://portal.corp",
    "subject": "u-17",
    "name": "nightly",
    "permissions": ["ask"],
    "readers": ["group:https://login.corp|staff"],
    "questions": "bridges",
    "baseline": "bridges-20260131-1405",
}
"""What stands for a field in the lines for `curl`."""


def add_api_page(app: FastAPI, api: FastAPI) -> None:
    """The route /api."""

    @app.get("/api")
    @doors.page("ask")
    def page() -> HTMLResponse:
        about = api.description
        return HTMLResponse(render("web/api.html", base=API, about=about, calls=described(api)))


def described(api: FastAPI) -> Iterator[dict[str, str]]:
    """Each call: method, path, permission, what it does, and a line for `curl`."""
    schema, declared = api.openapi(), Doors(doors_in(api, API))
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            address = f"{API}{path}"
            permissions = {door.method: door.permission for door in declared.at(address)}
            yield {
                "method": method.upper(),
                "path": address,
                "permission": permissions.get(method.upper(), ""),
                "what": call.get("description", call["summary"]),
                "curl": _curl(method.upper(), address, call, schema),
            }


def _curl(method: str, address: str, call: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    words = ["curl", "-H", "Authorization: Bearer $KEY"]
    content = call.get("requestBody", {}).get("content", {})
    if method not in ("GET", "POST") or (method == "POST" and not content):
        words += ["-X", method]
    if "multipart/form-data" in content:
        words += ["-F", "file=@minutes.pdf"]
    elif "application/json" in content:
        body = _example(content["application/json"]["schema"], schema)
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
    words.append(f"$SERVER{address}{_query(call.get('parameters', []))}")
    return " ".join(map(_quoted, words))


def _query(parameters: Sequence[Mapping[str, Any]]) -> str:
    """One that shows how: what has to be named, else the first."""
    named = [each for each in parameters if each["in"] == "query"]
    shown = [each for each in named if each.get("required")] or named[:1]
    return "".join(f"?{each['name']}={_value(each)}" for each in shown[:1])


def _value(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    if "integer" in (schema.get("type"), *(each.get("type") for each in schema.get("anyOf", ()))):
        return str(schema.get("default") or 1)
    if parameter["name"] in ("speaker", "about"):
        return "Rahmon"
    return str(EXAMPLES.get(parameter["name"], "*"))


def _example(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Any:
    """The fields that a body has to have."""
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    wanted = schema.get("required", list(schema.get("properties", {}))[:1])
    return {name: EXAMPLES.get(name, "…") for name in wanted}


def _quoted(word: str) -> str:
    """For a shell, with its variables left as they are."""
    if "$" not in word:
        return shlex.quote(word)
    return f'"{word}"' if "'" not in word and '"' not in word else shlex.quote(word)
