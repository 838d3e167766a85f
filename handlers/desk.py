"""Everything a handler may use, in one argument: to want `bot` in a handler means that something is missing here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from handlers import words
from handlers.words import Words
from models import settings
from models.db import Database, Session
from models.people import Person


@dataclass(frozen=True)
class Desk:
    """The database, the clock, and a nudge that wakes delivery once a transaction has committed."""

    db: Database
    now: Callable[[], datetime]
    nudge: Callable[[], None]

    def words(self, session: Session, person: Person) -> Words:
        """The voice for this person."""
        return words.speak(person.language, settings.read(session), now=self.now())
