"""The workspace as a whole: one object that holds all its parts, put together and filled from the journal here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workspace import conversations, ids, manifest, people
from workspace.answers import Answers
from workspace.clock import Clock, Stamps
from workspace.delivery import Delivery
from workspace.ephemera import Ephemera
from workspace.files import Files
from workspace.journal import Journal
from workspace.limits import Limits
from workspace.messages import Messages
from workspace.modals import Modals
from workspace.phones import Phones
from workspace.posting import Posts
from workspace.sockets import Sockets
from workspace.streams import Streams
from workspace.switches import Switches
from workspace.traffic import Traffic
from workspace.triggers import Triggers

TEAM = ids.stable("T", "workspace")


@dataclass(frozen=True)
class Config:
    """What the command line, or a test, decides."""

    state: Path
    people: Path | None = None
    fresh: bool = False
    app: manifest.App = field(default_factory=manifest.App)
    events_url: str | None = None
    language: str = "sv"
    team_name: str = "Kommunen"
    switches: Switches = field(default_factory=Switches)


class Space:
    """The parts, by name. `base` is the address of this server, known once it listens."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.app = config.app
        self.team = TEAM
        self.base = ""
        self.switches = config.switches
        self.clock = Clock(self.switches.clock_offset)
        self.stamps = Stamps(self.clock)
        self.journal = Journal(config.state, fresh=config.fresh)
        self.people = people.People(self.journal)
        self.conversations = conversations.Conversations(self.journal)
        self.messages = Messages(self.journal)
        self.ephemera = Ephemera()
        self.files = Files(self.journal)
        self.modals = Modals(self.journal)
        self.phones = Phones(self.journal)
        self.limits = Limits()
        self.traffic = Traffic()
        self.triggers = Triggers(self.clock)
        self.answers = Answers(self.clock)
        self.streams = Streams()
        self.delivery = Delivery(self.journal, self.clock, self.switches, self.traffic)
        self.app_changed: Callable[[], None] = lambda: None
        self.sockets = Sockets(self.delivery, self.switches, self.app.id, lambda: self.app_changed())
        self.carrier = self.delivery.carrier = self._carrier()
        self._fill()

    def _carrier(self) -> Sockets | Posts:
        if self.config.events_url:
            url, secret = self.config.events_url, self.app.tokens.signing
            return Posts(self.delivery, self.switches, url, secret, lambda: self.app_changed())
        return self.sockets

    def serving(self) -> None:
        """The server listens: an app at an address of its own is asked to prove itself."""
        if isinstance(self.carrier, Posts):
            self.carrier.start()

    def close(self) -> None:
        """Stop redelivery and let go of the state directory."""
        self.delivery.stop()
        self.journal.close()

    def turned(self) -> None:
        """Switches were turned: the ones that are kept elsewhere too."""
        self.clock.offset = self.switches.clock_offset

    def _fill(self) -> None:
        """What was kept, and who and what the folder names besides."""
        self._load()
        self._populate()

    def _load(self) -> None:
        readers: dict[str, Callable[[str, Any], None]] = {
            "person": lambda _, value: self.people.load(value),
            "conversation": lambda _, value: self.conversations.load(value),
            "read": self.conversations.load_mark,
            "message": self._load_message,
            "followers": self.messages.load_followers,
            "file": lambda _, value: self.files.load(value),
            "view": self.modals.load,
            "stack": self.modals.load_stack,
            "push": lambda _, value: self.phones.load(value),
            "pending": lambda _, value: self.delivery.load(value),
        }
        for kind, key, value in self.journal.records():
            readers[kind](key, value)

    def _load_message(self, key: str, message: dict[str, Any]) -> None:
        self.messages.load(key, message)
        self.stamps.seen(message["ts"])

    def _populate(self) -> None:
        """People and channels of the folder that are not there yet; each person's conversation with the app."""
        now = self.clock.now()
        for person in people.read(self.config.people):
            if self.people.get(person.id) is None:
                self.people.save(person)
        for person in self.people:
            self.conversations.direct([person.id, self.app.bot_user_id], now=now)
        for name, topic, members in conversations.read(self.config.people):
            if self.conversations.get(name) is None:
                self._channel(name, topic, members, now)

    def _channel(self, name: str, topic: str, members: list[str], now: float) -> None:
        found = [person.id for member in members if (person := self.people.get(member))]
        made = conversations.named(name, [*found, self.app.bot_user_id], topic=topic, now=now)
        self.conversations.save(made)
