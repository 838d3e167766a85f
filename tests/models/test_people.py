"""People: first contact, profiles, hats with a start and an end, and two rows that turn out to be one human."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select as rows
from sqlmodel import SQLModel, select

from models import clock, lines, outbox, people, roster, tickets
from models.answers import Answer, AnswerProposal, AnswerVersion, Did
from models.clusters import Cluster
from models.errors import NotYours
from models.ideas import Idea
from models.lines import Said, Side
from models.news import News, NewsReader
from models.orders import AccessOrder
from models.outages import Outage
from models.outbox import Intent, Posted
from models.people import Absence, Appointment, Assignment, Person, PersonKind, Role
from models.shifts import Pattern, Shift, Weekday
from models.stuga_day import StugaItem
from models.stuga_series import Part, Stuga, StugaStaff, StugaStep, StugaTurn
from models.tickets import Event, Rung, Via

TODAY = date(2026, 11, 24)


def test_somebody_new_is_one_row_however_often_she_writes(village):
    with village.work() as session:
        first = people.first_contact(session, "U1", now=village.now)
        again = people.first_contact(session, "U1", now=village.later(hours=1))
        assert first.id == again.id
        assert people.count(session) == 1
        assert (first.language, first.kind) == ("sv", PersonKind.PERSONAL)


def test_the_conversation_is_kept_once_it_is_known(village):
    anna = village.person("Anna")
    with village.work() as session:
        person = session.get(Person, anna)
        people.spoke(session, person, channel="D7", now=village.now)
        people.spoke(session, person, channel="C7", now=village.later(minutes=1))  # a channel is not hers
    with village.work() as session:
        assert session.get(Person, anna).chat_channel_id == "D7"
        assert people.recent_channels(session, since=village.now) == ["D7"]
        assert people.recent_channels(session, since=village.now + timedelta(seconds=1)) == []


def test_what_slack_says_of_somebody_is_stored_and_nothing_is_emptied(village):
    anna = village.person("Anna", email="anna@x.se")
    with village.work() as session:
        person = session.get(Person, anna)
        people.profile(session, person, now=village.now, name="Anna Alm", email=" ANNA@x.se ", title="", language="en")
        people.profile(session, person, now=village.now, name="")
        assert (person.name, person.email, person.language) == ("Anna Alm", "anna@x.se", "en")
        assert person.profile_at == village.now


def test_a_new_address_is_kept(village):
    anna = village.person("Anna", email="anna@x.se")
    with village.work() as session:
        people.profile(session, session.get(Person, anna), now=village.now, email="anna.alm@x.se")
    with village.work() as session:
        assert session.get(Person, anna).email == "anna.alm@x.se"


# ---- two rows, one human -------------------------------------------------------------------------------------


def columns_to_people():
    return [
        (table, column)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def a_full_life(village, session, person: int) -> None:
    """A row in every table that points to people, each pointing to this one."""
    now = village.now
    question = tickets.Ticket(
        asker_id=person, unit_id=1, kind="handling", urgency="can_wait", state="taken", owner_id=person, taken_at=now,
        asked_at=now, asker_wrote_at=now, had_by_id=person,
    )  # fmt: skip
    session.add(question)
    session.flush()
    tickets.note_down(session, question, Event.TAKEN, by=person, now=now, other=person)
    tickets.make_candidate(session, question, person, Rung.UNIT_EXPERT, via=Via.CARD, at=now)
    lines.keep(session, Said("Hej", False, "D9", "1.1"), by=person, side=Side.ASKER, ticket_id=question.pk)
    outbox.put(session, Intent("receipt", person, question.pk, "receipt:F-1", "1"), now=now)
    session.add(Posted(place="receipt:F-1", to_id=person, channel="D9", ts="1.2", digest="", at=now))
    session.add(
        AccessOrder(asker_id=person, unit_id=1, ticket_id=question.pk, tool="siths", needed_by=TODAY, asked_at=now,
                    state="ordered", answered_by_id=person, answered_at=now)
    )  # fmt: skip
    session.add(Assignment(person_id=person, unit_id=1, starts_on=TODAY))
    session.add(Appointment(person_id=person, role=Role.EXPERT_USER, unit_id=1, starts_on=TODAY, deputy_for_id=person))
    session.add(Absence(person_id=person, starts_on=TODAY))
    session.add(Shift(person_id=person, starts_at=now, until_at=now + timedelta(hours=8)))
    session.add(Pattern(person_id=person, day=Weekday.TUE, opens="07:00", closes="16:00", starts_on=TODAY))
    a_stuga(session, person, question, now)
    session.add(
        Cluster(tool="vr", kind="fault", began_at=now, expert_id=person, answered_by_id=person, answered_at=now)
    )
    idea = Idea(ticket_id=question.pk, by_id=person, at=now, replied_by_id=person, replied_at=now)
    told = News(tool="vr", text="Nytt", at=now, by_id=person, ends_on=TODAY)
    session.add(idea)
    session.add(told)
    session.flush()
    session.add(NewsReader(news_id=told.pk, person_id=person))
    session.add(Outage(tool="vr", since=now, put_up_at=now, by_id=person, ends_at=now + timedelta(hours=1), ended_at=now,
                       ended_by_id=person))
    an_answer(session, person, question, now)
    roster.work_today(session, person, 1, now=now)
    roster.declare(session, session.get(Person, person), until=now + timedelta(hours=8), now=now)
    session.flush()


def a_stuga(session, person: int, question: tickets.Ticket, now) -> None:
    session.add(StugaTurn(series="tis", person_id=person, part=Part.HOST, starts_on=TODAY))
    held = Stuga(
        series="tis", slot="2026-W48", uid="x", name="Stugan", starts_at=now, ends_at=now + timedelta(hours=1),
        next_step=StugaStep.END, next_at=now, changed_at=now,
    )  # fmt: skip
    session.add(held)
    session.flush()
    session.add(StugaStaff(stuga_id=held.pk, person_id=person, part=Part.HOST))
    session.add(StugaItem(stuga_id=held.pk, ticket_id=question.pk, began_at=now, by_id=person))


def an_answer(session, person: int, question: tickets.Ticket, now) -> None:
    answer = Answer(tool="vr", made_at=now, author_id=person, approved_at=now)
    refused = Answer(tool="vr", made_at=now, first_by_id=person)
    session.add_all([answer, refused])
    session.flush()
    session.add(AnswerProposal(answer_id=answer.pk, ticket_id=question.pk, by_id=person, at=now))
    session.add(AnswerVersion(answer_id=answer.pk, version=1, did=Did.PROPOSED, by_id=person, at=now))


def pointing_to(session, person: int) -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table, column in columns_to_people()
        if session.execute(rows(column).where(column == person)).first()
    }


EVERYTHING = {f"{table.name}.{column.name}" for table, column in columns_to_people()}


def test_everything_that_points_to_the_stranger_points_to_the_one_we_knew(village):
    """Imported by e-mail, then seen in the chat as somebody unknown who has already asked."""
    known = village.person("Anna", chat_user_id=None, email="anna@x.se", unit=None)
    stranger = village.person("?", chat_user_id="U9", chat_channel_id="D9", unit=None)
    with village.work() as session:
        a_full_life(village, session, stranger)
        assert pointing_to(session, stranger) == EVERYTHING  # a new table must be told of here
    with village.work() as session:
        one = people.profile(
            session, session.get(Person, stranger), now=village.now, name="Anna Alm", email="anna@x.se"
        )
        assert one.id == known
    with village.work() as session:
        assert session.get(Person, stranger) is None
        assert pointing_to(session, known) == EVERYTHING
        kept = session.get(Person, known)
        assert (kept.name, kept.chat_user_id, kept.chat_channel_id) == ("Anna Alm", "U9", "D9")


def test_both_had_a_life_before(village):
    """She got a new account: what is one per person is hers once, and nothing breaks on it."""
    known = village.person("Anna", chat_user_id="UOLD", email="anna@x.se", unit=None)
    stranger = village.person("?", chat_user_id="U9", unit=None)
    asked = village.ticket(village.person("Moa"), cards=(known, stranger))
    with village.work() as session:
        roster.work_today(session, known, 1, now=village.now - timedelta(hours=2))
        roster.work_today(session, stranger, 2, now=village.now)
    with village.work() as session:
        people.profile(session, session.get(Person, stranger), now=village.now, email="anna@x.se")
    with village.work() as session:
        assert session.get(Person, stranger) is None
        assert [c.person_id for c in tickets.candidates(session, asked)] == [known]
        assert roster.working_unit(session, known, now=village.now) == 2  # what she said last


def test_she_is_still_at_work_after_the_merge(village):
    """A stranger asks late in the evening and is recognised: her answer must not wait until the morning."""
    known = village.person("Anna", chat_user_id=None, email="anna@x.se")
    village.now = village.now.replace(hour=22)
    with village.work() as session:
        stranger = people.first_contact(session, "U9", now=village.now)
        people.spoke(session, stranger, channel="D9", now=village.now)
    with village.work() as session:
        people.profile(session, people.by_chat_user(session, "U9"), now=village.now, email="anna@x.se")
    with village.work() as session:
        assert roster.may_notify_asker(session, known, now=village.later(minutes=5)) == village.now
        assert people.recent_channels(session, since=village.now - timedelta(hours=1)) == ["D9"]


def test_somebody_who_comes_back_with_a_new_account_is_not_deactivated(village):
    known = village.person("Anna", chat_user_id="UOLD", email="anna@x.se")
    with village.work() as session:
        people.deactivate(session, known, now=village.now)
    with village.work() as session:
        new = people.first_contact(session, "UNEW", now=village.now)
        people.profile(session, new, now=village.now, email="anna@x.se")
    with village.work() as session:
        assert session.get(Person, known).deactivated_at is None


# ---- hats ------------------------------------------------------------------------------------------------------


def test_only_hats_in_force_count(village):
    bo = village.person("Bo")
    village.hat(bo, Role.EXPERT_USER, unit_id=1, starts_on=TODAY, ends_on=TODAY)
    with village.work() as session:
        on = {
            day: [h.person_id for h in people.experts_of(session, 1, on=TODAY + timedelta(days=day))]
            for day in (-1, 0, 1)
        }
    assert on == {-1: [], 0: [bo], 1: []}


def test_who_helps_with_what(village):
    bo, cia, doris = village.expert("Bo"), village.specialist("Cia", 1, "digital_lock"), village.specialist("Doris")
    ivar = village.coordinator("Ivar")
    village.expert("Nobody", chat_user_id=None)
    village.expert("Gone", deactivated_at=village.now)

    def ids(found):
        return [hat.person_id for hat in found]

    with village.work() as session:
        assert ids(people.experts_of(session, 1, on=TODAY)) == [bo]
        assert ids(people.experts_of(session, 2, on=TODAY)) == []
        assert ids(people.hats_for(session, 1, "digital_lock", on=TODAY)) == [bo, cia, doris, ivar]
        assert ids(people.hats_for(session, 2, "digital_lock", on=TODAY)) == [bo, cia, doris, ivar]
        assert ids(people.hats_for(session, 3, "digital_lock", on=TODAY)) == [cia, doris, ivar]
        assert ids(people.hats_for(session, 1, "work_phone", on=TODAY)) == [bo, doris, ivar]
        assert ids(people.hats_for(session, None, None, on=TODAY)) == [doris, ivar]


def test_an_account_that_ends_takes_its_hats_along_and_only_once(village):
    bo = village.expert("Bo")
    with village.work() as session:
        people.deactivate(session, bo, now=village.now)
        people.deactivate(session, bo, now=village.later(days=3))
    with village.work() as session:
        assert people.experts_of(session, 1, on=TODAY) == []
        hat = session.exec(select(Appointment).where(Appointment.person_id == bo)).one()
        assert hat.ends_on == TODAY - timedelta(days=1)  # ended, not removed
        assert clock.today(session.get(Person, bo).deactivated_at) == TODAY
        people.reactivate(session, bo)
        assert people.experts_of(session, 1, on=TODAY) == []  # a hat is given anew, it does not come back by itself


@pytest.mark.parametrize(("role", "helps"), [(role, role in people.HELPERS) for role in Role])
def test_only_helpers_help(village, role, helps):
    bo = village.person("Bo")
    village.hat(bo, role)
    with village.work() as session:
        person = session.get(Person, bo)
        assert people.is_helper(session, person, on=TODAY) is helps
        if not helps:
            with pytest.raises(NotYours):
                people.helper_only(session, person, None)


def test_the_number_to_ring_is_that_of_the_units_administration(village):
    with village.work() as session:
        session.add(people.Administration(id=2, key="other", name="Annan", emergency_number="0500-1"))
        session.flush()
        session.add(people.Department(id=9, key="d9", administration_id=2, name="D"))
        session.flush()
        session.add(people.Unit(id=9, key="u9", department_id=9, name="U"))
        session.flush()
        assert people.emergency_number(session, 9) == "0500-1"
        assert people.emergency_number(session, 1) == "08-465 004 10"
        assert people.emergency_number(session, None) == "08-465 004 10"


# ---- deputies, absences, tools of a unit -----------------------------------------------------------------------


def absent(village, person, first, last=None):
    with village.work() as session:
        session.add(Absence(person_id=person, starts_on=first, ends_on=last))


def day(number):
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("ends", "away", "holds"),
    [
        (None, None, False),  # a standing deputy, and Bo is there
        (None, (day(0), day(0)), True),
        (None, (day(-3), None), True),  # until further notice
        (None, (day(1), day(9)), False),
        (None, (day(-9), day(-1)), False),
        (day(3), None, True),  # appointed for these days: nobody need have reported an absence
        (day(-1), (day(0), day(0)), False),  # her time as deputy is over
    ],
)
def test_when_a_deputy_stands_in(village, ends, away, holds):
    bo, moa = village.expert("Bo"), village.person("Moa")
    village.hat(moa, Role.EXPERT_USER, unit_id=1, deputy_for_id=bo, ends_on=ends)
    if away:
        absent(village, bo, *away)
    with village.work() as session:
        assert (moa in [hat.person_id for hat in people.experts_of(session, 1, on=TODAY)]) is holds
        assert people.is_helper(session, session.get(Person, moa), on=TODAY) is holds


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_have_a_deputy_who_takes_over_when_an_account_ends(village, role):
    bo, moa = village.person("Bo"), village.person("Moa")
    village.hat(bo, role)
    village.hat(moa, role, deputy_for_id=bo)
    with village.work() as session:
        assert people.roles_of(session, moa, on=TODAY) == []
        people.deactivate(session, bo, now=village.now)
        assert [hat.role for hat in people.roles_of(session, moa, on=TODAY)] == [role]


def test_an_account_that_ends_takes_along_hats_that_would_have_ended_later(village):
    bo = village.person("Bo")
    village.hat(bo, Role.EXPERT_USER, unit_id=1, ends_on=day(30))
    village.hat(bo, Role.EXPERT_USER, unit_id=2, ends_on=day(-30))
    with village.work() as session:
        people.deactivate(session, bo, now=village.now)
        hats = session.exec(select(Appointment).where(Appointment.person_id == bo).order_by(Appointment.unit_id))
        assert [hat.ends_on for hat in hats] == [day(-1), day(-30)]


@pytest.mark.parametrize(
    ("absences", "until"),
    [
        ([], None),
        ([(day(0), day(0))], day(0)),
        ([(day(1), day(4))], None),
        ([(day(-4), day(-1))], None),
        ([(day(-4), day(2)), (day(3), day(5)), (day(7), day(9))], day(5)),  # two in a row are one
        ([(day(-4), day(9)), (day(-1), day(2))], day(9)),
        ([(day(-1), None)], date.max),
    ],
)
def test_until_when_somebody_is_away(village, absences, until):
    bo = village.person("Bo")
    for first, last in absences:
        absent(village, bo, first, last)
    with village.work() as session:
        assert people.away_until(session, [bo], on=TODAY).get(bo) == until


def test_a_unit_uses_the_tools_it_says_or_all_of_them(village):
    with village.work() as session:
        session.add(people.UnitTool(unit_id=1, tool="digital_lock", starts_on=day(-1), ends_on=day(0)))
        session.add(people.UnitTool(unit_id=1, tool="vr", starts_on=day(1)))
    with village.work() as session:
        assert [people.tools_of(session, 1, on=day(n)) for n in (-1, 0, 1)] == [
            {"digital_lock"},
            {"digital_lock"},
            {"vr"},
        ]
        assert people.tools_of(session, 2, on=TODAY) == people.tools_of(session, None, on=TODAY) == frozenset()
