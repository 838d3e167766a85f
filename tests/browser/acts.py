"""What the browser tests have in common: saying something, finding it, and axe's opinion."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page


def say(page: Page, text: str, room: str = "#place") -> None:
    page.locator(f"{room} .composer textarea").fill(text)
    page.locator(f"{room} .composer textarea").press("Enter")


def newest(page: Page, text: str, room: str = "#place") -> Locator:
    return page.locator(f"{room} .message", has_text=text).last


def clean(page: Page, where: str) -> None:
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == [], where
