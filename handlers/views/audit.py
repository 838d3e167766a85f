"""The trail, drawn: when, who, what, from what to what."""

from dataclasses import dataclass
from datetime import datetime

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.parts import Block
from handlers.words import Words

LONGEST = 200


@dataclass(frozen=True)
class Entry:
    """`what` is the sentence, `where` a place, `whom` a person, `differs`: (field, before, after) as they are read."""

    at: datetime
    by: str
    what: str
    where: str
    whom: str
    about: str
    differs: tuple[tuple[str, str, str], ...]


def listed(entries: tuple[Entry, ...], older: int, words: Words) -> Block:
    """Newest first. `older`: from which entry the next page goes on; 0: there is none."""
    rows = [parts.section(_row(each, words)) for each in entries[: forms.PAGE]] or [parts.section(words("audit.none"))]
    more = [parts.actions(parts.button(words("audit.older"), "audit.list", older))] if older else []
    return parts.window(words("audit.title"), words("button.close"), [*rows, *more])


def _row(each: Entry, words: Words) -> str:
    head = f"*{safe(each.by or words('audit.terminal'))}*, {words.when(each.at)}"
    about = ", ".join(safe(cut(part, LONGEST)) for part in (each.whom, each.where, each.about) if part)
    changes = [_change(*each_one, words) for each_one in each.differs[:9]]
    return "\n".join([head, f"{each.what}: {about}" if about else each.what, *changes])


def _change(name: str, before: str, after: str, words: Words) -> str:
    was, became = safe(cut(before, LONGEST)), safe(cut(after, LONGEST))
    if not was:
        return words("audit.set", field=name, after=became)
    return words("audit.differs", field=name, before=was, after=became or words("audit.nothing"))
