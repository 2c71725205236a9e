"""Opening a file that was found, whatever has come to its place since."""

from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.reading.loading import fetch, load
from index.reading.opening import open_real


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A place without links, in which there is a file, and one of the same name elsewhere."""
    real = tmp_path.resolve()
    for folder in ("public", "secret"):
        (real / folder).mkdir()
        (real / folder / "a.txt").write_text(f"This is {folder}.")
    return real


def test_a_file_is_opened_by_its_path(place: Path) -> None:
    with open_real(place / "public" / "a.txt") as file:
        assert file.read() == b"This is public."


def test_a_link_that_has_come_to_its_place_is_not_followed(place: Path) -> None:
    """The file is told instead."""
    (place / "public" / "a.txt").unlink()
    (place / "public" / "a.txt").symlink_to(place / "secret" / "a.txt")
    with pytest.raises(OSError, match="symbolic links"):
        open_real(place / "public" / "a.txt")
    with pytest.raises(UnreadableFile, match=r"a\.txt cannot be opened"):
        fetch(place / "public" / "a.txt", "a.txt", place / "public" / "a.txt")


def test_a_link_that_has_come_to_the_place_of_its_folder_is_not_followed(place: Path) -> None:
    (place / "public").rename(place / "away")
    (place / "public").symlink_to(place / "secret")
    with pytest.raises(OSError, match="irectory"):
        open_real(place / "public" / "a.txt")


def test_a_file_that_one_links_to_oneself_is_read(place: Path) -> None:
    (place / "mine.txt").symlink_to(place / "secret" / "a.txt")
    assert load(fetch(place / "mine.txt", "mine.txt"), "1").text == "This is secret."
