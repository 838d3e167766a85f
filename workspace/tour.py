"""The guided tour: stories to click through, told in `tour.json` of the people folder, for the page alone."""

import json
from pathlib import Path

from workspace.errors import Refused
from workspace.shapes import Json


def read(folder: Path | None) -> Json | None:
    """The tour, read anew each time so that it can be written with the page open; None without such a file.

    A file that is no tour is refused with the place of its fault: whoever writes it has the page open, not the log.
    """
    path = folder / "tour.json" if folder else None
    if path is None or not path.is_file():
        return None
    try:
        tour = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise _broken(problem) from None
    if not isinstance(tour, dict):
        raise _broken("it holds no object")
    return tour


def _broken(why: object) -> Refused:
    return Refused("broken_tour", f"tour.json cannot be read: {why}", 500)
