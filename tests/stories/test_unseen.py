"""The asker writes more to a helper who took the question with a button: Slack tells nobody of a thread she is not in."""


def bo_took_it(town, words="Signeringsappen säger att jag saknar delegering"):
    town.anna.writes(words)
    town.later(seconds=25)
    town.bo.presses("Ta frågan")
    return len(town.bo.pushes)


def more(town, words):
    town.anna.writes(words, under=town.anna.got[0])
    town.later(seconds=1)


def test_the_first_line_is_heard_and_three_in_a_row_buzz_once(town):
    before = bo_took_it(town)
    for words in ("Den är uppdaterad i dag", "Jag har startat om", "Kan du titta?"):
        more(town, words)
    assert town.bo.pushes[before:] == ["Anna Alm: Den är uppdaterad i dag"]
    assert all(words in town.bo.phone for words in ("Jag har startat om", "Kan du titta?"))
    first = town.bo.message_with("Den är uppdaterad")
    assert first["reply_broadcast"]
    assert first["thread_ts"] == town.bo.got[0]["ts"]
    assert not town.bo.message_with("Jag har startat om").get("reply_broadcast")


def test_once_she_has_written_slack_tells_her_itself(town):
    bo_took_it(town)
    town.bo.writes("Jag tittar", under=town.bo.got[0])
    before = len(town.bo.pushes)
    more(town, "Den är uppdaterad i dag")
    assert town.bo.pushes[before:] == ["Anna Alm: Den är uppdaterad i dag"]
    assert not town.bo.message_with("Den är uppdaterad").get("reply_broadcast")


def test_a_line_by_which_somebody_waits_is_heard_too(town):
    before = bo_took_it(town, "Låset i 12 krånglar lite ibland")
    more(town, "Det är rum tolv alltså")
    more(town, "hon ligger på golvet och larmet svarar inte")
    more(town, "skynda er, hon ligger på golvet")
    assert len(town.bo.pushes) == before + 2
    assert "ligger på golvet och larmet" in town.bo.pushes[-1]


def test_a_line_that_opens_it_again_is_heard(town):
    bo_took_it(town)
    more(town, "Den är uppdaterad i dag")
    town.bo.presses("Löst", on=town.bo.got[0])
    before = len(town.bo.pushes)
    more(town, "Nej, nu kommer samma fel igen")
    assert town.bo.pushes[before:] == ["Anna Alm: Nej, nu kommer samma fel igen"]


def test_whoever_takes_it_next_hears_the_next_line(town):
    bo_took_it(town)
    more(town, "Den är uppdaterad i dag")
    town.bo.picks("Lämna tillbaka")
    town.gun.presses("Ta frågan")
    before = len(town.gun.pushes)
    more(town, "Är det någon där?")
    more(town, "Hallå?")
    assert len(town.gun.pushes) == before + 1


def test_a_note_or_a_form_is_no_word_in_the_thread(town):
    bo_took_it(town)
    town.bo.picks("Intern anteckning")
    town.bo.submits(word="Ring leverantören")
    before = len(town.bo.pushes)
    more(town, "Den är uppdaterad i dag")
    assert len(town.bo.pushes) == before + 1


def test_thanks_do_not_buzz(town):
    before = bo_took_it(town)
    more(town, "Tack!")
    assert len(town.bo.pushes) == before
    more(town, "Men nu kommer det tillbaka")
    assert len(town.bo.pushes) == before + 1


def test_an_edit_of_it_buzzes_no_more(town):
    before = bo_took_it(town)
    message = town.anna.writes("Den är uppdaterad i dag", under=town.anna.got[0])
    town.later(seconds=1)
    town.anna.edits({**message, "edited": {"user": town.anna.user, "ts": town.slack.ts()}}, "Den är uppdaterad i går")
    town.later(seconds=1)
    assert len(town.bo.pushes) == before + 1
    assert "i går" in town.bo.phone
