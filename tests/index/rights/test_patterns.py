"""Which documents a pattern of a rights file is for, and what one closes that fits nothing."""

from pathlib import Path

import pytest

from assistant.operating.doctor import check
from assistant.settings import Settings
from index.documents import LOCAL_USER, Principal
from index.rights.deciding import Rights, may_read
from index.rights.files import NAME, Grants
from index.rights.patterns import pattern
from tests.commanding import onrecord
from tests.conftest import MakeCollection

STAFF = Principal("user:i|ada", groups=frozenset({"group:i|staff"}))
BOTH = Principal("user:i|bo", groups=frozenset({"group:i|staff", "group:i|board"}))
FILES = ("a.txt", "board/b.txt", "board/deep/c.pdf", "open/d.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files below it."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


def read(folder: Path, rules: str, reader: Principal = STAFF) -> tuple[set[str], str]:
    """What is read of a folder for the staff, with these rules, and what is wrong with them."""
    (folder / NAME).write_text(f'readers = ["group:i|staff"]\n{rules}')
    grants = Grants({})
    rights = {name: grants.of(folder / name, folder, None).rights for name in FILES}
    readable = {name for name in FILES if may_read(reader, rights[name])}
    return readable, grants.problems.get(folder / NAME, "")


def closing(written: str) -> str:
    return f"[documents.'{written}']\nreaders = ['group:i|board']"


@pytest.mark.parametrize(
    "written",
    ["board", "board/", "board/*", "board/**", "/board/*", "./board/*", "board\\*", "**/board",
     ".//board//", "open/../board", "b?ard"],
)  # fmt: skip
def test_a_folder_is_meant_with_all_that_is_in_it(written: str, folder: Path) -> None:
    assert read(folder, closing(written)) == ({"a.txt", "open/d.txt"}, "")
    assert read(folder, closing(written), BOTH) == (set(FILES), "")


@pytest.mark.parametrize("written", ["", ".", "/", "*", "/*", "**"])
def test_all_that_is_in_the_folder_can_be_meant(written: str, folder: Path) -> None:
    assert read(folder, closing(written)) == (set(), "")


def test_files_are_meant_by_name(folder: Path) -> None:
    assert read(folder, closing("*.pdf"))[0] == set(FILES) - {"board/deep/c.pdf"}
    assert read(folder, closing("board/b.txt"))[0] == set(FILES) - {"board/b.txt"}
    assert read(folder, closing("board/**/b.txt"))[0] == set(FILES) - {"board/b.txt"}


def test_a_pattern_is_the_same_however_its_accents_are_written() -> None:
    assert pattern("Zoe\u0308").fits("Zo\u00eb/a.txt")
    assert pattern("Zo\u00eb").fits("Zoe\u0308/a.txt")


@pytest.mark.parametrize(
    "written",
    ["Board/*", "BOARD", "bOARD/*", "Board/B.txt", " board", "board /*", "\uff42oard/*"],
)
def test_what_is_spelt_much_like_it_is_closed_and_named(written: str, folder: Path) -> None:
    readable, problem = read(folder, closing(written))
    assert "board/b.txt" not in readable
    assert {"a.txt", "open/d.txt"} <= readable
    assert f"line 2: no file fits “{written}”. “board/" in problem


def test_spaces_and_brackets_are_overlooked(folder: Path) -> None:
    """Brackets are a part of patterns, too."""
    for name in ("minutes of may.txt", "old [2].txt"):
        (folder / name).write_text("x")
    for written, name in (("minutes_of_may.txt", "minutes of may.txt"), ("old [2].txt",) * 2):
        (folder / NAME).write_text(f'readers = ["group:i|staff"]\n{closing(written)}')
        grants = Grants({})
        rights = grants.of(folder / name, folder, None).rights
        assert not may_read(STAFF, rights)
        assert grants.problems


def test_what_is_only_alike_opens_nothing(folder: Path) -> None:
    """Nor does what fits nothing."""
    for written in ("OPEN/*", "opne/*"):
        rule = f"[documents.'{written}']\nreaders = ['group:i|staff', 'user:i|eve']"
        assert read(folder, rule, Principal("user:i|eve"))[0] == set()
        assert read(folder, rule)[0] == set(FILES)


@pytest.mark.parametrize(
    "written",
    ["baord/*", "../board/*", "board/deleted.txt", "board/deep/*.odt", "*.md", "gone"],
)
def test_a_pattern_that_fits_nothing_is_named_and_closes_nothing(
    written: str, folder: Path
) -> None:
    """What it was for may have been deleted: the rest is for its readers as before."""
    readable, problem = read(folder, closing(written))
    assert readable == set(FILES)
    assert f"{NAME}, line 2: no file fits “{written}”. It holds for nothing" in problem


def test_a_later_rule_that_fits_goes_before_one_that_is_alike(folder: Path) -> None:
    """As it would if that one had fitted."""
    opening = "\n[documents.'open/*']\nreaders = ['group:i|staff']"
    assert read(folder, closing("Open/*") + opening)[0] == set(FILES)


def test_what_fits_nothing_is_told_by_a_run_and_by_the_doctor(
    make_collection: MakeCollection,
) -> None:
    """And a run without it opens again what it closed."""
    rules = f"readers = ['group:i|staff']\n{closing('Board/*')}"
    text = "The merger was agreed."
    made = make_collection({"a.txt": "The pool opened in May.", "board/b.txt": text, NAME: rules})

    def named() -> list[str]:
        return [source.name for source in made.stores.catalog.sources(STAFF)]

    def doctors() -> tuple[bool, str]:
        (found,) = [c for c in check(Settings(made.home)) if c.name == "rights files"]
        return found.passed, found.words

    (told,) = [each for each in made.sync()[1].values() if each.change == "unreadable"]
    assert "no file fits “Board/*”" in told.reason
    assert (named(), doctors()) == (["a.txt"], (False, told.reason))
    assert onrecord(made.home, "doctor").returncode == 1
    (shown,) = made.open_index().view_of(LOCAL_USER).unclear_rights()
    assert shown.startswith(f"{made.folder.name}/{NAME}, line 2: no file fits “Board/*”")
    assert str(made.folder) not in shown
    made.write({NAME: rules.replace("Board", "board")})
    assert all(each.change != "unreadable" for each in made.sync()[1].values())
    assert named() == ["a.txt"]
    assert doctors()[0]
    made.write({NAME: rules.partition("[")[0] + "['group:i|staff']"})
    made.sync()
    assert named() == ["a.txt", "board/b.txt"]


def test_a_rights_file_without_patterns_looks_at_no_file(folder: Path) -> None:
    (folder / NAME).write_text("")
    grants = Grants({str(folder): Rights("user:i|ada")})
    assert grants.of(folder / "a.txt", folder, None).rights == Rights("user:local")
