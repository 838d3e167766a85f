"""`supportstuga demo`: a small invented municipality, a local workspace and the bot, on one command.

The workspace is a child process; the bot runs here. Both stop on Ctrl-C and the data stays in one folder.
"""

import csv
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from threading import Event, Thread

from bot import app, logs, manifest, settings, stopping
from bot.run import serve
from bot.settings import Settings
from bot.voice import Voice
from models import answers, clock, importing, migrations, news, outages, people
from models.answers import Wording
from models.db import Database, Session
from models.news import Item
from models.outages import Notice

PEOPLE = Path(str(resources.files("demo")))
PATIENCE = 30  # seconds for the workspace to start, on a slow machine
FAREWELL = 5  # seconds for it to put its things away
BROKEN, NEW = "digital_shopping", "work_phone"  # about what something is known from the start


@dataclass(frozen=True)
class Place:
    """The folder in which a demonstration keeps everything."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "supportstuga.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def log(self) -> Path:
        return self.folder / "demo.log"


def play(place: Place, port: int, *, fresh: bool, voice: Voice) -> int:
    """Run until somebody presses Ctrl-C. 0 when it ended as asked, 1 when it could not start or broke."""
    if not _is_free(port):
        voice.complain("cli.demo.busy", port=port, other=port + 1)
        return 1
    stopped = stopping.by_signal()
    place.folder.mkdir(parents=True, exist_ok=True)
    if fresh:
        _forget(place)
    with place.log.open("a", encoding="utf-8") as log, _workspace(place, port, fresh, voice, log.fileno()) as child:
        logs.set_up("INFO", log)
        _furnish(place)
        return _together(place, child, voice, stopped)


def _together(place: Place, child: "Child", voice: Voice, stopped: Event) -> int:
    address = child.address(stopped)
    if address is not None:
        serve(_settings(place, address, voice), lambda: voice.say("cli.demo.ready", url=address), stopped)
    if child.broke or not stopped.is_set():
        voice.complain("cli.demo.broke", log=place.log)
        return 1
    voice.say("cli.demo.kept", folder=place.folder)
    return 0


def _is_free(port: int) -> bool:
    """0 is always free: the system chooses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just let go counts as free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _forget(place: Place) -> None:
    """Only what a demonstration has made; the workspace forgets its own part itself."""
    for end in ("", "-wal", "-shm"):
        place.database.with_name(place.database.name + end).unlink(missing_ok=True)


def _furnish(place: Place) -> None:
    """The newest tables, and the people of the folder: the same people again change nothing."""
    migrations.upgrade(place.url)
    db, now = Database(place.url), app.wall_clock()
    with db.transaction() as session:
        importing.from_folder(session, PEOPLE, now=now)
        if not answers.tools(session, now=now):
            know(session, now)
    db.close()


def know(session: Session, now: datetime) -> None:
    """What colleagues have found out: ready answers, an outage and a news item. Only while there are none."""
    ids = {person.email: person.pk for person in people.everybody(session) if person.email}
    with (PEOPLE / "answers.csv").open(encoding="utf-8", newline="") as sheet:
        for row in csv.DictReader(sheet):
            _answer(session, row, ids, now - timedelta(days=int(row["days"])))
    ivar = ids["ivar.isling@lovkoping.example"]
    voice, until = Voice("sv"), now + timedelta(hours=6)
    broken = Notice(BROKEN, frozenset(), voice("cli.demo.outage"), now - timedelta(minutes=50), until)
    outages.put_up(session, broken, by=ivar, now=now)
    item = Item(NEW, frozenset(), voice("cli.demo.news"), "", clock.today(now + timedelta(days=30)))
    news.publish(session, item, by=ivar, now=now)


def _answer(session: Session, row: dict[str, str], ids: dict[str, int], at: datetime) -> None:
    wording = Wording(row["tool"], row["question"], row["text"], row["question_en"], row["text_en"])
    first = answers.write(session, wording, by=ids[row["by"]], now=at)
    if row["second"]:
        answers.approve(session, first.pk, first.version, wording, by=ids[row["second"]], now=at)


def _settings(place: Place, address: str, voice: Voice) -> Settings:
    """Given here, so that real tokens in somebody's environment are never used for play."""
    return settings.load(
        Settings,
        slack_bot_token="xoxb-local",  # noqa: S106 (the workspace's own)
        slack_app_token="xapp-local",  # noqa: S106
        slack_api_url=f"{address}api/",
        database_url=place.url,
        bot_language=voice.language,
    )


class Child:
    """The workspace in a process of its own. It says `READY <address>` once; when it falls silent it is gone."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._address: str | None = None
        self._heard, self._gone = Event(), Event()
        Thread(target=self._listen, name="workspace", daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            if line.startswith("READY "):
                self._address = line.removeprefix("READY ").strip()
                self._heard.set()
        self._gone.set()

    @property
    def broke(self) -> bool:
        """It ended although nobody has sent it away yet."""
        return self._gone.is_set()

    def address(self, stopped: Event) -> str | None:
        """Where the page is; None if it did not start or we are stopped first. From then on its end is our end."""
        for _ in range(PATIENCE * 20):
            if self._heard.wait(0.05) or self._gone.is_set() or stopped.is_set():
                break
        Thread(target=self._drag_along, args=[stopped], daemon=True).start()
        return None if stopped.is_set() else self._address

    def _drag_along(self, stopped: Event) -> None:
        self._gone.wait()
        stopped.set()

    def send_away(self) -> None:
        """By its own process only, never by a name."""
        self._process.terminate()
        try:
            self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def _workspace(place: Place, port: int, fresh: bool, voice: Voice, log: int) -> Iterator[Child]:
    """Started in a group of its own: Ctrl-C reaches us alone, and we stop it last."""
    place.manifest.write_text(json.dumps(manifest.make(manifest.registered(), voice.language)), encoding="utf-8")
    command = [
        sys.executable, "-m", "workspace", "--port", str(port), "--state", str(place.workspace),
        "--people", str(PEOPLE), "--manifest", str(place.manifest), "--language", voice.language,
    ]  # fmt: skip
    command += ["--fresh"] if fresh else []
    process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
        command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
    )
    child = Child(process)
    try:
        yield child
    finally:
        child.send_away()
