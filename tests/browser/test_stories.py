"""The guided tour with the real bot: its three stories by mouse, on a phone and by keyboard alone, by hand and astray."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import clean, say
from tests.browser.conftest import PHONE, open_receipts
from tests.faults.bot_process import DEMO
from tests.slackworld import Message, Person, World

STORIES = ["answered", "two_want_it", "parked"]
WAYS = ["mouse", "phone", "keyboard"]
SLOW = 30_000  # a card comes a second after the question; a machine that does other things takes longer
BEFORE = "Boolean(one.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"
Guest = Callable[..., Page]


@pytest.fixture
def guest(lovkoping: World, open_page: Guest) -> Guest:
    """Somebody opens the page of the municipality for the first time."""
    return lambda who="anna.alm", **options: open_page(f"{lovkoping.url}/?as={who}@lovkoping.example", **options)


class Visitor:
    """Somebody who does what the tour says, with its help."""

    def __init__(self, page: Page, way: str) -> None:
        self.page, self.way = page, way
        self.tour = page.locator("#tour")
        self.progress = self.tour.locator(".tour-title .hint")

    def walks(self, story: str) -> None:
        self.press(self.control(story))
        while (where := self.progress.inner_text()) != "Slut":
            self.takes_a_step()
            self.tour.locator(".tour-title .hint", has_not_text=where).wait_for(timeout=SLOW)

    def takes_a_step(self) -> None:
        if self.control("become").count():
            self.becomes_whom_it_says()
        if self.control("next").count():
            self.press(self.control("next"))
        elif self.control("write").count():
            self.press(self.control("write"))
            self.sends()
        else:
            self.control("show").wait_for(timeout=SLOW)
            self.press(self.control("show"))
            self.press(self.page.locator("[data-tour-here]"))
            self.sends_what_opens()

    def sends_what_opens(self) -> None:
        """A window with something chosen already, where the step says that one comes."""
        send = self.page.locator("dialog[open] [type=submit]")
        if "Välj" in self.tour.locator(".tour-say").inner_text():
            send.wait_for(timeout=SLOW)
        if send.count():
            self.press(send)

    def becomes_whom_it_says(self) -> None:
        link = self.control("become")
        name = link.inner_text().removeprefix("Bli ")
        self.press(link)
        self.page.get_by_role("button", name=f"Du är {name}").wait_for()
        self.tour.locator(".tour-say:focus").wait_for()
        expect(link).to_have_count(0)

    def sends(self) -> None:
        expect(self.page.locator("textarea:focus")).not_to_have_value("")
        if self.way == "keyboard":
            self.page.keyboard.press("Enter")
        else:
            self.press(self.page.locator(".send[data-tour-here]"))

    def press(self, what: Locator) -> None:
        if self.way == "keyboard":
            self.walk_to(what)
            self.page.keyboard.press("Enter")
        elif self.way == "phone":
            what.tap()
        else:
            what.click()

    def walk_to(self, what: Locator) -> None:
        """With the Tab key only."""
        back = what.evaluate(f"one => {BEFORE}")
        for _ in range(60):
            if what.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"the Tab key never comes to {what}")

    def control(self, name: str) -> Locator:
        return self.tour.locator(f"[data-control=tour-{name}]")


def visitor(guest: Guest, way: str) -> Visitor:
    return Visitor(guest(**(PHONE if way == "phone" else {})), way)


@pytest.mark.parametrize("way", WAYS)
def test_a_question_gets_an_answer(guest: Guest, way: str) -> None:
    someone = visitor(guest, way)
    someone.walks("answered")
    answer = someone.page.locator("#place .message", has_text="välj Signera i efterhand").last
    expect(answer.locator(".byline")).to_contain_text("Bo Berg")
    expect(someone.page.locator("#place .message").last).to_contain_text("Löst")
    expect(someone.control("begin")).to_have_text("Nästa: Två vill ta samma fråga")


@pytest.mark.parametrize("way", WAYS)
def test_two_want_the_same_question(guest: Guest, lovkoping: World, way: str) -> None:
    someone, anna = visitor(guest, way), lovkoping.person("anna.alm@lovkoping.example")
    told = len(taken_by_bo(anna))
    someone.walks("two_want_it")
    assert len(taken_by_bo(anna)) == told + 1
    gun = lovkoping.person("gun.grahn@lovkoping.example")
    card = next(message for message in reversed(gun.messages()) if message.get("reply_count"))
    assert "Det du skrev" in gun.thread(card)[-1].words  # was not sent: Bo had it, and now it is over


def taken_by_bo(asker: Person) -> list[Message]:
    return [message for message in asker.messages() if "Bo Berg har tagit" in message.words]


@pytest.mark.parametrize("way", WAYS)
def test_on_to_the_supportstuga(guest: Guest, lovkoping: World, way: str) -> None:
    someone = visitor(guest, way)
    someone.walks("parked")
    anna = lovkoping.person("anna.alm@lovkoping.example")
    [receipt] = open_receipts(anna)
    assert "Ta med till supportstugan" not in receipt.words


# the tour and real life


def test_it_follows_what_is_done_by_hand(guest: Guest, lovkoping: World) -> None:
    someone = Visitor(guest(), "mouse")
    someone.press(someone.control("answered"))
    anna, bo = (lovkoping.person(f"{who}@lovkoping.example") for who in ("anna.alm", "bo.berg"))
    say(someone.page, "Skrivaren i tvättstugan skriver inte ut")
    expect(someone.progress).to_have_text("Steg 2 av 5")
    card = bo.sees("Skrivaren i tvättstugan", timeout=15)
    bo.press("ticket.take", message=card)
    expect(someone.progress).to_have_text("Steg 3 av 5")
    bo.write("Dra ur sladden och vänta en minut", thread=card)
    expect(someone.progress).to_have_text("Steg 4 av 5")
    bo.press("ticket.solve", message=bo.again(card))
    expect(someone.progress).to_have_text("Steg 5 av 5")
    anna.press("ticket.confirm")
    expect(someone.progress).to_have_text("Slut")


def test_it_is_left_and_taken_up_again(guest: Guest) -> None:
    someone = Visitor(guest(), "mouse")
    page, again = someone.page, someone.page.get_by_role("button", name="Rundtur")
    someone.press(someone.control("leave"))
    expect(someone.tour).to_be_hidden()
    expect(again).to_be_focused()
    page.reload()
    again.click()
    someone.press(someone.control("two_want_it"))
    someone.press(someone.control("skip"))
    page.get_by_role("button", name="Stäng rundturen").click()
    expect(page.locator("[data-tour-here]")).to_have_count(0)
    page.reload()
    again.click()
    expect(someone.progress).to_have_text("Steg 2 av 5")
    expect(someone.control("become")).to_have_text("Bli Gun Grahn")


def test_a_line_that_went_astray_is_brought_back(guest: Guest, lovkoping: World) -> None:
    lovkoping.person("anna.alm@lovkoping.example").write("Kopiatorn har fastnat")
    someone = Visitor(guest(), "mouse")
    expect(someone.page.locator("#place .message", has_text="Kopiatorn").last).to_be_visible()
    someone.press(someone.control("parked"))
    someone.press(someone.control("write"))
    someone.sends()
    expect(someone.tour).to_contain_text("Du hade redan en öppen fråga")
    someone.press(someone.page.locator("[data-tour-here]", has_text="Det är en ny fråga"))
    expect(someone.progress).to_have_text("Steg 2 av 3")


def test_two_windows_walk_together(guest: Guest, open_page: Guest, lovkoping: World) -> None:
    someone = Visitor(guest(), "mouse")
    someone.press(someone.control("answered"))
    other = Visitor(open_page(f"{lovkoping.url}/?as=bo.berg@lovkoping.example"), "mouse")
    expect(other.tour).to_contain_text("Som Anna Alm:")
    someone.press(someone.control("skip"))
    expect(other.tour).to_contain_text("Som Bo Berg:")
    expect(other.control("become")).to_have_count(0)


def test_without_a_file_of_stories_there_is_no_tour(anna: Page) -> None:
    expect(anna.locator("#tour")).to_be_hidden()
    expect(anna.get_by_role("button", name="Rundtur")).to_have_count(0)


def test_the_page_says_whose_it_is(guest: Guest) -> None:
    expect(guest().get_by_role("banner")).to_contain_text("Vård och omsorg, Lövköpings kommun")


def test_in_english(guest: Guest) -> None:
    page = guest("kate.obi")
    page.locator("#tour").get_by_role("button", name="A question gets an answer").click()
    expect(page.locator("#tour")).to_contain_text("As Anna Alm: Something does not work.")
    expect(page.locator("#tour").get_by_role("link")).to_have_text("Be Anna Alm")


def test_the_buttons_that_it_names_are_the_bots() -> None:
    tour = (DEMO / "tour.json").read_text(encoding="utf-8")
    bots = (DEMO.parent / "handlers" / "texts" / "sv.po").read_text(encoding="utf-8")
    named = set(re.findall(r"\[([A-ZÅÄÖ][^]\"]+)\]", tour))
    assert "Ta frågan" in named
    assert [name for name in named if f'msgstr "{name}"' not in bots] == []


# looks


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_tour_and_what_the_bot_says(guest: Guest, look: str) -> None:
    someone = Visitor(guest(color_scheme=look), "mouse")
    clean(someone.page, "offer")
    someone.press(someone.control("answered"))
    someone.takes_a_step()
    expect(someone.progress).to_have_text("Steg 2 av 5")
    clean(someone.page, "receipt")
    someone.becomes_whom_it_says()
    expect(someone.page.locator("[data-tour-here]")).to_be_visible(timeout=SLOW)
    clean(someone.page, "card")
    someone.takes_a_step()
    expect(someone.progress).to_have_text("Steg 3 av 5")
    clean(someone.page, "card taken")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_bots_home_and_forms(guest: Guest, look: str) -> None:
    page = guest("bo.berg", color_scheme=look)
    page.get_by_role("link", name="Hem").click()
    expect(page.locator(".home .button").first).to_be_visible()
    clean(page, "home")
    page.get_by_role("button", name=re.compile("I tjänst till|Ändra tiden")).click()
    form(page, "duty")
    page.get_by_role("link", name="Meddelanden").click()
    page.get_by_role("button", name="Genvägar och kommandon").last.click()
    page.get_by_role("menuitem", name="Ställ en fråga").first.click()
    form(page, "ask")


def form(page: Page, name: str) -> None:
    expect(page.get_by_role("dialog")).to_be_visible()
    clean(page, name)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_on_a_phone_it_covers_nothing_and_can_be_folded(guest: Guest) -> None:
    someone = Visitor(guest(**PHONE), "phone")
    someone.press(someone.control("answered"))
    page = someone.page
    expect(page.locator("#place .composer textarea")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    whole = someone.tour.bounding_box()
    strip, place = whole, page.locator("#place").bounding_box()
    assert strip["y"] + strip["height"] <= place["y"] + 1
    small = someone.tour.locator("button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.height < 44 || box.width < 44).length"
    )
    assert small == 0
    page.get_by_role("button", name="Visa hela steget").tap()
    assert someone.tour.bounding_box()["height"] < 70 < whole["height"] < 220


def test_it_stands_still_for_those_who_want_that(guest: Guest) -> None:
    someone = Visitor(guest(), "mouse")
    someone.press(someone.control("answered"))
    here = someone.page.locator("[data-tour-here]")
    expect(here).to_be_visible()
    assert here.evaluate("one => getComputedStyle(one.closest('.composer')).animationName") == "none"
