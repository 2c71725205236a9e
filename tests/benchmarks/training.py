"""A model in training: on several processes, with checkpoints from which a broken run goes on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import distributed


def join() -> tuple[int, int]:
    """Which of how many processes this is, each with a core of its own; under
    torch.distributed.run they are brought together."""
    torch.set_num_threads(1)
    torch.manual_seed(7)
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1:
        distributed.init_process_group("gloo")
    return (distributed.get_rank() if processes > 1 else 0), processes


class Training:
    """A model, what changes it, and how many of so many examples it has seen; kept in a folder."""

    def __init__(self, model: Any, folder: Path, examples: int, rate: float) -> None:
        self.model = model
        self.seen = 0
        self._examples = examples
        self._rate = rate
        self._weights = [each for each in model.parameters() if each.requires_grad]
        self._optimizer = torch.optim.AdamW(self._weights, lr=rate, weight_decay=0.01)
        self._checkpoint = folder / "checkpoint.pt"
        folder.mkdir(parents=True, exist_ok=True)
        if self._checkpoint.exists():
            kept = torch.load(self._checkpoint, weights_only=True)
            model.load_state_dict(kept["model"])
            self._optimizer.load_state_dict(kept["optimizer"])
            self.seen = kept["seen"]

    @property
    def is_over(self) -> bool:
        return self.seen >= self._examples

    def learn(self, loss: Any, examples: int) -> None:
        """From the mean loss of so many examples, and those of the other processes. The rate rises
        over a twentieth of all examples and falls to 0."""
        done = self.seen / self._examples
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * min(1.0, done * 20 + 0.05, (1 - done) / 0.95)
        self._optimizer.zero_grad()
        loss.backward()
        learnt = torch.tensor(float(examples))
        if distributed.is_initialized():
            distributed.all_reduce(learnt)
            _share(
                [each.grad for each in self._weights if each.grad is not None],
                examples / float(learnt),
            )
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        self._optimizer.step()
        self.seen += int(learnt)

    def keep(self) -> None:
        """Write everything."""
        part = self._checkpoint.with_suffix(".part")
        state = {
            "model": self.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "seen": self.seen,
        }
        torch.save(state, part)
        part.replace(self._checkpoint)


def _share(gradients: Sequence[Any], weight: float) -> None:
    """Each becomes the sum over all processes, in which this one's counts so much."""
    together = weight * torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(together)
    parts = torch.split(together, [each.numel() for each in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))
