"""How well does a small model learn to read? Trains one, and prints its learning curve.

    python -m torch.distributed.run --nproc-per-node 2 -m tests.benchmarks.reader \\
        DATA --dev SQUAD --out FOLDER

DATA has files *.jsonl.gz of examples {q, p, answerable, start, end, answer, src, made?}: question,
passage, whether it answers, and where; SQUAD has docs/ and questions.jsonl with the paragraph of
each question. FOLDER gets the weights and curve.jsonl, a line for every so many examples; training
goes on from there when it is started again with the same options. Each process learns from its
part on a core of its own, and all from the mean of their gradients; without torch.distributed.run
there is one. An example takes .07 s of a core that has AVX-512; with --bf16 .04 s of one that has
AMX, and twice as long as without where it has not.

The model is the packaged embedding model with two numbers a token on top: is here the start,
is here the end. The first token stands for "no answer in this window" (Devlin et al. 2019,
section 4.3). Word vectors are frozen, so that only 10.6 of the 22.7 million weights are new.

72,000 examples on two cores, on 500 questions of squad/dev each with its own paragraph (standard
error of the area .024):

    examples          6,000  12,000  18,000  24,000  30,000  42,000  54,000  66,000  72,000
    area ("auc")       .577    .655    .661    .664    .692    .698    .727    .731    .737
    exactly found      .376    .459    .545    .566    .562    .632    .628    .669    .636

It is not part of the product: beside the signs of a hit it lifts the area on 500 questions of
squad/dev from .734 to .743, on handbooks from .833 to .839, and on handbooks the sentence that it
prefers is right less often.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import distributed
from torch.nn.functional import cross_entropy
from transformers import BertModel

from index.models.opening import packaged_model

WINDOW = 160
"""Tokens of question and passage together, special ones counted."""

QUESTION = 40
"""The most tokens of a question that are read."""

BATCH = 4096
"""Tokens of a batch, padding counted, of all processes together."""

NEAR = 0.25
"""The share of answerable examples that are shown with a like passage that does not answer."""

SHARE = {"qamr": 0.5}
"""The share of a source's examples that is taken: short sentences with a question for each word
would outnumber the passages that people ask about."""

RARE = 60
"""A word that more passages have says nothing of what they are about."""

ANSWER = 24
"""The most tokens of an answer's span when one is looked for."""


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids of a window [CLS] question [SEP] passage [SEP], and where its answer is."""

    ids: Sequence[int]
    question: int
    """Tokens before the passage's first."""
    start: int
    end: int
    """First and last token of the answer; 0 and 0 where there is none."""


class Reader(torch.nn.Module):
    """A transformer and two scores a token: here an answer starts, here one ends."""

    def __init__(self) -> None:
        super().__init__()
        # without dropout an example takes three quarters of the time, and few are seen twice
        self.transformer = BertModel.from_pretrained(
            packaged_model("all-MiniLM-L6-v2"),
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self.transformer.embeddings.requires_grad_(False)
        self.scores = torch.nn.Linear(self.transformer.config.hidden_size, 2)

    def forward(self, ids: Any, mask: Any, types: Any) -> Any:
        """Scores (windows, tokens, 2); only tokens of the passage and the first have any."""
        hidden = self.transformer(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        scores = self.scores(hidden).float()
        readable = types.bool() & mask.bool()
        readable[:, 0] = True
        return scores.masked_fill(~readable[:, :, None], -1e4)


class Windows:
    """Cuts examples into windows of tokens, as the product cuts them around a sentence."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(
            str(Path(packaged_model("all-MiniLM-L6-v2")) / "tokenizer.json")
        )
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.first, self.between = self._tokenizer.encode("").ids

    def encode(self, texts: Sequence[str]) -> list[Any]:
        """Tokens with their places in the text."""
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def of(
        self, question: Any, passage: Any, span: tuple[int, int], rng: random.Random
    ) -> Example | None:
        """One window; None if the answer is none of its tokens or longer than a window.

        `span` has the characters of the answer in the passage; (-1, -1) for none.
        """
        asked = list(question.ids[:QUESTION])
        room = WINDOW - len(asked) - 3
        room = rng.randint(min(room, 48), room) if rng.random() < 0.5 else room
        start, end = -1, -1
        if span[0] >= 0:
            inside = [n for n, (a, b) in enumerate(passage.offsets) if a < span[1] and b > span[0]]
            if not inside or inside[-1] - inside[0] >= room:
                return None
            start, end = inside[0], inside[-1]
        spare = max(0, len(passage.ids) - room)
        low, high = (max(0, end - room + 1), min(start, spare)) if start >= 0 else (0, spare)
        at = rng.randint(low, max(low, high))
        words = passage.ids[at : at + room]
        before = len(asked) + 2
        ids = [self.first, *asked, self.between, *words, self.between]
        if start < 0:
            return Example(ids, before, 0, 0)
        return Example(ids, before, before + start - at, before + end - at)


def read_examples(folder: Path, made: float, rng: random.Random) -> list[dict[str, Any]]:
    """The examples of all files; of the made ones this share, of those without a span none."""
    examples = []
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                each = json.loads(line)
                if each["answerable"] and each["start"] < 0:
                    continue
                if rng.random() >= (made if each.get("made") else SHARE.get(each["src"], 1.0)):
                    continue
                examples.append(each)
    return examples


def like_passages(examples: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """For each passage the five of its source that share most of its rare words."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for passage, source in {each["p"]: each["src"] for each in examples}.items():
        by_source[source].append(passage)
    return {
        passage: like
        for passages in by_source.values()
        for passage, like in zip(passages, _like(passages), strict=True)
    }


def _like(passages: Sequence[str]) -> Iterator[list[str]]:
    words = [{word for word in each.lower().split() if len(word) > 3} for each in passages]
    having: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(words):
        for word in own:
            having[word].append(number)
    for number, own in enumerate(words):
        score: dict[int, float] = defaultdict(float)
        for word in own:
            if len(having[word]) <= RARE:
                for other in having[word]:
                    score[other] += math.log(len(passages) / len(having[word]))
        score.pop(number, None)
        best = sorted(score, key=score.__getitem__, reverse=True)[:5]
        yield [passages[other] for other in best]


def windows(
    examples: Sequence[dict[str, Any]],
    like: dict[str, list[str]],
    cut: Windows,
    rng: random.Random,
) -> Iterator[Example]:
    """A window of each example, in random order; some with a like passage instead."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    for first in range(0, len(order), 2048):
        chosen, questions, passages, spans = order[first : first + 2048], [], [], []
        for n in chosen:
            each = examples[n]
            passage, span = each["p"], (each["start"], each["end"])
            if not each["answerable"]:
                span = (-1, -1)
            elif like.get(passage) and rng.random() < NEAR:
                other = rng.choice(like[passage])
                if each.get("answer", "").lower() not in other.lower():
                    passage, span = other, (-1, -1)
            questions.append(each["q"])
            passages.append(passage)
            spans.append(span)
        encoded = cut.encode(questions), cut.encode(passages)
        for question, passage, span in zip(*encoded, spans, strict=True):
            window = cut.of(question, passage, span, rng)
            if window:
                yield window


def batches(
    examples: Iterator[Example], rng: random.Random, most: int = BATCH
) -> Iterator[list[Example]]:
    """Batches of like length and at most so many tokens: of 2,048 windows at a time, so that
    little is padding."""
    while chunk := [w for _, w in zip(range(2048), examples, strict=False)]:
        chunk.sort(key=lambda w: len(w.ids))
        made: list[list[Example]] = []
        batch: list[Example] = []
        for window in chunk:
            if batch and len(window.ids) * (len(batch) + 1) > most:
                made.append(batch)
                batch = []
            batch.append(window)
        made.append(batch)
        rng.shuffle(made)
        yield from made


def tensors(batch: Sequence[Example]) -> tuple[Any, Any, Any]:
    """(ids, mask, types), each (windows, tokens)."""
    longest = max(len(each.ids) for each in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, each in enumerate(batch):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
        types[row, each.question : len(each.ids) - 1] = 1
    return ids, mask, types


class Training:
    """A model, what changes it, and how far it is; kept in a folder."""

    def __init__(self, folder: Path, examples: int, rate: float) -> None:
        torch.manual_seed(7)
        self.reader = Reader()
        self.seen = 0
        self.loss = 0.0
        self._examples = examples
        self._rate = rate
        self._weights = [each for each in self.reader.parameters() if each.requires_grad]
        self._optimizer = torch.optim.AdamW(self._weights, lr=rate, weight_decay=0.01)
        self._checkpoint = folder / "checkpoint.pt"
        if self._checkpoint.exists():
            kept = torch.load(self._checkpoint, weights_only=True)
            self.reader.load_state_dict(kept["reader"])
            self._optimizer.load_state_dict(kept["optimizer"])
            self.seen = kept["seen"]

    def step(self, batch: Sequence[Example], *, in_bf16: bool) -> None:
        """Learn from a batch. The rate rises over a twentieth of the examples and falls to 0."""
        done = self.seen / self._examples
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * min(1.0, done * 20 + 0.02, (1 - done) / 0.95)
        self.reader.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=in_bf16):
            scores = self.reader(*tensors(batch))
        starts = torch.tensor([each.start for each in batch])
        ends = torch.tensor([each.end for each in batch])
        loss: Any = cross_entropy(scores[:, :, 0], starts) + cross_entropy(scores[:, :, 1], ends)
        self._optimizer.zero_grad()
        loss.backward()
        learnt = torch.tensor(float(len(batch)))
        if distributed.is_initialized():
            distributed.all_reduce(learnt)
            for gradient in (each.grad for each in self._weights if each.grad is not None):
                gradient.mul_(len(batch) / learnt)
                distributed.all_reduce(gradient)
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        self._optimizer.step()
        self.loss = 0.99 * self.loss + 0.01 * float(loss.detach())
        self.seen += int(learnt)

    def keep(self) -> None:
        """Write everything, so that a broken run goes on from here."""
        part = self._checkpoint.with_suffix(".part")
        torch.save(
            {
                "reader": self.reader.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "seen": self.seen,
            },
            part,
        )
        part.replace(self._checkpoint)


def train(options: argparse.Namespace) -> None:
    """Train to the end, with a checkpoint and a line of the curve every so many examples."""
    torch.set_num_threads(1)
    number, processes = 0, int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1:
        distributed.init_process_group("gloo")
        number = distributed.get_rank()
    options.out.mkdir(parents=True, exist_ok=True)
    cut = Windows()
    examples = read_examples(options.data, options.made, random.Random(7))
    like = like_passages(examples)
    training = Training(options.out, options.examples, options.rate)
    noted, began = training.seen, time.process_time()
    while training.seen < options.examples:
        rng = random.Random(training.seen + number)
        own = windows(examples[number::processes], like, cut, rng)
        for batch in batches(own, rng, BATCH // processes):
            training.step(batch, in_bf16=options.bf16)
            is_last = training.seen >= options.examples
            if is_last or training.seen - noted >= options.every:
                noted = training.seen
                if number == 0:
                    _note(training, cut, options, time.process_time() - began)
            if is_last:
                break


def _note(training: Training, cut: Windows, options: argparse.Namespace, seconds: float) -> None:
    """Keep everything, and add a line to the curve."""
    training.keep()
    line = {"seen": training.seen, "loss": training.loss, "s": seconds}
    line |= measure(training.reader, cut, options.dev, options.questions)
    print(line, flush=True)
    with (options.out / "curve.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def measure(reader: Reader, cut: Windows, dev: Path, count: int) -> dict[str, float]:
    """On questions of SQuAD, each with its own paragraph: the area under the curve of "no
    answer", and exactly found answers of the answerable ones."""
    questions = []
    for line in (dev / "questions.jsonl").open(encoding="utf-8"):
        each = json.loads(line)
        if not each.get("conflict"):
            questions.append(each)
    questions = random.Random(3).sample(questions, min(count, len(questions)))
    texts = {
        name: (dev / "docs" / name).open(encoding="utf-8", newline="").read()
        for name in {each["document"] for each in questions}
    }
    passages = [
        texts[q["document"]][q["paragraph"]["start"] : q["paragraph"]["end"]] for q in questions
    ]
    signs, truth, exact = [], [], []
    encoded = zip(
        questions,
        passages,
        cut.encode([q["question"] for q in questions]),
        cut.encode(passages),
        strict=True,
    )
    for question, text, asked, passage in encoded:
        best, answer = read(reader, cut, asked, passage, text)
        signs.append(best)
        truth.append(question["answerable"])
        if question["answerable"]:
            exact.append(plain(answer) in {plain(a) for a in question["answers"]})
    return {"auc": area(signs, truth), "exact": sum(exact) / len(exact)}


def read(reader: Reader, cut: Windows, asked: Any, passage: Any, text: str) -> tuple[float, str]:
    """The best span over all windows: by how much it is likelier than none, and its words."""
    question = list(asked.ids[:QUESTION])
    room = WINDOW - len(question) - 3
    step = max(1, room * 2 // 3)
    starts = [*range(0, max(1, len(passage.ids) - room + step), step)]
    before = len(question) + 2
    batch = [
        Example([cut.first, *question, cut.between, *passage.ids[a : a + room], cut.between],
                before, 0, 0)
        for a in starts
    ]  # fmt: skip
    reader.eval()
    with torch.no_grad():
        scores = reader(*tensors(batch)).numpy()
    best, answer = -math.inf, ""
    for at, each, row in zip(starts, batch, scores, strict=True):
        span = row[before : len(each.ids) - 1]
        if not len(span):
            continue
        both = span[:, 0][:, None] + span[:, 1][None, :]
        both = np.where(np.tril(np.triu(np.ones_like(both)), ANSWER), both, -1e9)
        start, end = np.unravel_index(both.argmax(), both.shape)
        gain = float(both[start, end] - row[0].sum())
        if gain > best:
            first, last = passage.offsets[at + start][0], passage.offsets[at + end][1]
            best, answer = gain, text[first:last]
    return best, answer


def plain(answer: str) -> str:
    """As SQuAD compares answers: without case, articles and punctuation."""
    words = "".join(c if c.isalnum() else " " for c in answer.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def area(signs: Sequence[float], truth: Sequence[bool]) -> float:
    """Area under the ROC curve: how often a true one has the higher sign."""
    order = np.argsort(np.argsort(signs))
    true = np.array(truth)
    positives = int(true.sum())
    ranks = float(order[true].sum() + positives)
    pairs = positives * (len(true) - positives)
    return (ranks - positives * (positives + 1) / 2) / pairs


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=72_000)
    parser.add_argument("--made", type=float, default=0.5, help="share of made examples")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--every", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--bf16", action="store_true")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
