"""What is done for the index, behind what people wait for."""

from __future__ import annotations

import os
import threading

BEHIND = 10
"""By how much the priority of what is done for the index is lower where questions are answered
meanwhile."""


def let_others_first() -> None:
    """Lower the priority of this thread and of those that it starts. On Linux alone a thread has
    one of its own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)
