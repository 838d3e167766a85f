"""What must hold whatever broke, and what is kept when it does not."""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from models.lines import Line, Side
from models.outbox import Letter, Outcome
from models.tickets import History, Ticket
from tests.faults.ordeal import SECRET, Ordeal
from tests.slackworld import Person, wait_for

LATE = "före det som står ovanför"
TABLES = ("ticket", "line", "letter", "posted", "history", "candidate", "heard", "job_run")


def look(ordeal: Ordeal, *, deep: bool = True) -> None:
    """Raises AssertionError for whatever does not hold. `deep`: PostgreSQL's own files and the talk of questions that are
    over are searched too.
    """
    ordeal.calm()
    _leases(ordeal)
    with ordeal.db.snapshot() as session:
        lines = session.exec(select(Line)).all()
        tickets = {ticket.id: ticket for ticket in session.exec(select(Ticket))}
        history = session.exec(select(History).order_by(col(History.id))).all()
        letters = session.exec(select(Letter)).all()
    _questions(ordeal, lines, tickets)
    _history(tickets, history)
    _letters(letters)
    _cards(ordeal)
    _answers(ordeal, {line.text.partition(",")[0]: line.pk for line in lines if line.side is Side.HELPER}, deep)
    _unmasked(ordeal, deep)
    ordeal.take_back()


def _questions(ordeal: Ordeal, lines: Any, tickets: dict[Any, Ticket]) -> None:
    """What was acked is there, once, in one question; what the helper wrote is nobody's question."""
    stamps = Counter(line.ts for line in lines)
    asked = Counter(line.ts for line in lines if line.side is Side.ASKER)
    helped = Counter(line.ts for line in lines if line.side is Side.HELPER)
    assert set(stamps.values()) <= {1}, "a line is there twice"
    assert set(asked) == {message.ts for _, message in ordeal.asked}, "a question is lost, or an answer has become one"
    assert set(helped) == {message.ts for message in ordeal.answers}, "an answer is lost"
    assert {line.ticket_id for line in lines if line.side is Side.ASKER} == set(tickets)
    words = Counter(line.text.split("/")[1] for line in lines if line.side is Side.ASKER)
    assert words == Counter(str(number) for number in range(len(ordeal.asked)))


def _history(tickets: dict[Any, Ticket], history: Any) -> None:
    """Complete: it begins with the question and ends where the question stands."""
    last = {row.ticket_id: row for row in history}
    first = {row.ticket_id: row for row in reversed(history)}
    assert set(first) == set(tickets)
    assert {row.event.value for row in first.values()} <= {"asked"}
    assert {number for number, ticket in tickets.items() if last[number].state is not ticket.state} == set()


def _letters(letters: Any) -> None:
    told = Counter((letter.kind, letter.error) for letter in letters if letter.outcome is Outcome.GIVEN_UP)
    assert not told, f"letters given up although everybody can be reached: {told}"
    assert not [letter.place for letter in letters if letter.done_at and (letter.lease_until or letter.in_doubt)]


def _leases(ordeal: Ordeal) -> None:
    """What somebody died in is taken up by whoever comes next. Jobs keep their pace by the machine's clock, which we do
    not move: a start runs them all.
    """
    if ordeal.unfinished():
        ordeal.restart()
        ordeal.calm()
        wait_for(lambda: not ordeal.unfinished(), 60, "a lease is held for ever")


def _cards(ordeal: Ordeal) -> None:
    """No card twice to a person."""
    assert {number: len(found) for number, found in ordeal.cards().items() if len(found) > 1} == {}


def _answers(ordeal: Ordeal, stored: dict[str, int], deep: bool) -> None:
    """What the helper said has reached the one who asked, once, and nobody else; in its order, or it says when it was
    written. `stored`: an answer → in which order it was.
    """
    got: dict[int, list[int]] = {}
    says: set[tuple[int, int]] = set()
    over = set() if deep else set(ordeal.done.values())
    answered = {number: times for number, times in ordeal.answered.items() if deep or number not in ordeal.done}
    for at, asker in enumerate(ordeal.askers):
        for message in _told(asker, over):
            _, number, which = message["text"].split("svar ")[1].split("/")[:3]
            assert int(number) % len(ordeal.askers) == at, f"{asker} reads an answer to somebody else: {message['text']}"
            got.setdefault(int(number), []).append(int(which.split(",")[0]))
            if LATE in str(message["blocks"]):
                says.add((int(number), got[int(number)][-1]))
    wrong = {number: found for number, found in got.items() if sorted(found) != list(range(answered.get(number, 0)))}
    assert wrong == {}, f"answers missing or doubled: {wrong}"
    assert set(got) == set(answered)
    late = {(number, which) for number, found in got.items() for which in _after_later(found)}
    assert late <= says, f"answers out of order, without a word: {late - says}"
    heard = {number: sorted(found, key=lambda which: stored[f"svar /{number}/ {which}"]) for number, found in got.items()}
    assert says <= {(number, which) for number, found in heard.items() for which in _after_later(found)}
    ordeal.overtaken |= late


def _after_later(found: list[int]) -> set[int]:
    return {which for at, which in enumerate(found) if which < max(found[:at], default=which)}


def _told(asker: Person, over: set[str]) -> Iterator[Any]:
    """The answers in the threads under her receipts, but of what is over."""
    own = [message for message in asker.messages(limit=100_000) if message["author"]["is_app"]]
    for receipt in (message for message in own if message.get("thread_ts") in (None, message.ts) and message.ts not in over):
        for told in asker.thread(receipt)[1:]:
            if told["author"]["is_app"] and "svar /" in told["text"]:
                yield told


def _unmasked(ordeal: Ordeal, deep: bool) -> None:
    """Not in a row, not in a log, not in a file's raw bytes. The workspace plays Slack, and keeps what people typed."""
    files = [str(file) for file in _files(ordeal, deep)]
    # By another process: to close a file that SQLite has open in this one would take its locks away.
    asked = subprocess.run(["grep", "-laF", SECRET.partition("-")[0], "--", *files], capture_output=True, text=True)
    assert asked.stdout == "", "unmasked"


def _files(ordeal: Ordeal, deep: bool) -> Iterator[Path]:
    yield from (file for file in ordeal.folder.glob("bot*") if file.is_file())
    if deep and ordeal.server and ordeal.server.own:
        yield from (file for file in Path(ordeal.server.own.pgdata).rglob("*") if file.is_file())


# ---- when something does not hold ------------------------------------------------------------------------------


def keep(ordeal: Ordeal, folder: Path, why: object) -> None:
    """Everything that tells what happened: rows, threads, logs, the faults in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "why.json", {
        "why": str(why), "seed": ordeal.seed, "instances": ordeal.instances, "ahead": ordeal.ahead,
        "faults": [name for name, _ in ordeal.suffered],
        "asked": [message.ts for _, message in ordeal.asked], "answers": [message.ts for message in ordeal.answers],
    })  # fmt: skip
    with ordeal.db.snapshot() as session:
        for table in TABLES:
            rows = session.connection().execute(text(f"select * from {table}")).mappings()
            _write(folder / f"{table}.json", [dict(row) for row in rows])
    for person in (ordeal.cia, *ordeal.askers):
        own = person.messages(limit=100_000)
        _write(folder / f"{person.name}.json", [{"message": message, "thread": person.thread(message)[1:]} for message in own])
    for bot in ordeal.bots:
        shutil.copy(bot.log, folder)


def _write(file: Path, what: Any) -> None:
    file.write_text(json.dumps(what, indent=1, ensure_ascii=False, default=str), encoding="utf-8")
