"""The workspace's page, as people use it: mouse, keyboard alone, a phone, two windows, a screen reader's eyes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from tests.browser import trial
from tests.browser.acts import clean, newest, say
from tests.browser.conftest import PEOPLE, PHONE
from tests.slackworld import World

Visit = Callable[..., Page]
ANNA, BO, KATE = (f"{name}@example.test" for name in ("anna", "bo", "kate"))


def open_form(page: Page):
    page.get_by_role("button", name="Genvägar och kommandon").last.click()
    page.get_by_role("menuitem", name="Fyll i formuläret").click()
    dialog = page.get_by_role("dialog", name="Ställ en fråga")
    expect(dialog).to_be_visible()
    return dialog


# talking


def test_she_writes_and_the_app_answers(anna: Page) -> None:
    expect(anna).to_have_title(re.compile("Anna Alm . Provbot"))
    expect(anna.get_by_role("button", name="Du är Anna Alm")).to_contain_text("undersköterska, Björken")
    say(anna, "Låset piper rött")
    answer = newest(anna, "Du skrev: Låset piper rött")
    expect(answer.locator(".byline")).to_contain_text("Provbot")
    expect(anna.locator("#announcer")).to_contain_text("Provbot i Provbot: Du skrev: Låset piper rött")
    expect(anna.locator("#place .composer textarea")).to_have_value("")


def test_what_people_write_is_never_markup(anna: Page) -> None:
    nasty = "<img src=x onerror=\"document.title='ägd'\"> & <b>fet</b>"
    say(anna, nasty)
    expect(newest(anna, f"Du skrev: {nasty}")).to_be_visible()
    expect(anna.locator("#place .message", has_text=nasty).first.locator(".text")).to_have_text(nasty)
    expect(anna.locator("#place .messages b, #place .messages .text img")).to_have_count(0)
    assert "ägd" not in anna.title()


def test_shift_enter_makes_a_line_and_a_draft_is_kept(anna: Page) -> None:
    area = anna.locator("#place .composer textarea")
    area.fill("första")
    area.press("Shift+Enter")
    area.type("andra")
    anna.reload()
    expect(area).to_have_value("första\nandra")
    area.press("Enter")
    expect(newest(anna, "Du skrev: första").locator("br")).to_have_count(1)


def test_who_has_scrolled_up_and_writes_sees_her_own_words(anna: Page) -> None:
    say(anna, "hög\n" * 60 + "text")
    expect(newest(anna, "Du skrev: hög")).to_be_attached()
    anna.locator("#place .scroller").evaluate("one => { one.scrollTop = 0; }")
    expect(anna.get_by_role("button", name="Till det senaste")).to_be_visible()
    say(anna, "sist av allt")
    expect(newest(anna, "Du skrev: sist av allt")).to_be_in_viewport()


def test_only_she_sees_what_is_only_for_her(anna: Page) -> None:
    say(anna, "bara jag")
    message = newest(anna, "Det här ser bara du.")
    expect(message).to_contain_text("Syns bara för dig")


def test_a_thread_is_answered_beside_and_shown_in_the_conversation(anna: Page) -> None:
    say(anna, "tråd")
    row = newest(anna, "Svar i tråden")
    expect(row).to_contain_text("Svarade i tråden: tråd")
    row.get_by_role("button", name="tråd", exact=True).click()
    thread = anna.get_by_role("complementary", name="Tråd")
    expect(thread.locator(".message")).to_have_count(2)
    thread.get_by_label("Skicka även till Provbot").check()
    say(anna, "jag tackar", room="#thread")
    expect(newest(anna, "Du skrev: jag tackar", room="#thread")).to_be_visible()
    expect(newest(anna, "jag tackar").locator(".mark")).to_contain_text("Svarade i tråden")
    thread.get_by_role("button", name="Stäng tråden").last.click()
    expect(thread).to_be_hidden()


def test_she_changes_and_removes_what_she_wrote_and_reacts(anna: Page) -> None:
    say(anna, "fel ord")
    expect(newest(anna, "Du skrev: fel ord")).to_be_visible()  # what comes in moves what the mouse is on
    mine = anna.locator("#place .message", has_text="fel ord").first
    mine.hover()
    mine.get_by_role("button", name="Svara med emoji").click()
    anna.get_by_role("button", name="tada", exact=True).click()
    expect(mine.locator(".reaction.mine")).to_contain_text("1")
    mine.hover()
    mine.get_by_role("button", name="Mer om meddelandet").click()
    anna.get_by_role("menuitem", name="Ändra").click()
    anna.get_by_label("Ändra meddelandet").fill("rätt ord")
    anna.get_by_role("button", name="Spara").click()
    changed = anna.locator("#place .message", has_text="rätt ord").first
    expect(changed).to_contain_text("(ändrat)")
    changed.hover()
    changed.get_by_role("button", name="Mer om meddelandet").click()
    anna.get_by_role("menuitem", name="Ta bort").click()
    anna.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    expect(anna.locator("#place .message", has_text="rätt ord")).to_have_count(0)


def test_a_file_is_sent_and_shown(anna: Page, tmp_path: Path) -> None:
    picture = tmp_path / "skärm.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', encoding="utf-8")
    anna.locator("#place .composer input[type=file]").set_input_files(picture)
    expect(anna.locator("#place .files").last).to_be_visible()


# blocks


def test_a_button_changes_the_card(anna: Page) -> None:
    say(anna, "visa kort")
    anna.get_by_role("button", name="Ta frågan").last.click()
    expect(newest(anna, "Tagen av dig.")).to_be_visible()


def test_a_button_that_asks_first(anna: Page) -> None:
    say(anna, "visa kort")
    card = newest(anna, "Ny fråga")
    card.get_by_role("button", name="Avsluta").click()
    anna.get_by_role("dialog", name="Avsluta?").get_by_role("button", name="Inte än").click()
    expect(card).to_be_visible()
    before = anna.get_by_role("button", name="Ta frågan").count()
    card.get_by_role("button", name="Avsluta").click()
    anna.get_by_role("dialog", name="Avsluta?").get_by_role("button", name="Avsluta").click()
    expect(anna.get_by_role("button", name="Ta frågan")).to_have_count(before - 1)


def test_an_app_that_does_not_answer_is_named(anna: Page) -> None:
    say(anna, "visa kort")
    card = newest(anna, "Ny fråga")
    card.get_by_role("button", name="Svarar aldrig").click()
    expect(card.get_by_role("alert")).to_contain_text("svarade inte")


def test_many_kinds_of_blocks_and_no_harmful_link(anna: Page) -> None:
    say(anna, "visa block")
    message = newest(anna, "Gör så här")
    expect(message.locator("strong", has_text="Låset")).to_be_visible()
    expect(message.locator("ol li")).to_have_text(["Håll in knappen", "Vänta på grönt"])
    expect(message.get_by_role("link", name="länk")).to_have_attribute("href", "https://example.org")
    expect(message.get_by_text("farlig")).to_be_visible()
    expect(message.get_by_role("link", name="farlig")).to_have_count(0)
    message.get_by_role("button", name="Verktyg").click()
    anna.get_by_role("option", name="Lås", exact=True).click()
    expect(message.locator(".picker").first).to_have_text("Lås")


def test_unknown_and_broken_blocks_become_a_note(anna: Page) -> None:
    texts = anna.evaluate(
        """async () => {
          const { showBlocks } = await import("/js/blocks/index.js");
          const { Surface } = await import("/js/blocks/surface.js");
          const root = document.createElement("div");
          const blocks = [{ type: "hologram" }, { type: "section", fields: 7 }, { type: "header", text: { type: "plain_text", text: "Hel" } }];
          showBlocks(root, blocks, new Surface({ type: "home" }, {}, () => {}));
          return [...root.children].map((child) => child.textContent);
        }"""
    )
    assert texts == [
        "Här står något som den här sidan inte kan visa (hologram).",
        "Här står något som den här sidan inte kan visa (section).",
        "Hel",
    ]


def test_plain_text_keeps_its_lines_and_nothing_else(anna: Page) -> None:
    lines = anna.evaluate(
        """async () => {
          const { textBlock } = await import("/js/blocks/text.js");
          return [true, false].map((emoji) => textBlock({ type: "plain_text", text: "*Hej*\\n:tada: <b>", emoji }).innerHTML);
        }"""
    )
    assert lines == ['*Hej*<br><span class="emoji" title=":tada:">🎉</span> &lt;b&gt;', "*Hej*<br>:tada: &lt;b&gt;"]


def test_mrkdwn_is_read_as_slack_reads_it(anna: Page) -> None:
    cases = {
        "*fet* och 2*3*4": "<strong>fet</strong> och 2*3*4",
        "_a_ ~b~ `c*d*`": "<em>a</em> <s>b</s> <code>c*d*</code>",
        "&gt; ett\n&gt; två\ntre": "<blockquote>ett<br>två</blockquote>tre",
        "```rad\n  rad```": '<pre tabindex="0"><code>rad\n  rad</code></pre>',
        "&lt;b&gt; &amp;amp;": "&lt;b&gt; &amp;amp;",
        "<b>fet</b>": "&lt;b&gt;fet&lt;/b&gt;",
        "<tel:0101-12|0101-12>": '<a href="tel:0101-12">0101-12</a>',
        "snake_case_namn kl 10:30:00": "snake_case_namn kl 10:30:00",
    }
    read = """async (text) => {
      const { parse } = await import("/js/mrkdwn.js");
      const { draw } = await import("/js/rich.js");
      const root = document.createElement("div");
      root.append(...draw(parse(text)));
      return root.innerHTML;
    }"""
    assert {text: anna.evaluate(read, text) for text in cases} == cases


# windows


def test_the_form_refuses_keeps_what_was_written_and_then_sends(anna: Page, world: World) -> None:
    dialog = open_form(anna)
    what = dialog.get_by_label("Vad krånglar?")
    expect(what).to_be_focused()
    what.fill("fru A 19121212-1212")
    dialog.get_by_role("button", name="Verktyg").click()
    anna.get_by_role("option", name="Lås", exact=True).click()
    dialog.get_by_role("button", name="Skicka").click()
    expect(dialog.locator(".input-error")).to_have_text("Det här ser ut som ett personnummer.")
    expect(what).to_be_focused()
    expect(what).to_have_value("fru A 19121212-1212")
    what.fill("låset piper")
    dialog.get_by_role("button", name="Skicka").click()
    expect(dialog).to_be_hidden()
    expect(newest(anna, "Mottaget: låset piper (lås)")).to_be_visible()


def test_a_press_counts_though_the_form_is_drawn_anew_under_the_finger(anna: Page, world: World) -> None:
    open_form(anna).get_by_label("Vad krånglar?").fill("låset tjuter")
    dialog = anna.get_by_role("dialog")
    dialog.get_by_role("button", name="Skicka").hover()
    anna.mouse.down()
    [view] = world.person(ANNA).views()
    bot = WebClient(token=world.bot_token, base_url=world.api_url)
    bot.views_update(view_id=view["id"], view=trial.FORM | {"title": trial.words("Ny rubrik")})
    expect(dialog).to_contain_text("Ny rubrik")
    anna.mouse.up()
    expect(dialog).to_be_hidden()
    expect(newest(anna, "Mottaget: låset tjuter")).to_be_visible()


def test_what_was_written_goes_with_its_field(anna: Page, world: World) -> None:
    """A window that becomes another and back again: nothing of the first is left, nor sent along."""
    dialog = open_form(anna)
    dialog.get_by_label("Vad krånglar?").fill("till den förra")
    [view] = world.person(ANNA).views()
    bot = WebClient(token=world.bot_token, base_url=world.api_url)
    bot.views_update(view_id=view["id"], view=trial.FORM | {"blocks": trial.FORM["blocks"][1:]})
    expect(dialog.get_by_label("Vad krånglar?")).to_have_count(0)
    bot.views_update(view_id=view["id"], view=trial.FORM)
    expect(dialog.get_by_label("Vad krånglar?")).to_have_value("")
    dialog.get_by_label("Vad krånglar?").fill("låset gnisslar")
    dialog.get_by_role("button", name="Skicka").click()
    expect(newest(anna, "Mottaget: låset gnisslar")).to_be_visible()


def test_windows_lie_on_each_other(anna: Page) -> None:
    dialog = open_form(anna)
    dialog.get_by_label("Vad krånglar?").fill("halvskrivet")
    dialog.get_by_role("button", name="Ett steg till").click()
    upper = anna.get_by_role("dialog", name="Ett steg till")
    expect(upper).to_contain_text("Här finns inget att fylla i.")
    upper.get_by_role("button", name="Tillbaka").click()
    expect(dialog.get_by_label("Vad krånglar?")).to_have_value("halvskrivet")
    anna.keyboard.press("Escape")
    expect(anna.get_by_role("dialog")).to_have_count(0)


def test_selects_ask_the_app_and_know_the_people(anna: Page) -> None:
    dialog = open_form(anna)
    dialog.get_by_role("button", name="Modell").click()
    anna.get_by_role("combobox", name="Sök").fill("X")
    anna.get_by_role("option", name="Modell X2").click()
    expect(dialog.get_by_role("button", name="Modell")).to_have_text("Modell X2")
    dialog.get_by_role("button", name="Kollega").click()
    for name in ("Bo Berg", "Kate Obi"):
        anna.get_by_role("option", name=name).click()
    anna.get_by_role("button", name="Klar").click()
    expect(dialog.get_by_role("button", name="Kollega")).to_have_text("Bo Berg, Kate Obi")
    dialog.get_by_role("button", name="Avbryt").click()


def test_home_is_shown_and_its_buttons_work(anna: Page) -> None:
    anna.get_by_role("link", name="Hem").click()
    expect(anna.get_by_role("heading", name="Välkommen")).to_be_visible()
    anna.locator(".home").get_by_role("button", name="Ställ en fråga").click()
    anna.get_by_role("dialog").get_by_role("button", name="Avbryt").click()


def test_a_command_opens_the_form_and_an_unknown_one_is_explained(anna: Page) -> None:
    anna.locator("#place .composer textarea").fill("/pr")
    expect(anna.get_by_role("option", name="/prov")).to_be_visible()
    anna.keyboard.press("Enter")
    anna.keyboard.press("Enter")
    dialog = anna.get_by_role("dialog", name="Ställ en fråga")
    dialog.get_by_role("button", name="Avbryt").click()
    expect(dialog).to_be_hidden()  # under an open window nothing can be written
    say(anna, "/finnsinte")
    expect(anna.get_by_text("Det kommandot finns inte.")).to_be_visible()


def test_a_notice_outlives_the_window_it_stood_in(anna: Page) -> None:
    """Whatever arrives while a window closes stands inside it, and went away with it."""
    anna.evaluate(
        """async () => {
          const [{ openDialog, closeDialog }, { toast }] = [await import("/js/dialog.js"), await import("/js/toast.js")];
          const dialog = openDialog({ title: "Fönster", body: "", leave: () => {} });
          toast("Det kom fram ändå.");
          closeDialog(dialog);
        }"""
    )
    expect(anna.get_by_text("Det kom fram ändå.")).to_be_visible()


# two people, phones


def test_a_message_that_overtakes_the_reading_of_its_room_is_shown(visit: Visit, world: World) -> None:
    page, bo, held = visit("anna"), world.person(BO), []
    channel = next(one["id"] for one in bo.conversations() if one["name"] == "allmänt")
    with page.expect_websocket(lambda socket: "people" in socket.url) as connected:
        page.reload()
    room = f"**/messages?channel={channel}*"
    page.route(room, lambda route: held.append((route, route.fetch())))
    with page.expect_request(room):
        page.get_by_role("link", name="allmänt").click()
    expect(page.locator("#place h1")).to_have_text("allmänt")
    while not held:
        page.evaluate("'playwright hears of the request in its own time'")
    [(route, read_before)] = held
    with connected.value.expect_event("framereceived", lambda frame: "det är fullt" in frame):
        bo.write("överallt: det är fullt", channel=channel)
    route.fulfill(response=read_before)
    expect(newest(page, "överallt: det är fullt")).to_be_visible()


def test_two_windows_are_two_people(visit: Visit, world: World) -> None:
    world.person(BO).do("dm", **{"with": [ANNA]})
    anna, bo = visit("anna"), visit("bo")
    for page in (anna, bo):
        page.get_by_role("navigation", name="Samtal").get_by_role(
            "link", name="Bo Berg" if page is anna else "Anna Alm"
        ).click()
    bo.locator("#place .composer textarea").press_sequentially("Hej")
    expect(anna.locator("#place .typing")).to_have_text("Bo skriver …")
    bo.keyboard.press("Enter")
    expect(newest(anna, "Hej")).to_be_visible()
    expect(anna.locator("#place .typing")).to_have_text("")


def test_unread_marks_come_and_go(visit: Visit, world: World) -> None:
    anna = visit("anna")
    world.person(KATE).write("Möte kl 14", channel="allmänt")
    channel = anna.get_by_role("navigation", name="Samtal").get_by_role("link", name="allmänt")
    expect(channel.locator(".badge")).to_be_visible()
    channel.click()
    expect(anna.locator("#place .new-line")).to_have_text("Nytt")
    expect(channel.locator(".badge")).to_have_count(0)


def test_the_phone_shows_what_buzzed_and_what_did_not(visit: Visit, world: World) -> None:
    bo = world.person(BO)
    anna = visit("anna")
    loud, silent = (anna.locator("#phone .sums dd").nth(place) for place in (0, 1))
    before = int(loud.inner_text()), int(silent.inner_text())
    bo.write("@Anna Alm kan du komma?", channel="allmänt")
    expect(anna.locator("#phone .notice").first).to_contain_text("kan du komma?")
    expect(loud).to_have_text(str(before[0] + 1))
    bo.write("Kaffet är klart", channel="allmänt")
    expect(silent).to_have_text(str(before[1] + 1))
    anna.locator("#phone .notice").first.click()
    expect(anna.get_by_role("heading", name="allmänt", level=1)).to_be_visible()


def test_what_comes_in_does_not_take_the_focus(anna: Page, world: World) -> None:
    me = anna.get_by_role("button", name="Du är Anna Alm")
    me.focus()
    world.person(BO).write("@Anna Alm var är du?", channel="allmänt")
    expect(anna.locator("#phone .notice").first).to_contain_text("var är du?")
    expect(me).to_be_focused()


def test_do_not_disturb_from_the_phone(visit: Visit, world: World) -> None:
    kate = visit("kate")
    switch = kate.get_by_role("switch", name="Do not disturb")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")
    assert world.control.get(f"people/{KATE}")["person"]["dnd"] is True
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_the_switcher_leads_to_another_person(anna: Page) -> None:
    anna.get_by_role("button", name="Du är Anna Alm").click()
    anna.get_by_role("dialog", name="Vem vill du vara?").get_by_role("link", name="Bo Berg").first.click()
    expect(anna.get_by_role("button", name="Du är Bo Berg")).to_be_visible()
    assert "?as=U" in anna.url


# languages, looks


def test_her_own_language_and_the_other(visit: Visit) -> None:
    kate = visit("kate")
    expect(kate.get_by_role("button", name="You are Kate Obi")).to_be_visible()
    kate.get_by_role("button", name="Byt till svenska").click()
    expect(kate.get_by_role("button", name="Du är Kate Obi")).to_be_visible()
    expect(kate.locator("html")).to_have_attribute("lang", "sv")


def test_both_languages_have_every_text(anna: Page) -> None:
    keys = anna.evaluate(
        """async () => Promise.all(["sv", "en"].map(async (code) =>
             Object.keys((await import(`/js/i18n/${code}.js`)).default)))"""
    )
    assert keys[0] == keys[1]
    assert keys[0] == sorted(keys[0])


def test_light_and_dark(visit: Visit) -> None:
    page = visit("anna", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Ljust läge").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


# ways of using it


def test_by_keyboard_alone(anna: Page) -> None:
    press = anna.keyboard.press
    press("Tab")
    expect(anna.get_by_role("link", name="Hoppa till att skriva")).to_be_focused()
    press("Enter")
    expect(anna.locator("#place .composer textarea")).to_be_focused()
    anna.keyboard.type("visa kort")
    press("Enter")
    expect(newest(anna, "Ny fråga")).to_be_visible()
    newest(anna, "Ny fråga").locator(".message-tools").wait_for(state="attached")
    for _ in range(12):  # back to the buttons of the newest card
        press("Shift+Tab")
        if anna.evaluate("document.activeElement.textContent") == "Öppna":
            break
    press("Enter")
    dialog = anna.get_by_role("dialog", name="Ställ en fråga")
    expect(dialog.get_by_label("Vad krånglar?")).to_be_focused()
    anna.keyboard.type("utan mus")
    press("Tab")
    press("Enter")
    press("ArrowDown")
    press("Enter")
    expect(dialog.get_by_role("button", name="Verktyg")).to_have_text("Lås")
    expect(dialog.get_by_role("button", name="Verktyg")).to_be_focused()
    press("Escape")
    expect(dialog).to_be_hidden()


def test_arrows_walk_through_messages_and_menus(anna: Page) -> None:
    say(anna, "ett")
    expect(newest(anna, "Du skrev: ett")).to_be_visible()
    newest(anna, "Du skrev: ett").focus()
    anna.keyboard.press("ArrowUp")
    expect(anna.locator(".message:focus")).to_contain_text("ett")
    anna.locator(".message:focus").get_by_role("button", name="Mer om meddelandet").focus()
    anna.keyboard.press("Enter")
    anna.keyboard.press("End")
    expect(anna.get_by_role("menuitem", name="Ta bort")).to_be_focused()
    anna.keyboard.press("Escape")
    expect(anna.get_by_role("menu")).to_have_count(0)
    expect(anna.get_by_role("button", name="Mer om meddelandet").and_(anna.locator(":focus"))).to_have_count(1)


def test_on_a_phone_one_room_at_a_time(visit: Visit) -> None:
    page = visit("anna", **PHONE)
    tabs = page.get_by_role("navigation", name="Huvudval")
    say(page, "tråd")
    newest(page, "Svar i tråden").get_by_role("button", name="tråd", exact=True).click()
    expect(page.locator("#place")).to_be_hidden()
    page.go_back()
    expect(page.locator("#thread")).to_be_hidden()
    tabs.get_by_role("button", name="Samtal").click()
    expect(page.get_by_role("link", name="allmänt")).to_be_visible()
    tabs.get_by_role("button", name="Telefon").click()
    expect(page.get_by_role("heading", name="Annas telefon")).to_be_visible()
    tabs.get_by_role("button", name="Hem").click()
    expect(page.get_by_role("heading", name="Välkommen")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_screen_or_too_small_to_hit(visit: Visit) -> None:
    page = visit("anna", **PHONE)
    say(page, "visa block")
    expect(newest(page, "Gör så här")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.querySelector('#place .scroller').scrollWidth") <= 390
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a.conversation, input:not([type=file])")]
          .filter((one) => one.checkVisibility() && !one.closest(".thread-button, .mark, .reactions, .place-tabs"))
          .map((one) => [one.textContent || one.ariaLabel, one.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_rooms(visit: Visit, look: str) -> None:
    page = visit("anna", color_scheme=look)
    say(page, "visa block")
    say(page, "bara jag")
    expect(newest(page, "Det här ser bara du.")).to_be_visible()
    clean(page, "messages")
    page.get_by_role("link", name="Hem").click()
    expect(page.get_by_role("heading", name="Välkommen")).to_be_visible()
    clean(page, "home")
    page.get_by_role("button", name="Trafik", exact=True).click()
    expect(page.locator(".traffic li").first).to_be_visible()
    clean(page, "traffic")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_opens(visit: Visit, look: str) -> None:
    page = visit("anna", color_scheme=look)
    say(page, f"hej {look}")
    newest(page, f"Du skrev: hej {look}").focus()
    page.locator(".message:focus").get_by_role("button", name="Mer om meddelandet").click()
    clean(page, "menu")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Du är Anna Alm").click()
    clean(page, "people")
    page.keyboard.press("Escape")
    dialog = open_form(page)
    dialog.get_by_role("button", name="Skicka").click()
    expect(dialog.locator(".input-error")).to_be_visible()
    clean(page, "form")
    dialog.get_by_role("button", name="Verktyg").click()
    clean(page, "list")
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Avbryt").click()


# when things go wrong


def test_the_inspector_lists_what_was_said(anna: Page) -> None:
    say(anna, "för trafiken")
    expect(newest(anna, "Du skrev: för trafiken")).to_be_visible()
    anna.get_by_role("button", name="Trafik", exact=True).click()
    expect(anna.locator(".traffic li", has_text="chat.postMessage").first).to_be_visible()
    anna.get_by_label("Sök i trafiken").fill("för trafiken")
    expect(anna.locator(".traffic li", has_text="events_api").first).to_be_visible()


def test_a_lost_workspace_is_said_and_found_again(visit: Visit, tmp_path: Path, chromium) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    with World(tmp_path, people=tmp_path) as world:
        page = chromium.new_context().new_page()
        page.goto(world.url)
        expect(page.get_by_text("är inte igång just nu").first).to_be_visible()
        world.stop()
        expect(page.get_by_text("Arbetsytan svarar inte. Den startas med make demo.")).to_be_visible()
        world.restart()
        expect(page.locator("#banner")).to_be_empty(timeout=10_000)
        world.person(ANNA).write("tillbaka")
        expect(newest(page, "tillbaka")).to_be_visible()
        page.context.close()
