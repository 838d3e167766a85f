"""Wishes, drawn: in the list of what waits, in the form for a reply, and the reply."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.parts import Block
from handlers.words import Words

REPLY = "reply"
LONGEST, QUOTE = 500, 300


@dataclass(frozen=True)
class Wish:
    """`tool`: its key, or empty."""

    id: int
    tool: str
    said: str


def waiting(wishes: Sequence[Wish], words: Words) -> list[Block]:
    """A heading, and one block each."""
    return [parts.section(f"*{words('idea.waiting')}*"), *(_row(each, words) for each in wishes)]


def _row(wish: Wish, words: Words) -> Block:
    about = f"*{safe(words.tool(wish.tool))}* " if words.tool(wish.tool) else ""
    said = safe(cut(wish.said, QUOTE)) or words("card.no_words")
    return parts.section(f"{about}{said}", accessory=parts.button(words("button.idea_reply"), "idea.form", wish.id))


def form(wish: Wish, words: Words) -> Block:
    """Her words, a field, and the other way: to make news of it."""
    write = parts.actions(parts.button(words("button.idea_news"), "news.form:idea", wish.id))
    field = forms.field(REPLY, words("idea.field"), forms.line("", LONGEST, multiline=True), words("ask.what_hint"))
    blocks = [parts.section(words("idea.intro")), parts.said(cut(wish.said, QUOTE)), field, write]
    title, send = words("idea.title"), words("button.idea_reply")
    return parts.form("idea.reply", title, send, words("button.close"), blocks, wish.id)


def told(text: str, said: str) -> list[Block]:
    return [parts.section(text), *([parts.said(cut(said, LONGEST))] if said else [])]
