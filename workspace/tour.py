"""The guided tour: stories to click through, told in `tour.json` of the people folder, for the page alone."""

import json
from pathlib import Path

from workspace.shapes import Json


def read(folder: Path | None) -> Json | None:
    """The tour, read anew each time so that it can be written with the page open; None without such a file."""
    path = folder / "tour.json" if folder else None
    if path is None or not path.exists():
        return None
    tour: Json = json.loads(path.read_text(encoding="utf-8"))
    return tour
