"""A drop-in from the question to the outcome: brought, taken up, walked in on, ended, and what its askers hear of it."""

import json
from datetime import timedelta

import pytest
from sqlmodel import delete, select

from models import people, stuga, stuga_series, tickets
from models.lines import Line
from models.stuga_series import Part, Stage, Stuga, StugaSeries, StugaStaff, StugaTurn
from models.tickets import State
from tests import slack as fake
from tests.town import MONDAY

LOCK, SIGNING = "Låset i 12 blinkar rött", "Signeringsappen säger att jag saknar delegering"
SINCE = MONDAY.date() - timedelta(days=30)
BEGINS = MONDAY + timedelta(days=1, hours=3, minutes=30)


@pytest.fixture
def town(town):
    """Tuesdays and Thursdays at half past one; Cia is host, Bo helps."""
    staff = ((town.cia.id, Part.HOST), (town.bo.id, Part.HELPER))
    with town.db.transaction() as session:
        for table in (StugaStaff, Stuga, StugaTurn, StugaSeries):  # the demo has its own
            session.exec(delete(table))
        place = {"room": "Eken", "address": "Storgatan 1", "way_in": "Hiss från gården"}
        span = {"opens": "13:30", "closes": "15:00", "starts_on": SINCE}
        for key, day in (("tis", "tue"), ("tor", "thu")):
            session.add(StugaSeries(key=key, name=f"Stugan {key}", day=day, **span, **place))
            for who, part in staff:
                session.add(StugaTurn(series=key, person_id=who, part=part, starts_on=SINCE))
        session.flush()
        stuga.keep_calendar(session, now=town.time)
    return town


def sessions(town):
    with town.db.snapshot() as session:
        return {each.series: each for each in reversed(stuga_series.planned(session, since=town.time))}


def look(town, number):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def held(town, stuga_id):
    with town.db.snapshot() as session:
        return stuga_series.get(session, stuga_id)


def asks_and_brings(town, who, text, to="tis"):
    who.writes(text)
    who.presses("Ta med till supportstugan")
    who.submits(stuga=str(sessions(town)[to].id))


def town_host(town, session):
    """Cia, read in a transaction that is open already."""
    return people.by_chat_user(session, town.cia.user).pk


def opens(who):
    who.presses("Öppna", on=who.message_with("väntar."))


def test_it_is_found_in_home_with_the_command_and_for_a_unit(town):
    home = town.anna.opens_home()
    assert "Nästa supportstuga" in home
    assert "Utan trappsteg: Hiss från gården" in home
    town.anna.command("/stuga", "")
    assert "Stugan tis" in town.anna.modal_words()
    assert "Stugan tor" in town.anna.modal_words()
    town.anna.presses("Visa alla som hjälper")
    assert "i morgon kl. 13.30–15.00, Eken, Storgatan 1" in town.anna.modal_words()


def test_an_agenda_of_nothing_and_one_that_comes_too_late(town):
    town.at(MONDAY.replace(hour=12, minute=1))
    assert "Stugan tis tisdag den 24 november kl. 13.30–15.00: inga frågor väntar." in town.cia.phone
    town.time += timedelta(days=4)  # the bot was down
    town.later(seconds=40)
    assert "Stugan tor" not in town.cia.phone


def test_from_the_question_to_the_outcome(town):
    asks_and_brings(town, town.anna, LOCK)
    assert "Du tar med frågan till Stugan tis tisdag den 24 november kl. 13.30–15.00." in town.anna.phone
    assert "Utan trappsteg: Hiss från gården" in town.anna.phone
    assert town.anna.phone.count("Stugan tis") == 1, "which one and when is said once"
    asks_and_brings(town, town.gun, SIGNING)
    town.at(MONDAY.replace(hour=12, minute=1))
    for who in (town.cia, town.bo):
        assert "Stugan tis tisdag den 24 november kl. 13.30–15.00: 2 frågor väntar." in who.phone
    town.at(BEGINS - timedelta(minutes=20))
    assert "Du har F-1 med till Stugan tis tisdag den 24 november kl. 13.30–15.00." in town.anna.phone

    town.at(BEGINS)
    opens(town.cia)
    opens(town.bo)
    assert "Anna Alm" in town.cia.modal_words()
    town.cia.taps_in_modal("+5")
    town.bo.taps_in_modal("+1")
    assert "i dag kl. 13.30–15.00, Eken" in town.bo.modal_words()
    assert "Här nu: *6*" in town.bo.modal_words()
    town.cia.taps_in_modal("Skriv antal")
    town.cia.submits(heads="nio")
    assert refused(town) == {"heads": "Skriv ett helt tal från 0 till 500."}
    town.cia.submits(heads="9")
    assert "Här nu: *9*" in town.cia.modal_words()
    both = next(c for c in fake.controls(town.slack.modals[town.bo.user]) if c["action_id"] == "stuga.begin")
    town.cia.taps_in_modal("Ta upp")
    town.bo.sends(both, {}, view={**town.slack.modals[town.bo.user], "id": f"V{town.bo.user}"})
    assert "Cia Ceder hann före" in town.bo.modal_words()
    town.bo.taps_in_modal("Nästa fråga")
    mine = next(n for n in (1, 2) if f"F-{n}" in town.bo.modal_words())
    town.bo.taps_in_modal("Till IT")
    town.bo.taps_in_modal("Ändra")
    town.bo.taps_in_modal("Löst")
    assert look(town, mine).state is State.SOLVED_PROPOSED

    town.cia.taps_in_modal("Med en rad")
    town.cia.submits(line="Håll in knappen, ring 0701234567")
    assert look(town, 3 - mine).state is State.PARKED, "it came back from the gate"
    town.cia.taps_in_modal("Ta bort åt mig")
    town.cia.submits(line="Håll in knappen i fem sekunder")
    assert look(town, 3 - mine).state is State.SOLVED_PROPOSED

    town.cia.taps_in_modal("Något annat")
    town.cia.taps_in_modal("Löst")
    assert (look(town, 3).state, look(town, 3).asker_id) == (State.CLOSED, None)
    town.bo.taps_in_modal("Något annat")
    town.bo.taps_in_modal("Till IT")
    assert "Vad gäller det?" in town.bo.modal_words(), "who answers was not there"
    town.bo.submits()
    assert refused(town) == {"line:-": "Skriv vad det gäller. Den som ska svara var inte där."}
    town.bo.submits(line="Surfplattan hittar inget nät")
    assert (look(town, 4).state, look(town, 4).asker_id) == (State.WAITING_EXTERNAL, town.bo.id)
    town.cia.taps_in_modal("Storbild")
    assert not any(name in town.cia.modal_words() for name in ("Anna", "Gun", "Bo", "blinkar"))
    town.cia.taps_in_modal("Tillbaka")

    town.later(minutes=100)
    assert "löstes på supportstugan. Stämmer det?" in town.anna.phone
    assert "Håll in knappen i fem sekunder" in town.anna.phone + town.gun.phone
    town.anna.presses("Ja, det löste sig")
    assert (look(town, 1).state, look(town, 1).solved_by) == (State.CLOSED, "stuga")
    town.cia.taps_in_modal("Avsluta")
    assert "Stugan tis är slut. 9 personer kom. 4 frågor gicks igenom." in town.cia.phone
    town.cia.presses("Rätta utfall")
    assert "Utfall kan rättas" in town.cia.modal_words()


def times(who, text):
    """How often her phone buzzed about this."""
    return sum(text in push for push in who.pushes)


def test_the_host_falls_ill_and_questions_go_to_the_next_session(town):
    asks_and_brings(town, town.anna, LOCK)
    town.anna.command("/stuga", "")
    town.anna.taps_in_modal("Lägg i min kalender")
    town.at(BEGINS - timedelta(minutes=30))
    today = sessions(town)["tis"]
    opens(town.cia)
    town.cia.taps_in_modal("Ställ in")
    assert held(town, today.id).stage is Stage.CANCELLED
    assert "Inställd" in town.cia.modal_words()
    assert look(town, 1).stuga_id == sessions(town)["tor"].id
    assert "F-1 tas nu upp på Stugan tor torsdag den 26 november kl. 13.30–15.00." in town.anna.phone
    assert "METHOD:CANCEL" in calendar_files(town, town.anna)[-1]
    town.anna.presses("Hjälp nu ändå")
    assert look(town, 1).state is State.OPEN
    town.later(minutes=5)
    assert [times(who, "Inställt: Stugan tis") for who in (town.anna, town.bo, town.cia)] == [1, 1, 0]


def test_the_host_falls_ill_and_another_takes_it(town):
    asks_and_brings(town, town.anna, LOCK)
    town.at(BEGINS - timedelta(minutes=30))
    opens(town.cia)
    town.cia.taps_in_modal("Byt värd")
    town.cia.submits(who=town.gun.user)
    before = [len(who.pushes) for who in (town.anna, town.bo)]
    town.at(BEGINS)
    assert [len(who.pushes) for who in (town.anna, town.bo)] == before, "for them nothing has changed"
    assert times(town.gun, "Du är med och håller i Stugan tis") == 1
    town.gun.presses("Öppna")
    town.gun.taps_in_modal("Avsluta")
    assert "Stugan tis är slut." in town.gun.phone
    assert "är slut." not in town.cia.phone


def busy(town, who):
    with town.db.snapshot() as session:
        return bool(stuga_series.busy(session, [who.id], now=town.time))


def test_it_runs_over_to_twenty_to_four(town):
    asks_and_brings(town, town.anna, LOCK)
    town.at(BEGINS)
    opens(town.bo)
    town.bo.taps_in_modal("Nästa fråga")
    town.at(BEGINS + timedelta(minutes=130))
    assert busy(town, town.bo), "there is still somebody with her"
    town.bo.taps_in_modal("Löst")
    town.bo.taps_in_modal("Avsluta")
    assert not busy(town, town.bo)
    assert look(town, 1).state is State.SOLVED_PROPOSED
    town.later(minutes=3)
    assert "löstes på supportstugan" in town.anna.phone
    assert "Stugan tis är slut." in town.cia.phone


def nobody_has_time(town, day):
    """A session at which nothing is taken up."""
    town.at(sessions(town)[day].starts_at)
    opens(town.cia)
    town.cia.taps_in_modal("Avsluta")
    assert f"Stugan {day} är slut. Inga besök och inga frågor antecknades." in town.cia.phone
    town.later(minutes=3)


@pytest.mark.slow
@pytest.mark.both
def test_twice_nobody_had_time_and_each_says_whether_it_still_matters(town):
    askers = (town.anna, town.gun, town.eva)
    for who in askers:
        asks_and_brings(town, who, LOCK)
    nobody_has_time(town, "tis")
    assert all("aktuell än?" not in who.phone for who in askers)
    assert {look(town, n).stuga_id for n in (1, 2, 3)} == {sessions(town)["tor"].id}
    nobody_has_time(town, "tor")
    for who, answer in zip(askers, ("Ja, nästa gång", "Hjälp nu ändå", "Nej, ta bort"), strict=True):
        who.presses(answer, on=who.message_with("Är frågan aktuell än?"))
    assert [look(town, n).state for n in (1, 2, 3)] == [State.PARKED, State.OPEN, State.CLOSED]
    assert look(town, 1).stuga_id == sessions(town)["tis"].id


@pytest.mark.slow
@pytest.mark.both
def test_the_season_ends_with_questions_left(town):
    asks_and_brings(town, town.anna, LOCK, "tor")
    town.cia.opens_home()
    town.cia.presses("Planera")
    for name in ("Stugan tis", "Stugan tor"):
        changes(town, name)
        town.cia.submits(starts="2026-11-24", ends="2026-11-26")
    assert {each.day.isoformat() for each in sessions(town).values()} == {"2026-11-24", "2026-11-26"}
    nobody_has_time(town, "tor")
    assert look(town, 1).state is State.OPEN, "there is no session to wait for"
    assert "F-1: vi letar efter någon som kan hjälpa dig redan nu." in town.anna.phone


def test_the_week_of_midsommar(town):
    """Friday is the eve, when Sweden is closed; the others are held."""
    town.time = MONDAY.replace(year=2027, month=6, day=21)
    with town.db.transaction() as session:
        friday = {"key": "fre", "name": "Stugan fre", "day": "fri", "starts_on": SINCE}
        session.add(StugaSeries(**friday, opens="13:30", closes="15:00", room="Eken"))
        session.flush()
        stuga.keep_calendar(session, now=town.time)
    town.anna.command("/stuga", "")
    said = town.anna.modal_words()
    assert [said.count(name) for name in ("Stugan tis", "Stugan tor", "Stugan fre")] == [2, 2, 1]
    assert sessions(town)["fre"].day.isoformat() == "2027-07-02"


def test_a_night_group_has_its_own_in_the_morning(town):
    host = town.cia.id
    with town.db.transaction() as session:
        night = {"key": "natt", "name": "Nattstugan", "day": "wed", "starts_on": SINCE, "for_night": True}
        session.add(StugaSeries(**night, opens="07:15", closes="08:00", room="Eken"))
        session.add(StugaTurn(series="natt", person_id=host, part=Part.HOST, starts_on=SINCE))
        session.flush()
        stuga.keep_calendar(session, now=town.time)
    town.time = MONDAY.replace(hour=2) + timedelta(days=1)
    town.anna.command("/stuga", "")
    said = town.anna.modal_words()
    assert said.index("Stugan tis") < said.index("Nattstugan") < said.index("Stugan tor"), "dates in their order"
    asks_and_brings(town, town.anna, LOCK, "natt")
    town.at(sessions(town)["natt"].starts_at)
    assert times(town.anna, "Du har F-1 med till Nattstugan") == 1
    opens(town.cia)
    town.cia.taps_in_modal("Nästa fråga")
    town.cia.taps_in_modal("Löst")
    town.later(minutes=3)
    assert "löstes på supportstugan" in town.anna.phone


def calendar_files(town, who):
    root = who.message_with("Lägg till filen")
    files = [f for m in town.slack.thread(who.channel, root["ts"]) for f in m.get("files", [])]
    return [town.slack.contents[f["id"]].decode() for f in files]


def test_a_calendar_follows_a_move_and_the_end(town):
    """The same UID with a higher SEQUENCE under one message."""
    town.anna.command("/stuga", "")
    town.anna.taps_in_modal("Lägg i min kalender")
    today = sessions(town)["tis"]
    with town.db.transaction() as session:
        starts = today.starts_at - timedelta(hours=2)
        stuga.move(session, today.id, stuga.Move(starts_at=starts), by=town_host(town, session), now=town.time)
    town.deliver()
    first, second = calendar_files(town, town.anna)
    uid = next(line for line in first.splitlines() if line.startswith("UID:"))
    assert uid in second
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in second
    assert "T113000" in second
    assert "Ny tid eller plats: Stugan tis" in town.anna.phone


def test_a_specialist_plans_a_series_in_home_and_changes_it(town):
    town.cia.opens_home()
    town.cia.presses("Planera")
    town.cia.taps_in_modal("Ny serie")
    new = {"name": "Fredagsstugan", "day": "fri", "from": "09:00", "to": "10:00", "room": "Linden"}
    town.cia.submits(**new, helper=[town.eva.user])
    assert refused(town) == {"host": "Välj minst en värd."}
    town.cia.submits(**new, host=[town.gun.user, town.anna.user], helper=[town.eva.user])
    assert "Fredagsstugan" in town.cia.modal_words()
    assert (friday(town)[0].room, friday(town)[0].day.isoformat()) == ("Linden", "2026-11-27")
    first, second = (staff(town, each) for each in friday(town)[:2])
    assert {town.gun.id, town.anna.id, town.eva.id} == {*first, *second}
    assert [len(first), len(second), first[0] != second[0]] == [2, 2, True], "they take turns"
    host = next(each for each in (town.gun, town.anna) if each.id == first[0])
    host.opens_home()
    assert "Fredagsstugan" in fake.words_of(host.home)

    changes(town, "Fredagsstugan")
    town.cia.submits(room="Björken", helper=[town.eva.user, town.bo.user])
    assert friday(town)[0].room == "Björken"
    assert [staff(town, each)[0] for each in friday(town)[:2]] == [first[0], second[0]], "hosts were left alone"
    assert {staff(town, each)[1] for each in friday(town)[:2]} == {town.eva.id, town.bo.id}
    second = friday(town)[1]
    changes(town, "Fredagsstugan")
    once = {"which": "one", "starts": second.day.isoformat(), "room": "Linden", "host": [town.bo.user]}
    town.cia.submits(**once, weeks="2")
    assert refused(town)["weeks"].startswith("Det gäller alla gånger.")
    town.cia.submits(**once, weeks="1")
    assert [each.room for each in friday(town)[:3]] == ["Björken", "Linden", "Björken"]
    assert staff(town, second)[0] == town.bo.id
    with town.db.transaction() as session:
        stuga.cancel(session, second.id, by=town_host(town, session), now=town.time)
    changes(town, "Fredagsstugan")
    town.cia.submits(host=[town.disa.user], helper=[])
    assert [staff(town, each) for each in friday(town)[:2]] == [[town.disa.id]] * 2
    changes(town, "Fredagsstugan")
    town.cia.submits(which="one", starts="2026-12-25", room="Linden")
    assert refused(town) == {"starts": "Den veckan finns ingen gång att ändra. Välj en dag framåt."}


def refused(town):
    return json.loads(town.answer.body)["errors"]


def friday(town):
    """Its sessions, the next first."""
    with town.db.snapshot() as session:
        return [each for each in stuga_series.planned(session, since=town.time) if each.name == "Fredagsstugan"]


def staff(town, held):
    with town.db.snapshot() as session:
        return list(stuga_series.staff_of(session, held.id))


def changes(town, name):
    with town.db.snapshot() as session:
        rows = stuga_series.series_in_force(session, on=town.time.date())
    row = [each for each in rows if each.name == name][-1]
    view = town.slack.modals[town.cia.user]
    change = next(c for c in fake.controls(view) if c["action_id"] == "stuga_plan.form" and c["value"] == str(row.id))
    town.cia.sends(change, {}, view={**view, "id": f"V{town.cia.user}"})


def test_it_is_moved_and_another_takes_over(town):
    asks_and_brings(town, town.anna, LOCK)
    today = sessions(town)["tis"]
    town.at(MONDAY.replace(hour=12, minute=1))
    opens(town.cia)
    town.cia.taps_in_modal("Flytta")
    where = {"address": "Åsgatan 3", "link": "https://mote.example/j/8?pwd=a1B2c3", "way_in": "Hiss, portkod 2218"}
    town.cia.submits(starts="09:00", **where)
    assert held(town, today.id).address == "Storgatan 1"
    assert "• 2218" in town.cia.modal_words()
    assert "• Åsgatan" not in town.cia.modal_words(), "where a drop-in is, is no secret"
    town.cia.taps_in_modal("Ta bort åt mig")
    town.cia.submits(starts="09:00", **where | {"way_in": "Hiss"})
    assert (held(town, today.id).address, held(town, today.id).link) == (where["address"], where["link"])
    assert "Flyttad" in town.cia.modal_words()
    assert held(town, today.id).room == "Eken"
    assert "Ny tid eller plats: Stugan tis tisdag den 24 november kl. 09.00–15.00." in town.anna.phone
    assert "Du tar med frågan till Stugan tis tisdag den 24 november kl. 09.00–15.00." in fake.words_of(town.anna.got[0])
    town.anna.writes("Jag kommer till Åsgatan 3 då, inte Lönngatan 4")
    assert "Jag kommer till Åsgatan 3 då, inte ‹adress›" in look_lines(town)
    town.cia.taps_in_modal("Byt värd")
    town.cia.submits(who=town.gun.user)
    assert "Gun Grahn är värd nu." in town.cia.modal_words()
    assert "Du är med och håller i Stugan tis" in town.gun.phone


def look_lines(town):
    with town.db.snapshot() as session:
        return list(session.exec(select(Line.text)))


def test_what_is_needed_after_it_reaches_whoever_can_do_it(town):
    """A guide is a task of the specialist's; of a routine the coordinator learns who decides, the manager nothing."""
    asks_and_brings(town, town.anna, LOCK)
    asks_and_brings(town, town.gun, SIGNING)
    town.at(BEGINS)
    for number, said in ((1, "Lathund behövs"), (2, "Rutinfråga")):
        opens(town.bo)
        town.bo.taps_in_modal("Ta upp")
        assert f"F-{number}" in town.bo.modal_words()
        town.bo.taps_in_modal(said)
    town.bo.taps_in_modal("Avsluta")
    town.later(minutes=100)
    assert "Rutiner bestämmer din chef." in town.gun.phone
    assert "På enheten bestämmer Disa Dal" in town.ivar.phone
    assert SIGNING not in town.disa.phone
    town.cia.opens_home()
    town.cia.sends(next(c for c in fake.controls(town.cia.home) if c["action_id"] == "todo.open"), town.cia.home)
    assert LOCK in town.cia.modal_words()
    town.cia.taps_in_modal("Klar")
    assert "Inget väntar på dig" in town.cia.modal_words()


def test_a_helper_parks_a_card_and_several_get_one_answer(town):
    town.anna.writes(LOCK)
    town.later(seconds=25)
    town.bo.picks("Till supportstugan")
    town.bo.submits(stuga=str(sessions(town)["tis"].id))
    assert "Tas upp på Stugan tis tisdag den 24 november kl. 13.30–15.00." in town.bo.phone
    asks_and_brings(town, town.eva, "Låset i 14 blinkar också rött")
    town.at(BEGINS)
    opens(town.bo)
    town.bo.taps_in_modal("Flera, ett svar")
    town.bo.submits(line="Byt batteri i dosan")
    assert {look(town, n).state for n in (1, 2)} == {State.SOLVED_PROPOSED}
    town.later(minutes=3)
    for who in (town.anna, town.eva):
        assert "Byt batteri i dosan" in who.phone
