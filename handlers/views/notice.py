"""A sentence in a window of its own: for refusals where a form was open, and for what was done in one."""

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words


def form(text: str, words: Words) -> Block:
    """A modal that only says something."""
    return parts.window(words("notice.title"), words("notice.close"), [parts.section(text)])


def done(words: Words, text: str = "") -> Block:
    """What was asked for in a window has happened; `text` says what, in place of the usual words."""
    said = parts.section(text or words("notice.done"))
    return parts.window(words("notice.done_title"), words("notice.close"), [said])
