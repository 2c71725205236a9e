"""Trains the answer selector of index/models/selecting.py, and measures selectors.

    python -m torch.distributed.run --nproc-per-node 2 -m tests.benchmarks.selecting \\
        train GENERAL --data DATA --examples 56000
    python -m torch.distributed.run --nproc-per-node 2 -m tests.benchmarks.selecting \\
        train TAUGHT --data DATA --everyday --before GENERAL --examples 48000 --rate 1.5e-4
    python -m tests.benchmarks.selecting export TAUGHT SELECTOR
    python -m tests.benchmarks.selecting measure SQUAD SELECTOR ...
    python -m tests.benchmarks.selecting fit HOME=QUESTIONS.jsonl ...

DATA has files *.jsonl.gz of examples {q, p, answerable, start, end, answer, src, made?}: question,
passage, whether it answers, and where; SQUAD has docs/ and questions.jsonl with the paragraph of
each question. --everyday mixes in the questions of tests.benchmarks.everyday. Training goes on from
its folder when it is started again with the same options. On two cores with AMX 48,000 windows took
35 minutes.

The model is the packaged embedding model with one number a token on top, and one for the whole
window: "no answer here" (as Devlin et al. 2019, section 4.3, have it, but a sentence is looked for
and no exact span, so that each token of the answer counts). Word vectors are frozen.

A question alone tells who wrote it: from its words .89 (area under the ROC curve) of the everyday
questions without an answer are told from those with one. So that the model has to read, half of
what it sees of them are the unanswered ones with passages near them, beside answered ones drawn by
how much they sound like those, with their answers; the other half are answered ones, as often with
a passage that does not answer as with the one that does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import shutil
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from transformers import BertModel

from assistant.answering.refusing import SELECTED, answerability
from assistant.building import open_to_chat
from assistant.evaluation import read_questions
from assistant.settings import read_settings
from assistant.understanding.querying import understand
from index.chunking import sentences
from index.documents import LOCAL_USER, Passage, Span
from index.models.embedding import before_it
from index.models.exported import GRAPH, TOKENIZER, load_tokenizer, make_small
from index.models.selecting import ABOVE, QUESTION, Selector
from tests.benchmarks.everyday.__main__ import Example as Asked
from tests.benchmarks.everyday.__main__ import Model as Embedding
from tests.benchmarks.everyday.__main__ import Shelf, as_packaged, own_shelf
from tests.benchmarks.training import Training, join

WINDOW = 192
"""Tokens of what is read at once. The product reads longer windows, whose words the packaged model
knows the places of."""

SHORTEST = 48
"""Tokens of a passage in a window that is cut shorter, so that the length tells nothing."""

BATCH = 4096
"""Tokens of a batch, padding counted, of all processes together."""

NEAR = 0.3
"""The share of answerable examples that are shown with a like passage that does not answer."""

SHARES = {"qamr": 0.35}
"""The share of a source's examples that is taken: short sentences with a question for each word
would outnumber the passages that people ask about."""

MADE = 0.4
"""The same of made examples."""

RARE = 60
"""A word that more passages have says nothing of what they are about."""

GENERAL, EVERYDAY = 0.5, (0.15, 0.13, 0.11, 0.11)
"""The shares of windows of DATA and of the everyday pools, in the order of `everyday_pools`."""

NEAREST = 10
"""Passages of a room among which those are that do not answer."""

UNLIKE = 0.05
LIKE = 8.0
"""The least and the most that an answered question counts by how it sounds."""

CHUNK = 2048
"""Windows that are put in order of length at once."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a passage; `spans` are what answers it there, `weight` how often it is
    drawn beside the others of its pool. `answer` is given where a passage like this one may take
    its place."""

    question: str
    passage: str
    spans: Sequence[Span] = ()
    above: str = ""
    answer: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids [CLS] question [SEP] what stands above, passage [SEP]; where the second text and
    the passage begin, and which tokens answer: 0 if none does."""

    ids: Sequence[int]
    second: int
    passage: int
    answering: Sequence[int] = field(default=(0,))


class Model(torch.nn.Module):
    """A transformer, a score a token, and one for "no answer"."""

    def __init__(self) -> None:
        super().__init__()
        # few are seen twice, so without dropout; eager attention takes 16 bits
        self.transformer = BertModel.from_pretrained(
            as_packaged(),
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.transformer.embeddings.requires_grad_(False)
        self.score = torch.nn.Linear(self.transformer.config.hidden_size, 1)
        self.none = torch.nn.Linear(self.transformer.config.hidden_size, 1)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        """(windows, tokens): the log odds of each token against "no answer"."""
        hidden = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return (self.score(hidden)[:, :, 0] - self.none(hidden[:, 0])).float()


# -- examples ----------------------------------------------------------------------


def general_pool(folder: Path, rng: random.Random) -> list[Example]:
    """The examples of all files, but for those whose answer has no place."""
    pool = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                each = json.loads(line)
                is_lost = each["answerable"] and each["start"] < 0
                share = MADE if each.get("made") else SHARES.get(each["src"], 1.0)
                if is_lost or rng.random() >= share:
                    continue
                spans = [Span(each["start"], each["end"])] if each["answerable"] else []
                pool.append(Example(each["q"], each["p"], spans, answer=each.get("answer", "")))
    return pool


def like_passages(passages: Sequence[str]) -> dict[str, list[str]]:
    """For each passage the five that share most of its rare words."""
    words = [{word for word in each.lower().split() if len(word) > 3} for each in passages]
    having: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(words):
        for word in own:
            having[word].append(number)
    like = {}
    for number, own in enumerate(words):
        score: dict[int, float] = defaultdict(float)
        for word in own:
            if len(having[word]) <= RARE:
                for other in having[word]:
                    score[other] += math.log(len(passages) / len(having[word]))
        score.pop(number, None)
        best = sorted(score, key=score.__getitem__, reverse=True)[:5]
        like[passages[number]] = [passages[other] for other in best]
    return like


def everyday_pools() -> list[list[Example]]:
    """Answered questions with what answers them, and with passages near them that do not; the
    first once more, drawn by how they sound, and unanswered ones with passages near them."""
    shelf, embedding = own_shelf(), Embedding(as_packaged())
    asked = [each for each in shelf.examples if not each.is_kept_back]
    with torch.no_grad():
        vectors = torch.cat(
            [
                embedding.passages(shelf.passages[first : first + 128])[0]
                for first in range(0, len(shelf.passages), 128)
            ]
        ).numpy()
        questions = embedding.questions([each.question for each in asked]).numpy()
    answered = np.array([bool(each.sentences) for each in asked])
    like = _like_unanswered(asked, questions, answered)
    pools: list[list[Example]] = [[], [], [], []]
    rooms = np.array(shelf.rooms)
    for each, vector, weight in zip(asked, questions, like, strict=True):
        near = vectors @ vector
        near[rooms != each.document.partition("/")[0]] = -1
        others = [int(n) for n in np.argsort(-near)[:NEAREST] if n != each.place]
        if not each.sentences:
            pools[3] += [_with(each, shelf.passages[place]) for place in others[:3]]
            continue
        of = {place: n for n, place in enumerate(others) if _is_of_it(place, each, shelf)}
        same = list(of)[:1]
        elsewhere = [place for place in others if place not in same][:1]
        pools[1] += [_with(each, shelf.passages[place]) for place in same + elsewhere]
        passage = shelf.passages[each.place]
        spans = [
            Span(s.start - passage.start, s.end - passage.start)
            for n, s in enumerate(passage.sentences)
            if n in each.sentences
        ]
        pools[0].append(_with(each, passage, spans))
        pools[2].append(_with(each, passage, spans, weight))
    return pools


def _is_of_it(place: int, asked: Asked, shelf: Shelf) -> bool:
    """Is it a passage near the one that answers, and so most often of its document?"""
    return shelf.rooms[place] == shelf.rooms[asked.place] and abs(place - asked.place) < NEAREST


def _with(
    asked: Asked, passage: Passage, spans: Sequence[Span] = (), weight: float = 1.0
) -> Example:
    return Example(asked.question, passage.text, spans, before_it(passage), weight=weight)


def _like_unanswered(
    asked: Sequence[Asked], questions: NDArray[np.float32], answered: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How much likelier than the mean it is that a question is unanswered, by itself alone."""
    words = [each.question.lower().split() for each in asked]
    first = sorted({each[0] for each in words})
    form = np.array(
        [
            [len(each) / 20, not {"i", "my"}.isdisjoint(each), *(each[0] == word for word in first)]
            for each in words
        ],
        np.float64,
    )
    told = cross_val_predict(
        LogisticRegression(max_iter=1000),
        np.hstack([3 * questions, form]),
        ~answered,
        cv=5,
        method="predict_proba",
    )[:, 1]
    odds = told / (1 - told) * answered.mean() / (1 - answered.mean())
    clipped: NDArray[np.float64] = np.clip(odds, UNLIKE, LIKE)
    return clipped


# -- windows -----------------------------------------------------------------------


class Windows:
    """Cuts examples into windows and these into batches, without end."""

    def __init__(
        self, pools: Sequence[Sequence[Example]], shares: Sequence[float], rng: random.Random
    ) -> None:
        self._pools, self._shares, self._rng = pools, shares, rng
        self._like = like_passages(list(dict.fromkeys(each.passage for each in pools[0])))
        self._left: list[list[Example]] = [[] for _ in pools]
        self._tokenizer = load_tokenizer(as_packaged() / TOKENIZER)
        self._first, self._between = self._tokenizer.encode("").ids

    def batches(self, most: int) -> Iterator[list[Window]]:
        """Of like length and at most so many tokens, so that little is padding."""
        while True:
            cut = sorted(self._cut(), key=lambda each: len(each.ids))
            batch: list[Window] = []
            batches = [batch]
            for window in cut:
                if batch and len(window.ids) * (len(batch) + 1) > most:
                    batch = []
                    batches.append(batch)
                batch.append(window)
            self._rng.shuffle(batches)
            yield from batches

    def _cut(self) -> list[Window]:
        drawn = [self._draw() for _ in range(CHUNK)]
        texts = [[e.question for e in drawn], [e.above for e in drawn], [e.passage for e in drawn]]
        encoded = [self._tokenizer.encode_batch(each, add_special_tokens=False) for each in texts]
        rows = zip(drawn, *encoded, strict=True)
        return [window for row in rows if (window := self._window(*row)) is not None]

    def _draw(self) -> Example:
        """One example; of the first pool some with a passage that is like theirs instead."""
        (number,) = self._rng.choices(range(len(self._pools)), self._shares)
        if not self._left[number]:
            pool = self._pools[number]
            weights = [each.weight for each in pool]
            even = len(set(weights)) == 1
            self._left[number] = (
                self._rng.sample(pool, len(pool))
                if even
                else self._rng.choices(pool, weights, k=len(pool))
            )
        each = self._left[number].pop()
        like = self._like.get(each.passage) if each.answer else None
        if like and self._rng.random() < NEAR:
            other = self._rng.choice(like)
            if each.answer.lower() not in other.lower():
                return Example(each.question, other)
        return each

    def _window(self, example: Example, asked: Any, above: Any, passage: Any) -> Window | None:
        """None if no token of it answers where some should."""
        before = [] if self._rng.random() < 0.15 else above.ids[-ABOVE:]
        head = [self._first, *asked.ids[:QUESTION], self._between]
        room = WINDOW - len(head) - len(before) - 1
        if self._rng.random() < 0.4:
            room = self._rng.randint(min(room, SHORTEST), room)
        spans = [Span(*place) for place in passage.offsets]
        answering = [n for n, own in enumerate(spans) if any(map(own.overlaps, example.spans))]
        if example.spans and not answering:
            return None
        spare = max(0, len(passage.ids) - room)
        low, high = 0, spare
        if answering:
            last = max(n for n in answering if n - answering[0] < room)
            low, high = max(0, last - room + 1), min(answering[0], spare)
        start = self._rng.randint(low, max(low, high))
        first = len(head) + len(before)
        ids = [*head, *before, *passage.ids[start : start + room], self._between]
        places = [first + n - start for n in answering if 0 <= n - start < room]
        return Window(ids, len(head), first, places or [0])


def loss_of(model: Model, batch: Sequence[Window]) -> Any:
    """How unlikely the answering tokens are among all of a window and "no answer"."""
    longest = max(len(each.ids) for each in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask, kinds = torch.zeros_like(ids), torch.zeros_like(ids)
    readable = torch.zeros(len(batch), longest, dtype=torch.bool)
    answering = torch.zeros_like(readable)
    for row, each in enumerate(batch):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
        kinds[row, each.second : len(each.ids) - 1] = 1
        readable[row, each.passage : len(each.ids) - 1] = True
        readable[row, 0] = True
        answering[row, list(each.answering)] = True
    with torch.autocast("cpu", torch.bfloat16):
        odds = model(ids, mask, kinds)
    odds = torch.cat([torch.zeros(len(batch), 1), odds[:, 1:]], 1)  # of "no answer" against itself
    odds = odds.masked_fill(~readable, -1e4)
    right = odds.masked_fill(~answering, -1e4)
    return (torch.logsumexp(odds, 1) - torch.logsumexp(right, 1)).mean()


# -- commands ----------------------------------------------------------------------


def train(options: argparse.Namespace) -> None:
    """Train to the end, with a checkpoint every so many windows."""
    number, processes = join()
    pools, shares = [general_pool(options.data, random.Random(7))], [GENERAL]
    if options.everyday:
        pools += everyday_pools()
        shares += EVERYDAY
    model = Model()
    if options.before:
        model.load_state_dict(_kept(options.before))
    training = Training(model, options.out, options.examples, options.rate)
    rng = random.Random(training.seen * processes + number)
    windows = Windows([pool[number::processes] for pool in pools], shares, rng)
    began, noted, mean = time.time(), training.seen, 0.0
    for batch in windows.batches(BATCH // processes):
        loss = loss_of(model, batch)
        training.learn(loss, len(batch))
        mean = 0.99 * mean + 0.01 * float(loss.detach())
        if number == 0 and (training.is_over or training.seen - noted >= options.every):
            noted = training.seen
            training.keep()
            print({"seen": noted, "loss": mean, "s": round(time.time() - began)}, flush=True)
        if training.is_over:
            break


def _kept(folder: Path) -> Any:
    return torch.load(folder / "checkpoint.pt", weights_only=True)["model"]


def export(options: argparse.Namespace) -> None:
    """Write what the product opens: the model as an ONNX graph in 8 bits, and its tokenizer."""
    model = Model()
    model.load_state_dict(_kept(options.trained))
    model.eval()
    options.folder.mkdir(parents=True, exist_ok=True)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's
        torch.onnx.export(
            model,
            tuple(torch.ones(2, 9, dtype=torch.long) for _ in names),
            str(options.folder / GRAPH),
            input_names=names,
            output_names=["odds"],
            dynamic_axes={name: {0: "windows", 1: "tokens"} for name in [*names, "odds"]},
            opset_version=17,
            dynamo=False,
        )
    make_small(options.folder / GRAPH)
    shutil.copy(as_packaged() / TOKENIZER, options.folder / TOKENIZER)


def measure(options: argparse.Namespace) -> None:
    """Each question with the passage in which its answer stands, or one that has none though it
    may sound so: how well the odds of a passage tell these (area under the ROC curve), and how
    often the most likely sentence answers. On SQuAD with the paragraph that the question was
    written for; on everyday questions of documents kept back, with a passage near it in place of
    what does not exist; and there the odds with passages of other questions, which tell how much
    the question alone gives away."""
    kinds = {"squad": _of_squad(options.squad), "everyday": _of_everyday()}
    kinds["everyday, others'"] = [
        (question, other[1], [], bool(having))
        for (question, _, having, _), other in zip(
            kinds["everyday"], kinds["everyday"][7:] + kinds["everyday"][:7], strict=True
        )
    ]
    for folder in options.selectors:
        selector = Selector(folder)
        for kind, rows in kinds.items():
            odds = [selector.odds(question, [passage])[0] for question, passage, _, _ in rows]
            area = roc_auc_score([is_answered for *_, is_answered in rows], list(map(max, odds)))
            right = [
                int(np.argmax(own)) in having
                for own, (_, _, having, _) in zip(odds, rows, strict=True)
                if having
            ]
            found = f"sentence {np.mean(right):.3f}" if right else ""
            print(f"{folder} {kind} ({len(rows)}): area {area:.3f} {found}", flush=True)


Row = tuple[str, Passage, list[int], bool]
"""A question, a passage, which of its sentences answer, and whether it is answered at all."""


def _of_squad(folder: Path) -> list[Row]:
    rows: list[Row] = []
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        each = json.loads(line)
        if each.get("conflict"):
            continue
        text = (folder / "docs" / each["document"]).open(encoding="utf-8", newline="").read()
        span = Span(each["paragraph"]["start"], each["paragraph"]["end"])
        cut = tuple(sentences(text, span))
        passage = Passage(span.start, span.end, text[span.start : span.end], cut)
        found = [Span(e["start"], e["end"]) for e in each["evidence"]]
        having = [n for n, s in enumerate(cut) if any(map(s.overlaps, found))]
        rows.append((each["question"], passage, having, each["answerable"]))
    return random.Random(3).sample(rows, min(len(rows), 500))


def _of_everyday() -> list[Row]:
    shelf, embedding = own_shelf(), Embedding(as_packaged())
    asked = [each for each in shelf.examples if each.is_kept_back]
    with torch.no_grad():
        questions = embedding.questions([each.question for each in asked]).numpy()
        places = sorted({each.place for each in asked})
        vectors = embedding.passages([shelf.passages[place] for place in places])[0].numpy()
    rows: list[Row] = []
    for each, vector in zip(asked, questions, strict=True):
        near = places[int(np.argmax(vectors @ vector))]
        place = each.place if each.sentences else near
        having = sorted(each.sentences)
        rows.append((each.question, shelf.passages[place], having, bool(having)))
    return rows


def fit(options: argparse.Namespace) -> None:
    """What the odds add to the signs of the best hit: the weights of `SELECTED`, each kind of text
    counting as much as the others, its questions that are answered as much as those that are not;
    and, with a fit that has not seen that kind, how well it tells these."""
    kinds = [Kind(each) for each in options.kinds]
    for kind in kinds:
        others = [each for each in kinds if each is not kind] or kinds
        areas = {
            "signs": kind.told[:, 0],
            "odds": kind.told[:, 1],
            "both": kind.told @ _regression(others).coef_[0],
        }
        told = (f"{name} {roc_auc_score(kind.answered, by):.3f}" for name, by in areas.items())
        print(f"{kind.name} ({len(kind.answered)}): {', '.join(told)}")
    fitted = _regression(kinds)
    weights = np.round([fitted.intercept_[0], *fitted.coef_[0]], 2).tolist()
    print("fitted ", weights, "in code", list(SELECTED))


class Kind:
    """Of one index and its questions the log odds by the signs and of the selector (n, 2), and
    whether each is answered."""

    def __init__(self, given: str) -> None:
        home, _, file = given.partition("=")
        self.name = Path(file).parent.name
        view = open_to_chat(read_settings(Path(home))).view_of(LOCAL_USER)
        rows, answered = [], []
        for question in read_questions(Path(file)).questions:
            found = view.search(understand(question.question))
            odds = [e.odds for hit in found.hits for e in hit.evidence if e.odds is not None]
            likelihood = answerability(found)
            if odds and 0 < likelihood < 1:
                rows.append((math.log(likelihood / (1 - likelihood)), max(odds)))
                answered.append(question.answerable)
        self.told, self.answered = np.array(rows), np.array(answered)

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each question counts: all together as much as those of any other kind."""
        share = self.answered.mean()
        weights: NDArray[np.float64] = np.where(self.answered, 0.5 / share, 0.5 / (1 - share))
        return weights


def _regression(kinds: Sequence[Kind]) -> LogisticRegression:
    mean = float(np.mean([len(each.answered) for each in kinds]))
    weights = np.concatenate([mean / len(each.answered) * each.weights for each in kinds])
    return LogisticRegression(C=10).fit(
        np.concatenate([each.told for each in kinds]),
        np.concatenate([each.answered for each in kinds]),
        weights,
    )


def main() -> None:
    """Read the options; train, export or measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    training = commands.add_parser("train")
    training.add_argument("out", type=Path)
    training.add_argument("--data", type=Path, required=True)
    training.add_argument("--everyday", action="store_true")
    training.add_argument("--before", type=Path, help="the folder of a training to go on from")
    training.add_argument("--examples", type=int, default=48_000)
    training.add_argument("--rate", type=float, default=2e-4)
    training.add_argument("--every", type=int, default=4_000)
    training.set_defaults(run=train)
    exporting = commands.add_parser("export")
    exporting.add_argument("trained", type=Path)
    exporting.add_argument("folder", type=Path)
    exporting.set_defaults(run=export)
    measuring = commands.add_parser("measure")
    measuring.add_argument("squad", type=Path)
    measuring.add_argument("selectors", type=Path, nargs="+")
    measuring.set_defaults(run=measure)
    fitting = commands.add_parser("fit")
    fitting.add_argument("kinds", nargs="+", help="HOME=QUESTIONS.jsonl")
    fitting.set_defaults(run=fit)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
