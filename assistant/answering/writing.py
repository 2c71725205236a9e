"""Passages to a written answer by a language model, sentence by sentence.

    quoting's draft, passages -> prompt -> words as they come -> plain_sentences

Nothing is written where quoting would refuse, and nothing is sent but the question and
the passages. Whatever goes wrong, the quoting answer is given and it is said what went
wrong. The only file that imports LangChain's chat models.
"""

from __future__ import annotations

import asyncio
import math
import queue
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from assistant.answering.plain_sentences import Aloud, split, tidy
from assistant.answers import Draft, Drafting, Meter, Usage, WrittenSentence
from assistant.errors import ModelFailed, WrongUse
from assistant.languages.prompting import fill
from index.documents import Found, Hit, Query, Scores, StatementHit

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_GIVEN = 6
"""Passages that the model is shown. A passage has 100 to 250 tokens, so that these and
the instructions fit the 2,048 that small models on one's own computer often have."""

LONGEST_ANSWER = 12_000
"""Characters after which a model that does not come to an end is stopped."""

RETRY_AFTER = 0.5
"""Seconds before the one retry."""

ENDINGS = ("finish_reason", "stop_reason", "done_reason", "stopReason")
"""Where the providers say why a model stopped."""

CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS", "content_filter"})

LONGEST_REASON = 200
"""Characters of another program's error that a reader is shown."""

Messages = Sequence[tuple[str, str]]
"""(role, content), as LangChain takes them."""

NO_KEY = "none"
"""Sent where no key is set: a server of one's own asks for none, the client does."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for the connection, for the first word, for each further one, and
    for all of it."""

    connect: float = 5.0
    first_word: float = 60.0
    next_word: float = 20.0
    total: float = 180.0


@dataclass(frozen=True, slots=True)
class Model:
    """A chat model by name, "openai:gpt-5-mini"; `base_url` of a server that speaks its
    provider's language, for instance one on this computer."""

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True)
class _Ended:
    """Why a model stopped, empty if it did not say, and what it took, if it said that."""

    why: str
    usage: Usage | None


class Writer:
    """Writes answers with one model. What that takes is added to a `meter`."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def prepare(self) -> None:
        """Open the model. Raises WrongUse for a name that cannot be used."""
        _ = self._chat

    def write(
        self, query: Query, found: Found, quoted: Draft, meter: Meter | None = None
    ) -> Drafting:
        """The sentences as they come, then the draft; `quoted` if the model fails.

        To close the generator ends the request.
        """
        if not quoted.claims:
            return quoted
        written = 0
        try:
            for sentence in self._sentences(query, _given(quoted, found), meter or Meter()):
                written += 1
                yield sentence
        except ModelFailed as error:
            broken = fill("model_broke_off", reason=error)
            failed = fill("model_failed", reason=error)
            return replace(quoted, notice=broken if written else failed)
        return quoted if written else replace(quoted, notice=fill("nothing_written"))

    def say(self, messages: Messages, within: float = math.inf, meter: Meter | None = None) -> str:
        """All that the model says to these messages, in so many seconds at most. Raises
        ModelFailed."""
        with closing(self._words(messages, meter or Meter(), within)) as words:
            return "".join(words)

    def _sentences(
        self, query: Query, given: tuple[Hit, ...], meter: Meter
    ) -> Iterator[WrittenSentence]:
        """Each sentence once it is complete; what is left when the model fails, too."""
        printed, left = " ".join(hit.passage.text for hit in given), ""
        try:
            with closing(self._words(_messages(query, given), meter)) as words:
                for more in words:
                    complete, left = split(left + more, printed)
                    yield from (WrittenSentence(sentence, given) for sentence in complete)
        except ModelFailed:
            if begun := tidy(left, printed):
                yield WrittenSentence(begun, given, whole=False)
            raise
        if last := tidy(left, printed):
            yield WrittenSentence(last, given)

    def _words(self, messages: Messages, meter: Meter, within: float = math.inf) -> Generator[str]:
        """What the model says, as it comes; asked once more if it fails before."""
        _ = self._chat  # to load it is not the model's time
        deadline = time.monotonic() + min(within, self._model.patience.total)
        for is_last in (False, True):
            begun = False
            try:
                with closing(self._attempt(messages, meter, deadline)) as attempt:
                    for words in attempt:
                        begun = True
                        yield words
            except ModelFailed as error:
                if begun or is_last or not error.passing:
                    raise
                time.sleep(RETRY_AFTER)
            else:
                return

    def _attempt(self, messages: Messages, meter: Meter, deadline: float) -> Generator[str]:
        """One request. It is ended when nothing comes for too long, when the answer gets
        too long, and when the generator is closed."""
        arrived: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        request = _start(_ask(self._chat, messages, arrived.put))
        request.add_done_callback(lambda _: arrived.put(None))
        patience, aloud, length = self._model.patience, Aloud(), 0
        try:
            while (words := _next(arrived, patience, deadline, begun=length > 0)) is not None:
                said = aloud.hear(words)
                if said:
                    yield said[: LONGEST_ANSWER - length]
                length += len(said)
                if length > LONGEST_ANSWER:
                    raise ModelFailed(f"It wrote more than {LONGEST_ANSWER:,} characters.")
            if rest := aloud.rest():
                yield rest
        finally:
            request.cancel()
            meter.add(_usage(request))
        self._check(request)

    def _check(self, request: Future[_Ended]) -> None:
        """Raises ModelFailed unless the model said that it had come to an end."""
        error = request.exception()
        if error is not None:
            raise _in_words(error, self._model) from error
        why = request.result().why
        if not why:
            raise ModelFailed("The connection ended before the answer did.")
        if why in CUT_OFF:
            raise ModelFailed(f"The model stopped early ({why}).")

    @cached_property
    def _chat(self) -> BaseChatModel:
        return _open(self._model)


def _open(model: Model) -> BaseChatModel:
    """Raises WrongUse for a name that cannot be used."""
    from langchain.chat_models import init_chat_model

    try:
        chat: BaseChatModel = init_chat_model(model.name, **_options(model))
    except (ImportError, ValueError) as error:
        raise WrongUse(
            f"The language model {model.name!r} cannot be used: {_first_line(error)} "
            "Name it as provider:model, for example openai:gpt-5-mini, and install the "
            "provider's package (langchain-anthropic for anthropic:…)."
        ) from error
    return chat


def _options(model: Model) -> dict[str, Any]:
    """What every provider understands, and more for those that speak OpenAI's language.

    A server of one's own never gets a key that was meant for somebody else.
    """
    patience = model.patience
    options: dict[str, Any] = {"temperature": 0, "max_retries": 0, "timeout": patience.first_word}
    if model.name.startswith("openai:"):
        from httpx2 import Timeout

        options["timeout"] = Timeout(patience.total, connect=patience.connect)
        options["stream_chunk_timeout"] = None
    if model.base_url:
        options |= {"base_url": model.base_url, "api_key": NO_KEY}
    if model.api_key:
        options["api_key"] = model.api_key
    return options


async def _ask(chat: BaseChatModel, messages: Messages, deliver: Callable[[str], None]) -> _Ended:
    """Deliver what the model says. Providers tell what it took in one piece or in several,
    which add up."""
    ending, told = "", []
    async for chunk in chat.astream(messages):
        deliver(chunk.text)  # empty while a model thinks apart: it is not silent
        ends = (chunk.response_metadata.get(name) for name in ENDINGS)
        ending = next((str(end) for end in ends if end), ending)
        if chunk.usage_metadata:
            told.append(chunk.usage_metadata)
    read, written = (sum(each[key] for each in told) for key in ("input_tokens", "output_tokens"))
    return _Ended(ending, Usage(read, written) if told else None)


def _usage(request: Future[_Ended]) -> Usage | None:
    """None for a request that broke off, too."""
    if request.cancelled() or not request.done() or request.exception():
        return None
    return request.result().usage


def _start(asking: Coroutine[Any, Any, _Ended]) -> Future[_Ended]:
    """Begin in the thread that talks to models: there a request can be ended while it
    waits, whatever it waits for."""
    return asyncio.run_coroutine_threadsafe(asking, _loop())


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for all requests: the clients of a provider keep their connections in it."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language model", daemon=True).start()
    return loop


def _next(
    arrived: queue.SimpleQueue[str | None], patience: Patience, deadline: float, *, begun: bool
) -> str | None:
    """The next words; None at the end. Raises ModelFailed if they take too long."""
    wait = patience.next_word if begun else patience.first_word
    left = deadline - time.monotonic()
    try:
        return arrived.get(timeout=max(0.0, min(wait, left)))
    except queue.Empty:
        if left < wait:
            raise ModelFailed(
                f"The answer was not done after {patience.total:g} seconds."
            ) from None
        raise ModelFailed(f"Nothing came from the model for {wait:g} seconds.") from None


def _in_words(error: BaseException, model: Model) -> ModelFailed:
    """What went wrong, for the reader; never with what the request held."""
    from langchain_core import exceptions

    where = model.base_url or "the provider"
    reasons = {
        exceptions.ModelAuthenticationError:
            f"The key was refused by {where}. Set ONRECORD_API_KEY to a valid one.",
        exceptions.ModelPermissionDeniedError: f"The key may not use {model.name} at {where}.",
        exceptions.ModelNotFoundError: f"There is no model {model.name} at {where}.",
        exceptions.ModelRateLimitError: f"Too many requests to {where}. Try again later.",
        exceptions.ContextOverflowError: f"The passages are too long for {model.name}.",
        exceptions.ModelTimeoutError: f"No connection to {where} in time.",
        exceptions.ModelConnectionError: f"The connection to {where} failed.",
        exceptions.ModelAPIError: f"The server at {where} failed.",
    }  # fmt: skip
    known = (words for kind, words in reasons.items() if isinstance(error, kind))
    unknown = f"What {where} sent cannot be read ({type(error).__name__}: {_first_line(error)})."
    return ModelFailed(next(known, unknown), passing=getattr(error, "is_retryable", False))


def _first_line(error: BaseException) -> str:
    line = next(iter(str(error).splitlines()), "")
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _given(quoted: Draft, found: Found) -> tuple[Hit, ...]:
    """The passages of the quoting answer first, then the next best; each once."""
    rested_on = [hit for claim in quoted.claims for hit, _ in claim.rests_on]
    passages: dict[tuple[str, int], Hit] = {}
    for hit in (*rested_on, *found.hits):
        passages.setdefault((hit.source.id, hit.passage.start), _passage(hit))
    return tuple(passages.values())[:MOST_GIVEN]


def _passage(hit: Hit | StatementHit) -> Hit:
    """The passage alone: who says what in it is looked up when a sentence is judged."""
    if isinstance(hit, Hit):
        return hit
    return Hit(hit.source, hit.passage, hit.relevance, Scores(0.0, 0.0, 0.0, 0.0), (), hit.page)


def _messages(query: Query, given: Sequence[Hit]) -> Messages:
    """The passages stand between lines that none of them can have guessed."""
    fence = f"====={secrets.token_hex(6)}"
    passages = [
        fill(
            "write_passage",
            fence=fence,
            number=number,
            title=" ".join(hit.source.title.split()),
            published=f", {hit.source.published}" if hit.source.published else "",
            text="\n".join(filter(None, [hit.passage.context, hit.passage.text])),
        )
        for number, hit in enumerate(given, 1)
    ]
    question = fill(
        "write_question", passages="\n\n".join(passages), question=query.standalone_question
    )
    return [("system", fill("write_system", fence=fence)), ("user", question)]
