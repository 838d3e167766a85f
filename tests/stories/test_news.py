"""News comes down once and to the right people; a wish goes up and comes back as a reply, or as news."""

from datetime import date

import pytest
from sqlmodel import select

from models import ideas, news, tickets
from models.ideas import Idea
from models.news import News, NewsReader
from models.tickets import State
from tests import slack as fake

NEW = "Nu syns batteriet i låsappen. Tryck på dörren två gånger."
HANDLING = "Hur ser jag batteriet i låsappen på digitala låset?"
WISH = "Hur får jag låsappen att visa batteriet? Det vore bra i listan över digitala lås"


def writes_news(actor, text=NEW, **fields):
    actor.opens_home()
    actor.presses("Skriv nyhet", on=actor.home)
    actor.submits(**{"tool": "digital_lock", "text": text, "ends": "2026-12-01"} | fields)


def stored(town, table):
    with town.db.snapshot() as session:
        return list(session.exec(select(table)))


def test_news_reaches_everybody_once_and_experts_at_work(town):
    writes_news(town.cia, link="https://intranat.lovkoping.example/las")
    assert "Nyheten är ute." in town.cia.modal_words()
    assert "Har nått färre än 5 kollegor." in town.cia.modal_words()
    for expert in (town.bo, town.gun, town.hanna):
        assert "Nytt om Digitala lås" in expert.phone
        assert "Berätta på APT." in expert.phone
        assert "https://intranat.lovkoping.example/las" in str(expert.got[-1])
        assert len(expert.pushes) == 1
    assert town.anna.got == town.disa.got == town.ivar.got == [], "a message to expert users only"
    assert NEW in town.anna.opens_home()
    assert "Skriv nyhet" not in town.anna.opens_home()

    # Once in the next receipt about that tool, with no message of its own.
    town.anna.writes("Hur loggar jag in i Lifecare?")
    assert NEW not in town.anna.phone
    town.later(minutes=11)
    town.anna.writes(HANDLING)
    assert NEW in town.anna.phone
    town.later(minutes=11)
    town.anna.presses("Löst, tack", on=town.anna.message_with(NEW))
    town.anna.writes("Hur byter jag batteri i digitala låset på 5?")
    assert town.anna.phone.count(NEW) == 0, "the first one is closed, and this is not the next one"
    town.eva.writes("Det digitala låset på 3 blinkar rött, en kund väntar")
    town.later(minutes=1)
    assert NEW not in town.eva.phone, "not beside a number to ring"

    # Taken down: it is gone everywhere, the number stays, nobody's name does.
    for who in (town.disa, town.filip, town.moa):
        who.opens_home()
    town.cia.presses("Nyheter", on=town.cia.home)
    assert "Har nått 7 kollegor." in town.cia.modal_words() or "Har nått 8 kollegor." in town.cia.modal_words()
    town.cia.taps_in_modal("Ta ner")
    town.later(seconds=2)
    assert NEW not in town.anna.opens_home() + town.bo.phone + town.anna.phone
    assert "gäller inte längre" in town.bo.phone
    with town.db.transaction() as session:
        before = news.reach(session, news.get(session, 1))
        news.forget_readers(session, on=date(2026, 11, 24))
        assert before >= 6
        assert news.reach(session, news.get(session, 1)) == before
    assert stored(town, NewsReader) == []


def test_what_the_form_refuses_and_who_may_not(town):
    for wrong, said in (
        ({"text": "Maj-Britt har kod 4711"}, "4711"),
        ({"ends": "2027-12-01"}, ""), ({"ends": "2026-11-22"}, ""), ({"ends": "x"}, ""),
        ({"link": "http://x.example"}, ""), ({"link": "javascript:alert(1)"}, ""),
        ({"departments": ["1", "99"]}, ""), ({"tool": "vr"}, ""),
    ):  # fmt: skip
        writes_news(town.cia, **wrong)
        assert said in town.cia.modal_words()
        assert stored(town, News) == [], wrong
    writes_news(town.cia, departments=["1"])
    assert [each.departments for each in stored(town, News)] == ["1"]
    assert NEW in town.anna.opens_home(), "hers is särskilt boende"
    assert NEW not in town.eva.opens_home()
    assert NEW in town.bo.phone
    assert NEW not in town.hanna.phone
    town.ivar.opens_home()
    writes_news(town.ivar, tool="vr", text="Alla kan prova")
    assert stored(town, News)[-1].departments == ""
    town.later(hours=24 * 9)
    assert NEW not in town.anna.opens_home(), "its day is over"
    for other in (town.bo, town.disa, town.anna):
        assert "Skriv nyhet" not in other.opens_home()


@pytest.mark.parametrize("until", [22, 24 * 12])
def test_nobody_off_duty_is_told(town, until):
    """Written in the evening: it waits for the morning, and what is over by then is not told."""
    town.bo.presses("Slutar för dagen", on=home(town.bo))
    writes_news(town.cia, ends="2026-11-30")
    assert "Berätta på APT" not in town.bo.phone
    if until > 100:
        town.cia.taps_in_modal("Ta ner")
    town.later(hours=until)
    assert ("Berätta på APT" in town.bo.phone) == (until < 100)


def home(actor):
    actor.opens_home()
    return actor.home


def the_wish(town):
    with town.db.snapshot() as session:
        ticket = tickets.get(session, 1)
        return ticket, ideas.of_ticket(session, ticket)


def test_a_wish_that_became_news(town):
    town.anna.writes(WISH)
    town.later(seconds=40)
    assert town.anna.picks("Det här är ett förslag") == 200
    ticket, idea = the_wish(town)
    assert (ticket.state, idea.by_id) == (State.CLOSED, town.anna.id)
    assert "Ditt förslag är skickat till Cia Ceder." in town.anna.phone
    assert "Ta frågan" not in town.bo.phone, "nobody is asked any more"
    assert len(town.anna.got) == 1
    assert "Att göra" not in home_words(town.bo) + home_words(town.ivar)
    assert "Att göra" in home_words(town.cia)
    town.cia.presses("Öppna", on=home(town.cia))
    assert "låsappen att visa batteriet" in town.cia.modal_words()
    assert "Anna" not in town.cia.modal_words()
    town.cia.taps_in_modal("Svara")
    town.cia.taps_in_modal("Skriv nyhet av det")
    town.cia.submits(text=NEW, ends="2026-12-01")
    town.later(seconds=2)
    assert "Ditt förslag (F-1) blev en nyhet från Cia Ceder:" in town.anna.phone
    assert NEW in town.anna.phone
    assert "Ditt förslag blev en nyhet. Tack!" in town.anna.phone
    assert len(town.anna.got) == 2
    assert "Att göra" not in home_words(town.cia)
    assert stored(town, News)[0].idea_id == 1


def home_words(actor):
    return actor.opens_home()


def test_a_wish_from_a_helper_gets_a_reply_and_two_do_not_reply(town):
    town.anna.writes(WISH)
    town.later(seconds=40)
    town.bo.presses("Ta frågan")
    town.bo.picks("Det här är ett förslag")
    assert "F-1 är ett förslag. Det besvaras under Att göra i Hem." in town.bo.phone
    assert "Ditt förslag är skickat till Cia Ceder." in town.anna.phone
    assert town.anna.picks("Rensa text") == 200, "only this is left in the menu"
    for who in (town.cia, town.ivar):
        who.sends(the_button(), stale())
    town.ivar.submits(reply="Ring 0701740605")
    assert "0701740605" in town.ivar.modal_words()
    assert stored(town, Idea)[0].replied_at is None
    town.cia.submits(reply="Bra tanke. Leverantören tar upp det i mars.")
    town.ivar.sends(the_button(), stale())
    town.ivar.submits(reply="Nej")
    assert "Cia Ceder har redan svarat" in town.ivar.modal_words()
    town.later(seconds=2)
    assert town.anna.phone.count("Bra tanke.") == 1
    assert "Cia Ceder har svarat på ditt förslag. Tack!" in town.anna.phone
    town.anna.writes("Men hur ser jag det nu i låsappen?", under=town.anna.got[0])
    ticket, idea = the_wish(town)
    assert (ticket.state, idea) == (State.TAKEN, None), "a new line is a question like any other"
    town.anna.writes("Det vore bättre med en siffra", under=town.anna.got[0])
    town.bo.picks("Det här är ett förslag")
    assert town.anna.phone.count("Ditt förslag är skickat till Cia Ceder.") == 1, "it waits anew"


def the_button():
    return {"type": "button", "action_id": "idea.form", "value": "1", "text": {"type": "plain_text", "text": "Svara"}}


def stale():
    return {"ts": "1.0", "user": fake.BOT, "blocks": [{"type": "actions", "elements": [the_button()]}]}
