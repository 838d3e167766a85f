"""Drop-ins: questions are brought, taken up, put off, and never forgotten."""

from datetime import timedelta

import pytest

from models import stuga, stuga_day, tickets
from models.stuga_day import Outcome
from models.stuga_series import Part
from models.tickets import NextStep, SolvedBy, State
from tests.models.stugor import Stugor
from tests.models.village import Village

LOCK, SIGNING = "digital_lock", "digital_signing"


class Scene(Stugor):
    """Tuesday at noon; at 13.30 there is a session with Cia as its host and Bo as a helper, and one on Thursday."""

    def __init__(self, village: Village) -> None:
        super().__init__(village)
        self.anna, self.bo, self.cia = village.person("Anna"), village.expert("Bo"), village.specialist("Cia")
        self.ivar = village.coordinator("Ivar")
        self.series("tis", "tue")
        self.series("tor", "thu")
        for key in ("tis", "tor"):
            self.turn(key, self.cia)
            self.turn(key, self.bo, Part.HELPER)
        self.keep()
        self.today = self.next()

    def brought(self, *tools: str | None) -> list[int]:
        """Questions of Anna's that are parked for today's session."""
        made = [self.village.ticket(self.anna, tool=tool) for tool in tools]
        for ticket_id in made:
            self.do(stuga.park, ticket_id, by=self.anna, stuga_id=self.today.pk)
        return made

    def begins(self) -> None:
        self.at(self.today.starts_at)


@pytest.fixture
def scene(village: Village) -> Scene:
    return Scene(village)


def test_a_question_is_brought_taken_up_and_its_asker_hears_of_it_after_a_moment(scene):
    solved, guide, it, away, left = scene.brought(LOCK, LOCK, SIGNING, None, None)
    for ticket_id in (solved, left):
        ticket = scene.village.look(ticket_id)
        assert (ticket.state, ticket.stuga_id, ticket.next_at) == (State.PARKED, scene.today.id, None)
    scene.begins()
    found = scene.agenda(scene.today.pk)
    assert [(group.tool, len(group.points)) for group in found.groups] == [(None, 2), (LOCK, 2), (SIGNING, 1)]
    assert {point.asker for group in found.groups for point in group.points} == {"Anna"}
    public = scene.agenda(scene.today.pk, names=False)
    assert {(p.asker, p.asked, p.with_name) for g in public.groups for p in g.points} == {("", "", "")}
    scene.log(scene.today.pk, solved, Outcome.SOLVED, scene.bo, line="Håll in knappen")
    scene.log(scene.today.pk, guide, Outcome.GUIDE, scene.bo)
    scene.log(scene.today.pk, it, Outcome.IT, scene.cia)
    scene.log(scene.today.pk, away, Outcome.FELL_AWAY, scene.cia)
    look = scene.village.look
    assert (look(solved).state, look(solved).owner_id, look(solved).solved_by) == (
        State.SOLVED_PROPOSED, scene.bo, SolvedBy.STUGA,
    )  # fmt: skip
    assert (look(guide).state, look(guide).rung) == (State.OPEN, tickets.Rung.COORDINATOR)  # Cia has a room full
    assert (look(it).state, look(it).owner_id, look(it).next_step) == (
        State.WAITING_EXTERNAL, scene.cia, NextStep.CHECK,
    )  # fmt: skip
    assert look(away).state is State.CLOSED
    told = scene.letters("stuga_outcome")
    assert [letter.to_id for letter in told] == [scene.anna] * 4
    assert {letter.due_at for letter in told} == {scene.village.now + timedelta(minutes=2)}
    with scene.village.work() as session:
        assert stuga_day.outcome_told(session, solved, scene.today.pk) == (Outcome.SOLVED, "Håll in knappen")
        assert [(a.ticket_id, a.answer) for a in stuga_day.answers(session, since=scene.today.starts_at)] == [
            (solved, "Håll in knappen")
        ]
    scene.village.later(minutes=100)
    scene.do(stuga_day.end, scene.today.pk, by=scene.cia)
    assert (look(left).state, look(left).stuga_id) == (State.PARKED, scene.next("tor").id)
    assert [letter.to_id for letter in scene.letters("stuga_summary")] == [scene.cia]
    with scene.village.work() as session:
        said = stuga_day.summary(session, scene.today.pk)
    assert said.outcomes[Outcome.SOLVED] == said.outcomes[Outcome.NOT_TAKEN] == said.answers == 1
