"""Messages that a program for talking has exported as JSON: Slack, Telegram, Discord and the like.

[{"user_profile": {"real_name": "Ana Souza"}, "ts": "1747212061.0", "text": "Green again."}]

Ana Souza: Green again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from index.reading.blocks import Blocks, one_line

TEXTS = ("text", "content", "message", "body", "msg")
SENDERS = ("user_profile", "from", "author", "sender", "sender_name", "username", "name", "user")
NAMES = ("real_name", "display_name", "nickname", "global_name", "name", "username", "id")
TIMES = ("ts", "date", "timestamp", "timestamp_ms", "created_at", "createdAt", "time", "sent")
LISTS = ("messages", "conversation", "chat")
SPOKEN = frozenset(
    {None, "", "thread_broadcast", "me_message", "bot_message", "file_share", "message", "Default",
     "Reply"}
)  # fmt: skip
"""Kinds of messages that somebody wrote; others say who joined or left."""

LEAST_MESSAGES = 2
LEAST_SHARE = 0.6
MILLISECONDS = 100_000_000_000
"""From this number on seconds since 1970 are thousandths."""

MENTION = re.compile(r"<@(\w+)>")


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """Who wrote what, and when, as far as the file says."""

    sender: str
    words: str
    time: str


def messages_of(value: Any) -> list[WrittenMessage]:
    """The messages of an export; none if it is something else."""
    if isinstance(value, dict):
        value = next((value[key] for key in LISTS if isinstance(value.get(key), list)), None)
    if not isinstance(value, list) or len(value) < LEAST_MESSAGES:
        return []
    records = [record for record in value if isinstance(record, dict)]
    found = [*_messages(records)]
    has_times = any(message.time for message in found)
    is_export = len(found) >= max(LEAST_MESSAGES, LEAST_SHARE * len(value)) and has_times
    return found if is_export else []


def write_messages(messages: list[WrittenMessage], blocks: Blocks) -> None:
    """Each as a turn of its sender."""
    for message in messages:
        name = one_line(message.sender)
        words = f"{name}: {message.words.strip()}"
        blocks.paragraph(words, "turn", speaker=name, time=message.time)


def _messages(records: list[dict[str, Any]]) -> Iterator[WrittenMessage]:
    names = {str(r.get("user")): _sender(r) for r in records if "user_profile" in r}
    for record in records:
        is_spoken = {record.get("subtype"), record.get("type")} <= SPOKEN
        sender, words = _sender(record), _words(record)
        if is_spoken and sender and words:
            told = MENTION.sub(lambda m: f"@{names.get(m[1], m[1])}", words)
            yield WrittenMessage(names.get(sender, sender), told, _time(record))


def _sender(record: Mapping[str, Any]) -> str:
    return next((name for key in SENDERS if (name := _name(record.get(key)))), "")


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return next((name for key in NAMES if (name := _name(value.get(key)))), "")
    return value.strip() if isinstance(value, str) else ""


def _words(record: Mapping[str, Any]) -> str:
    """The text; Telegram has a list where words of it are set off."""
    value = next((record[key] for key in TEXTS if record.get(key)), "")
    if isinstance(value, list):
        parts = (p.get("text", "") if isinstance(p, dict) else p for p in value)
        value = "".join(part for part in parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _time(record: Mapping[str, Any]) -> str:
    """As ISO has it where it is seconds since 1970, else as the file has it."""
    value = next((record[key] for key in TIMES if record.get(key)), "")
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return value if isinstance(value, str) else ""
    seconds /= 1000 if seconds > MILLISECONDS else 1
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return ""
