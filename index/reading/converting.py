"""Files of formats from before 2007 as those of today, by LibreOffice, which is no part of this.

It runs in a process apart with a profile of its own, which is thrown away: without a network,
macros and links to other files, and within limits.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from index.reading.blocks import Unreadable

CONVERTED = {".doc": ".docx", ".ppt": ".pptx"}
"""What is read as what."""

PROGRAM = "soffice"
INSTALL = {
    ".doc": "apt install libreoffice-writer-nogui",
    ".ppt": "apt install libreoffice-impress-nogui",
}

MOST_SECONDS = 60
"""Seconds of a processor, and three times as many by the clock. A file of 100 pages takes
five."""

MOST_MEMORY = 4 * 2**30
"""Bytes of address space, of which it uses a tenth."""

MOST_WRITTEN = 200_000_000
"""Bytes of a file that it makes."""

START = (
    "import sys; path, *command = sys.argv[1:]; sys.path[:] = path.split(chr(10)); "
    "from index.reading.converting import run; run(command)"
)

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
NO_NETWORK_TO_LEAVE = 78
"""The exit code where the system gives it no network of its own."""

ITEM = (
    '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}"><value>{}</value></prop></item>'
)
PROFILE = (
    '<?xml version="1.0"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    + ITEM.format("Common/Security/Scripting", "DisableMacrosExecution", "true")
    + ITEM.format("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true")
    + ITEM.format("Writer/Content/Update", "Link", "0")
    + "</oor:items>"
)


BEGINS_WITH = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Every file of these formats."""

DISGUISED = ((b"PK\x03\x04", CONVERTED), (b"{\\rtf", {".doc": ".rtf"}))
"""How files begin that are of another format than their names say, and of which."""


def as_today(suffix: str, content: bytes) -> tuple[str, bytes]:
    """A file as one of a format that is read here. Raises Unreadable."""
    if suffix not in CONVERTED:
        return suffix, content
    for begins_with, kinds in DISGUISED:
        if content.startswith(begins_with) and suffix in kinds:
            return kinds[suffix], content
    if not content.startswith(BEGINS_WITH):
        raise Unreadable(
            f"is damaged, or not of the format of {suffix} files. Open it in the program it was "
            f"made with and save it as {CONVERTED[suffix]}, or leave it out."
        )
    return CONVERTED[suffix], convert(suffix, content)


def convert(suffix: str, content: bytes) -> bytes:
    """A file of this kind as one of the kind that it is read as. Raises Unreadable."""
    if shutil.which(PROGRAM) is None:
        raise Unreadable(
            f"is read with LibreOffice, which is not installed ({INSTALL[suffix]}). Install it, "
            f"or save the file as {CONVERTED[suffix]}."
        )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, profile = folder / f"file{suffix}", folder / "profile" / "user"
        source.write_bytes(content)
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(PROFILE)
        code = _run(folder, source, CONVERTED[suffix].removeprefix("."))
        made = source.with_suffix(CONVERTED[suffix])
        if code == NO_NETWORK_TO_LEAVE:
            raise Unreadable(
                "is read with LibreOffice, which may not run here: the system gives it no network "
                f"of its own. Save the file as {CONVERTED[suffix]}."
            )
        if code or not made.exists():
            raise Unreadable(
                f"cannot be converted by LibreOffice. Save it as {CONVERTED[suffix]}, or leave it "
                "out."
            )
        return made.read_bytes()


def _run(folder: Path, source: Path, kind: str) -> int:
    """Its exit code; less than 0 if it was stopped."""
    profile = (folder / "profile").as_uri()
    command = [PROGRAM, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(folder), str(source)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder)}
    with subprocess.Popen(  # noqa: S603  this very Python, then the program
        [sys.executable, "-c", START, "\n".join(sys.path), *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(3 * MOST_SECONDS)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL
        finally:  # what it started may go on without it
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def run(command: list[str]) -> None:
    """Become this program, shut in."""
    import resource

    for limit, most in (
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None)
        if kernel.unshare(NEW_NETWORK) and kernel.unshare(NEW_USER | NEW_NETWORK):
            sys.exit(NO_NETWORK_TO_LEAVE)
    os.nice(10)
    os.execvp(command[0], command)  # noqa: S606
