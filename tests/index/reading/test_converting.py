"""Files from before 2007 are read through LibreOffice, which is held tight and named if missing."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from index.reading.apart import READERS_APART
from index.reading.blocks import Unreadable
from index.reading.converting import BEGINS_WITH, PROGRAM, convert
from index.reading.files import read

OLD = BEGINS_WITH + bytes(600)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program that is called as LibreOffice is; $made is where its file is looked for."""
    program = folder / PROGRAM
    program.write_text(f'#!/bin/sh\nfor made; do :; done\nmade="${{made%.doc}}.docx"\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def word(words: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(file)
    return file.getvalue()


def test_what_converts_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match=r"LibreOffice.*apt install libreoffice-impress-nogui"):
        READERS_APART.read(".ppt", OLD)


def test_it_has_no_network_and_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_SECRET", "x")
    stand_in(tmp_path, monkeypatch, '(env; cat /proc/net/dev) > "$made"')
    told = convert(".doc", OLD).decode()
    assert "ONRECORD_SECRET" not in told
    assert [line.split(":")[0].strip() for line in told.splitlines() if ": " in line] == ["lo"]


def test_it_is_shut_in_by_its_profile_which_is_gone_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, '(cat "$HOME"/profile/user/*.xcu; echo "$HOME") > "$made"')
    profile, _, home = convert(".doc", OLD).decode().rpartition(">")
    assert "DisableMacrosExecution" in profile
    assert not Path(home.strip()).exists()


def test_a_file_that_it_cannot_convert_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, "exit 3")
    with pytest.raises(Unreadable, match=r"cannot be converted by LibreOffice\. Save it as \.docx"):
        READERS_APART.read(".doc", OLD)


@pytest.mark.parametrize("content", [word("It sank."), b"{\\rtf1\\ansi It sank.\\par}"])
def test_a_file_of_another_format_is_read_as_what_it_is(content: bytes) -> None:
    assert READERS_APART.read(".doc", content).text == "It sank."


def test_what_is_of_no_such_format_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"damaged, or not of the format of \.doc files"):
        READERS_APART.read(".doc", b"Any text.")


def test_within_another_file_it_is_counted() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("old.doc", OLD)
        archive.writestr("new.txt", "It sank.")
    assert read(".zip", file.getvalue()).left_out == {"file old.doc": 1}


@pytest.mark.skipif(not shutil.which(PROGRAM), reason="LibreOffice is not installed")
def test_an_old_document_keeps_its_structure(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Fees", 1)
    table = document.add_table(3, 2)
    for cell, words in zip(table._cells, ("Boat", "Fee", "Small", "3", "Large", "9"), strict=True):
        cell.text = words
    document.add_paragraph("Paid at the quay.")
    document.save(str(tmp_path / "fees.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [PROGRAM, profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "fees.docx")], check=True, capture_output=True)
    reading = READERS_APART.read(".doc", (tmp_path / "fees.doc").read_bytes())
    assert (
        reading.text == "Fees\n\nBoat: Small; Fee: 3.\n\nBoat: Large; Fee: 9.\n\nPaid at the quay."
    )
