"""Everything a handler may use, in one argument: to want `bot` in a handler means that something is missing here."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from handlers import words
from handlers.hearing import Hearing
from handlers.words import Words
from models import settings
from models.db import Database, Session
from models.people import Person

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """The database, the clock, a nudge that wakes delivery once a transaction has committed, our address; whom to tell
    that something came and could not be stored; whether everything that people wrote has been heard; what is heard, in
    which order.
    """

    db: Database
    now: Callable[[], datetime]
    nudge: Callable[[], None]
    public_url: str = ""  # where people reach us from outside; empty: nowhere
    missed: Callable[[], None] = lambda: None
    caught_up: Callable[[], bool] = lambda: True
    hearing: Hearing = field(default_factory=Hearing)

    def words(self, session: Session, person: Person) -> Words:
        """The voice for this person."""
        return words.speak(person.language, settings.read(session), now=self.now())

    def alone(self, step: Callable[..., object], about: int) -> None:
        """One step of the clock's work in a transaction of its own, so that one that fails stops no other."""
        try:
            with self.db.transaction() as session:
                step(session, about, now=self.now())
        except Exception:
            log.exception("the clock's step %s failed for %s", step.__name__, about)

    def each(self, find: Callable[..., Iterable[int]], step: Callable[..., object]) -> None:
        """A round of the clock's: `step` for each that `find` gives, alone; then delivery is woken."""
        with self.db.snapshot() as session:
            found = list(find(session, now=self.now()))
        for about in found:
            self.alone(step, about)
        if found:
            self.nudge()
