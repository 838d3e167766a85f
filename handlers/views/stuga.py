"""A drop-in as its guests see it: when, where, the way in without steps, and which one a question is brought to."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.parts import Block
from handlers.words import Words
from models import clock
from models.stuga import Pause, Shown

STUGA = "stuga"
MOST = 6
WEEK = 7  # days, after which a weekday alone would be another one


@dataclass(frozen=True)
class Finding:
    """Where somebody may go: the next ones that suit her, or that there are none in these weeks."""

    coming: tuple[Shown, ...]
    pause: Pause | None = None
    may_subscribe: bool = False


def span(stuga: Shown, words: Words) -> str:
    """`i dag kl. 13.30`, `på tisdag kl. 13.30`, later with its date, and when it ends: where it is drawn each time."""
    days = (clock.today(stuga.starts_at) - clock.today(words.now)).days
    if days >= WEEK:
        return dated(stuga, words)
    begins = " ".join([*([words("day.today")] if days == 0 else []), words.when(stuga.starts_at)])
    return words("stuga.span", begins=begins, ends=words.clock(stuga.ends_at))


def dated(stuga: Shown, words: Words) -> str:
    """`tisdag den 24 november kl. 13.30` and when it ends: in messages, which are read on other days too."""
    begins = f"{words.weekday(stuga.starts_at)} {words.moment(stuga.starts_at)}"
    return words("stuga.span", begins=begins, ends=words.clock(stuga.ends_at))


def place(stuga: Shown, words: Words) -> str:
    """`Eken, Storgatan 1`; a session with a link only is online."""
    return ", ".join(safe(part) for part in (stuga.room, stuga.address) if part) or words("stuga.online")


def about(stuga: Shown, words: Words) -> str:
    """Everything that a guest needs to know, a line each."""
    return "\n".join([_headline(stuga, words), f"{span(stuga, words)}, {there(stuga, words)}"])


def there(stuga: Shown, words: Words) -> str:
    """The same under a sentence that says which one, and when."""
    way_in = [words("stuga.way_in", text=safe(stuga.way_in))] if stuga.way_in else []
    host = [words("stuga.host", name=safe(stuga.host))] if stuga.host else []
    link = [_link(stuga.link, words)] if stuga.link else []
    return "\n".join([place(stuga, words), *way_in, *link, *host])


def _headline(stuga: Shown, words: Words) -> str:
    """Its name, and what it is about; an open one says so."""
    tools = words.people(words.tool(key) or key for key in stuga.tools) or words("stuga.open_to_all")
    night = [words("stuga.for_night")] if stuga.for_night else []
    return " · ".join([f"*{safe(stuga.name)}*", safe(cut(tools, 200)), *night])


def _link(link: str, words: Words) -> str:
    if not link.startswith("https://") or any(mark in link for mark in "<>| \n"):
        return safe(link)
    return f"<{link.replace('&', '&amp;')}|{words('stuga.link')}>"


def brief(stuga: Shown, words: Words) -> str:
    """In one line, for a push and for a question's own lists."""
    return f"{safe(stuga.name)} {dated(stuga, words)}"


# ---- finding one -----------------------------------------------------------------------------------------------------


def home(found: Finding, words: Words) -> list[Block]:
    """The next one; in the summer weeks that there is none, and when they begin again."""
    if not found.coming:
        return _paused(found, words)
    all_of_them = parts.button(words("button.stuga_find"), "stuga.find", 0)
    text = f"{words('stuga.next')}\n{about(found.coming[0], words)}"
    return [parts.section(text, accessory=all_of_them)]


def _paused(found: Finding, words: Words) -> list[Block]:
    pause = found.pause
    if pause is None:
        return []
    key = "stuga.paused_until" if pause.back_at else "stuga.paused"
    when = words.when(pause.back_at) if pause.back_at else ""
    return [parts.section(words(key, first=pause.first_week, last=pause.last_week, when=when))]


def window(found: Finding, words: Words) -> Block:
    """All that suit her, the next first."""
    blocks: list[Block] = []
    for stuga in found.coming[:MOST]:
        keep = parts.button(words("button.stuga_keep"), "stuga.keep", stuga.id)
        blocks += [parts.section(about(stuga, words)), parts.actions(keep)]
    none = _paused(found, words) or [parts.section(words("stuga.none"))]
    follow = [parts.divider(), parts.actions(parts.button(words("button.stuga_subscribe"), "stuga.subscribe", 0))]
    shown = [*(blocks or none), *(follow if blocks and found.may_subscribe else []), parts.context(words("stuga.how"))]
    return parts.window(words("stuga.title"), words("button.close"), shown)


def addresses(feeds: Sequence[tuple[str, str]], words: Words) -> Block:
    """(name, address) of each series: the same for everybody."""
    rows = [parts.section(f"*{safe(name)}*\n`{safe(address)}`") for name, address in feeds]
    intro, small = parts.section(words("stuga.subscribe")), parts.context(words("stuga.subscribe_how"))
    return parts.window(words("stuga.title"), words("button.close"), [intro, *rows, small])


def kept(name: str, words: Words) -> Block:
    """It is on its way into her calendar."""
    told = parts.section(words("stuga.kept", name=name))
    return parts.window(words("stuga.title"), words("button.close"), [told])


def unit(found: Finding, words: Words) -> list[Block]:
    """In "Vem hjälper dig?"."""
    if not found.coming:
        return _paused(found, words)
    return [parts.section(f"{words('stuga.next')}\n{about(found.coming[0], words)}")]


# ---- bringing a question ---------------------------------------------------------------------------------------------


def choose(ticket: int, number: str, options: Sequence[Shown], words: Words) -> Block:
    """Several suit: which one."""
    drawn = [_option(stuga, words) for stuga in options[:MOST]]
    element: Block = {"type": "radio_buttons", "options": drawn, "initial_option": drawn[0]}
    blocks = [forms.field(STUGA, words("stuga.which", number=number), element)]
    title, send, close = words("stuga.choose_title"), words("button.stuga_bring"), words("button.close")
    return parts.form("stuga.park", title, send, close, blocks, ticket)


def _option(stuga: Shown, words: Words) -> Block:
    when = span(stuga, words)
    option = parts.option(f"{when[:1].upper()}{when[1:]}", stuga.id)
    there = stuga.room or stuga.address or words("stuga.online")
    described = {"type": "plain_text", "text": cut(f"{stuga.name}, {there}", parts.OPTION)}
    return option | {"description": described}


def still(ticket: int, text: str, words: Words) -> list[Block]:
    """ "Aktuellt än?" with its three answers."""
    yes = parts.button(words("button.still_yes"), "stuga.still", ticket, "primary")
    now = parts.button(words("button.unpark"), "ticket.unpark", ticket)
    no = parts.button(words("button.still_no"), "ticket.withdraw", ticket)
    return [parts.section(text), parts.actions(yes, now, no)]
