"""What several handlers draw a question from: its facts in one person's words, and a workmate's line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.letters import Block, Post
from handlers.slack_text import cut, safe
from handlers.views import answers as answer_view
from handlers.views import parts
from handlers.views import ticket as view
from handlers.words import Words
from models import answers as bank
from models import clock, lines, outbox, people, shared, stuga, stuga_series, tickets
from models.answers import Answer, Kept
from models.db import Session
from models.lines import Line, Side
from models.outbox import Letter
from models.stuga import Shown
from models.tickets import Ticket, receipt_place

PUSH = 150  # what a lock screen shows, and what a screen reader says
PIECE, PIECES = 2900, 4  # a long line goes out in pieces of one section each


def facts(session: Session, ticket: Ticket, words: Words, *, talk: list[Line] | None = None) -> view.Facts:
    """What any picture of a question is drawn from. What was said after it was taken stands in the thread.

    `talk` is everything that was said in it, from whoever has read it already.
    """
    unit = people.unit(session, ticket.unit_id)
    owner = people.get(session, ticket.owner_id)
    everything = lines.of_ticket(session, ticket.pk) if talk is None else talk
    said = [line for line in everything if line.side is Side.ASKER]
    asked = [line for line in said if ticket.taken_at is None or line.said_at <= ticket.taken_at] or said
    return view.Facts(
        id=ticket.pk,
        number=ticket.shown,
        state=ticket.state,
        urgency=ticket.urgency,
        reason=ticket.reason,
        tool=words.tool(ticket.tool),
        unit=unit.name if unit else "",
        owner=(owner.name or words("person.gone")) if owner else "",
        words_of_asker=_read_by_others(asked, words),
        asked_at=ticket.asked_at,
        next_at=ticket.next_at,
        next_step=ticket.next_step,
        for_colleague=ticket.for_colleague,
        pictures=len(ticket.picture_ids),
        before=_before(session, ticket, everything, words),
        stuga=_stuga(session, ticket),
    )


def _stuga(session: Session, ticket: Ticket) -> Shown | None:
    """Where it will be taken up."""
    return stuga.shown(session, stuga_series.get(session, ticket.stuga_id)) if ticket.stuga_id is not None else None


def talk(session: Session, ticket: Ticket, words: Words) -> list[tuple[str, str]]:
    """(name, words) of what helpers have said, to the asker and to each other."""
    return _with_names(session, lines.of_ticket(session, ticket.pk), words)


def _with_names(session: Session, everything: list[Line], words: Words) -> list[tuple[str, str]]:
    said = [line for line in everything if line.side is not Side.ASKER]
    names = people.find(session, (line.author_id for line in said))
    return [(names[line.author_id].name if line.author_id in names else "", reads(line, words)) for line in said]


def _before(
    session: Session, ticket: Ticket, everything: list[Line], words: Words
) -> tuple[tuple[str, str], ...]:
    """What the one who has it now, or is asked now, has not said herself: her hand-over note."""
    said = [line for line in everything if line.side is not Side.ASKER]
    kept = [line for line in said if line.side is Side.INTERNAL or line.author_id != ticket.owner_id][-5:]
    return tuple(_with_names(session, kept, words))


def reads(line: Line, words: Words) -> str:
    """What others see of a line: its words, or the trace of them."""
    if line.cleared_at is not None:
        return words(f"line.cleared.{line.cleared_by}", when=words.when(line.cleared_at))
    return line.text if line.deleted_at is None else words("line.removed")


def _read_by_others(said: list[Line], words: Words) -> tuple[str, ...]:
    """Lines that were cleared together leave one trace, and what is written twice is read once."""
    texts: dict[str, str] = {}
    for line in said:
        text = reads(line, words)
        if text:
            texts.setdefault("".join(filter(str.isalnum, text)).casefold() or text, text)
    return tuple(texts.values())


def last_trace(talk: list[Line], words: Words) -> str:
    """That something was cleared, as her receipt says it; empty if nothing was."""
    cleared = [line for line in talk if line.cleared_at is not None and line.side is not Side.INTERNAL]
    return reads(cleared[-1], words) if cleared else ""


def answers(
    session: Session, found: Sequence[Answer], words: Words, kept: Kept | None = None
) -> tuple[answer_view.Shown, ...]:
    """In the reader's language, where there is one. `kept`: those that she keeps herself."""
    who = bank.authors(session, found)
    return tuple(_answer(answer, who[answer.pk], words, kept) for answer in found)


def _answer(answer: Answer, author: str, words: Words, kept: Kept | None) -> answer_view.Shown:
    question, text = answer.said(words.language)
    day = clock.today(answer.approved_at or answer.made_at)
    mine = kept is not None and kept.has(answer.tool)
    return answer_view.Shown(answer.pk, words.tool(answer.tool), question, text, author, day, answer.link, mine)


def units(session: Session) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Where one can work: department → its units by name and id."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for unit, department in people.open_units(session):
        groups.setdefault(department.name, []).append((unit.name, unit.id or 0))
    return tuple((name, tuple(found)) for name, found in groups.items())


def spoken(session: Session, line: Line, letter: Letter, words: Words, *, thread: str) -> Post:
    """A line on the other side: literal, with its speaker's name and picture. One that reached us after later ones says
    when it was written.
    """
    speaker = people.get(session, line.author_id)
    text = reads(line, words)
    pieces = [text[i : i + PIECE] for i in range(0, min(len(text), PIECE * PIECES), PIECE)] or ["…"]
    blocks = [parts.said(piece) for piece in pieces]
    if len(text) > PIECE * PIECES:
        blocks.append(parts.context(words("line.longer")))
    if lines.was_overtaken(session, line, letter):
        blocks.append(parts.context(words("line.overtaken", when=words.when(line.said_at))))
    name = speaker.name if speaker else ""
    push = words("line.push", name=safe(name), text=safe(cut(text, PUSH)))
    return Post(
        push,
        blocks,
        thread=thread,
        name=name or None,
        picture=speaker.picture_url or None if speaker else None,
    )


def to_asker(session: Session, ticket: Ticket, words: Words, text: str, blocks: list[Block]) -> Post:
    """A new message to the asker: under her receipt, and in the conversation so that it is seen."""
    post = Post(text, blocks, thread=receipt_place(ticket.pk), broadcast=True)
    return hailed(session, ticket, post, words, at=words.now)


def asks_last(session: Session, ticket: Ticket, letter: Letter) -> bool:
    """Whether this is the message in which she is asked whether it is solved: the newest of them."""
    return outbox.is_newest(session, letter.place, *tickets.asks_of(ticket))


def asked(session: Session, letter: Letter, now: datetime) -> None:
    """It has been asked here: no older message asks it any more."""
    tickets.show_older_asks(session, tickets.get(session, letter.about_id), letter.place, now=now)


def hailed(session: Session, ticket: Ticket, post: Post, words: Words, *, at: datetime) -> Post:
    """On a shared phone a late word begins with whom it is for: "Till dig som frågade 22.40"."""
    if not shared.is_late(session, ticket, at=at):
        return post
    asked = ticket.asked_at
    when = words.clock(asked) if at - asked < timedelta(days=1) else words.when(asked)
    hail = words("shared.hail", when=when)
    return replace(post, text=f"{hail}. {post.text}", blocks=[parts.section(f"*{hail}*"), *post.blocks])
