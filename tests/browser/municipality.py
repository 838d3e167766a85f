"""Lövköping in a workspace of its own, with the real bot as a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import manifest
from models import settings
from models.db import Database
from tests.faults.bot_process import DEMO, BotProcess
from tests.slackworld import World


@contextmanager
def lovkoping_with_bot(folder: Path, **switches: Any) -> Iterator[World]:
    """The helpers get a card one second after the question. With `clock_offset` the bot's clock is ahead as well."""
    with World(folder, people=DEMO, manifest=manifest.make(manifest.registered(), "sv"), **switches) as world:
        bot = BotProcess(world, folder).under_weather()
        bot.weather.offset = switches.get("clock_offset", 0)
        db = Database(bot.url)
        with db.transaction() as session:
            settings.write(session, "card.wait", "1 s", now=bot.now())
        db.close()
        bot.start()
        try:
            world.wait_connected(timeout=90)
            yield world
        finally:
            bot.kill()
