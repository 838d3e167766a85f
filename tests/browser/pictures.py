"""The pictures of the README, taken anew: python -m tests.browser.pictures

It plays a question with the real bot in a workspace of its own and looks at Anna's page, wide and on a phone.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from models.clock import STOCKHOLM
from tests.browser.conftest import CHROMIUM, PHONE, QUIET
from tests.browser.municipality import lovkoping_with_bot
from tests.slackworld import World

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
WIDE = {"viewport": {"width": 1280, "height": 860}}
LEFT = "localStorage.setItem('workspace.tour', JSON.stringify({shown: false}))"


def main() -> None:
    """Both pictures."""
    offset = until_morning()
    with (
        tempfile.TemporaryDirectory() as folder,
        lovkoping_with_bot(Path(folder), clock_offset=offset) as world,
        sync_playwright() as driver,
    ):
        play(world)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        take(browser, world, offset, "page.png", **WIDE)
        take(browser, world, offset, "phone.png", **PHONE, device_scale_factor=2)
        browser.close()


def play(world: World) -> None:
    """Anna asks, Bo takes it and answers, and says that it is solved."""
    anna, bo = (world.person(f"{who}@lovkoping.example") for who in ("anna.alm", "bo.berg"))
    anna.write("Hur signerar jag i efterhand?")
    card = bo.sees("Hur signerar jag", timeout=15)
    bo.press("ticket.take", message=card)
    anna.sees("Bo Berg har tagit", timeout=15)
    bo.write("Tryck på insatsen och välj Signera i efterhand. Skriv kort varför.", thread=card)
    anna.sees("välj Signera i efterhand", timeout=15)
    bo.press("ticket.solve", message=bo.again(card))
    anna.sees("Löste det sig?", timeout=15)
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


def until_morning() -> int:
    """Seconds to add to the clock so that it is a Monday morning in the pictures, whenever they are taken."""
    now = datetime.now(STOCKHOLM)
    monday = now + timedelta(days=-now.weekday() % 7)
    return int((monday.replace(hour=10, minute=12) - now).total_seconds())


if __name__ == "__main__":
    main()
