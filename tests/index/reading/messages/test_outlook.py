"""An Outlook message is read as any other mail."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest

from index.documents import walk
from index.reading.blocks import Unreadable
from index.reading.files import read

SUBJECT, BODY, SENDER, DATA, NAME = "0037001F", "1000001F", "0042001F", "37010102", "3707001F"
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


def outlook(body: str = "The ferry leaves at ten.", subject: str = "The ferry") -> bytes:
    """A message with a file attached."""
    attached: Tree = {
        "__properties_version1.0": bytes(8) + _property(DATA, 26) + _property(NAME, 16),
        f"__substg1.0_{DATA}": b"The quay is closed in May.",
        f"__substg1.0_{NAME}": "quay.txt".encode("utf-16-le"),
    }
    texts = {SUBJECT: subject, BODY: body, SENDER: "Ann Holt"}
    entries = b"".join(_property(tag, 2 * len(text)) for tag, text in texts.items())
    return compound(
        {
            "__properties_version1.0": struct.pack("<8x4I8x", 0, 1, 0, 1) + entries,
            **{f"__substg1.0_{tag}": text.encode("utf-16-le") for tag, text in texts.items()},
            "__attach_version1.0_#00000000": attached,
        }
    )


def _property(tag: str, size: int) -> bytes:
    return struct.pack("<IIII", int(tag, 16), 6, size, 0)


def compound(tree: Tree) -> bytes:
    """A file system in a file, as Office had before 2007; each stream below 4,096 bytes."""
    entries, small, chain = [("Root Entry", 5, FREE, FREE, 0, 0)], bytearray(), list[int]()

    def add(below: Tree) -> int:
        """The entries of a folder, each the right neighbour of the one before."""
        first = following = FREE
        for name, held in reversed(list(below.items())):
            if isinstance(held, bytes):
                start, size = len(chain), len(held)
                pieces = -(-size // 64)
                chain.extend([*range(start + 1, start + pieces), END] if pieces else [])
                small.extend(held.ljust(64 * pieces, b"\0"))
                entries.append((name, 2, following, FREE, start if pieces else END, size))
            else:
                child = add(held)
                entries.append((name, 1, following, child, 0, 0))
            first = following = len(entries) - 1
        return first

    child = add(tree)
    entries[0] = ("Root Entry", 5, FREE, child, 0, len(small))
    folder, minis = b"", struct.pack(f"<{len(chain)}I", *chain)
    parts = [len(entries) * 128, len(minis), len(small)]
    counts = [-(-size // 512) for size in parts]
    starts = [0, counts[0], counts[0] + counts[1]]
    entries[0] = ("Root Entry", 5, FREE, child, starts[2], len(small))
    for name, kind, right, below, start, size in entries:
        label = (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        folder += label + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, FREE, right, below)
        folder += bytes(36) + struct.pack("<IQ", start, size)
    fat = list[int]()
    for start, count in zip(starts, counts, strict=True):
        fat += [*range(start + 1, start + count), END]
    fat += [FAT]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 0, 0, 4096, starts[1],
                        counts[1], END, 0)  # fmt: skip
    head += struct.pack("<I", len(fat) - 1) + b"\xff" * (108 * 4)
    body = [part.ljust(512 * n, fill) for part, n, fill in zip(
        (folder, minis, bytes(small)), counts, (b"\0", b"\xff", b"\0"), strict=True)]  # fmt: skip
    return head + b"".join(body) + struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")


def test_a_message_is_read_with_its_head_and_its_attachments() -> None:
    reading = read(".msg", outlook())
    assert reading.title == "The ferry"
    for words in ("Ann Holt", "The ferry leaves at ten.", "quay.txt", "The quay is closed in May."):
        assert words in reading.text
    parts = [block for block in walk(reading.structure) if block.kind == "part"]
    assert [part.facts.get("name") for part in parts] == [None, "quay.txt"]


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(Unreadable, match="damaged or no Outlook message"):
        read(".msg", b"The ferry leaves at ten.")
    with pytest.raises(Unreadable):
        read(".msg", outlook()[:1500])
