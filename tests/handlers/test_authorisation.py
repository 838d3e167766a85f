"""Who may what: every registered control, forged by everybody for every question. Nobody gets an effect that is not hers.

The table says for each control whose question it may change and for whom. A control without a line fails.
"""

import itertools
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models import lines, outbox, people, tickets
from models.lines import Said, Side
from models.people import Role
from models.recognition import Kind, Urgency
from models.tickets import NextStep, Reason, State, Ticket, Via

OPEN, TAKEN, PROPOSED, OUTSIDE, GONE_OWNER, CLOSED = range(1, 7)  # the six questions below
ASKER, OWNER, CANDIDATE, STRANGER, MANAGER, ADMIN = "anna", "bo", "gun", "eva", "disa", "jonna"
FORMER_ASKER, FORMER_OWNER = "filip", "cia"  # their accounts have ended
EVERYBODY = (ASKER, OWNER, CANDIDATE, STRANGER, MANAGER, ADMIN, FORMER_ASKER, FORMER_OWNER)
ALIVE = {OPEN, TAKEN, PROPOSED, OUTSIDE}

# What each control may change, and by whom. Bo has a card of OPEN too, Gun one of every question.
TABLE: dict[str, dict[str, set[int]]] = {
    "ticket.tool": {ASKER: ALIVE},
    "ticket.unit": {ASKER: ALIVE},
    "ticket.urgent": {ASKER: ALIVE},
    "ticket.not_urgent": {ASKER: ALIVE},
    "ticket.park": {ASKER: {OPEN, TAKEN, OUTSIDE}},
    "ticket.confirm": {ASKER: ALIVE},
    "ticket.deny": {ASKER: {PROPOSED}},
    "ticket.withdraw": {ASKER: ALIVE},
    "line.which": {ASKER: ALIVE | {CLOSED}},
    "line.split": {ASKER: {OPEN}},
    "ticket.take": {OWNER: {OPEN}, CANDIDATE: {OPEN}},
    "ticket.decline": {OWNER: {OPEN}, CANDIDATE: {OPEN}},
    "ticket.solve": {OWNER: {TAKEN, OUTSIDE}},
    "ticket.solve_form": {},
    "ticket.solve_with": {OWNER: {TAKEN, OUTSIDE}},
    "ticket.more": {OWNER: ALIVE, CANDIDATE: {OPEN}},
    "ticket.ask_back": {OWNER: {TAKEN}},
    "ticket.came_back": {OWNER: {OUTSIDE}},
    "ticket.solved_outside": {OWNER: {TAKEN, OUTSIDE}},
    "onward.send": {OWNER: {OPEN, TAKEN, OUTSIDE}, CANDIDATE: {OPEN}},
    "onward.note": {OWNER: ALIVE, CANDIDATE: {OPEN}},
    "onward.out": {OWNER: {TAKEN}},
    "duty.form": {},
    "duty.on": {},
    "duty.off": {CANDIDATE: {OPEN}},  # who has taken something is asked for a word first
    "duty.hand_over": {OWNER: {OPEN, TAKEN}, CANDIDATE: {OPEN}},
    "who_helps.open": {},
    "who_helps.unit": {},
    "who_helps.work_here": {},
    "ask.open": {},
    "ask.tool": {},
    "ask.usual": {},
    "ask.clean": {},
    "ask.send": {},
    "ask.this": {},
    "/fraga": {},
}


# ---- the six questions -------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(town, tmp_path):
    """The town with its questions, and a copy of it to return to."""
    who = {name: getattr(town, name).id for name in EVERYBODY}
    with town.db.transaction() as session:
        _questions(session, who, town.time)
        for name in (FORMER_ASKER, FORMER_OWNER):
            people.deactivate(session, who[name], now=town.time)
    return Scene(town, tmp_path / "scene.db")


def _questions(session, who: dict[str, int], now) -> None:
    has = {"owner_id": who[OWNER], "taken_at": now}
    later = now + timedelta(hours=1)
    stand: dict[int, dict[str, Any]] = {
        OPEN: {"next_step": NextStep.ASK, "next_at": later, "rung": Role.EXPERT_USER},
        TAKEN: has | {"state": State.TAKEN, "next_step": NextStep.REMIND, "next_at": later},
        PROPOSED: has | {"state": State.SOLVED_PROPOSED, "next_step": NextStep.WARN, "next_at": later},
        OUTSIDE: has | {"state": State.WAITING_EXTERNAL, "next_step": NextStep.CHECK, "next_at": later},
        GONE_OWNER: {"asker_id": who[FORMER_ASKER], "owner_id": who[FORMER_OWNER], "taken_at": now, "state": State.TAKEN,
                     "next_step": NextStep.REMIND, "next_at": later},
        CLOSED: has | {"state": State.CLOSED, "reason": Reason.SOLVED, "closed_at": now},
    }  # fmt: skip
    usual = {"asker_id": who[ASKER], "unit_id": 1, "kind": Kind.HANDLING, "urgency": Urgency.MAYBE_ACUTE}
    for number, values in stand.items():
        ticket = Ticket(**(usual | {"id": number, "asked_at": now, "asker_wrote_at": now} | values))
        tickets.create(session, ticket, by=ticket.asker_id, now=now)
        for name in (OWNER, CANDIDATE, FORMER_OWNER):
            tickets.make_candidate(session, ticket, who[name], Role.EXPERT_USER, via=Via.CARD, at=now)
    said = [(OPEN, ASKER, Side.ASKER), (OPEN, ASKER, Side.ASKER), (None, ASKER, Side.ASKER), (TAKEN, OWNER, Side.HELPER),
            (GONE_OWNER, FORMER_ASKER, Side.ASKER), (None, FORMER_ASKER, Side.ASKER)]  # fmt: skip
    for number, (ticket_id, name, side) in enumerate(said, start=1):
        lines.keep(
            session, Said(f"rad {number}", False, "D", f"{number}.0"), by=who[name], side=side, ticket_id=ticket_id
        )
    for row in session.exec(outbox.select(outbox.Letter)):
        outbox.finish(session, row, outbox.Outcome.DROPPED, now=now)


class Scene:
    def __init__(self, town, copy: Path) -> None:
        self.town, self.copy = town, copy
        self.town.db.engine.dispose()
        shutil.copy(town.file, copy)
        self.before = self.look()

    def look(self) -> dict[int, list[str]]:
        """Everything that is said of each of the six questions, its lines and its cards."""
        found: dict[int, list[str]] = {number: [] for number in range(1, 7)}
        parts = [
            ("ticket", "id"),
            ("history", "ticket_id"),
            ("candidate", "ticket_id"),
            ("line", "coalesce(ticket_id, 1)"),
        ]
        with self.town.db.engine.connect() as connection:
            for table, key in parts:
                for row in connection.execute(text(f"select {key}, * from {table} order by id")):
                    found.setdefault(row[0], []).append(f"{table} {row[1:]}")
        return found

    def changes(self, body: dict[str, Any]) -> set[int]:
        """Which of the six are different after this; then all is as before."""
        self.town.dispatch(body)
        after = self.look()
        changed = {number for number, rows in self.before.items() if after[number] != rows}
        if changed:
            self.town.db.engine.dispose()
            for old in self.town.file.parent.glob(f"{self.town.file.name}-*"):
                old.unlink()
            shutil.copy(self.copy, self.town.file)
        return changed


# ---- what can be forged ------------------------------------------------------------------------------------------------

stamps = itertools.count(1)
QUESTIONS = [str(number) for number in range(1, 7)]
LINES = [str(number) for number in range(1, 7)]
WISHES = ("send", "note", "park", "pause", "out", "give_back")


def pressed(user: str, action_id: str, value: str, menu: bool = False) -> dict[str, Any]:
    number = f"{next(stamps)}.0"
    action = {"type": "button", "block_id": "b", "action_id": action_id, "action_ts": number, "value": value}
    if menu:
        action |= {"type": "static_select", "selected_option": {"value": value}, "value": None}
    return {
        "type": "block_actions", "user": {"id": user}, "team": {"id": "T1"}, "api_app_id": "A", "trigger_id": number,
        "actions": [action], "response_url": f"https://hooks.test/{user}", "channel": {"id": "D"},
    }  # fmt: skip


def submitted(user: str, callback_id: str, about: str, **values: str) -> dict[str, Any]:
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    view = {"id": "V", "type": "modal", "callback_id": callback_id, "private_metadata": about, "hash": f"{next(stamps)}.0",
            "blocks": [], "state": {"values": state}}  # fmt: skip
    return {
        "type": "view_submission",
        "user": {"id": user},
        "team": {"id": "T1"},
        "api_app_id": "A",
        "trigger_id": "1",
        "view": view,
    }


def forgeries(name: str, user: str) -> list[dict[str, Any]]:
    """Every value that could make this control reach somebody's question."""
    if name == "ticket.tool":
        return [pressed(user, "ticket.tool:digital_lock", q) for q in QUESTIONS]
    if name == "ticket.unit":
        return [pressed(user, name, f"{q}:1", menu=True) for q in QUESTIONS]
    if name == "ticket.more":
        return [pressed(user, name, f"{q}:{wish}", menu=True) for q in QUESTIONS for wish in WISHES]
    if name == "line.which":
        return [pressed(user, f"{name}:{q}", line) for line in LINES for q in (*QUESTIONS, "new")]
    if name == "line.split":
        return [pressed(user, name, line) for line in LINES]
    if name == "duty.on":
        return [submitted(user, name, "", until="18:00")]
    if name == "duty.hand_over":
        return [submitted(user, name, "", **{f"word_{q}": "Ring" for q in QUESTIONS})]
    if name in ("onward.send", "onward.note", "onward.out", "ticket.solve_with", "ask.send"):
        return [
            submitted(user, name, q, word="Ring", line="Ring", what="Låset i 12 blinkar rött", until="18:00")
            for q in QUESTIONS
        ]
    if name == "/fraga":
        return [
            {
                "command": name,
                "text": "F-1",
                "user_id": user,
                "team_id": "T1",
                "trigger_id": str(next(stamps)),
                "api_app_id": "A",
            }
        ]
    return [pressed(user, name, q) for q in QUESTIONS]


# ---- the test ------------------------------------------------------------------------------------------------------------


def test_every_control_has_its_line_in_the_table(town):
    assert set(town.on.rules) == set(TABLE)


@pytest.mark.parametrize("name", list(TABLE))
def test_nobody_gets_an_effect_that_is_not_hers(scene, name):
    for who in EVERYBODY:
        user = getattr(scene.town, who).user
        changed = set().union(*(scene.changes(body) for body in forgeries(name, user)))
        assert changed == TABLE[name].get(who, set()), who


def test_what_anyone_may_ask_is_her_own(scene):
    """The doors that stand open to everybody lead to a question of one's own, never into another's."""
    body = submitted(scene.town.eva.user, "ask.send", "1", what="Låset i 12 blinkar rött")
    assert scene.changes(body) == set()
    eva = scene.town.eva.id
    with scene.town.db.snapshot() as session:
        assert len(tickets.alive_of(session, eva)) == 1


def test_somebody_whose_account_has_ended_asks_nothing_and_is_told_nothing(scene):
    for body in (
        submitted(scene.town.filip.user, "ask.send", "", what="Låset i 12 blinkar rött"),
        {"command": "/fraga", "text": "Låset i 12 blinkar rött", "user_id": scene.town.filip.user, "trigger_id": "1"},
    ):
        scene.town.dispatch(body)
    filip = scene.town.filip.id
    with scene.town.db.snapshot() as session:
        assert [t.id for t in tickets.alive_of(session, filip)] == [GONE_OWNER]
    assert scene.town.filip.got == []


def test_writing_under_anothers_card_or_receipt_reaches_nobody(town):
    """Eva finds the channel and time of Bo's card: her words stay with her."""
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    card, receipt = town.bo.got[0], town.anna.got[0]
    for channel, root in ((town.bo.channel, card), (town.anna.channel, receipt)):
        town.event({"type": "message", "user": town.eva.user, "text": "Jag ser dig", "channel": channel,
                    "channel_type": "im", "ts": town.slack.ts(), "thread_ts": root["ts"]})  # fmt: skip
    assert town.words_of_ticket(1) == ["Låset i 12 blinkar rött"]
    with town.db.snapshot() as session:
        assert tickets.get(session, 1).state is State.OPEN
    assert "Jag ser dig" not in town.anna.phone + town.bo.phone + town.gun.phone
