"""What corrections have taught, for the specialist of the tool: [Behåll] or [Ta bort], in Home."""

from handlers.desk import Desk
from handlers.listening import HomePart, Listeners, does
from handlers.views import learning as view
from handlers.views.learning import Taught
from handlers.views.parts import Block
from handlers.words import Words
from models import learning
from models.db import Session
from models.people import Person
from models.tickets import anyone

SHOWN = 4


def register(on: Listeners) -> None:
    on.action("wording.keep", does(learning.keep), may=anyone)  # the verbs ask whose specialist she is today
    on.action("wording.drop", does(learning.drop), may=anyone)
    on.home(HomePart(34, load, drawn, budget=2 + 2 * SHOWN))


def load(session: Session, person: Person, desk: Desk) -> list[learning.Wording]:
    return learning.to_look_at(session, person, now=desk.now(), limit=SHOWN)


def drawn(found: list[learning.Wording], words: Words) -> list[Block]:
    return view.taught([Taught(each.id or 0, words.tool(each.tool), each.text) for each in found], words)
