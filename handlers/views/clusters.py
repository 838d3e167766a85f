"""Many questions about one thing, drawn for those who can do something about it: the notice, and one answer to all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.parts import Block
from handlers.words import Words

LINE = "line"
LONGEST, QUOTED, QUOTE = 1500, 5, 200


@dataclass(frozen=True)
class Notice:
    """`since`: when the first was asked; `waiting`: how many have no answer; `outage`: what is up about the tool.

    `may_answer`: it is still hers to answer; `may_tell`: she may put up an outage, and take it down.
    """

    id: int
    tool: str
    asked: int
    waiting: int
    units: int
    since: datetime
    outage: int | None
    answered_by: str
    may_answer: bool
    may_tell: bool


def notice_text(notice: Notice, words: Words) -> str:
    return words("cluster.told", n=notice.asked, tool=safe(notice.tool), time=words.when(notice.since))


def notice(notice: Notice, words: Words) -> list[Block]:
    """How many, since when, from how many units; what has been done; what she can do."""
    said = [words("cluster.units", n=notice.units)] if notice.units > 1 else []
    said += [words("cluster.waiting", n=notice.waiting)] if notice.waiting else [words("cluster.none_waits")]
    said += [words("cluster.answered", name=safe(notice.answered_by))] if notice.answered_by else []
    said += [words("cluster.outage")] if notice.outage is not None else []
    blocks = [parts.section(f"*{notice_text(notice, words)}*"), parts.context(" ".join(said))]
    buttons = _buttons(notice, words)
    return [*blocks, parts.actions(*buttons)] if buttons else blocks


def _buttons(notice: Notice, words: Words) -> list[Block]:
    found = []
    if notice.waiting and notice.may_answer:
        found.append(parts.button(words("button.answer_all"), "cluster.form", notice.id, "primary"))
    if notice.may_tell and notice.outage is not None:
        found.append(parts.button(words("button.outage_right"), "outage.right", notice.outage))
    elif notice.may_tell:
        found.append(parts.button(words("button.outage_put_up"), "outage.form:cluster", notice.id))
    return found


def answer_form(cluster: int, waiting: int, said: Sequence[str], words: Words) -> Block:
    """What they ask, and one field. It goes to each of them as her answer."""
    blocks = [
        parts.section(words("cluster.form.intro", n=waiting)),
        *(parts.said(cut(text, QUOTE)) for text in said[:QUOTED]),
        forms.field(LINE, words("cluster.form.line"), forms.line("", LONGEST, multiline=True), words("ask.what_hint")),
    ]
    title, send = words("cluster.form.title"), words("button.answer_all")
    return parts.form("cluster.answer", title, send, words("button.close"), blocks, cluster)


def answered(n: int, words: Words) -> Block:
    return parts.window(words("cluster.form.title"), words("button.close"), [parts.section(words("cluster.sent", n=n))])
