"""What somebody sees who has written under a question that another has: who has it, and how her words get there."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.slack_text import safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words


class Standing(StrEnum):
    """Where her words are."""

    TOLD = "told"  # with her: somebody else has the question
    FREE = "free"  # with her: nobody has it any more
    YOURS = "yours"  # with her: she has taken it in another way
    SENT = "sent"
    PASSED = "passed"  # sent, and the question has gone on to somebody else
    REMOVED = "removed"  # by her
    EMPTIED = "emptied"  # by the clock
    CLOSED = "closed"


@dataclass(frozen=True)
class Unsent:
    ticket: int
    number: str
    line: int
    owner: int | None
    name: str
    standing: Standing
    may_send: bool


def text(unsent: Unsent, words: Words) -> str:
    return words(f"who_has_it.{unsent.standing}", name=safe(unsent.name), number=unsent.number)


def blocks(unsent: Unsent, words: Words) -> list[Block]:
    told = text(unsent, words)
    if not unsent.may_send:
        return [parts.context(told)]
    label = words("button.send_kept" if unsent.standing is Standing.YOURS else "button.take_and_send")
    value = f"{unsent.ticket}:{unsent.line}:{unsent.owner or 0}"
    return [parts.section(told), parts.actions(parts.button(label, "ticket.take_over", value, "primary"))]
