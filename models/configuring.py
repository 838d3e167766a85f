"""Settings and municipal words, changed in Home by admins: the same checks as the import's, and a trail.

Not here: which there are and what holds (settings.py, words.py).
"""

from datetime import datetime

from sqlmodel import Session

from models import audit, editing, importing, settings
from models.audit import Change
from models.editing import need


def put(session: Session, key: str, value: str, *, by: int, now: datetime) -> int:
    """Raises NotYours, importing.Faulty."""
    need(editing.scope(session, by, now).everything)
    row = importing.one(session, "settings", {"key": key, "value": value}, {})[0]
    return _written(session, key, row["value"], by=by, now=now)


def put_word(session: Session, word: str, language: str, value: str, *, by: int, now: datetime) -> int:
    """`value`: its four forms between bars. Raises NotYours, importing.Faulty."""
    need(editing.scope(session, by, now).everything)
    row = importing.one(session, "words", {"key": word, language: value}, {})[0]
    return _written(session, settings.word(word, language), row[language], by=by, now=now)


def _written(session: Session, key: str, value: str, *, by: int, now: datetime) -> int:
    before = settings.read(session).values.get(key, "")
    settings.write(session, key, value, now=now)
    said = Change("setting.put", about=key, before={"value": before}, after={"value": value})
    return audit.keep(session, said, by=by, now=now)


def reset(session: Session, key: str, *, by: int, now: datetime) -> int:
    """Back to what ships. Raises NotYours, settings.NoSuchSetting."""
    need(editing.scope(session, by, now).everything)
    settings.kind_of(key)
    before = settings.read(session).values.get(key, "")
    settings.reset(session, key)
    after = settings.read(session).values.get(key, "")
    said = Change("setting.back", about=key, before={"value": before}, after={"value": after})
    return audit.keep(session, said, by=by, now=now)
