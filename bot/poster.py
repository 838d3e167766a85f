"""`supportstuga poster`: a unit's numbers day and night and how to ask, on paper, for when the bot does not answer.

A poster for the wall or a sheet of pocket cards. Not here: whom to ring (models/contacts), how it is drawn (press.py
and the templates beside it).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import app, press, settings, units
from bot.check import PATIENCE
from bot.finding import gap
from bot.settings import Settings, Wrong
from bot.voice import Voice
from handlers.letters import Sheet
from handlers.words import Words, speak
from models import clock, contacts, people
from models import settings as kept
from models.contacts import Listing, Ring, Spell
from models.db import Database, Session
from models.errors import Refused
from models.people import Unit

DONE, SAID = 0, 1
NOT_IN_A_NAME = re.compile(r"[^\w-]+")  # a key may hold what a file's name may not
STEPS = ("open", "write", "answer")


@dataclass(frozen=True)
class Wishes:
    """What was asked for. No unit: all that have begun. `team` and `app`: Slack's ids; empty: asked of Slack."""

    unit: str
    folder: Path
    template: str = "poster"
    team: str = ""
    app: str = ""


def make(wishes: Wishes, db: Database, voice: Voice) -> int:
    """0: printed. 1: not, and why was said."""
    now = app.wall_clock()
    with db.snapshot() as session:
        wanted = _units(session, wishes.unit)
        link = _link(wishes, voice)
        if link is None:
            return SAID
        _what_is_missing(session, wanted, now, voice)
        words = speak(voice.language, kept.read(session), now=now)
        listings = [contacts.listed(session, unit, on=clock.today(now)) for unit in wanted]
    day = clock.midnight(clock.today(now))
    sheets = (Sheet(wishes.template, texts(listing, link, words), day) for listing in listings)
    return _write(wishes, wanted, press.printed(sheets), voice)


def _write(wishes: Wishes, printed: list[Unit], pages: Iterator[bytes], voice: Voice) -> int:
    try:
        wishes.folder.mkdir(parents=True, exist_ok=True)
        for unit, page in zip(printed, pages, strict=True):
            file = wishes.folder / f"{wishes.template}-{NOT_IN_A_NAME.sub('_', unit.key)}.pdf"
            file.write_bytes(page)
            voice.say("cli.poster.written", path=file)
    except OSError:
        voice.complain("cli.export.not_written", path=wishes.folder)
        return SAID
    return DONE


# ---- which units, and what they lack -----------------------------------------------------------------------------


def _units(session: Session, key: str) -> list[Unit]:
    """The unit that is meant, or all that have begun."""
    if key:
        return [units.meant(session, key)]
    found = [unit for unit, _ in people.open_units(session) if unit.live]
    if not found:
        raise NoneLive
    return found


class NoneLive(Refused):
    key = "cli.poster.none_live"


def _what_is_missing(session: Session, printed: list[Unit], now: datetime, voice: Voice) -> None:
    """Named, so that it can be mended; the administration's number is printed meanwhile."""
    ours, today = {unit.id for unit in printed}, clock.today(now)
    for key, lacking in (
        ("check.units.without_number", contacts.units_without(session, on=today)),
        ("check.units.without_second_number", contacts.units_with_one_number(session, on=today)),
    ):
        names = [unit.name for unit in lacking if unit.id in ours]
        if names:
            voice.report(gap(key, n=len(names), names=", ".join(names)))


# ---- the way into the chat ---------------------------------------------------------------------------------------


def _link(wishes: Wishes, voice: Voice) -> str | None:
    """Opens the conversation with the bot, in the app or the browser (docs.slack.dev/interactivity/deep-linking)."""
    team, ours = wishes.team, wishes.app
    if not (team and ours):
        try:
            team, ours = _ids(settings.load(Settings))
        except (Wrong, SlackApiError, OSError):
            voice.complain("cli.poster.no_ids")
            return None
    return f"https://slack.com/app_redirect?app={ours}&team={team}"


def _ids(known: Settings) -> tuple[str, str]:
    """The workspace's id and the app's, as Slack knows them."""
    client = WebClient(known.slack_bot_token.get_secret_value(), known.slack_api_url, timeout=PATIENCE)
    who = client.auth_test()
    return str(who["team_id"]), str(client.bots_info(bot=who["bot_id"])["bot"]["app_id"])


# ---- what stands on it -------------------------------------------------------------------------------------------


def texts(listing: Listing, link: str, words: Words) -> dict[str, object]:
    """What the templates read. No name of a person, no secret: only what may hang on a wall."""
    return {
        "language": words.language,
        "unit": listing.unit.name,
        "title": words("poster.title"),
        "urgent": words("poster.urgent"),
        "danger": words("poster.danger"),
        "usual": [_spell(spell, words) for spell in listing.usual],
        "tools_title": words("poster.tools"),
        "tools": [
            {"name": _name(tool, words), "spells": [_spell(spell, words) for spell in spells]}
            for tool, spells in listing.by_tool.items()
            if tool in words.tools.tools or tool not in words.tools.known  # not what they say that they do not have
        ],
        "more": words("poster.more"),
        "ask": words("poster.ask"),
        "steps": [words(f"poster.step.{step}", app=words("cli.app.name")) for step in STEPS],
        "link": link,
        "link_says": words("poster.link", app=words("cli.app.name")),
        "valid": words("poster.valid", date=f"{clock.today(words.now):%Y-%m-%d}"),
        "works": words("poster.works"),
        "fold": words("poster.fold"),
    }


def _spell(spell: Spell, words: Words) -> dict[str, str]:
    always = spell.opens == spell.closes
    hours = words("poster.hours", opens=words.hour(spell.opens), closes=words.hour(spell.closes))
    return {"hours": words("poster.always") if always else hours, **_ring(spell.ring, words)}


def _ring(ring: Ring, words: Words) -> dict[str, str]:
    return {
        "number": ring.number,
        "second": words("poster.second", number=ring.second_number) if ring.second_number else "",
        "do": ring.what_to_do,
        "routine": words("poster.routine", routine=ring.routine) if ring.routine else "",
    }


def _name(tool: str, words: Words) -> str:
    """As on a button; a tool that has left the catalogue keeps its key."""
    return words.tool(tool) or tool
