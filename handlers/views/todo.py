""" "Att göra", drawn: a line in Home, the list in a window, and the week's reminder."""

from collections.abc import Sequence

from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words


def home(waiting: int, words: Words) -> list[Block]:
    """One line; nothing where nothing waits."""
    if not waiting:
        return []
    return [parts.section(words("todo.home", n=waiting), accessory=_open(words))]


def window(blocks: Sequence[Block], words: Words) -> Block:
    return parts.window(words("todo.title"), words("button.close"), blocks or [parts.section(words("todo.nothing"))])


def reminder(waiting: int, words: Words) -> list[Block]:
    return [parts.section(words("todo.reminder", n=waiting)), parts.actions(_open(words))]


def _open(words: Words) -> Block:
    return parts.button(words("button.open"), "todo.open", 0)
