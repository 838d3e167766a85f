"""The day of a drop-in, drawn for a phone in somebody's hand, and without names for a big screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from handlers.slack_text import cut, safe
from handlers.views import forms, parts
from handlers.views import stuga as place_view
from handlers.views.parts import Block
from handlers.words import Words
from models import clock
from models.stuga import Shown
from models.stuga_day import Guide, Outcome
from models.stuga_series import Stage

LINE, OUTCOME, WHICH, WHO = "line", "outcome", "which", "who"
HEADS = "heads"
DAY, STARTS, ENDS = "day", "starts", "ends"
PLACE = ("room", "address", "way_in", "link")
MOST_LEFT, MOST_DONE, MOST_GUIDES = 25, 15, 9
QUOTE, TRIED = 250, 250
MOST_ID = 200  # characters; Slack takes 255 in a block's id
NEW = "-"  # somebody who came with something that no tool button names
AT_ONCE = tuple(Outcome)[:-1]  # what can become of a question; not that nobody took it up
FOR_WALK_INS = (Outcome.SOLVED, Outcome.GUIDE, Outcome.SPECIALIST, Outcome.IT, Outcome.ROUTINE)


class Phase(StrEnum):
    """What can be done with it now."""

    AHEAD = "ahead"
    ON = "on"
    OVER = "over"  # outcomes can still be logged
    OFF = "off"


@dataclass(frozen=True)
class Row:
    """A question on the agenda. `tried`: what helpers have said; `group`: tool and kind, where another one begins."""

    ticket: int
    number: str
    asker: str
    unit: str
    text: str
    tried: str
    with_name: str = ""
    mine: bool = False
    outcome: Outcome | None = None
    group: str = ""
    tool: str = ""  # what is one answer for: the key of its group
    many: int = 0


@dataclass(frozen=True)
class Day:
    """`tools`: (key, name) of the six buttons; `told`: what has just been done."""

    stuga: Shown
    phase: Phase
    left: tuple[Row, ...]
    done: tuple[Row, ...]
    tools: tuple[tuple[str, str], ...]
    told: str = ""


@dataclass(frozen=True)
class Board:
    """Without names: (what it is about, numbers of the questions) of what is left, and how many are done."""

    stuga: Shown
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    done: int


@dataclass(frozen=True)
class Subject:
    """What an outcome is about: a question, or what somebody came with. `key`: its id, a tool's key, or NEW."""

    key: str
    title: str
    row: Row | None = None

    @property
    def seen(self) -> str:
        return self.row.outcome or "" if self.row else ""


# ---- in Home ---------------------------------------------------------------------------------------------------------


def home(hers: Sequence[Shown], may_plan: bool, words: Words) -> list[Block]:
    """Her own sessions, the next first."""
    if not hers and not may_plan:
        return []
    rows = [_row_in_home(stuga, words) for stuga in hers[:3]]
    if not may_plan:
        return [parts.section(words("stuga.hers")), *rows]
    every = parts.button(words("button.stuga_all"), "stuga.all", 0)
    plan = parts.button(words("button.stuga_plan"), "stuga_plan.open", 0)
    return [parts.section(words("stuga.hers")), *rows, parts.actions(every, plan)]


def _row_in_home(stuga: Shown, words: Words) -> Block:
    over = stuga.stage is Stage.ENDED
    said = [words("stuga.phase.over")] if over else []
    said += [words("stuga.parked", n=stuga.parked)] if stuga.parked and not over else []
    said += [] if stuga.host or over else [words("stuga.no_host")]
    text = f"*{safe(stuga.name)}*\n{' · '.join([place_view.span(stuga, words), *said])}"
    return parts.section(text, accessory=parts.button(words("button.stuga_run"), "stuga.run", stuga.id))


def listed(coming: Sequence[Shown], words: Words) -> Block:
    """All that she may run."""
    rows = [_row_in_home(stuga, words) for stuga in coming[:40]] or [parts.section(words("stuga.none"))]
    return parts.window(words("stuga.title"), words("button.close"), rows)


def guides(found: Sequence[Guide], words: Words) -> list[Block]:
    """Guides that sessions have asked for, each with the question that it should answer."""
    if not found:
        return []
    rows = [_guide(guide, words) for guide in found[:MOST_GUIDES]]
    over = len(found) - MOST_GUIDES
    more = [parts.context(words("stuga.more", count=over))] if over > 0 else []
    return [parts.section(words("stuga.guides")), *rows, *more]


def _guide(guide: Guide, words: Words) -> Block:
    asked = safe(cut(guide.asked, QUOTE)) or words("stuga.no_words")
    head = f"*{safe(words.tool(guide.tool) or words('stuga.no_tool'))}* · {words.dated(guide.day)}"
    label, no = words("button.stuga_guide_done"), words("button.close")
    sure = forms.confirm(words("stuga.guide_title"), words("stuga.guide_text"), label, no)
    done = parts.button(label, "stuga_guide.done", guide.item_id) | {"confirm": sure}
    return parts.section(f"{head}\n{asked}", accessory=done)


def guides_left(found: Sequence[Guide], words: Words) -> Block:
    """After [Klar]."""
    rows = guides(found, words) or [parts.section(words("todo.nothing"))]
    return parts.window(words("todo.title"), words("button.close"), rows)


# ---- the day ---------------------------------------------------------------------------------------------------------


def day(day: Day, words: Words) -> Block:
    """Agenda, head-count, what becomes of each question, who came in, the end."""
    working = day.phase in (Phase.ON, Phase.OVER)
    blocks = [
        *([parts.section(day.told), parts.divider()] if day.told else []),
        *_head(day, words),
        *(_count(day.stuga, words) if working else []),
        *_agenda(day, working, words),
        *(_walk_in(day, words) if working else []),
        *_done(day, words),
        parts.divider(),
        parts.actions(*_ends(day, words)),
    ]
    return parts.window(words("stuga.day_title"), words("button.close"), blocks)


def only(told: str, words: Words) -> Block:
    """For who has just handed it over: it is no longer hers."""
    return parts.window(words("stuga.day_title"), words("button.close"), [parts.section(told)])


def _head(day: Day, words: Words) -> list[Block]:
    stuga = day.stuga
    helpers = words.people(safe(name) for name in stuga.helpers)
    who = " · ".join(filter(None, (words("stuga.host", name=safe(stuga.host)) if stuga.host else "", helpers)))
    phase = Stage.CANCELLED if stuga.stage is Stage.CANCELLED else day.phase
    state = [words(f"stuga.phase.{phase}")] if phase is not Phase.ON else []
    small = " · ".join(filter(None, (*state, who)))
    text = f"*{safe(stuga.name)}*\n{place_view.span(stuga, words)}, {place_view.place(stuga, words)}"
    return [parts.section(text), *([parts.context(small)] if small else [])]


def _count(stuga: Shown, words: Words) -> list[Block]:
    """A number, and nothing about who."""
    taps = (("+1", "one"), ("+5", "five"), ("−1", "less"))  # noqa: RUF001 (a minus sign)
    buttons = [parts.button(text, f"stuga.count:{more}", f"{stuga.id}:{more}") for text, more in taps]
    typed = parts.button(words("button.stuga_heads"), "stuga.heads_form", stuga.id)
    return [parts.section(words("stuga.heads", count=stuga.heads)), parts.actions(*buttons, typed)]


def heads_form(stuga: Shown, most: int, words: Words) -> Block:
    """The number itself."""
    fields = [forms.field(HEADS, words("stuga.field.heads"), forms.count(stuga.heads, most))]
    title, close = words("stuga.day_title"), words("button.close")
    return parts.form("stuga.heads", title, words("button.save"), close, fields, stuga.id)


def _agenda(day: Day, working: bool, words: Words) -> list[Block]:
    if not day.left:
        return [parts.section(words("stuga.nothing_left"))]
    following = parts.button(words("button.stuga_next"), "stuga.next", day.stuga.id, "primary")
    blocks = [parts.section(words("stuga.left", count=len(day.left)), accessory=following if working else None)]
    for row in day.left[:MOST_LEFT]:
        blocks += [_group(day.stuga, row, working, words)] if row.group else []
        blocks.append(_question(day.stuga, row, working, words))
    over = len(day.left) - MOST_LEFT
    return [*blocks, *([parts.context(words("stuga.more", count=over))] if over > 0 else [])]


def _group(stuga: Shown, row: Row, working: bool, words: Words) -> Block:
    text = f"*{safe(row.group)}* ({row.many})"
    if row.many < 2 or not working:
        return parts.section(text)
    together = parts.button(words("button.stuga_many"), "stuga.many_form", f"{stuga.id}:{row.tool}")
    return parts.section(text, accessory=together)


def _question(stuga: Shown, row: Row, working: bool, words: Words) -> Block:
    key = "button.stuga_go_on" if row.mine else "button.stuga_take"
    tap = parts.button(words(key), "stuga.begin", f"{stuga.id}:{row.ticket}")
    free = working and (row.mine or not row.with_name)
    return parts.section(_said(row, words), accessory=tap if free else None)


def _said(row: Row, words: Words) -> str:
    """Number, who, what was said, what was tried, who helps with it."""
    head = " · ".join([f"*{row.number}*", *(safe(part) for part in (row.asker, row.unit) if part)])
    text = safe(cut(row.text, QUOTE)) or words("stuga.no_words")
    tried = [words("stuga.tried", text=safe(cut(row.tried, TRIED)))] if row.tried else []
    name = [words("stuga.with", name=safe(row.with_name))] if row.with_name else []
    return "\n".join([head, text, *tried, *name])


def _walk_in(day: Day, words: Words) -> list[Block]:
    """Six tools, and anything else: the first of two taps."""
    value = day.stuga.id
    buttons = [parts.button(name, f"stuga.walk_in:{key}", f"{value}:{key}") for key, name in day.tools[:6]]
    other = parts.button(words("button.other_tool"), f"stuga.walk_in:{NEW}", f"{value}:{NEW}")
    return [parts.section(words("stuga.walk_in")), parts.actions(*buttons, other)]


def _done(day: Day, words: Words) -> list[Block]:
    """The latest first: what was tapped wrongly is put right here."""
    if not day.done:
        return []
    rows = [_logged(day, row, words) for row in day.done[: -MOST_DONE - 1 : -1]]
    over = len(day.done) - MOST_DONE
    more = [parts.context(words("stuga.more", count=over))] if over > 0 else []
    return [parts.section(words("stuga.done", count=len(day.done))), *rows, *more]


def _logged(day: Day, row: Row, words: Words) -> Block:
    said = " · ".join(filter(None, (row.number, words(f"stuga.outcome.{row.outcome}"), safe(row.with_name))))
    change = parts.button(words("button.stuga_change"), "stuga.change", f"{day.stuga.id}:{row.ticket}")
    return parts.section(said, accessory=None if day.phase is Phase.OFF else change)


def _ends(day: Day, words: Words) -> list[Block]:
    """What is needed now and then, and what hurts asks first."""
    about = day.stuga.id
    buttons = [
        parts.button(words("button.stuga_refresh"), "stuga.redraw", about),
        parts.button(words("button.stuga_board"), "stuga.board", about),
    ]
    if day.phase is Phase.ON:
        end = parts.button(words("button.stuga_end"), "stuga.end", about)
        buttons.append(end | {"confirm": _asked("end", words)})
    if day.phase in (Phase.AHEAD, Phase.ON):
        buttons.append(parts.button(words("button.stuga_move"), "stuga.move_form", about))
        buttons.append(parts.button(words("button.stuga_hand_over"), "stuga.hand_over_form", about))
        cancel = parts.button(words("button.stuga_cancel"), "stuga.cancel", about, "danger")
        buttons.append(cancel | {"confirm": _asked("cancel", words)})
    return buttons


def _asked(what: str, words: Words) -> Block:
    no = words("button.close")
    return forms.confirm(words(f"stuga.{what}_title"), words(f"stuga.{what}_text"), words(f"button.stuga_{what}"), no)


# ---- one question ----------------------------------------------------------------------------------------------------


def subject(stuga: Shown, about: Subject, words: Words) -> Block:
    """What became of it, in one tap; with a line in two."""
    row, before = about.row, f"{stuga.id}:{about.key}"
    choices = AT_ONCE if row else FOR_WALK_INS
    taps = [
        parts.button(words(f"stuga.outcome.{each}"), f"stuga.log:{each}", f"{before}:{each}:{about.seen}")
        for each in (*choices, *([Outcome.NOT_TAKEN] if row and row.outcome else []))
    ]
    said = parts.section(_said(row, words) if row else f"*{safe(about.title)}*")
    seen = [parts.context(words("stuga.says", outcome=words(f"stuga.outcome.{about.seen}")))] if about.seen else []
    line = parts.button(words("button.stuga_line"), "stuga.log_form", before)
    back = parts.button(words("button.stuga_back"), "stuga.redraw", stuga.id)
    put = parts.button(words("button.stuga_put_back"), "stuga.put_back", before)
    hers = [put] if row and row.mine and not row.outcome else []
    asked = parts.section(words("stuga.what_became"))
    blocks = [said, *seen, asked, parts.actions(*taps), parts.actions(line, *hers, back)]
    return parts.window(words("stuga.day_title"), words("button.close"), blocks)


def log_form(stuga: int, about: Subject, words: Words, chosen: Outcome | None = None) -> Block:
    """With a line: to the asker with the outcome; of a walk-in that goes on, to whoever answers, who needs one.

    `chosen`: an outcome that was tapped without it.
    """
    choices = AT_ONCE if about.row else FOR_WALK_INS
    options = [
        parts.option(words(f"stuga.outcome.{each}"), f"{about.key}:{each}:{about.seen}") for each in choices
    ]
    first = options[choices.index(chosen)] if chosen in choices else options[0]
    blocks = [
        parts.section(_said(about.row, words) if about.row else f"*{safe(about.title)}*"),
        _outcome(options, about.key, words, first),
        _line("" if about.row else "_walk_in", about.key, words, optional=chosen is None),
    ]
    title, close = words("stuga.day_title"), words("button.close")
    return parts.form("stuga.log", title, words("button.save"), close, blocks, stuga)


def _outcome(options: Sequence[Block], about: str, words: Words, first: Block | None = None) -> Block:
    element = {"type": "radio_buttons", "options": list(options), "initial_option": first or options[0]}
    return _only_of(about, forms.field(OUTCOME, words("stuga.what_became"), element))


def _line(whose: str, about: str, words: Words, *, optional: bool = True) -> Block:
    """`whose`: "_walk_in" where nobody's question is there to be answered."""
    element, hint = forms.line("", 500, multiline=True), words(f"stuga.line_hint{whose}")
    return _only_of(about, forms.field(LINE, words(f"stuga.line{whose}"), element, hint, optional=optional))


def _only_of(about: str, field: Block) -> Block:
    """What is typed stays while a block keeps its id: nobody's answer shall stand in the next one's form."""
    return field | {"block_id": f"{field['block_id']}:{about}"}


def many_form(stuga: int, group: str, rows: Sequence[Row], words: Words) -> Block:
    """Several with one answer; all of them are chosen from the beginning."""
    found = [parts.option(" ".join([row.number, *row.text.split()]), row.ticket) for row in rows[: parts.OPTIONS]]
    chosen = [str(row.ticket) for row in rows[: parts.OPTIONS]]
    which = forms.several(words("stuga.many_which"), [(group, found)], chosen)
    options = [parts.option(words(f"stuga.outcome.{each}"), each.value) for each in AT_ONCE]
    about = "-".join(chosen)
    about = about if len(about) < MOST_ID else f"{chosen[0]}-{len(chosen)}"
    blocks = [
        _only_of(about, forms.field(WHICH, words("stuga.many_which"), which)),
        _outcome(options, about, words),
        _line("", about, words),
    ]
    title, close = words("stuga.many_title"), words("button.close")
    return parts.form("stuga.log_many", title, words("button.save"), close, blocks, stuga)


# ---- the big screen --------------------------------------------------------------------------------------------------


def board(board: Board, words: Words) -> Block:
    """For everybody in the room: what is left, by its number. No names, nobody's words."""
    stuga = board.stuga
    left = sum(len(numbers) for _, numbers in board.groups)
    counted = {"heads": stuga.heads, "left": left, "done": board.done}
    counts = " · ".join(words(f"stuga.{what}", count=count) for what, count in counted.items())
    groups = [parts.section(f"*{safe(name)}*\n{cut(' · '.join(numbers), 400)}") for name, numbers in board.groups[:40]]
    refresh = parts.button(words("button.stuga_refresh"), "stuga.board", stuga.id)
    back = parts.button(words("button.stuga_back"), "stuga.redraw", stuga.id)
    blocks = [
        parts.header(stuga.name),
        parts.section(counts),
        parts.divider(),
        *(groups or [parts.section(words("stuga.nothing_left"))]),
        parts.divider(),
        parts.actions(refresh, back),
    ]
    return parts.window(words("stuga.title"), words("button.close"), blocks)


# ---- cancel, move, hand over -----------------------------------------------------------------------------------------


def move_form(stuga: Shown, words: Words) -> Block:
    """Another time or place for this one; the rest of its series stays."""
    starts, ends = clock.local(stuga.starts_at), clock.local(stuga.ends_at)
    lengths = {"room": 120, "address": 200, "way_in": 200, "link": 300}
    fields = [
        forms.field(name, words(f"stuga.field.{name}"), forms.line(getattr(stuga, name), lengths[name]), optional=True)
        for name in PLACE
    ]
    blocks = [
        parts.context(words("stuga.move_intro")),
        forms.field(DAY, words("stuga.field.day"), forms.day(starts.date())),
        forms.field(STARTS, words("stuga.field.starts"), _clock(starts.time())),
        forms.field(ENDS, words("stuga.field.ends"), _clock(ends.time())),
        *fields,
    ]
    title, close = words("stuga.move_title"), words("button.close")
    return parts.form("stuga.move", title, words("button.stuga_move"), close, blocks, stuga.id)


def _clock(at: time) -> Block:
    return {"type": "timepicker", "initial_time": f"{at:%H:%M}"}


def hand_over_form(stuga: int, words: Words) -> Block:
    blocks = [
        parts.section(words("stuga.hand_over_intro")),
        forms.field(WHO, words("stuga.field.who"), forms.person()),
    ]
    title, close = words("stuga.hand_over_title"), words("button.close")
    return parts.form("stuga.hand_over", title, words("button.stuga_hand_over"), close, blocks, stuga)
