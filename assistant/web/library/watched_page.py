"""The folders of the server that are watched, for those who administer."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.languages import counted
from assistant.web.entry.callers import Caller
from assistant.web.services import Services
from index.reading.finding import shown


def watched_shown(services: Services, caller: Caller) -> Mapping[str, object] | None:
    """What the template shows of them; None for whoever may not have folders watched."""
    portal = services.portals.portal if services.portals else None
    if "administer" not in caller.permissions or (portal and not portal.folders):
        return None
    return {
        "folders": [
            {
                "path": str(watched.path),
                "shown": shown(watched.path),
                "files": "" if watched.files is None else counted(watched.files, "file"),
                "looked": watched.looked,
                "problems": watched.problems,
                "trouble": watched.trouble,
            }
            for watched in services.watching.folders
        ],
        "allowed": [str(folder) for folder in portal.folders] if portal else [],
        "has_readers": portal is not None,
    }
