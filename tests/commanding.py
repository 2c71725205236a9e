"""The command in this process: what it prints and its exit code, without a new Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner

from assistant.commands.cli import main


def onrecord(
    home: Path, *arguments: object, said: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `onrecord --home HOME ARGUMENTS…` as a shell would; `said` is typed."""
    words = ["onrecord", "--home", str(home), *map(str, arguments)]
    runner = CliRunner()
    with (
        runner.isolation(said, {"COLUMNS": "100", **environment}) as (out, err, _),
        patch.object(sys, "argv", words),
        patch.object(sys, "excepthook"),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
    assert isinstance(code, int)
    return subprocess.CompletedProcess(
        words, code, out.getvalue().decode(), err.getvalue().decode()
    )
