"""What can be set, read once: options, environment, a file, defaults, in that order.

The file is `settings.toml` in the home folder, with the names below as keys:

    embedder = "all-MiniLM-L6-v2"
    port = 7860

    [languages.fr]                      # who said what, in French too
    model = "fr_core_news_sm"           # a spaCy model that is installed
    cues = "dire déclarer: ccomp"       # verbs of saying and what they govern: index/cues.py
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from assistant.errors import WrongUse

DEFAULT_HOME = ".onrecord"
PREFIX = "ONRECORD_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    `home` is the folder of the index. `embedder` is the name or folder of a
    sentence-transformers model, `reranker` of a cross-encoder ("" for none). `host`
    and `port` are where `serve` listens.
    `languages` has for further languages a spaCy model and its cues: {code: (model, cues)}.
    """

    home: Path = Path(DEFAULT_HOME)
    embedder: str = "all-MiniLM-L6-v2"
    host: str = "127.0.0.1"
    port: int = 7860
    reranker: str = ""
    languages: Mapping[str, tuple[str, str]] = field(default_factory=dict)


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
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path} is not valid TOML: {error}") from error


def _settings(home: Path, values: Mapping[str, object]) -> Settings:
    unknown = sorted(set(values) - KNOWN)
    if unknown:
        raise WrongUse(
            f"There is no setting called {', '.join(unknown)}. "
            f"There are: {', '.join(sorted(KNOWN))}."
        )
    default = Settings()
    return Settings(
        home=home,
        embedder=str(values.get("embedder", default.embedder)),
        host=str(values.get("host", default.host)),
        port=_port(str(values.get("port", default.port))),
        reranker=str(values.get("reranker", default.reranker)),
        languages=_languages(values.get("languages", {})),
    )


def _languages(tables: object) -> Mapping[str, tuple[str, str]]:
    if not isinstance(tables, dict):
        raise WrongUse("[languages] takes one table a language, for example [languages.fr].")
    wrong = [code for code, table in tables.items() if set(table) != {"model", "cues"}]
    if wrong:
        raise WrongUse(
            f"[languages.{wrong[0]}] needs a model and cues, and nothing else: "
            'model = "fr_core_news_sm", cues = "dire déclarer: ccomp".'
        )
    return {code: (str(table["model"]), str(table["cues"])) for code, table in tables.items()}


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise WrongUse(f"The port has to be a number from 1 to 65535, not {value!r}.")
    return int(value)
