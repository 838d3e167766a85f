"""A helper answers in the thread of a question that somebody else has: she is told, and may take it and send."""

from sqlalchemy import text

from models import people, tickets
from models.tickets import State
from tests import slack as fake

SEND = "Ta frågan och skicka"


def bo_has_it(town):
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")


def gun_writes(town, text="Be Disa beställa en ny"):
    return town.gun.writes(text, under=town.gun.got[0])


def the_ticket(town):
    with town.db.snapshot() as session:
        return tickets.get(session, 1)


def buttons(message):
    return [fake.words_of(control) for control in fake.controls(message)]


def test_nothing_crosses_until_she_takes_it(town):
    bo_has_it(town)
    gun_writes(town)
    told = town.gun.message_with("Bo Berg har F-1. Det du skrev är inte skickat.")
    assert told["thread_ts"] == town.gun.got[0]["ts"]
    assert len(town.gun.pushes) == 2  # the card, and this
    town.later(minutes=5)
    assert "Be Disa" not in town.anna.phone + town.bo.phone + town.cia.phone
    assert the_ticket(town).owner_id == town.bo.id


def test_take_it_and_send(town):
    bo_has_it(town)
    gun_writes(town)
    annas, bos, guns = len(town.anna.pushes), len(town.bo.pushes), len(town.gun.pushes)
    told = town.gun.message_with(SEND)
    town.gun.presses(SEND)
    town.later(seconds=1)
    assert the_ticket(town).owner_id == town.gun.id
    assert town.anna.pushes[annas:] == ["Gun Grahn: Be Disa beställa en ny"]
    assert town.anna.message_with("Be Disa beställa en ny")["username"] == "Gun Grahn"
    assert town.bo.pushes[bos:] == ["Gun Grahn har tagit över F-1 från dig. Du behöver inte göra mer."]
    assert town.bo.got[-1]["thread_ts"] == town.bo.got[0]["ts"]
    assert "Gun Grahn har tagit F-1." in town.bo.phone
    assert "Du har frågan från Anna Alm" in town.gun.phone
    assert fake.words_of(told).startswith("Skickat till den som frågade. Du har F-1.")
    assert buttons(told) == []
    assert len(town.gun.pushes) == guns + 1  # [Löst], under her first word
    town.anna.presses("Löst, tack")
    assert the_ticket(town).state is State.CLOSED


def test_the_first_ones_solved_button_goes_with_the_question(town):
    bo_has_it(town)
    town.bo.writes("Logga ut och in", under=town.bo.got[0])
    offer = town.bo.message_with("Är frågan löst?")
    gun_writes(town)
    town.gun.presses(SEND)
    assert buttons(offer) == []
    assert "Logga ut och in" in town.gun.phone  # what was tried before


def test_two_thumbs_send_it_once(town):
    bo_has_it(town)
    gun_writes(town)
    where, control = next(town.gun._offers(SEND, None))
    town.gun.sends(control, where)
    town.gun.sends(control, where)
    town.later(seconds=1)
    assert [push for push in town.anna.pushes if "Be Disa" in push] == ["Gun Grahn: Be Disa beställa en ny"]
    assert town.gun.whispers == []


def test_the_message_follows_what_happens_to_the_question(town):
    bo_has_it(town)
    gun_writes(town)
    told = town.gun.message_with(SEND)
    told_bo = town.bo.got[0]
    town.bo.presses("Löst", on=told_bo)
    assert buttons(told) == []
    town.anna.presses("Nej, inte än")
    assert buttons(told) == [SEND]
    town.bo.picks("Lämna tillbaka")
    assert "Ingen har F-1 just nu." in fake.words_of(told)
    town.gun.presses("Ta frågan", on=town.gun.got[0])
    assert "Du har F-1 nu. Det du skrev är inte skickat." in fake.words_of(told)
    town.gun.presses("Skicka", on=told)
    town.later(seconds=1)
    assert "Gun Grahn: Be Disa beställa en ny" in town.anna.pushes


def test_when_it_is_over_the_button_is_gone_and_an_old_one_says_so(town):
    bo_has_it(town)
    gun_writes(town)
    where, control = next(town.gun._offers(SEND, None))
    town.anna.presses("Löst, tack")
    told = town.gun.message_with("är inte öppen. Det du skrev skickades inte vidare.")
    assert buttons(told) == []
    town.gun.sends(control, where)
    assert town.gun.whispers == ["F-1 är redan stängd."]
    assert "Be Disa" not in town.anna.phone


def test_under_what_is_over_nothing_is_kept(town):
    bo_has_it(town)
    town.anna.presses("Löst, tack")
    gun_writes(town)
    assert "F-1 är inte öppen. Det du skrev skickades inte vidare." in town.gun.phone
    with town.db.engine.connect() as connection:
        assert connection.execute(text("select count(*) from line where text like '%Disa%'")).scalar() == 0


def test_she_changes_her_mind_or_her_words(town):
    bo_has_it(town)
    first = gun_writes(town)
    told = town.gun.message_with(SEND)
    town.gun.edits({**first, "edited": {"user": town.gun.user, "ts": town.slack.ts()}}, "Ring Disa")
    assert buttons(told) == [SEND]
    town.gun.deletes(first)
    assert "Du har tagit bort det du skrev om F-1." in fake.words_of(told)
    assert buttons(told) == []
    second = gun_writes(town, "Ring Dis")
    town.gun.edits({**second, "edited": {"user": town.gun.user, "ts": town.slack.ts()}}, "Ring Disa i dag")
    town.gun.presses(SEND)
    town.later(seconds=1)
    assert "Gun Grahn: Ring Disa i dag" in town.anna.pushes
    assert "Ring Dis\n" not in town.anna.phone


def test_a_secret_in_it_is_masked_before_it_is_kept(town):
    bo_has_it(town)
    gun_writes(town, "Ring 070-174 06 05 och fråga")
    with town.db.engine.connect() as connection:
        assert connection.execute(text("select count(*) from line where text like '%174%'")).scalar() == 0
    town.gun.presses(SEND)
    town.later(seconds=1)
    assert "174" not in town.anna.phone
    assert "och fråga" in town.anna.phone


def test_a_day_later_it_is_gone(town):
    bo_has_it(town)
    town.bo.writes("Vänta, jag kollar", under=town.bo.got[0])
    gun_writes(town)
    told = town.gun.message_with(SEND)
    town.later(hours=24, minutes=1)
    assert "Det du skrev om F-1 skickades inte." in fake.words_of(told)
    assert buttons(told) == []
    with town.db.engine.connect() as connection:
        assert connection.exec_driver_sql("select text from line where side = 'kept'").scalars().all() == [""]


def test_off_duty_the_one_who_had_it_hears_of_it_at_work(town):
    bo_has_it(town)
    gun_writes(town)
    bo = town.bo.id
    with town.db.transaction() as session:
        people.quiet(session, bo, until=town.time.replace(hour=12))
    heard = len(town.bo.pushes)
    town.gun.presses(SEND)
    town.later(minutes=30)
    assert len(town.bo.pushes) == heard
    town.later(hours=2)
    assert [push for push in town.bo.pushes[heard:] if "har tagit över" in push]


def test_a_file_with_it_stays_and_she_is_told_when_it_is_sent(town):
    bo_has_it(town)
    town.gun.writes("Så här", under=town.gun.got[0], files=1)
    town.gun.presses(SEND)
    town.later(seconds=1)
    assert "Gun Grahn: Så här" in town.anna.pushes
    assert town.gun.message_with("Filen skickades inte vidare")
