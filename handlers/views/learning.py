"""Wordings that were learnt, for the specialist who knows whether they are any good."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words

QUOTE = 150


@dataclass(frozen=True)
class Taught:
    id: int
    tool: str
    text: str


def taught(found: Sequence[Taught], words: Words) -> list[Block]:
    """Nothing where there is nothing to look at."""
    if not found:
        return []
    blocks = [parts.section(words("wording.intro"))]
    for each in found:
        blocks.append(parts.section(f"*{safe(each.tool)}*: {safe(cut(each.text, QUOTE))}"))
        keep = parts.button(words("button.keep"), "wording.keep", each.id)
        blocks.append(parts.actions(keep, parts.button(words("button.drop"), "wording.drop", each.id)))
    return blocks
