"""Settings and municipal words, changed in Home by admins: the same checks as the import's, and a trail.

Not here: which there are and what holds (settings.py, words.py).
"""

from datetime import datetime

from sqlmodel import Session

from models import audit, editing, importing, settings
from models.audit import AuditEntry, Change
from models.editing import UNDO_WITHIN, need
from models.errors import Gone


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


def reset(session: Session, key: str, *, by: int, now: datetime) -> int:
    """Back to what ships. Raises NotYours, settings.NoSuchSetting."""
    need(editing.scope(session, by, now).everything)
    settings.kind_of(key)
    return _written(session, key, "", by=by, now=now)


def undo(session: Session, entry_id: int, *, by: int, now: datetime) -> str:
    """As it was before this entry of the trail: the key. Raises NotYours, Gone once it has changed since."""
    need(editing.scope(session, by, now).everything)
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.what not in UNDONE or now - entry.at > UNDO_WITHIN:
        raise Gone
    if _in_force(session, entry.about) != audit.values(entry.after).get("value", ""):
        raise Gone
    _written(session, entry.about, audit.values(entry.before).get("value", ""), by=by, now=now)
    return entry.about


UNDONE = ("setting.put", "setting.back")


def _in_force(session: Session, key: str) -> str:
    """Empty for a name of the municipality's own that it does not have."""
    return settings.read(session).values.get(key, "")


def _written(session: Session, key: str, value: str, *, by: int, now: datetime) -> int:
    """Empty, or what ships: the default."""
    before, default = _in_force(session, key), settings.defaults().get(key)
    if not value or (default is not None and value == default.value):
        settings.reset(session, key)
    else:
        settings.write(session, key, value, now=now)
    what = "setting.put" if value else "setting.back"
    said = Change(what, about=key, before={"value": before}, after={"value": _in_force(session, key)})
    return audit.keep(session, said, by=by, now=now)
