"""`supportstuga gaps`: what is missing in the organisation, in the same lines as in Home, or as JSON.

Not here: what counts as missing (models/gaps).
"""

import json
from dataclasses import asdict

from bot import app
from bot.voice import Voice
from handlers.views import gaps as view
from handlers.words import speak
from models import clock, gaps, people, settings
from models.db import Session
from models.errors import Refused
from models.gaps import Gap, Scope


class NoDepartment(Refused):
    key = "cli.gaps.department"


def find(session: Session, department: str | None) -> list[Gap]:
    """Everything, or what one department looks after. Raises NoDepartment."""
    today = clock.today(app.wall_clock())
    if department is None:
        return gaps.report(session, on=today)
    known = people.department(session, department)
    if known is None:
        raise NoDepartment(name=department)
    return gaps.report(session, Scope(departments=frozenset({known.id})), on=today)


def as_text(session: Session, found: list[Gap], voice: Voice) -> str:
    return view.text(found, speak(voice.language, settings.read(session), now=app.wall_clock()))


def as_json(found: list[Gap]) -> str:
    """Codes and ids beside the names; what does not apply is left out."""
    rows = [{name: value for name, value in asdict(gap).items() if value} for gap in found]
    return json.dumps(rows, indent=2, ensure_ascii=False)
