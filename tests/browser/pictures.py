"""The pictures of README and docs, taken anew: python -m tests.browser.pictures

It plays with the real bot in a workspace of its own, on a Monday morning: a question as Anna's page shows it, wide and
on a phone, and what Eva who asks, Hanna who helps and Cia who is host of a drop-in see, each as small as it can be.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from models.clock import STOCKHOLM
from tests.browser.acts import newest
from tests.browser.conftest import CHROMIUM, PHONE, QUIET
from tests.browser.municipality import lovkoping_with_bot
from tests.slackworld import World

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
WIDE = {"viewport": {"width": 1280, "height": 860}}
AIR = 5  # pixels
LONG = 90  # seconds: nothing waits for it but a machine that does other things
LEFT = "localStorage.setItem('workspace.tour', JSON.stringify({shown: false}))"


def main() -> None:
    """All of them."""
    offset = until_morning()
    expect.set_options(timeout=1000 * LONG)
    with (
        tempfile.TemporaryDirectory() as folder,
        lovkoping_with_bot(Path(folder), clock_offset=offset) as world,
        sync_playwright() as driver,
    ):
        play(world)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        take(browser, world, offset, "page.png", **WIDE)
        take(browser, world, offset, "phone.png", **PHONE, device_scale_factor=2)
        ask(browser, world, offset)
        open_day(browser, world, offset)
        browser.close()


def play(world: World) -> None:
    """Anna asks, Bo takes it and answers, and says that it is solved."""
    anna, bo = (world.person(f"{who}@lovkoping.example") for who in ("anna.alm", "bo.berg"))
    anna.write("Hur signerar jag i efterhand?")
    card = bo.sees("Hur signerar jag", timeout=LONG)
    bo.press("ticket.take", message=card)
    anna.sees("Bo Berg har tagit", timeout=LONG)
    bo.write("Tryck på insatsen och välj Signera i efterhand. Skriv kort varför.", thread=card)
    anna.sees("välj Signera i efterhand", timeout=LONG)
    bo.press("ticket.solve", message=bo.again(card))
    anna.sees("Löste det sig?", timeout=LONG)
    anna.read()


def take(browser: Browser, world: World, offset: int, name: str, **device: object) -> None:
    page = browser.new_page(locale="sv-SE", reduced_motion="reduce", **device)
    page.clock.set_fixed_time(datetime.now(STOCKHOLM) + timedelta(seconds=offset))
    page.add_init_script(LEFT)
    page.goto(f"{world.url}/?as=anna.alm@lovkoping.example")
    expect(page.get_by_role("button", name="Ja, det löste sig")).to_be_visible()
    for face in page.locator("img:visible").all():
        expect(face).to_have_js_property("complete", True)
    page.screenshot(path=PICTURES / name)


def ask(browser: Browser, world: World, offset: int) -> None:
    """Eva asks and Hanna answers: what each has in front of her."""
    eva, hanna = (world.person(f"{who}@lovkoping.example") for who in ("eva.ek", "hanna.holm"))
    eva.write("Skrivaren på kontoret skriver inte ut")
    card = hanna.sees("Skrivaren", timeout=LONG)
    asks, helps = (on_phone(browser, world, offset, who.email) for who in (eva, hanna))
    clip(asks, "fraga-kvitto.png", asks.locator("#place .messages"))
    clip(helps, "hjalp-kort.png", newest(helps, "Skrivaren"))
    hanna.write("Dra ur sladden och vänta en minut. Sätt sedan i den igen.", thread=card)
    eva.sees("Dra ur sladden", timeout=LONG)
    hanna.sees("Är frågan löst?", thread=card, timeout=LONG)
    newest(helps, "Skrivaren").get_by_role("button", name="2 svar").click()
    clip(helps, "hjalp-svara.png", helps.locator("#thread .messages"))
    hanna.press("ticket.solve", message=hanna.again(card))
    expect(asks.get_by_role("button", name="Ja, det löste sig")).to_be_visible()
    clip(asks, "fraga-svar.png", newest(asks, "Dra ur sladden"), newest(asks, "Löste det sig?"))


def open_day(browser: Browser, world: World, offset: int) -> None:
    """Two questions are brought to the next session, and its host opens it the day before."""
    for who, text in (("bo.berg", "Låset på gaveln går inte att öppna"), ("gun.grahn", "Låset i 12 blinkar rött")):
        person = world.person(f"{who}@lovkoping.example")
        person.write(text)
        person.sees("Ta med till supportstugan", timeout=LONG)
        person.press("ticket.park")
        person.submit()
    page = on_phone(browser, world, offset, "cia.ceder@lovkoping.example")
    page.get_by_role("link", name="Hem").click()
    page.get_by_role("button", name="Öppna", exact=True).first.click()
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("Kvar: 2")
    clip(page, "hjalp-stugan.png", window.get_by_role("heading"), window.get_by_role("button", name="Ställ in"))


def on_phone(browser: Browser, world: World, offset: int, who: str) -> Page:
    page = browser.new_page(locale="sv-SE", reduced_motion="reduce", **PHONE)
    page.clock.set_fixed_time(datetime.now(STOCKHOLM) + timedelta(seconds=offset))
    page.add_init_script(LEFT)
    page.goto(f"{world.url}/?as={who}")
    page.wait_for_selector("#place :is(h1, .empty)", timeout=1000 * LONG)
    return page


def clip(page: Page, name: str, *what: Locator) -> None:
    """From the first to the last of these with a little air, over the whole width."""
    page.mouse.move(0, 0)  # nothing is pointed at
    for each in what:
        each.wait_for(timeout=1000 * LONG)
    boxes = [box for each in what if (box := each.bounding_box())]
    top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    page.screenshot(path=PICTURES / name, clip={"x": 0, "y": top - AIR, "width": 390, "height": bottom - top + 2 * AIR})


def until_morning() -> int:
    """Seconds to add to the clock so that it is a Monday morning in the pictures, whenever they are taken."""
    now = datetime.now(STOCKHOLM)
    monday = now + timedelta(days=-now.weekday() % 7)
    return int((monday.replace(hour=10, minute=12) - now).total_seconds())


if __name__ == "__main__":
    main()
