"""The weekly summary, drawn: the manager's message, and the window that everybody may open."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words
from models.summary import Way

OFFERS, OWN, TABLES = 3, 6, 4  # sentences with a button, what only she can do, breakdowns


@dataclass(frozen=True)
class Offer:
    """A button under a sentence."""

    label: str
    way: Way
    about: str


@dataclass(frozen=True)
class Sentence:
    said: str
    offer: Offer | None = None


@dataclass(frozen=True)
class Shown:
    """A summary as it is read. `quiet`: the one line of a quiet week. `mine`: what only she can do.

    `about`: what its controls carry; `picture`: a file's id in Slack; `files`: (label, form).
    """

    title: str
    about: str
    quiet: str = ""
    lines: tuple[Sentence, ...] = ()
    mine: tuple[Sentence, ...] = ()
    tables: tuple[tuple[str, tuple[str, ...]], ...] = ()
    picture: str | None = None
    alternative: str = ""
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Menus:
    """Where else she may look, and when."""

    places: tuple[tuple[str, str], ...] = ()
    periods: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


@dataclass(frozen=True)
class Headline:
    """In Home. `tools`: what is said of those that are hers to know; `picture`: the manager's, as in her message."""

    title: str
    about: str
    count: str
    waiting: int
    tools: str = ""
    picture: str | None = None
    alternative: str = ""


def push(shown: Shown, words: Words) -> str:
    """All of it as text: for a push, a screen reader, and where blocks are not taken."""
    own = [words("summary.mine"), *(f"• {line.said}" for line in shown.mine)] if shown.mine else []
    body = [shown.quiet] if shown.quiet else [*(line.said for line in shown.lines), *own]
    return cut("\n".join(map(safe, [shown.title, *body])), parts.SECTION)


def message(shown: Shown, words: Words) -> list[Block]:
    """What the manager gets on Monday."""
    head = f"*{safe(shown.title)}*"
    look = parts.button(words("button.summary.open"), "summary.open", shown.about)
    if shown.quiet:
        return [parts.section(f"{head}: {safe(shown.quiet)}", accessory=look)]
    return [parts.section(head), *_body(shown, words), parts.actions(look, *_files(shown))]


def _body(shown: Shown, words: Words) -> list[Block]:
    """What she can do comes before the picture: on a phone that is below the edge."""
    first, *more = [safe(line.said) for line in shown.lines if line.offer is None] or [""]
    plain = "\n".join([first, *(f"• {said}" for said in more)])
    offered = [_offered(line) for line in shown.lines if line.offer is not None]
    own = [parts.section(f"*{words('summary.mine')}*"), *map(_offered, shown.mine[:OWN])] if shown.mine else []
    return [*([parts.section(plain)] if plain else []), *offered[:OFFERS], *own, *_picture(shown)]


def _offered(line: Sentence) -> Block:
    return parts.section(safe(line.said), accessory=_button(line.offer) if line.offer else None)


def _button(offer: Offer) -> Block:
    match offer.way:
        case Way.ORDERS:
            return parts.button(offer.label, "order.list", 0)
        case Way.EXPERTS:
            return parts.button(offer.label, "appointment.open", offer.about)
        case Way.TIME:
            return parts.button(offer.label, "summary.tips", 0)
        case Way.FIGURES:
            return parts.button(offer.label, "summary.open", offer.about)


def _picture(shown: Shown | Headline) -> list[Block]:
    if not shown.picture:
        return []
    return [{"type": "image", "slack_file": {"id": shown.picture}, "alt_text": cut(shown.alternative, 2000)}]


def _files(shown: Shown) -> list[Block]:
    return [parts.button(label, f"summary.file:{form}", shown.about) for label, form in shown.files[:2]]


def home(found: Headline | None, words: Words) -> list[Block]:
    """One line, the way to the rest, and the picture."""
    if found is None:
        return []
    waits = words("summary.home.open", n=found.waiting) if found.waiting else ""
    line = words("summary.home", title=safe(found.title), count=found.count, open=waits)
    line += f"\n{safe(found.tools)}" if found.tools else ""
    button = parts.button(words("button.summary.open"), "summary.open", found.about)
    return [parts.section(line, accessory=button), *_picture(found)]


def window(shown: Shown, menus: Menus, done: str, words: Words) -> Block:
    """The same figures for everybody who may open them, with other places and periods to choose among."""
    told = [parts.section(safe(done)), parts.divider()] if done else []
    body = [parts.section(safe(shown.quiet))] if shown.quiet else _body(shown, words)
    tables = [parts.section(_table(*table)) for table in shown.tables[:TABLES]]
    files = [parts.actions(*found)] if (found := _files(shown)) else []
    small = parts.context(f"{words('summary.same')} {words('summary.rule')}")
    blocks = [*told, parts.header(shown.title), *_menus(menus, words), *body, *tables, *files, small]
    return parts.window(words("summary.title"), words("button.close"), blocks)


def _menus(menus: Menus, words: Words) -> list[Block]:
    places = [(words("summary.where"), _options(menus.places))]
    periods = [(heading, _options(found)) for heading, found in menus.periods if found]
    where = [parts.menu(words("summary.where"), "summary.where", places)] if len(menus.places) > 1 else []
    when = [parts.menu(words("summary.when"), "summary.when", periods)] if periods else []
    return [parts.actions(*where, *when)] if where or when else []


def _options(found: Sequence[tuple[str, str]]) -> list[Block]:
    return [parts.option(label, about) for label, about in found]


def _table(heading: str, rows: Sequence[str]) -> str:
    return f"*{safe(heading)}*\n" + "\n".join(f"• {safe(row)}" for row in rows)


def tips(words: Words) -> Block:
    """How others have found time for those who help."""
    lines = [parts.section(words(f"summary.tips.{n}")) for n in (1, 2, 3)]
    return parts.window(words("summary.tips"), words("button.close"), lines)
