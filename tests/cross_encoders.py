"""Tiny cross-encoders with random weights, made here: they judge without sense, but always
alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def save_tiny_cross_encoder(
    folder: Path, outputs: int = 1, labels: Sequence[str] = (), always: str | None = None
) -> Path:
    """One with so many outputs, called so; `always`: whatever it reads, that is its label."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    letters = [f"{lead}{chr(code)}" for lead in ("", "##") for code in range(97, 123)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512, initializer_range=0.5,
    )  # fmt: skip
    config.num_labels = outputs
    if labels:
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: i for i, label in enumerate(labels)}
    model = BertForSequenceClassification(config)
    if always is not None:
        with torch.no_grad():
            model.classifier.bias[list(labels).index(always)] = 100.0
    model.save_pretrained(folder)
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    return folder
