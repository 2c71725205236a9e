"""How far a rights file reaches."""

from __future__ import annotations

from pathlib import Path

from index.rights.deciding import OWNER_ONLY
from index.rights.files import NAME, Grants

STAFF, BOARD = "group:i|staff", "group:i|board"


def for_group(folder: Path, *groups: str) -> None:
    """A rights file in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(f"readers = {list(groups)}")


def test_a_file_above_the_indexed_folder_lets_nobody_read(tmp_path: Path) -> None:
    """The one who indexes a folder says who reads it, not whoever has the folder around it."""
    for_group(tmp_path, STAFF)
    root = tmp_path / "texts"
    root.mkdir()
    for document in (root / "a.txt", root / "deep" / "b.txt"):
        assert Grants({}).of(document, root, None).rights == OWNER_ONLY
    assert Grants({}).of(root / "a.txt", tmp_path, None).rights.readers == {STAFF}


def test_the_nearest_file_decides(tmp_path: Path) -> None:
    """Of the document's own folder and those up to the indexed one."""
    for_group(tmp_path, STAFF)
    for_group(tmp_path / "board", BOARD)
    grants = Grants({})
    assert grants.of(tmp_path / "a.txt", tmp_path, None).rights.readers == {STAFF}
    assert grants.of(tmp_path / "open" / "a.txt", tmp_path, None).rights.readers == {STAFF}
    assert grants.of(tmp_path / "board" / "deep" / "b.txt", tmp_path, None).rights.readers == {
        BOARD
    }


def test_what_a_link_leads_to_is_read_by_whom_its_own_folders_let(tmp_path: Path) -> None:
    """Also by a file further above, though it is outside the indexed folder."""
    for_group(tmp_path / "outside", BOARD)
    plan = tmp_path / "outside" / "plans" / "plan.txt"
    plan.parent.mkdir()
    plan.write_text("The merger is planned for June.")
    root = tmp_path / "texts"
    for_group(root, STAFF, BOARD)
    (root / "plan.txt").symlink_to(plan)
    assert Grants({}).of(root / "plan.txt", root, None).rights.readers == {BOARD}
