"""A thumb on a workmate's words reaches her; on anything else it stays where it is."""

from sqlmodel import select

from models import lines, people, reactions
from models.outbox import Letter, Outcome
from models.reactions import Mark


def talking(town):
    """Anna has asked, Bo has taken it, both have written a line."""
    town.anna.writes("Signeringsappen säger att jag saknar delegering")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    hers = town.anna.writes("Jag har loggat ut och in", under=town.anna.got[0])
    his = town.bo.writes("Be Disa beställa den", under=town.bo.got[0])
    return hers, his


def marks(message):
    return message.get("by_bot", [])


def calls(town):
    return [method for method, _ in town.slack.calls if method.startswith("reactions.")]


def test_both_ways_and_back_again(town):
    hers, his = talking(town)
    pushes = len(town.anna.pushes), len(town.bo.pushes)
    town.anna.reacts(town.anna.message_with("Be Disa beställa den"), "thumbsup::skin-tone-2")
    town.bo.reacts(town.bo.message_with("Jag har loggat ut och in"), "eyes")
    assert marks(his) == ["thumbsup::skin-tone-2"]
    assert marks(hers) == ["eyes"]
    town.anna.unreacts(town.anna.message_with("Be Disa beställa den"), "thumbsup::skin-tone-2")
    assert marks(his) == []
    assert marks(hers) == ["eyes"]
    assert (len(town.anna.pushes), len(town.bo.pushes)) == pushes


def test_on_cards_receipts_and_one_s_own_words_it_stays(town):
    hers, his = talking(town)
    town.bo.picks("Intern anteckning")
    town.bo.submits(word="Samma fel som i går")
    town.anna.reacts(town.anna.got[0], "heart")
    town.anna.reacts(town.anna.message_with("har tagit"), "heart")
    town.anna.reacts(hers, "heart")
    town.bo.reacts(town.bo.got[0], "heart")
    town.bo.reacts(his, "heart")
    town.gun.reacts(town.gun.got[0], "heart")
    assert calls(town) == []


def test_places_that_look_alike(town):
    """`prompt:7:3` is nobody's line 7."""
    _, his = talking(town)
    with town.db.transaction() as session:
        line = lines.find(session, town.bo.channel, his["ts"])
        anna = people.by_chat_user(session, town.anna.user)
        for place in (f"prompt:{line.id}:1", f"line:{line.id}:{anna.id + 1}", f"line:{line.id}", "line:", "line:99999:1"):
            reactions.carry(session, anna, Mark(place, "eyes", "1.0"), now=town.time)
            reactions.take_back(session, anna, Mark(place, "eyes", "2.0"), now=town.time)
    town.deliver()
    assert calls(town) == []


def test_who_has_let_the_question_go_says_nothing_more(town):
    hers, _ = talking(town)
    town.bo.picks("Lämna tillbaka")
    town.bo.reacts(town.bo.message_with("Jag har loggat ut och in"), "eyes")
    assert marks(hers) == []


def test_late_doubled_and_reordered(town):
    """What was taken away last stays away, in whatever order Slack tells it."""
    hers, his = talking(town)
    relayed = town.anna.message_with("Be Disa beställa den")
    put = town.anna.reacts(relayed, "eyes")
    town.anna.unreacts(relayed, "eyes")
    town.event(put)
    assert marks(his) == []
    town.bo.reacts(town.bo.message_with("Jag har loggat ut och in"), "tada")
    before = len(calls(town))
    town.event({**put, "event_ts": put["event_ts"]}, event_id="Ev-again")
    assert len(calls(town)) == before


def test_the_taking_away_is_heard_before_the_putting(town):
    _, his = talking(town)
    relayed = town.anna.message_with("Be Disa beställa den")
    item = {"type": "message", "channel": town.anna.channel, "ts": relayed["ts"]}
    first, second = town.slack.ts(), town.slack.ts()
    event = {"user": town.anna.user, "reaction": "eyes", "item": item}
    town.event({**event, "type": "reaction_removed", "event_ts": second})
    town.event({**event, "type": "reaction_added", "event_ts": first})
    assert marks(his) == []


def test_a_broken_answer_is_tried_again_and_never_holds_up_words(town):
    hers, _ = talking(town)
    relayed = town.bo.message_with("Jag har loggat ut och in")
    town.slack.fail = lambda method, args: TimeoutError() if method == "reactions.add" else None
    town.bo.reacts(relayed, "eyes")
    assert marks(hers) == []
    town.slack.fail = lambda method, args: None
    town.later(seconds=2)
    assert marks(hers) == ["eyes"]

    def put_but_silent(**how):
        town.slack.reactions_add = put
        put(**how)
        raise TimeoutError

    put, town.slack.reactions_add = town.slack.reactions_add, put_but_silent
    town.bo.reacts(relayed, "rocket")
    town.later(seconds=2)
    assert marks(hers) == ["eyes", "rocket"]
    with town.db.snapshot() as session:
        assert {letter.outcome for letter in session.exec(select(Letter).where(Letter.kind == "react"))} == {Outcome.SENT}

    town.slack.fail = lambda method, args: "something_new" if method == "reactions.add" else None
    town.bo.reacts(relayed, "tada")
    town.later(minutes=3)
    town.bo.writes("Är det bättre nu?", under=town.bo.got[0])
    assert "Är det bättre nu?" in town.anna.phone
    with town.db.snapshot() as session:
        lost = session.exec(select(Letter).where(Letter.outcome == Outcome.GIVEN_UP)).all()
    assert [letter.error for letter in lost] == ["something_new"]


def test_on_words_that_are_gone_it_is_harmless(town):
    hers, _ = talking(town)
    relayed = town.bo.message_with("Jag har loggat ut och in")
    town.anna.deletes(hers)
    town.bo.reacts(relayed, "eyes")
    assert calls(town) == []
