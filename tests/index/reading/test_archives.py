"""The files in an archive are parts of one document."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping

import pytest

from index.reading import archives
from index.reading.blocks import Unreadable
from index.reading.files import read, suffix_of

FILES = {
    "in/a.txt": b"The quay is closed.",
    "b.csv": b"name,said\nAnn,yes\n",
    "c.bin": b"\0\1",
    "d.zip": b"PK",
}


def zipped(files: Mapping[str, bytes] = FILES) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("in")
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(files: Mapping[str, bytes] = FILES) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


@pytest.mark.parametrize(("suffix", "content"), [(".zip", zipped()), (".tar.gz", tarred())])
def test_each_file_that_can_be_read_is_a_part(suffix: str, content: bytes) -> None:
    """The others are named; an archive in an archive is not opened, and no link is followed."""
    reading = read(suffix, content)
    assert reading.text.split("\n\n") == [
        "in/a.txt",
        "The quay is closed.",
        "b.csv",
        "name: Ann; said: yes.",
    ]
    assert [part.facts for part in reading.structure] == [{"name": "in/a.txt"}, {"name": "b.csv"}]
    assert reading.left_out == {"file c.bin": 1, "file d.zip": 1}


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".zip", zipped({"a.txt": b"a" * 3_000_000})),
        (".tar.gz", tarred({"a.txt": b"a" * 3_000_000})),
    ],
)
def test_an_archive_floods_nothing(
    suffix: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "HARMLESS", 1_000_000)
    with pytest.raises(Unreadable, match="unpacks to"):
        read(suffix, content)


@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_a_damaged_archive_is_refused(suffix: str) -> None:
    whole = zipped() if suffix == ".zip" else tarred()
    for content in (b"The quay", whole[: len(whole) // 2]):
        with pytest.raises(Unreadable):
            read(suffix, content)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.tar.gz", ".tar.gz"), ("A.TAR.GZ", ".tar.gz"), ("a.tgz", ".tgz"), ("a.gz", ".gz"),
     ("a.v2.PDF", ".pdf"), ("a", "")],
)  # fmt: skip
def test_the_ending_of_a_name_tells_the_kind(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix
