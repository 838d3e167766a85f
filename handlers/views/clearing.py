"""What shall be cleared, and what that means: asked before it is done, because it cannot be undone."""

from collections.abc import Sequence

from handlers.views import forms, parts
from handlers.views.parts import OPTIONS, Block
from handlers.words import Words

WHICH, ALL = "which", "all"


def form(ticket: int | None, offered: Sequence[tuple[int, str]], chosen: int | None, words: Words) -> Block:
    """`ticket`: a question all of which may be cleared; `offered`: (line, words); `chosen`: where she came from."""
    whole = [parts.option(words("clear.all"), ALL)] if ticket is not None else []
    options = [*whole, *(parts.option(text, line) for line, text in offered)][:OPTIONS]
    first = str(chosen) if chosen is not None else str(options[0]["value"])
    what = forms.field(WHICH, words("clear.which"), forms.choice(options, first))
    told = [parts.section(words("clear.what_goes")), parts.context(words("clear.own_message"))]
    close = words("button.close")
    return parts.form("clear.send", words("clear.title"), words("button.clear"), close, [what, *told], ticket or "")
