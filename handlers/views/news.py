"""News, drawn: in Home and in a receipt, as an expert user's message, and for those who write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views.forms import Groups
from handlers.views.parts import Block
from handlers.words import Words

TOOL, TEXT, WHERE, ENDS, LINK = "tool", "text", "departments", "ends", "link"
LONGEST = 300
IN_HOME = 2
FEW = 5  # fewer than these are not counted aloud
LISTED = 30


@dataclass(frozen=True)
class Shown:
    """`reach`: how many have had it before their eyes; `may_end`: it is hers to take down."""

    id: int
    tool: str
    text: str
    link: str
    ends_on: date
    reach: int = 0
    may_end: bool = False


@dataclass(frozen=True)
class Home:
    """`tells`: she may write news and put up outages."""

    news: tuple[Shown, ...]
    tells: bool


@dataclass(frozen=True)
class Form:
    """`idea`: the wish it comes from, or 0; `tool`: chosen already; `departments`: (name, id) of hers."""

    idea: int
    tools: Groups
    tool: str
    departments: tuple[tuple[str, str], ...]
    ends_on: date


def line(shown: Shown, words: Words) -> str:
    """A few words about a tool, and where there is more."""
    more = f" <{shown.link}|{words('news.more')}>" if shown.link.startswith("https://") else ""
    return f"*{words('news.about', tool=safe(shown.tool))}* {safe(cut(shown.text, LONGEST))}{more}"


def home(home: Home, words: Words) -> list[Block]:
    """What holds, and, for those who may, a way to write."""
    drawn = [parts.context(line(each, words)) for each in home.news[:IN_HOME]]
    if not home.tells:
        return drawn
    write = parts.button(words("button.news_write"), "news.form", 0)
    outage = parts.button(words("button.outage_put_up"), "outage.form", 0)
    every = parts.button(words("button.news_all"), "news.open", 0)
    return [*drawn, parts.section(words("news.home")), parts.actions(write, outage, every)]


def told(shown: Shown, words: Words) -> list[Block]:
    """To an expert user, with what she can say to the others."""
    return [parts.section(line(shown, words)), parts.context(words("news.tell_at_meeting"))]


def listed(news: Sequence[Shown], done: str, words: Words) -> Block:
    told = [parts.section(done), parts.divider()] if done else []
    rows = [_row(each, words) for each in news[:LISTED]] or [parts.section(words("news.none"))]
    new = parts.actions(parts.button(words("button.news_write"), "news.form", 0, "primary"))
    return parts.window(words("news.title"), words("button.close"), [*told, *rows, new])


def _row(shown: Shown, words: Words) -> Block:
    reach = words("news.reach", n=shown.reach) if shown.reach >= FEW else words("news.reach_few", few=FEW)
    until = words("news.until", day=words.dated(shown.ends_on))
    button = parts.button(words("button.news_take_down"), "news.take_down", shown.id)
    return parts.section(f"{line(shown, words)}\n{until} {reach}", accessory=button if shown.may_end else None)


def form(form: Form, words: Words) -> Block:
    """Three hundred characters: what one reads between two visits."""
    options = forms.options(form.tools)
    menu = parts.menu(words("ask.tool_menu"), TOOL, options)
    chosen = [each for _, group in options for each in group if form.tool and each["value"] == form.tool]
    blocks = [
        parts.section(words("news.form.intro")),
        forms.field(TOOL, words("news.field.tool"), {**menu, "initial_option": chosen[0]} if chosen else menu),
        forms.field(TEXT, words("news.field.text"), forms.line("", LONGEST, multiline=True), words("ask.what_hint")),
        forms.field(ENDS, words("news.field.ends"), forms.day(form.ends_on)),
        *forms.where(WHERE, form.departments, words),
        forms.field(LINK, words("news.field.link"), forms.line("", LONGEST), words("news.link_hint"), optional=True),
    ]
    title, send = words("news.form.title"), words("button.news_publish")
    return parts.form("news.publish", title, send, words("button.close"), blocks, form.idea)
