"""Whatever is in a file, it costs that file only: reading has limits, and ends with its starter."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from index.errors import ReaderUnavailable, UnreadableFile
from index.priority import BEHIND
from index.reading import apart
from index.reading.apart import Readers, ReadingProcess
from index.reading.blocks import Unreadable
from index.reading.loading import fetch, load
from tests.conftest import run_python

TABLES = b"<table><tr><td>" * 2_500 + b"The end."
"""Takes seconds: what is inside is looked through once more for each table around it."""

PATIENCE = 60.0


@pytest.fixture
def readers() -> Iterator[Readers]:
    """Readers whose workers are this test's own."""
    made = Readers()
    yield made
    for worker in made._ready:
        worker.end()


def nested_forms(deep: int) -> bytes:
    """A PDF whose page draws a form ten times, which draws another one ten times, and so on."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        "/Resources << /XObject << /X 5 0 R >> >> >>",
        stream("", "/X Do " * 10),
    ]
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources"
    for below in range(6, 5 + deep):
        objects.append(stream(f"{form} << /XObject << /X {below} 0 R >> >>", "/X Do " * 10))
    font = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    objects.append(stream(f"{form} << {font} >>", "BT /F 9 Tf (A word.) Tj ET"))
    numbered = enumerate(objects, 1)
    bodies = "".join(f"{number} 0 obj\n{body}\nendobj\n" for number, body in numbered)
    return f"%PDF-1.4\n{bodies}trailer\n<< /Root 1 0 R >>\n%%EOF\n".encode()


def stream(fields: str, drawn: str) -> str:
    return f"<< {fields} /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"


def refusal(readers: Readers, suffix: str, content: bytes) -> str:
    """Why it cannot be read; the next file is read as ever."""
    with pytest.raises(Unreadable) as caught:
        readers.read(suffix, content)
    assert readers.read(".txt", b"Ada baked bread.").text == "Ada baked bread."
    return str(caught.value)


def test_one_process_reads_file_after_file(readers: Readers) -> None:
    """To start it takes longer than to read most files."""
    for number in range(3):
        assert readers.read(".txt", f"Number {number}.".encode()).text == f"Number {number}."
        (worker,) = readers._ready
        assert worker._process.pid == readers._ready[0]._process.pid != os.getpid()


def test_a_file_that_takes_too_long_is_given_up(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in code of a library that never comes back to Python."""
    monkeypatch.setattr(apart, "MOST_SECONDS", 1)
    assert refusal(readers, ".html", TABLES).startswith("takes too long to read (1 s). Divide it")


def test_a_file_is_given_up_though_there_was_little_of_a_processor_for_it(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_WAIT", 0.5)
    assert readers.read(".txt", b"Ada.").text == "Ada."
    with pytest.raises(Unreadable, match=r"takes too long to read \(0\.5 s in all\)"):
        readers.read(".html", TABLES)


def test_a_file_that_needs_too_much_memory_is_refused(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether Python sees it or a library that can only give up."""
    monkeypatch.setattr(apart, "MOST_MEMORY", 64 * 2**20)
    content = b"word, " * 4_000_000
    assert refusal(readers, ".csv", content).startswith("needs more than 64 MB to be read. Divide")
    said = refusal(readers, ".pdf", nested_forms(9))
    assert said.startswith("made the reader fail (SIGABRT, mostly for want of more than 64 MB)")


def test_a_file_for_whose_structure_alone_there_is_no_memory_is_refused_for_that(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it runs out; and with enough it is read."""
    content = b"a,b\n" + b"1,2\n" * 10_000
    said = []
    for megabytes in (12, 16, 20, 24, 28, 32, 80):
        monkeypatch.setattr(apart, "MOST_MEMORY", megabytes * 2**20)
        try:
            readers.read(".csv", content)
        except Unreadable as refusal:
            said.append(str(refusal).partition(" MB")[0])
    assert said == [f"needs more than {12 + 4 * n}" for n in range(len(said))]
    assert 0 < len(said) < 7


def test_a_library_that_found_no_memory_is_not_believed_that_a_file_is_damaged(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is damaged and small is called so."""
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    cells = "<row>" + "<c/>" * 300_000 + "</row>"
    large = io.BytesIO()
    with zipfile.ZipFile(held) as small, zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as made:
        for name in small.namelist():
            part = small.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", f"{cells}</sheetData>".encode())
                assert len(part) > 1_000_000
            made.writestr(name, part)
    assert "is damaged or no Excel workbook" in refusal(readers, ".xlsx", held.getvalue()[:900])
    monkeypatch.setattr(apart, "MOST_MEMORY", 48 * 2**20)
    assert refusal(readers, ".xlsx", large.getvalue()).startswith("needs more than 48 MB")


def test_a_damaged_file_is_called_so_after_one_that_needed_nearly_all_memory(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers.read(".jsonl", b'{"a": "x"}')
    monkeypatch.setattr(apart, "MOST_MEMORY", 96 * 2**20)
    readers.read(".txt", b"All is as well with the mill as it ever was at any time. " * 450_000)
    with pytest.raises(Unreadable, match="line 2"):
        readers.read(".jsonl", b"{}\n{oops\n")


def test_the_memory_that_a_file_may_need_is_counted_from_what_is_loaded(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libraries take much, and are there for the next file."""
    readers.read(".html", b"<p>One.</p>")
    monkeypatch.setattr(apart, "MOST_MEMORY", 32 * 2**20)
    assert readers.read(".html", b"<p>Two.</p>").text == "Two."


def test_a_process_that_keeps_much_of_what_a_file_took_is_replaced(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its reply, which is as good as any."""
    readers.read(".txt", b"Ada.")
    assert len(readers._ready) == 1
    monkeypatch.setattr(apart, "MOST_KEPT", -(2**30))
    assert readers.read(".txt", b"Bob.").text == "Bob."
    assert readers._ready == []


GIVES_BACK = """
from index.reading.worker import _give_back, _resident
before = _resident()
held = [bytes(1_000) for _ in range(200_000)]
del held[:-1]
kept = _resident() - before
_give_back()
print(kept, _resident() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs its C library")
def test_what_is_free_is_given_back_before_a_process_is_replaced() -> None:
    """By itself the C library keeps all that is below the last thing in use."""
    kept, left = map(int, run_python(GIVES_BACK).stdout.split())
    assert kept > 150_000_000 > 20_000_000 > left


@pytest.mark.parametrize(
    "reply",
    [
        b"[]",
        b"no JSON",
        b"{}",
        b"[" * 100_000,
        b'{"sharing": {}, "title": 1, "page_starts": 5}',
        b"{}\n\0\0\0\1\xff\0\0\0\0+",
    ],
)
def test_a_reply_that_cannot_be_understood_is_that_files_reason(
    readers: Readers, reply: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may have taken the process over."""
    answering = (
        "import sys\nwrite = sys.stdout.buffer.write\nwrite(b'ready\\n'); sys.stdout.flush()\n"
        f"sys.stdin.buffer.readline()\nwrite({reply!r} + b'\\n' + bytes(4) + b'+')"
    )
    with monkeypatch.context() as patched:
        patched.setattr(apart, "START", answering)
        with pytest.raises(Unreadable, match="made the reader fail"):
            readers.read(".txt", b"Ada.")
    assert readers.read(".txt", b"Ada baked bread.").text == "Ada baked bread."


def test_a_process_ends_when_it_says_nothing_more_in_the_middle_of_a_reply(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it waits for."""
    monkeypatch.setattr(apart, "MOST_WAIT", 0.5)
    waiting = "import sys, time\nprint('ready\\n{}', flush=True)\ntime.sleep(60)"
    with monkeypatch.context() as patched:
        patched.setattr(apart, "START", waiting)
        with pytest.raises(Unreadable, match="takes too long"):
            readers.read(".txt", b"Ada.")


def test_a_process_that_ends_is_the_reason_and_another_reads_the_next(readers: Readers) -> None:
    """Ended from outside, say by a kernel that has no memory left."""
    readers.read(".txt", b"Ada.")
    (worker,) = readers._ready
    threading.Timer(0.5, os.kill, (worker._process.pid, signal.SIGKILL)).start()
    assert "made the reader fail (SIGKILL)" in refusal(readers, ".html", TABLES)


def test_a_file_is_read_again_where_a_late_signal_ended_its_process(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one by which it learns that its starter is gone, which comes with a request as well."""
    ask = ReadingProcess._ask
    signalled: list[int] = []

    def ask_and_signal(process: ReadingProcess, request: dict[str, object], content: bytes) -> None:
        ask(process, request, content)
        if not signalled:
            signalled.append(process._process.pid)
            os.kill(process._process.pid, signal.SIGIO)

    monkeypatch.setattr(ReadingProcess, "_ask", ask_and_signal)
    assert readers.read(".txt", b"Three. Two.").text == "Three. Two."
    assert signalled


def test_a_process_that_ended_meanwhile_is_replaced(readers: Readers) -> None:
    """No file is to blame."""
    readers.read(".txt", b"Ada.")
    (worker,) = readers._ready
    worker._process.kill()
    worker._process.wait()
    assert readers.read(".txt", b"Bob.").text == "Bob."


def test_two_files_are_read_side_by_side_and_one_process_stays(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes long keeps no short one waiting."""
    monkeypatch.setattr(apart, "MOST_SECONDS", 2)
    long = threading.Thread(target=refusal, args=(readers, ".html", TABLES))
    long.start()
    assert readers.read(".txt", b"Ada.").text == "Ada."
    assert long.is_alive()
    long.join()
    assert len(readers._ready) == 1


def test_an_interrupted_reading_leaves_no_process(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reply would be taken for the next file's."""
    started: list[ReadingProcess] = []
    real = ReadingProcess._answer

    def interrupted(worker: ReadingProcess) -> object:
        started.append(worker)
        raise KeyboardInterrupt

    monkeypatch.setattr(ReadingProcess, "_answer", interrupted)
    with pytest.raises(KeyboardInterrupt):
        readers.read(".txt", b"Ada.")
    monkeypatch.setattr(ReadingProcess, "_answer", real)
    assert not started[0].is_usable
    assert readers.read(".txt", b"Bob.").text == "Bob."


def test_where_questions_are_answered_reading_has_what_they_leave(readers: Readers) -> None:
    """It stands behind them by its priority, which counts in one session only; a command that
    waits for it is not kept waiting."""
    readers.read(".txt", b"Ada.")
    (before,), own = readers._ready, os.getpriority(os.PRIO_PROCESS, 0)
    readers.stand_back()
    readers.read(".txt", b"Ada.")
    (after,) = readers._ready
    assert os.getpriority(os.PRIO_PROCESS, before._process.pid) == own
    assert os.getpriority(os.PRIO_PROCESS, after._process.pid) == min(19, own + BEHIND)
    assert os.getsid(after._process.pid) == os.getsid(0)
    assert os.getpgid(after._process.pid) != os.getpgid(0)
    before.end()


def test_a_worker_that_cannot_start_is_no_files_fault(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "START", "raise SystemExit(3)")
    with pytest.raises(ReaderUnavailable, match="ended with 3"):
        readers.read(".txt", b"Ada.")


def test_a_reader_learns_no_secret_of_the_environment(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONRECORD_API_KEY", "kryptonite")
    readers.read(".txt", b"Ada.")
    (worker,) = readers._ready
    assert b"kryptonite" not in Path(f"/proc/{worker._process.pid}/environ").read_bytes()


REACHES_OUT = """
import sys
from index.reading.worker import _shut_in
_shut_in()
for reach in sys.argv[1:]:
    try:
        exec(reach)
    except PermissionError as error:
        print("refused", error)
"""


def test_a_reader_reaches_no_network_and_starts_no_process() -> None:
    done = run_python(
        REACHES_OUT,
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    )
    lines = done.stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["refused"] * 5, done.stderr
    assert "socket" in lines[0]


def test_a_reader_ends_with_the_process_that_started_it() -> None:
    """At its end, and at once when that is killed while a file is read."""
    script = (
        "import os, signal, sys, threading\n"
        "from index.reading.apart import READERS_APART as readers\n"
        "print('once')\n"
        "readers.read('.txt', b'Ada.')\n"
        "worker = readers._ready[0]\n"
        "print(worker._process.pid, flush=True)\n"
        "if sys.argv[1] == 'killed':\n"
        "    work = ('.html', b'<table><tr><td>' * 3_000)\n"
        "    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()\n"
        "    readers.read(*work)\n"
    )
    for end in ("killed", "by itself"):
        done = run_python(script, end)
        assert done.returncode == (-signal.SIGKILL if end == "killed" else 0), done.stderr
        once, pid = done.stdout.split()
        assert once == "once"
        eventually(partial(has_ended, int(pid)))


def has_ended(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_text_that_is_many_times_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    """Before it is all there: a header of a table stands in each of its rows."""
    header = ",".join(f"{'column' * 100}{number}" for number in range(100))
    rows = "\n".join(",".join("x" * 100) for _ in range(1_000))
    file = tmp_path / "bomb.csv"
    file.write_text(f"{header}\n{rows}")
    with pytest.raises(UnreadableFile, match=r"bomb\.csv holds more than 10,000,000 characters"):
        load(fetch(file, file.name), "id")
