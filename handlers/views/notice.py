"""A sentence in a window of its own: for refusals where a form was open."""

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words


def form(text: str, words: Words) -> Block:
    """A modal that only says something."""
    return parts.window(words("notice.title"), words("notice.close"), [parts.section(text)])
