"""The same fault nine times in an hour: seen once, answered once, put up, set right. Nobody off duty hears of it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import people, settings, tickets
from models.clusters import Cluster
from models.lines import Line, Side
from models.outages import Outage
from models.people import Assignment, Person
from models.tickets import State
from tests import slack as fake
from tests.stories import told
from tests.town import Actor

PHRASED = (
    "Låset i {} blinkar rött", "Dörrlåset till {} är trasigt, det händer inget", "Digitala låset i {} hänger sig hela tiden",
    "låset funkar ej på {} idag heller", "Låset i {} krånglar igen, blinkar bara", "Digitala låset på {} funkar ej",
)  # fmt: skip


def newcomers(town, number, unit="hemtjanst_norr"):
    """Colleagues who only ask."""
    found = []
    with town.db.transaction() as session:
        where = next(u.id for u, _ in people.open_units(session) if u.key == unit)
        for at in range(number):
            name = f"{unit[-3:]}{at}"
            person = Person(name=f"Kollega {name}", email=f"{name}@lovkoping.example", chat_user_id=f"U{name.upper()}")
            session.add(person)
            session.flush()
            session.add(Assignment(person_id=person.pk, unit_id=where, is_primary=True, starts_on=town.time.date()))
            found.append(name)
    for name in found:
        actor = Actor(town, name, f"{name}@lovkoping.example")
        town.slack.users[actor.user] = actor.profile(f"Kollega {name}")
        setattr(town, name, actor)
    return [getattr(town, name) for name in found]


def asks(town, askers, minutes=3, first=0):
    for at, asker in enumerate(askers, start=first):
        asker.writes(PHRASED[at % len(PHRASED)].format(at + 1))
        town.later(minutes=minutes)
    town.later(seconds=40)


def look(town, number):
    with town.db.snapshot() as session:
        return tickets.get(session, number)


def notices(actor):
    return [m for m in actor.got if "frågor om" in fake.words_of({"blocks": m.get("blocks", [])})]


def test_the_same_fault_nine_times_in_an_hour(town):
    norr, boende = newcomers(town, 6), newcomers(town, 3, "bjorken")
    asks(town, norr[:3])
    assert notices(town.cia) == notices(town.ivar) == [], "three are not many"
    asks(town, norr[3:4])
    assert "4 frågor om Digitala lås" in fake.words_of(notices(town.cia)[0])
    asks(town, [*norr[4:], *boende[:2]], first=4)
    assert len(notices(town.cia)) == len(notices(town.ivar)) == 1, "one notice, edited"
    assert len([push for push in town.cia.pushes if "frågor om" in push]) == 1
    assert "8 frågor om Digitala lås" in town.ivar.phone
    assert "Från 2 enheter." in town.cia.phone
    for other in (town.bo, town.gun, town.hanna, town.disa, town.jonna):
        assert notices(other) == []

    # One has been helped already, one has been taken without a word.
    town.hanna.presses("Ta frågan", on=town.hanna.message_with("hänger sig"))
    town.hanna.writes("Byt batteri, så går det", under=town.hanna.message_with("hänger sig"))
    town.bo.presses("Ta frågan")
    assert look(town, 3).is_answered
    helped, claimed = look(town, 3), next(t for t in (look(town, n) for n in range(1, 9)) if t.owner_id == town.bo.id)

    town.cia.presses("Svara alla")
    assert "hänger sig" not in town.cia.modal_words(), "what somebody answers already is not among them"
    town.cia.submits(line="Ring 0701740605 om det brinner")
    assert "0701740605" in town.cia.modal_words(), "a form refuses"
    assert look(town, 1).state is State.OPEN
    town.cia.presses("Svara alla")
    before = len(town.cia.got)
    town.cia.submits(line="Starta om låsappen. Felet är rättat kl. 11.")
    town.later(seconds=2)
    assert "7 personer har fått ditt svar." in town.cia.modal_words()
    for asker in (*norr[:2], *norr[3:], *boende[:2]):
        assert asker.phone.count("Starta om låsappen") == 1
        assert sum("är löst" in push for push in asker.pushes) == 1
        assert [push for push in asker.pushes if "Cia Ceder har tagit" in push] == []
    assert "Starta om låsappen" not in norr[2].phone
    assert look(town, helped.pk).owner_id == town.hanna.id
    assert look(town, claimed.pk).owner_id == town.cia.id
    assert "Cia Ceder har svarat alla som frågade om Digitala lås, även den du hade." in town.bo.phone
    assert "även den du hade" not in town.gun.phone + town.hanna.phone
    assert len(town.cia.got) == before, "no card each"

    # Nothing twice.
    town.ivar.presses("Svara alla", on={**notices(town.ivar)[0], "blocks": with_button(notices(town.cia)[0])})
    town.ivar.submits(line="Samma sak igen")
    assert "Cia Ceder" in town.ivar.modal_words()
    assert "Samma sak igen" not in "".join(asker.phone for asker in norr)

    # One says that it did not help: it is Cia's, and now she gets its card.
    norr[0].presses("Nej, inte än")
    assert look(town, 1).owner_id == town.cia.id
    assert "Låset i 1 blinkar rött" in town.cia.phone
    norr[1].presses("Ja, det löste sig")
    assert look(town, 2).state is State.CLOSED


def with_button(notice):
    """As it stood before anybody had answered."""
    button = {"type": "button", "action_id": "cluster.form", "value": "1", "text": {"type": "plain_text", "text": "Svara alla"}}
    return [*notice["blocks"], {"type": "actions", "elements": [button]}]


def put_up(town, actor, **fields):
    actor.presses("Sätt upp driftstörning")
    ends = town.time + timedelta(hours=2)
    actor.submits(day=ends.date().isoformat(), time=f"{ends:%H:%M}", **fields)


@pytest.mark.slow
@pytest.mark.both
def test_an_outage_is_put_up_prolonged_and_set_right(town):
    norr = newcomers(town, 7)
    asks(town, norr[:4])
    receipt = norr[0].got[0]
    pushes = list(norr[0].pushes)
    put_up(town, town.cia, text="Använd nyckeln i skåpet så länge.")
    assert town.slack.modals[town.cia.user]["title"]["text"] == "Klart", "nothing went wrong"
    assert "Fler har samma fel. Vi vet." in fake.words_of(receipt)
    assert norr[0].pushes == pushes, "an edit disturbs nobody"
    assert "Rättat" in fake.words_of(notices(town.cia)[0]), "the notice knows it at once"

    # A new asker: the number still comes first, then that it is known, and a person is asked all the same.
    norr[4].writes("Digitala låset på 9 funkar ej, en kund väntar nu")
    town.later(seconds=40)
    said = norr[4].phone
    assert said.index("112") < said.index("Vi vet.") < said.index("F-5")
    assert len([m for m in town.hanna.got if "F-5" in fake.words_of(m)]) == 1
    assert "nyckeln i skåpet" in norr[5].opens_home()
    assert "Driftstörning" in town.anna.opens_home(), "Cia speaks to both departments"
    norr[5].writes("Hur loggar jag in i Lifecare?")
    assert "Vi vet." not in norr[5].phone

    # Its end is near: Cia is asked once, and gives it an hour more.
    town.later(hours=1, minutes=46)
    assert town.cia.phone.count("tas ner") == 1
    town.cia.presses("En timme till")
    assert "tas ner" not in town.cia.phone
    assert "Vi vet." in norr[4].phone
    norr[1].presses("Löst, tack", on=norr[1].got[0])
    town.hanna.presses("Ta frågan", on=town.hanna.message_with("F-5"))
    town.hanna.writes("Jag kommer till dig", under=town.hanna.message_with("F-5"))

    assert "är uppe till kl. 13" in town.cia.phone
    town.ivar.presses("Rättat")
    town.later(seconds=2)
    assert "är rättad sedan kl. 11.59" in town.cia.phone, "not the end that it never came to"
    for asker in (norr[0], norr[2], norr[3]):
        assert asker.phone.count("fungerar igen") == 1
        assert "Vi vet." not in asker.phone
    assert "fungerar igen" not in norr[1].phone + norr[5].phone, "hers was solved; hers was about something else"
    assert "fungerar igen" in norr[4].phone
    assert look(town, 5).owner_id == town.hanna.id, "who talks with a colleague is left with her"
    norr[0].presses("Ja, det löste sig")
    norr[2].presses("Nej, inte än")
    assert (look(town, 1).state, look(town, 3).owner_id) == (State.CLOSED, town.ivar.id)
    town.cia.presses("Rättat", on=stale_right())
    assert "Ivar Isling" in town.cia.whispers[-1]


def asking(actor):
    """The bot's messages with [Ja, det löste sig]."""
    return [m for m in actor.got if any(c["action_id"] == "ticket.confirm" for c in fake.controls(m))]


@pytest.mark.slow
@pytest.mark.both
def test_who_was_answered_with_all_and_then_told_that_it_works_is_asked_in_one_message(town):
    norr = newcomers(town, 4)
    asks(town, norr)
    put_up(town, town.cia, text="Använd nyckeln så länge.")
    town.cia.presses("Svara alla")
    town.cia.submits(line="Starta om låsappen.")
    town.later(seconds=3)
    (before,) = asking(norr[0])
    town.cia.presses("Rättat")
    town.later(seconds=3)
    (after,) = asking(norr[0])
    assert (before is after, after) == (False, norr[0].got[-1]), "the newest asks"
    assert "Vi frågar igen längre ner." in fake.words_of(before)
    norr[0].presses("Nej, inte än", on=after)
    town.later(seconds=3)
    assert look(town, 1).state is State.TAKEN
    town.cia.presses("Löst")
    town.later(seconds=3)
    assert asking(norr[0]) == [norr[0].got[-1]], "asked once more, and only there"


def stale_right():
    button = {"type": "button", "action_id": "outage.right", "value": "1", "text": {"type": "plain_text", "text": "Rättat"}}
    return {"ts": "1.0", "user": fake.BOT, "blocks": [{"type": "actions", "elements": [button]}]}


def test_an_outage_comes_down_by_itself_and_two_do_not_put_up_the_same(town):
    norr = newcomers(town, 5)
    asks(town, norr[:4])
    town.ivar.presses("Sätt upp driftstörning")
    put_up(town, town.cia)
    ends = town.time + timedelta(hours=1)
    town.ivar.submits(day=ends.date().isoformat(), time=f"{ends:%H:%M}", departments=[str(each) for each in (1, 2)])
    assert "Cia Ceder har redan satt upp" in town.ivar.modal_words()
    town.cia.presses("Rättat")
    put_up(town, town.cia)
    town.later(hours=2, seconds=40)
    assert "Vi vet." not in norr[0].phone
    assert norr[0].phone.count("fungerar igen") == 1, "by time it comes down without a word: nobody knows that it is mended"
    with town.db.snapshot() as session:
        first, second = session.exec(select(Outage)).all()
    assert (first.ended_by_id, second.ended_by_id, second.ended_at) == (town.cia.id, None, second.ends_at)
    for bad in ("2026-11-20", "2027-05-01", "x"):
        town.ivar.opens_home()
        town.cia.presses("Sätt upp driftstörning", on=notices(town.cia)[0])
        town.cia.submits(day=bad, time="12:00")
        with town.db.snapshot() as session:
            assert len(session.exec(select(Outage)).all()) == 2


@pytest.mark.parametrize(("hours", "late"), [(9, 0), pytest.param(7, 2, marks=pytest.mark.slow), pytest.param(24 + 14, 0, marks=pytest.mark.slow)])
def test_outside_office_hours_an_expert_user_at_work_has_it(town, hours, late):
    """In the evening, also when it is heard two hours late, and at midnight: then nobody is there, nor woken."""
    with town.db.transaction() as session:
        settings.write(session, "cluster.questions", "2", now=town.time)
    norr = newcomers(town, 2)
    town.later(hours=hours)
    waiting = unheard(town, norr, apart={"minutes": 3}) if late else asks(town, norr)
    town.later(hours=late)
    told.tell(town, *(waiting or ()))
    town.later(seconds=40)
    assert notices(town.cia) == notices(town.ivar) == [], "off duty"
    at_work = hours + late == 9
    assert len(notices(town.hanna)) == (1 if at_work else 0)
    if at_work:
        assert "Sätt upp driftstörning" not in fake.words_of(notices(town.hanna)[0])
        town.hanna.presses("Svara alla")
        town.hanna.submits(line="Ta ut batteriet och vänta en minut.")
        town.later(seconds=2)
        assert norr[1].phone.count("Ta ut batteriet") == 1
    town.later(hours=17 if at_work else 12)
    if at_work:
        assert notices(town.cia) == [], "over, and answered: nobody needs it in the morning"
    else:
        assert len(notices(town.cia)) == 1, "they still wait: she sees it when she comes"


def test_a_question_that_is_taken_back_does_not_count_and_a_quiet_hour_ends_it(town):
    norr = newcomers(town, 5)
    asks(town, norr[:3])
    norr[0].presses("Ta tillbaka", on=norr[0].got[0])
    asks(town, norr[3:4])
    assert notices(town.cia) == []
    asks(town, norr[4:])
    assert "4 frågor om Digitala lås" in town.cia.phone or "3 frågor" in town.cia.phone
    town.later(hours=2)
    with town.db.snapshot() as session:
        assert session.exec(select(Cluster)).one().ended_at is not None
        assert settings.read(session).number("cluster.questions") == 4
        assert session.exec(select(Line).where(Line.side == Side.HELPER)).all() == []


def unheard(town, askers, *, apart):
    """They write while nobody hears them."""
    found = []
    for at, asker in enumerate(askers):
        found.append(told.writes(asker, PHRASED[at % len(PHRASED)].format(at + 1)))
        town.later(**apart)
    return found


@pytest.mark.slow
@pytest.mark.both
def test_what_was_heard_afterwards_is_one_notice_if_it_was_written_within_an_hour(town):
    """Our connection is down just when a tool may be: four are heard two hours late."""
    norr = newcomers(town, 6)
    waiting = unheard(town, norr[:4], apart={"minutes": 15})
    town.later(hours=2)
    told.tell(town, *waiting)
    town.later(minutes=2)
    assert len(notices(town.cia)) == len(notices(town.ivar)) == 1
    assert "4 frågor om Digitala lås sedan kl. 10.00" in town.cia.phone
    assert len([push for push in town.cia.pushes if "frågor om" in push]) == 1
    town.cia.presses("Svara alla")
    town.cia.submits(line="Starta om låsappen.")
    town.later(seconds=2)
    assert all("Starta om låsappen." in asker.phone for asker in norr[:4])
    for asker in norr[:4]:
        asker.presses("Ja, det löste sig")

    # The first of these is heard last: then it began with her.
    town.later(hours=21)
    waiting = unheard(town, norr[:1], apart={"minutes": 15})
    asks(town, norr[1:5])
    assert "4 frågor om Digitala lås sedan kl. 10.1" in town.cia.phone
    told.tell(town, *waiting)
    town.later(minutes=1)
    assert len(notices(town.cia)) == 2
    assert "5 frågor om Digitala lås sedan kl. 10.0" in town.cia.phone


def test_what_was_written_on_different_days_and_heard_together_is_not_one_thing(town):
    norr = newcomers(town, 4)
    told.tell(town, *unheard(town, norr, apart={"hours": 5}))
    town.later(minutes=2)
    assert town.slack.messages[norr[3].channel][-1]["user"] == fake.BOT, "they were heard"
    with town.db.snapshot() as session:
        assert session.exec(select(Cluster)).all() == []
