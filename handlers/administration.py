"""What somebody may administer, in Home: a few buttons, only for those who administer something."""

from handlers.desk import Desk
from handlers.listening import HomePart, Listeners
from handlers.views import administration as view
from models import administration, clock
from models.administration import Scope
from models.db import Session
from models.people import Person


def register(on: Listeners) -> None:
    on.home(HomePart(70, load, lambda may, words: view.home(may, words), budget=4))


def load(session: Session, person: Person, desk: Desk) -> view.May:
    """One query, whoever it is: what is administered is read when it is opened."""
    return _may(administration.scope_of(session, person.pk, on=clock.today(desk.now())))


def _may(scope: Scope) -> view.May:
    return view.May(numbers=scope.any, people=scope.manages, everything=scope.everything)
