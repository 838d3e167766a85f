"""The bot as a process of its own, so that it can be killed without a word."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from models import importing, migrations
from models.db import Database
from tests.faults import weather
from tests.slackworld import World

RUNNING: list["BotProcess"] = []  # whatever a test started, so that one that fails leaves none behind
DEMO = Path(__file__).parent.parent.parent / "demo"


class BotProcess:
    """One instance on a database, by default a file, against a workspace."""

    entry: tuple[str, ...] = ("-m", "bot")

    def __init__(
        self, world: World, folder: Path, people: Path = DEMO, url: str | None = None, name: str = "bot", **env: str
    ) -> None:
        self.url = url or f"sqlite:///{folder / 'bot.db'}"
        self.log = folder / f"{name}.log"
        self._log = self.log.open("ab")
        self.weather = weather.Weather(folder / f"{name}.weather")
        self._env = {
            **os.environ,
            "SLACK_BOT_TOKEN": world.bot_token,
            "SLACK_APP_TOKEN": world.app_token,
            "SLACK_API_URL": world.api_url,
            "DATABASE_URL": self.url,
            weather.FILE: str(folder / f"{name}.weather"),
            **env,
        }
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        migrations.upgrade(self.url)
        db = Database(self.url)
        with db.transaction() as session:
            importing.from_folder(session, people, now=datetime.now(UTC))  # twice is once
        db.close()

    def start(self) -> None:
        RUNNING.append(self)
        self._process = subprocess.Popen(
            [sys.executable, *self.entry, "run"], env=self._env, cwd=self._folder, stdout=self._log, stderr=self._log
        )

    def start_if_ended(self) -> None:
        if self._process is None or self._process.poll() is not None:
            self.start()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def now(self) -> datetime:
        return self.weather.now()

    def under_weather(self) -> "BotProcess":
        """Its clock and its database can be moved from here on."""
        self.entry = (weather.__file__,)
        return self

    def kill(self) -> None:
        """Without a word: no handler, no finally."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self, within: float = 10) -> int:
        """As a supervisor does; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(timeout=within)
