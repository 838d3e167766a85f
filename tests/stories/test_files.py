"""A photo of a screen is the worst leak: refused by default, with a kind reason; allowed from the form after a tick."""

import pytest

from models import settings, tickets
from models.errors import Gone
from models.tickets import State
from tests import slack as fake

STAYED = "Filen skickades inte vidare"


def allow(town):
    with town.db.transaction() as session:
        settings.write(session, "files.allowed", "yes", now=town.time)


def the_ticket(town, number=1):
    with town.db.transaction() as session:
        return tickets.get(session, number)


def opens_the_form(town, actor):
    actor.opens_home()
    actor.presses("Ställ en fråga")


def pictures_under(town, actor):
    """What the bot has put into somebody's threads: (thread, titles)."""
    messages = [m for m in town.slack.messages.get(actor.channel, []) if m["user"] == fake.BOT and m.get("files")]
    return [(m["thread_ts"], [file["title"] for file in m["files"]]) for m in messages]


# ---- refused -----------------------------------------------------------------------------------------------------


def test_the_text_is_a_question_and_the_receipt_says_why_the_file_is_not(town):
    town.anna.writes("Låset i 12 blinkar rött", files=1)
    town.later(seconds=25)
    assert "Låset i 12 blinkar rött" in town.bo.phone
    assert STAYED in town.anna.phone
    assert "brukare" in town.anna.phone
    assert "Beskriv med ord i stället" in town.anna.phone
    assert len(town.anna.got) == len(town.anna.pushes) == 1
    assert STAYED not in town.anna.pushes[0]
    assert not any("file" in method for method, _ in town.slack.calls)


def test_a_file_without_words_is_asked_about(town):
    town.anna.writes("", files=1)
    town.later(seconds=5)
    assert "Vad krånglar?" in town.anna.phone
    assert STAYED in town.anna.phone
    town.anna.writes("Låset i 12 blinkar rött")
    assert STAYED in town.anna.phone
    assert "F-1" in town.anna.phone
    assert len(town.anna.got) == 1
    town.later(seconds=25)
    assert town.bo.got[0]["text"].endswith(": Låset i 12 blinkar rött")


def test_a_greeting_and_then_a_file(town):
    town.anna.writes("Hej!")
    town.later(seconds=5)
    assert STAYED not in town.anna.phone
    town.anna.writes("", files=2)
    town.later(seconds=5)
    assert STAYED in town.anna.phone
    assert len(town.anna.got) == len(town.anna.pushes) == 1


def test_a_file_and_nothing_more_becomes_no_question(town):
    town.anna.writes("", files=1)
    town.later(minutes=15)
    with pytest.raises(Gone):
        the_ticket(town)


@pytest.mark.parametrize(("allowed", "instead"), [(False, "Beskriv med ord i stället"), (True, "Ställ en fråga")])
def test_files_without_words_one_after_the_other_are_answered_once(town, allowed, instead):
    if allowed:
        allow(town)
    for _ in range(3):
        town.anna.writes("", files=1, twice=True)
        town.later(seconds=3)
    town.later(seconds=5)
    assert town.anna.phone.count(STAYED) == town.anna.phone.count(instead) == 1
    assert "Vad krånglar?" in town.anna.phone
    town.later(minutes=15)
    assert len(town.anna.got) == len(town.anna.pushes) == 1
    assert town.bo.got == town.gun.got == []
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    assert "Låset i 12 blinkar rött" in town.bo.phone


def two_are_open(town) -> int:
    """Anna's; how many messages she has got."""
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(minutes=11)
    town.anna.writes("Skrivaren på kontoret skriver inte ut")
    town.later(minutes=3)
    return len(town.anna.got)


def test_a_file_while_several_questions_are_open_asks_for_words(town):
    got = two_are_open(town)
    town.anna.writes("", files=1)
    town.later(minutes=15)
    assert len(town.anna.got) == got + 1
    assert town.anna.phone.count(STAYED) == 1
    with pytest.raises(Gone):
        the_ticket(town, 3)


def test_a_file_and_then_words_that_could_belong_to_several_are_asked_about_once(town):
    got = two_are_open(town)
    town.anna.writes("", files=1)
    town.anna.writes("Jag har startat om den i dag")
    town.later(minutes=5)
    assert len(town.anna.got) == got + 1
    assert STAYED in town.anna.message_with("Vilken fråga gäller det?")["blocks"][-1]["elements"][0]["text"]
    assert "Vad krånglar?" not in town.anna.phone


def test_a_file_later_in_the_talk(town):
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.later(minutes=2)
    before = len(town.anna.pushes), len(town.bo.got)
    town.anna.writes("", files=1, under=town.anna.got[0])
    assert STAYED in fake.words_of(town.anna.got[0]["blocks"])
    assert (len(town.anna.pushes), len(town.bo.got)) == before
    town.anna.writes("Nu lyser det grönt", files=1, under=town.anna.got[0])
    assert "Nu lyser det grönt" in town.bo.phone


def test_a_file_alone_opens_nothing_again(town):
    """There is no word in it that anybody could answer."""
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.anna.presses("Löst, tack")
    town.anna.writes("", files=1, under=town.anna.got[0])
    assert the_ticket(town).state is State.CLOSED
    assert STAYED in town.anna.phone


def test_a_helpers_words_go_on_and_her_file_does_not(town):
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.bo.writes("Byt batteri så här", files=1, under=town.bo.got[0], twice=True)
    assert "Byt batteri så här" in town.anna.phone
    assert STAYED not in town.anna.phone
    told = town.bo.message_with(STAYED)
    assert told["thread_ts"] == town.bo.got[0]["ts"]
    assert town.bo.phone.count(STAYED) == 1


def test_a_helpers_file_without_words_takes_nothing(town):
    town.anna.writes("Låset i 12 blinkar rött")
    town.later(seconds=25)
    town.bo.writes("", files=1, under=town.bo.got[0])
    assert STAYED in town.bo.phone
    assert the_ticket(town).owner_id is None
    assert len(town.anna.got) == 1


def test_the_form_has_no_place_for_files_unless_it_is_allowed(town):
    opens_the_form(town, town.anna)
    assert "Bild på felet" not in town.anna.modal_words()


# ---- allowed -----------------------------------------------------------------------------------------------------


@pytest.mark.sqlite  # it reads the file
def test_from_the_form_to_the_one_who_takes_it(town):
    allow(town)
    chosen = [town.slack.picture(town.anna.user, b"first-pixels"), town.slack.picture(town.anna.user, b"second-pixels")]
    opens_the_form(town, town.anna)
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=chosen, tick=["yes"])
    town.later(seconds=25)
    assert "2 bilder följer med när du tar frågan." in town.bo.phone
    assert not pictures_under(town, town.bo)
    town.bo.presses("Ta frågan")
    assert pictures_under(town, town.bo) == [(town.bo.got[0]["ts"], ["F-1 bild 1", "F-1 bild 2"])]
    assert "2 bilder ligger i tråden." in town.bo.phone
    assert pictures_under(town, town.gun) == []
    assert list(town.slack.contents.values())[-2:] == [b"first-pixels", b"second-pixels"]
    assert b"second-pixels" not in town.file.read_bytes()
    assert the_ticket(town).ticked_at == the_ticket(town).asked_at


def test_without_the_tick_the_form_refuses(town):
    allow(town)
    opens_the_form(town, town.anna)
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=[town.slack.picture(town.anna.user)])
    assert "Kryssa i" in town.answer.body
    with pytest.raises(Gone):
        the_ticket(town)


def test_two_taps_do_not_get_round_the_tick(town):
    allow(town)
    town.anna.opens_home()
    town.anna.presses("🔒")
    town.anna.taps_in_modal("Låset blinkar rött", pictures=[town.slack.picture(town.anna.user)])
    assert "Kryssa i" in town.anna.modal_words()
    with pytest.raises(Gone):
        the_ticket(town)
    town.anna.taps_in_modal("Låset blinkar rött", pictures=[town.slack.picture(town.anna.user)], tick=["yes"])
    assert len(the_ticket(town).picture_ids) == 1


def test_a_file_in_a_message_stays_refused_and_is_shown_the_form(town):
    allow(town)
    town.anna.writes("Låset i 12 blinkar rött", files=1)
    assert STAYED in town.anna.phone
    assert "Ställ en fråga" in town.anna.phone
    assert "Beskriv med ord" not in town.anna.phone


def test_the_next_one_who_takes_it_gets_them_too(town):
    allow(town)
    opens_the_form(town, town.anna)
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=[town.slack.picture(town.anna.user)], tick=["yes"])
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    town.bo.picks("Lämna tillbaka")
    town.gun.presses("Ta frågan")
    assert len(pictures_under(town, town.gun)) == len(pictures_under(town, town.bo)) == 1


def test_the_setting_is_turned_off_while_the_form_is_open(town):
    allow(town)
    opens_the_form(town, town.anna)
    with town.db.transaction() as session:
        settings.write(session, "files.allowed", "no", now=town.time)
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=[town.slack.picture(town.anna.user)], tick=["yes"])
    assert the_ticket(town).picture_ids == []
    assert STAYED in town.anna.phone


@pytest.mark.parametrize(
    "wrong",
    [
        {"mimetype": "application/pdf"},
        {"is_external": True},
        {"url_private": "https://evil.example/foto.jpg"},
        {"url_private": "https://slack.com.evil.example/foto.jpg"},
        {"url_private": "http://files.slack.com/foto.jpg"},
    ],
)
def test_only_pictures_that_lie_in_slack_and_the_token_goes_nowhere_else(town, wrong):
    allow(town)
    opens_the_form(town, town.anna)
    chosen = [town.slack.picture(town.anna.user, b"bad", **wrong), town.slack.picture(town.anna.user, b"good")]
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=chosen, tick=["yes"])
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    assert [titles for _, titles in pictures_under(town, town.bo)] == [["F-1 bild 2"]]
    assert len([method for method, _ in town.slack.calls if method == "download"]) == 1


def test_an_answer_that_is_lost_sends_no_picture_twice(town):
    allow(town)
    opens_the_form(town, town.anna)
    town.anna.submits(what="Låset i 12 blinkar rött", pictures=[town.slack.picture(town.anna.user)], tick=["yes"])
    town.later(seconds=25)
    complete = town.slack.files_completeUploadExternal

    def done_but_silent(**how):
        complete(**how)
        town.slack.files_completeUploadExternal = complete
        raise TimeoutError

    town.slack.files_completeUploadExternal = done_but_silent
    town.bo.presses("Ta frågan")
    town.later(seconds=5)
    assert len(pictures_under(town, town.bo)) == 1
