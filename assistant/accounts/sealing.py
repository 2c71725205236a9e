"""Words that only whoever reads certain passages can read.

What a language model wrote may have words of everything that it was given. It is kept under a key
made of those passages as they stood: without their documents, or the right to read them, nobody
opens it, and where one of the passages has changed or gone nobody does any more.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes, as AES-GCM wants them."""


def seal(words: str, passages: Iterable[str]) -> str:
    """The words, for whoever has these passages."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(_key(passages)).encrypt(nonce, words.encode(), None)
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, passages: Iterable[str]) -> str | None:
    """The words; None for whoever has other passages."""
    content = base64.b64decode(sealed)
    try:
        return AESGCM(_key(passages)).decrypt(content[:NONCE], content[NONCE:], None).decode()
    except InvalidTag:
        return None


def _key(passages: Iterable[str]) -> bytes:
    """A key made of all of them, in their order; where one ends and the next begins counts."""
    hashes = (hashlib.sha256(passage.encode()).digest() for passage in passages)
    return hashlib.sha256(b"written answer" + b"".join(hashes)).digest()
