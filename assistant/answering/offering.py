"""Language models to choose from: the one that is set, and others that its server has.

Where none is set, those of an Ollama on this computer. Whoever runs the server says where models
are; nobody else names an address.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.writing import NO_KEY, Model, Patience, Writer

log = logging.getLogger("onrecord.models")

OLLAMA = "http://127.0.0.1:11434/v1"
"""Where Ollama listens unless it is told otherwise; it speaks as OpenAI does there."""

PROVIDER = "openai:"

WITHIN = 1.5
"""Seconds in which a server has to say what it has: somebody waits for a page."""

MOST = 200


@dataclass(frozen=True)
class Models:
    """Whoever writes with one of them. `model` is the one that is set, if any."""

    model: Model | None
    patience: Patience
    _writers: dict[str, Writer] = field(default_factory=dict)

    @property
    def _base_url(self) -> str | None:
        return self.model.base_url if self.model else OLLAMA

    def offered(self) -> Sequence[str]:
        """What the server has, by the names that `writer` takes; nothing where it cannot be
        asked."""
        if not self._base_url:
            return ()
        import httpx

        key = (self.model.api_key if self.model else None) or NO_KEY
        try:
            reply = httpx.get(
                f"{self._base_url.rstrip('/')}/models",
                headers={"Authorization": f"Bearer {key}"},
                timeout=WITHIN,
            )
            rows = reply.raise_for_status().json()["data"]
            names = sorted(f"{PROVIDER}{row['id']}" for row in rows)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.info("%s does not say which models it has: %s", self._base_url, error)
            return ()
        return names[:MOST]

    def writer(self, name: str) -> Writer:
        """Whoever writes with the model of this name."""
        if name not in self._writers:
            like = self.model or Model(name, self._base_url, patience=self.patience)
            self._writers[name] = Writer(replace(like, name=name))
        return self._writers[name]
