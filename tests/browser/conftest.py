"""A workspace with three people and the trial app, and Debian's Chromium to look at it with."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import trial
from tests.slackworld import World

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

PEOPLE = """email,name,title,kind,language,chat
anna@example.test,Anna Alm,"undersköterska, Björken",personal,sv,yes
bo@example.test,Bo Berg,"undersköterska, Björken",personal,sv,yes
kate@example.test,Kate Obi,vårdbiträde,personal,en,yes
"""
CONVERSATIONS = """name,topic,members
allmänt,Hela Vård och omsorg,anna@example.test|bo@example.test|kate@example.test
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the tests here say so instead of failing."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: apt-get install chromium, or set CHROMIUM"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One workspace for all: every test makes the messages that it looks at."""
    folder = tmp_path_factory.mktemp("browser")
    people = folder / "people"
    people.mkdir()
    (people / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (people / "conversations.csv").write_text(CONVERSATIONS, encoding="utf-8")
    with World(folder, people=people, manifest=trial.MANIFEST, ack_seconds=0.7) as world:
        app = trial.start(world)
        yield world
        app.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Callable[..., BrowserContext]:
    """One browser profile a kind of device: their caches make the tests twice as fast."""
    known: dict[str, BrowserContext] = {}

    def context_for(**options: object) -> BrowserContext:
        name = repr(sorted(options.items()))
        if name not in known:
            known[name] = chromium.new_context(locale="sv-SE", reduced_motion="reduce", **{**WIDE, **options})
            known[name].set_default_timeout(5000)
        return known[name]

    return context_for


@pytest.fixture
def visit(world: World, contexts: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Open the page as somebody: `visit("anna")`. Faults in the page's own scripts fail the test."""
    pages: list[Page] = []
    faults: list[str] = []

    def open_page(who: str, **options: object) -> Page:
        page = contexts(**options).new_page()
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{world.url}/?as={who}@example.test")
        page.wait_for_selector("#place :is(h1, .empty)")
        return page

    yield open_page
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert faults == []


@pytest.fixture
def anna(visit: Callable[..., Page]) -> Page:
    return visit("anna")
