"""Finding what there is to read: names, kinds, links."""

from pathlib import Path

import pytest

from index.errors import MissingSource, UnreadableFile
from index.reading.finding import Links, find_files
from index.rights.files import Grants


def test_files_of_a_folder_are_found_by_name(tmp_path: Path) -> None:
    """Sorted, at any depth; what is hidden, locked or of another kind is passed over."""
    for name in (
        "b.txt",
        "a/z.MD",
        "a/y.pdf",
        ".hidden.txt",
        ".git/a.txt",
        "a/~$y.docx",
        "c.exe",
        "README",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.txt").mkdir()
    found = find_files(tmp_path).files
    assert [name for _, name in found] == ["a/y.pdf", "a/z.MD", "b.txt"]
    assert all(path == tmp_path / name for path, name in found)


def test_each_file_is_found_once_by_its_real_place(tmp_path: Path) -> None:
    """However many links lead to it; a loop ends, a link to nothing is passed over."""
    folder = tmp_path / "folder"
    (folder / "z").mkdir(parents=True)
    (folder / "z" / "one.txt").write_text("x")
    (folder / "README").write_text("x")
    (folder / "a").symlink_to(folder / "z")
    (folder / "again.txt").symlink_to(folder / "z" / "one.txt")
    (folder / "z" / "loop").symlink_to(folder)
    (folder / "readme.txt").symlink_to(folder / "README")
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    listing = find_files(folder)
    assert [name for _, name in listing.files] == ["readme.txt", "z/one.txt"]
    assert listing.real[folder / "readme.txt"] == folder / "README"
    assert listing.links == {}


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder with links that lead out of it, to a file and to a folder."""
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    for made in (folder, outside):
        made.mkdir()
        (made / "own.txt").write_text("x")
    (folder / "all").symlink_to(outside)
    (folder / "one.txt").symlink_to(outside / "own.txt")
    (folder / "other.exe").symlink_to(outside / "own.txt")
    return folder


def test_links_that_lead_out_of_the_folder_are_named(linked: Path) -> None:
    listing = find_files(linked)
    assert [name for _, name in listing.files] == ["own.txt"]
    assert set(listing.links) == {linked / "all", linked / "one.txt"}
    assert "leads out of the folder" in listing.links[linked / "all"]
    assert "--follow-links" in listing.links[linked / "all"]


def test_links_that_lead_out_of_the_folder_are_followed_if_wanted(linked: Path) -> None:
    listing = find_files(linked, Links(linked, Grants({}), outside=True))
    assert [name for _, name in listing.files] == ["all/own.txt", "one.txt", "own.txt"]
    assert listing.links == {}


def test_a_folder_is_within_the_indexed_one_that_holds_it(tmp_path: Path) -> None:
    """A link to a neighbour leads out of what is looked at, not of what is indexed."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("x")
    (tmp_path / "a" / "b").symlink_to(tmp_path / "b")
    listing = find_files(tmp_path / "a", Links(tmp_path, Grants({})))
    assert ([name for _, name in listing.files], listing.links) == (["x.txt"], {})


def test_a_link_in_one_folder_opens_nothing_of_another_ones_readers(tmp_path: Path) -> None:
    """Be the other one's text found without the link or not. A link to the whole folder leads
    to its rights.toml as well."""
    for name in ("public/p.txt", "board/b.txt", "board/.draft/d.txt", "board/README"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "board" / "rights.toml").write_text('readers = ["group:i|board"]')
    links = {"b.txt": "b.txt", "drafts": ".draft", "readme.txt": "README"}
    for link, real in links.items():
        (tmp_path / "public" / link).symlink_to(tmp_path / "board" / real)
    (tmp_path / "public" / "board").symlink_to(tmp_path / "board")
    listing = find_files(tmp_path)
    assert [name for _, name in listing.files] == ["board/b.txt", "public/p.txt"]
    assert set(listing.links) == {tmp_path / "public" / link for link in links}
    assert all("other readers" in why for why in listing.links.values())


def test_a_link_leads_to_nobodys_uploads(tmp_path: Path) -> None:
    """Not even where links out of the folder are followed."""
    added = tmp_path / "home" / "uploads" / "1a"
    added.mkdir(parents=True)
    (added / "secret.txt").write_text("x")
    (tmp_path / "home" / "catalog.sqlite3").write_text("")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").symlink_to(added)
    (folder / "b.txt").symlink_to(added / "secret.txt")
    listing = find_files(folder, Links(folder, Grants({}), outside=True))
    assert (listing.files, len(listing.links)) == ([], 2)


def test_one_file_is_found_by_itself(tmp_path: Path) -> None:
    (tmp_path / ".a.txt").write_text("x")
    assert find_files(tmp_path / ".a.txt").files == [(tmp_path / ".a.txt", ".a.txt")]


def test_one_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_text("x")
    with pytest.raises(UnreadableFile, match=r"a\.exe is of a kind .* \.csv .* \.xlsx"):
        find_files(tmp_path / "a.exe")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingSource, match=r"There is no file or folder .*nowhere"):
        find_files(tmp_path / "nowhere")


def test_a_folder_with_nothing_to_read_says_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_text("x")
    with pytest.raises(MissingSource, match=r"no file that can be read.* \.pdf"):
        find_files(tmp_path)


def test_a_link_that_vanishes_while_it_is_looked_at_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else is."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to("a.txt")

    def vanishing(path: object, **_: object) -> str:
        Path(str(path)).unlink()
        raise FileNotFoundError(2, "No such file or directory", path)

    monkeypatch.setattr("os.readlink", vanishing)
    listing = find_files(tmp_path)
    assert [name for _, name in listing.files] == ["a.txt"]
    assert listing.closed == listing.links == {}
