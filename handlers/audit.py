"""Who changed what: read in Home by admins, and by managers what concerns their places."""

from datetime import date

from handlers.desk import Desk
from handlers.listening import Listeners, Open, Press, Show, Swap
from handlers.views import audit as view
from handlers.views.forms import PAGE
from handlers.views.parts import Block
from handlers.words import Words
from models import administration, audit, clock, people, settings
from models.audit import AuditEntry
from models.db import Session, key
from models.errors import NotYours
from models.people import Department, Person, Unit

DAYS = ("starts", "ends")


def register(on: Listeners) -> None:
    on.action("audit.open", opened, may=administration.manager_only)
    on.action("audit.list", listed, may=administration.manager_only)


def opened(session: Session, press: Press, desk: Desk) -> Show:
    shown = _list(session, press.person, None, desk)
    audit.note(session, "read.log", by=press.person.pk, now=desk.now())
    return Open(shown)


def listed(session: Session, press: Press, desk: Desk) -> Show:
    return Swap(_list(session, press.person, press.about, desk))


def _list(session: Session, person: Person, before: int | None, desk: Desk) -> Block:
    scope = administration.scope_of(session, person.pk, on=clock.today(desk.now()))
    if not scope.manages:
        raise NotYours
    readable = audit.everywhere() if scope.everything else audit.within(scope.units, scope.departments)
    found = audit.latest(session, readable, before=before, limit=PAGE + 1)
    shown, words = found[:PAGE], desk.words(session, person)
    names = people.find(session, [i for each in shown for i in (each.by_id, each.person_id, _deputised(each))])
    entries = tuple(_entry(session, each, names, words) for each in shown)
    return view.listed(entries, (shown[-1].id or 0) if len(found) > PAGE else 0, words)


def _deputised(entry: AuditEntry) -> int | None:
    return key(audit.values(entry.after).get("deputy_for"))


def _entry(session: Session, entry: AuditEntry, names: dict[int, Person], words: Words) -> view.Entry:
    before, after = audit.values(entry.before), audit.values(entry.after)
    fields = [name for name in dict.fromkeys([*after, *before]) if before.get(name) != after.get(name)]
    return view.Entry(
        at=entry.at,
        by=_name(entry.by_id, names, words),
        what=words(f"audit.{entry.what}"),
        where=_where(session, entry),
        whom=_name(entry.person_id, names, words),
        about=_about(entry, words),
        differs=tuple(
            (words(f"audit.field.{name}"), _said(name, before, names, words), _said(name, after, names, words))
            for name in fields
        ),
    )


def _name(person_id: int | None, names: dict[int, Person], words: Words) -> str:
    """Somebody who has been erased has no name any more."""
    if person_id is None:
        return ""
    known = names.get(person_id)
    return (known.name if known else "") or words("admin.unnamed")


def _where(session: Session, entry: AuditEntry) -> str:
    row = session.get(Unit, entry.unit_id) if entry.unit_id else session.get(Department, entry.department_id or 0)
    return row.name if row is not None else ""


def _about(entry: AuditEntry, words: Words) -> str:
    """A setting by what it means, a word, an owner or a tool by its name, else as it stands."""
    if entry.what.startswith("setting."):
        key, equals, value = entry.about.partition(" = ")  # as the command line notes it
        return f"{_named(key, words)}{equals}{value}"
    return words.tool(entry.about) or entry.about


def _named(key: str, words: Words) -> str:
    """What an admin would call it; the key beside what several of one kind have in common."""
    if key in settings.defaults():
        return words(f"setting.{key}").rstrip(".")
    kind, name, rest = (*key.split(".", 2), "", "")[:3]
    if kind == "tool":
        return words("audit.of_tool", name=words.tool(name) or name, rest=rest)
    if kind == "owner" and name in words.tools.owners:
        return words("audit.of_owner", name=words.tools.owners[name].says["who"][words.language], rest=rest)
    return words("audit.of_word", name=str(words.nouns.get(name, name)), rest=rest) if kind == "word" else key


def _said(name: str, values: dict[str, str], names: dict[int, Person], words: Words) -> str:
    text = values.get(name, "")
    if name == "role" and text:
        return words(f"hat.{text}")
    if name == "deputy_for":
        return _name(int(text), names, words) if text.isdecimal() else ""
    if name == "tools":
        return ", ".join(words.tool(key) or key for key in text.split("|") if key)
    return words.dated(date.fromisoformat(text)) if name in DAYS and text else text
