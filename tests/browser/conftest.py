"""Debian's Chromium, a workspace with three people and the trial app, and one with Lövköping and the real bot."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import trial
from tests.browser.municipality import lovkoping_with_bot
from tests.slackworld import Message, Person, World, wait_for

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE = {"viewport": {"width": 1440, "height": 900}}
PATIENCE = 15_000  # milliseconds: nothing waits for it but a machine that does other things
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
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Tabs:
    """One browser profile a kind of device, and its tabs used again: a new tab costs as much as a whole test."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._profiles: dict[str, BrowserContext] = {}
        self._free: dict[str, list[Page]] = {}

    def take(self, device: dict[str, Any]) -> Page:
        kind = repr(sorted(device.items()))
        if kind not in self._profiles:
            look = {"locale": "sv-SE", "reduced_motion": "reduce", **WIDE, **device}
            self._profiles[kind] = self._chromium.new_context(**look)
            self._profiles[kind].set_default_timeout(PATIENCE)
        free = self._free.setdefault(kind, [])
        return free.pop() if free else self._profiles[kind].new_page()

    def give_back(self, page: Page, device: dict[str, Any]) -> None:
        """As if nobody had been there."""
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.goto("about:blank")
        self._free[repr(sorted(device.items()))].append(page)


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Tabs:
    return Tabs(chromium)


@pytest.fixture
def open_page(tabs: Tabs) -> Iterator[Callable[..., Page]]:
    """The page at an address. Faults in its own scripts fail the test."""
    opened: list[tuple[Page, dict[str, Any]]] = []
    faults: list[str] = []

    def fault(error: Exception) -> None:
        faults.append(str(error))

    def open_at(address: str, **device: Any) -> Page:
        page = tabs.take(device)
        opened.append((page, device))
        page.on("pageerror", fault)
        page.goto(address)
        page.wait_for_selector("#place :is(h1, .empty)")
        return page

    yield open_at
    for page, device in opened:
        page.remove_listener("pageerror", fault)
        tabs.give_back(page, device)
    assert faults == []


@pytest.fixture
def visit(world: World, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open the page as somebody among the three: `visit("anna")`."""
    close_windows(world)
    return lambda who, **options: open_page(f"{world.url}/?as={who}@example.test", **options)


@pytest.fixture(scope="session")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with lovkoping_with_bot(tmp_path_factory.mktemp("municipality")) as world:
        yield world


@pytest.fixture
def lovkoping(municipality: World) -> World:
    """Nobody has an open question or window: what an earlier test left is taken back."""
    close_windows(municipality)
    take_back_all(municipality.person("anna.alm@lovkoping.example"))
    return municipality


def close_windows(world: World) -> None:
    for person in world.people():
        if person.views():
            person.close(everything=True)


def take_back_all(asker: Person) -> None:
    """Every receipt with [Ta tillbaka] gets it pressed, and loses its buttons."""
    for receipt in open_receipts(asker):
        asker.press("ticket.withdraw", message=receipt)
    wait_for(lambda: not open_receipts(asker), 10, "no open questions")


def open_receipts(asker: Person) -> list[Message]:
    return [message for message in asker.messages() if "ticket.withdraw" in json.dumps(message.get("blocks"))]


@pytest.fixture
def anna(visit: Callable[..., Page]) -> Page:
    return visit("anna")
