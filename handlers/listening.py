"""How Slack reaches our functions, and what happens when a function says no.

A listener gets an open transaction and typed values, calls one domain verb, and may return what to show.
The guard resolves the person, asks the rule, writes the dedupe key, commits, then shows and acks: the ack
leaves after the commit (process_before_response). No listener can talk to Slack inside a transaction.
A refusal or a fault becomes an answer to the person; a fault in an *event* is raised on, so that Slack
gets no ack and delivers it again.
"""

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from slack_bolt import App, Args

from handlers.desk import Desk
from handlers.hearing import Behind
from handlers.letters import Kind
from handlers.slack_text import safe
from handlers.views import notice
from handlers.words import DEFAULT, Words, speak
from models import db, heard, outbox, people, settings
from models.db import Session
from models.errors import NotYours, Refused
from models.outbox import Intent
from models.people import Person

log = logging.getLogger(__name__)

Block = dict[str, Any]
Rule = Callable[[Session, Person, int | None], None]
CATCH_UP = "catch-up:"  # so the id begins of what was read in Slack's history


@dataclass(frozen=True)
class Press:
    """Something a person pressed, chose or submitted.

    `about` is the id the control carries, `choice` what was chosen (the tail of the action id, or the
    selected option), `values` a form's fields by action id.
    """

    person: Person
    about: int | None = None
    choice: str = ""
    values: dict[str, str] = field(default_factory=dict)
    value: str = ""  # the control's own value, as it was put there
    note: str = ""  # a form's private note
    form: Block = field(default_factory=dict)  # the form itself, as it stands in front of the person
    message: tuple[str, str] = ("", "")  # under a shortcut: its channel and ts
    vouched: bool = False  # she has pressed [Skicka ändå]: the names in it are meant to be there


@dataclass(frozen=True)
class Told:
    """An event: who caused it, and Slack's own fields."""

    person: Person
    event: dict[str, Any]


@dataclass(frozen=True)
class Open:
    """Show this form to the person who pressed (needs her trigger; one call)."""

    view: Block


@dataclass(frozen=True)
class Swap:
    """Show this form in the place of the one in which the person pressed or submitted."""

    view: Block


@dataclass(frozen=True)
class Home:
    """Draw the person's Home anew."""


@dataclass(frozen=True)
class Errors:
    """A form stays open and says, per block, what to do."""

    by_block: dict[str, str]


Show = Open | Swap | Home | Errors | None
PressListener = Callable[[Session, Press, Desk], Show]
EventListener = Callable[[Session, Told, Desk], Show]


@dataclass(frozen=True)
class HomePart:
    """One feature's part of Home: `load` asks the models, `view` draws; at most `budget` blocks are kept."""

    order: int
    load: Callable[[Session, Person, Desk], Any]
    view: Callable[[Any, Words], list[Block]]
    budget: int


@dataclass(frozen=True)
class UnitPart:
    """One feature's part of "Vem hjälper dig?": `load` asks the models about a unit for a person, `view` draws it in a
    window.

    `brief` draws it in Home too; at most `budget` blocks are kept of either.
    """

    order: int
    load: Callable[[Session, Person, int, Desk], Any]
    view: Callable[[Any, Words], list[Block]]
    budget: int
    brief: Callable[[Any, Words], list[Block]] | None = None


@dataclass(frozen=True)
class TaskSource:
    """One feature's part of "Att göra": `load` finds what waits for somebody now, the oldest first; `view` draws it."""

    order: int
    load: Callable[[Session, Person, datetime], Sequence[Any]]
    view: Callable[[Sequence[Any], Words], list[Block]]


@dataclass(frozen=True)
class Job:
    """What the clock calls. `every` for work that only looks for what is due; `slot` names a once-only run."""

    name: str
    run: Callable[[Desk], None]
    every: timedelta


def does(verb: Callable[..., Any]) -> PressListener:
    """The listener of a button that means one domain verb on the thing it carries: `verb(session, id, by=, now=)`."""

    def run(session: Session, press: Press, desk: Desk) -> Show:
        verb(session, press.about or 0, by=press.person.pk, now=desk.now())
        return None

    run.__module__, run.__name__ = verb.__module__, verb.__name__  # a fault is logged by the verb's name
    return run


class Listeners:
    """Bolt's App, narrowed to what our handlers use, with the safety net built in."""

    def __init__(self, app: App, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self.letters: dict[str, Kind] = {}
        self.home_parts: list[HomePart] = []
        self.unit_parts: list[UnitPart] = []
        self.task_sources: list[TaskSource] = []
        self.jobs: list[Job] = []
        self.rules: dict[str, Rule] = {}
        self.forms: dict[str, tuple[PressListener, Rule]] = {}
        self.events: list[str] = []
        self.actions: list[str] = []
        self.views: list[str] = []
        self.commands: list[str] = []
        self.shortcuts: list[str] = []
        self.message_shortcuts: list[str] = []
        self._ways_in: dict[tuple[str, str], Callable[[Args], None]] = {}
        self._open_doors()

    def action(self, action_id: str, listener: PressListener, *, may: Rule) -> None:
        """A button or menu; `action_id:tail` reaches the same listener with the tail as its choice."""
        self.actions.append(action_id)
        self.rules[action_id] = may
        self._lead("block_actions", action_id, self._pressed(listener, may))

    def view(self, callback_id: str, listener: PressListener, *, may: Rule) -> None:
        """A submitted form."""
        self.views.append(callback_id)
        self.rules[callback_id] = may
        self.forms[callback_id] = (listener, may)
        self._lead("view_submission", callback_id, self._pressed(listener, may))

    def command(self, name: str, listener: PressListener, *, may: Rule) -> None:
        """A slash command; what was written after it is `values["text"]`."""
        self.commands.append(name)
        self.rules[name] = may
        self._lead("command", name, self._pressed(listener, may))

    def shortcut(self, callback_id: str, listener: PressListener, *, may: Rule) -> None:
        """A shortcut that works everywhere."""
        self.shortcuts.append(callback_id)
        self.rules.setdefault(callback_id, may)
        self._lead("shortcut", callback_id, self._pressed(listener, may))

    def message_shortcut(self, callback_id: str, listener: PressListener, *, may: Rule) -> None:
        """A shortcut on a message; its text is `values["text"]`."""
        self.message_shortcuts.append(callback_id)
        self.rules[callback_id] = may
        self._lead("message_action", callback_id, self._pressed(listener, may))

    def event(self, name: str, listener: EventListener) -> None:
        """Something happened in Slack."""
        self.events.append(name)
        self._lead("event", name, self._told(listener))

    def letter(self, kind: str, how: Kind) -> None:
        """What a kind of letter looks like."""
        self.letters[kind] = how

    def home(self, part: HomePart) -> None:
        self.home_parts = sorted([*self.home_parts, part], key=lambda p: p.order)

    def unit_page(self, part: UnitPart) -> None:
        self.unit_parts = sorted([*self.unit_parts, part], key=lambda p: p.order)

    def tasks(self, source: TaskSource) -> None:
        self.task_sources = sorted([*self.task_sources, source], key=lambda s: s.order)

    def job(self, job: Job) -> None:
        self.jobs.append(job)

    def _lead(self, kind: str, name: str, to: Callable[[Args], None]) -> None:
        if (kind, name) in self._ways_in:
            raise ValueError(f"{kind} {name} is registered twice")
        self._ways_in[kind, name] = to

    def _open_doors(self) -> None:
        """One for each kind of thing: Bolt asks listener after listener, and 150 of them cost a fifth of each press."""
        app, anything = self._app, re.compile(".*")
        for door in (app.event, app.action, app.view, app.shortcut, app.command, app.view_closed):
            door(anything)(self._pass_on)

    def _pass_on(self, args: Args) -> None:
        self._ways_in.get(_way_in(args), self._unhandled)(args)

    def _unhandled(self, args: Args) -> None:
        """Acked, and noted by its id, never by its content."""
        log.info("nothing handles %s %s", args.body.get("type"), (args.action or {}).get("action_id", ""))
        if args.action is not None:
            _answer(args, self._words(args), "refused.gone")
        else:
            args.ack()

    def _pressed(self, listener: PressListener, may: Rule) -> Callable[[Args], None]:
        def run(args: Args) -> None:
            try:
                self._act(args, listener, may)
            except Refused as refusal:
                _answer(args, self._words(args), refusal.key, **refusal.about)
            except Exception:
                reference = token_hex(3)
                log.exception("%s failed, reference %s", _name(listener), reference, extra={"reference": reference})
                _answer(args, self._words(args), "error.unexpected", reference=reference)

        return run

    def _act(self, args: Args, listener: PressListener, may: Rule) -> None:
        with self._desk.db.transaction() as session:
            press = _press(session, args, self._desk)
            if not heard.first_time(session, _press_key(args), now=self._desk.now()):
                args.ack()
                return
            if press.person.deactivated_at is not None:
                raise NotYours
            may(session, press.person, press.about)
            show = listener(session, press, self._desk)
            if isinstance(show, Errors):
                heard.take_back(session, _press_key(args))
            in_home = (args.body.get("view") or {}).get("type") == "home"
            redraw = isinstance(show, Home) or (in_home and show is None)
            drawn = self._draw_home(session, _as_she_is(session, press.person)) if redraw else None
        self._desk.nudge()
        _show(args, show, drawn)

    def _told(self, listener: EventListener) -> Callable[[Args], None]:
        def run(args: Args) -> None:
            try:
                with self._in_turn(args):
                    self._hear_or_refuse(args, listener)
            except Behind:
                raise
            except Exception as fault:
                reference = token_hex(3)
                log.exception("%s failed, reference %s", _name(listener), reference, extra={"reference": reference})
                if not db.takes_nothing(fault):  # then its conversation is behind, and known to be
                    self._desk.missed()
                raise  # no ack: Slack delivers it again

        return run

    def _in_turn(self, args: Args) -> AbstractContextManager[None]:
        event = args.event or {}
        if event.get("type") != "message":
            return nullcontext()
        again = str(args.body.get("event_id")).startswith(CATCH_UP)
        ts = float(event.get("ts") or event.get("event_ts") or 0)
        return self._desk.hearing.turn(str(event.get("channel")), _root(event), ts, now=self._desk.now(), again=again)

    def _hear_or_refuse(self, args: Args, listener: EventListener) -> None:
        try:
            self._hear(args, listener)
        except Refused as refusal:
            self._tell(args, "refused", refusal.key)

    def _hear(self, args: Args, listener: EventListener) -> None:
        drawn = None
        with self._desk.db.transaction() as session:
            person = _author(session, args.event or {}, self._desk)
            fresh = heard.first_time(session, f"event:{args.body.get('event_id')}", now=self._desk.now())
            if person is not None and fresh and _is_heard(person, args.event or {}):
                show = listener(session, Told(person, args.event or {}), self._desk)
                drawn = self._draw_home(session, person) if isinstance(show, Home) else None
        self._desk.nudge()
        if drawn is not None and person is not None:
            _draw(args.client.views_publish, drawn, user_id=person.chat_user_id)
        args.ack()

    def _tell(self, args: Args, kind: str, key: str) -> None:
        """A refusal of something somebody wrote reaches her as a letter: there is nothing to respond to."""
        now = self._desk.now()
        with self._desk.db.transaction() as session:
            person = _author(session, args.event or {}, self._desk)
            fresh = heard.first_time(session, f"event:{args.body.get('event_id')}", now=now)
            if person is not None and fresh:
                place = f"{kind}:{key}:{args.body.get('event_id')}"
                outbox.put(session, Intent(kind, person.pk, None, place, "event"), now=now)
        self._desk.nudge()
        args.ack()

    def _draw_home(self, session: Session, person: Person) -> Block:
        words = self._desk.words(session, person)
        blocks: list[Block] = []
        for part in self.home_parts:
            blocks += part.view(part.load(session, person, self._desk), words)[: part.budget]
        return {"type": "home", "blocks": blocks[:100]}

    def _words(self, args: Args) -> Words:
        """The person's own; what ships when the database is what failed: she must hear something."""
        try:
            with self._desk.db.snapshot() as session:
                person = people.by_chat_user(session, _user_id(args))
                return self._desk.words(session, person or Person())
        except Exception as fault:
            log.warning("no words from the database: %s", type(fault).__name__)
            return speak(DEFAULT, settings.Settings({}), now=self._desk.now())


def _way_in(args: Args) -> tuple[str, str]:
    """The kind of what came, and the name under which something like it is registered."""
    body = args.body
    if args.event is not None:
        return "event", str(args.event.get("type"))
    if "command" in body:
        return "command", str(body["command"])
    if args.action is not None:
        return str(body.get("type")), _without_tail(str(args.action.get("action_id")))
    named = body.get("view") or body
    return str(body.get("type")), str(named.get("callback_id"))


def _without_tail(action_id: str) -> str:
    """`ticket.tool` of `ticket.tool:digital_lock`."""
    name, _, tail = action_id.partition(":")
    return name if tail else action_id


def _name(listener: Callable[..., Any]) -> str:
    return f"{listener.__module__}.{listener.__name__}"


def _who(session: Session, args: Args, desk: Desk) -> Person:
    return people.first_contact(session, _user_id(args), now=desk.now())


def _author(session: Session, event: dict[str, Any], desk: Desk) -> Person | None:
    """Who caused an event; None for bots and for Slack itself."""
    before = event.get("previous_message")
    inner = event.get("message") or before or event
    if inner.get("subtype") == "tombstone":  # Slack signs it; whose message was it?
        inner = before or inner
    user = inner.get("user")
    user = user.get("id") if isinstance(user, dict) else user
    if not user or inner.get("bot_id") or user == "USLACKBOT":
        return None
    return people.first_contact(session, user, now=desk.now())


def _root(event: dict[str, Any]) -> str:
    """The message in whose thread it stands; empty in the conversation."""
    inner = event.get("message") or event.get("previous_message") or event
    root = str(inner.get("thread_ts") or "")
    return "" if root == inner.get("ts") else root


def _is_heard(person: Person, event: dict[str, Any]) -> bool:
    """Somebody whose account has ended is heard no more; that it is back is told about her, with her whole profile."""
    return person.deactivated_at is None or isinstance(event.get("user"), dict)


def _as_she_is(session: Session, person: Person) -> Person:
    """After what she pressed: it may have been her own language."""
    return people.find(session, [person.pk])[person.pk]


def _press(session: Session, args: Args, desk: Desk) -> Press:
    person = _who(session, args, desk)
    view = args.body.get("view") or {}
    form: dict[str, Any] = {"note": str(view.get("private_metadata") or ""), "form": view}
    if args.body.get("type") == "view_submission":
        return Press(person, number(view.get("private_metadata")), "", _values(view), **form)
    if not args.body.get("actions"):
        return Press(person, values={"text": _written(args.body)}, message=_message(args.body))
    action = args.action or {}
    chosen = action.get("selected_option") or {}
    value = str(chosen.get("value") or action.get("value") or "")
    tail = str(action.get("action_id", "")).partition(":")[2]
    about, _, choice = value.partition(":")
    values = {**_values(view), **_selected(action)}
    return Press(person, number(about), choice or tail, values, value=value, **form)


def _written(body: Block) -> str:
    """What stands after a command, or in the message under a shortcut."""
    return str(body.get("text") or (body.get("message") or {}).get("text") or "")


def _message(body: Block) -> tuple[str, str]:
    channel, message = body.get("channel"), body.get("message") or {}
    return str(channel.get("id") or "") if isinstance(channel, dict) else "", str(message.get("ts") or "")


def number(text: Any) -> int | None:
    """An id that a control carries; forged or old ones become None, and the rule refuses them."""
    return db.key(text)


def _values(view: Block) -> dict[str, str]:
    fields = view.get("state", {}).get("values", {})
    return {
        name: value
        for block in fields.values()
        for key, field_ in block.items()
        for name, value in _field(key, field_).items()
    }


def _field(key: str, state: Block) -> dict[str, str]:
    """Several options, people or files stand beside each other, with a space between them."""
    one = ("value", "selected_time", "selected_date", "selected_user")
    options = [state.get("selected_option") or {}, *(state.get("selected_options") or ())]
    several = [option.get("value") for option in options] + [file["id"] for file in state.get("files") or ()]
    several += state.get("selected_users") or ()
    value = next((state[name] for name in one if state.get(name)), " ".join(str(each) for each in several if each))
    return {key: str(value)}


def _selected(action: Block) -> dict[str, str]:
    return _field(str(action.get("action_id", "")).partition(":")[0], action)


def _press_key(args: Args) -> str:
    """One press is one press: Slack does not deliver it again, but networks and thumbs stutter."""
    action = args.action or {}
    view = args.body.get("view") or {}
    unique = action.get("action_ts") or view.get("hash") or args.body.get("trigger_id")
    return f"press:{_user_id(args)}:{action.get('action_id') or view.get('id')}:{unique}"[:120]


def _user_id(args: Args) -> str:
    return str((args.body.get("user") or {}).get("id") or args.body.get("user_id") or "")


def _show(args: Args, show: Show, drawn: Block | None) -> None:
    """What needs the trigger goes first, then the ack. A view that cannot be shown must not lose the ack."""
    if isinstance(show, Errors):
        args.ack(response_action="errors", errors=show.by_block)
        return
    if isinstance(show, Swap) and args.body.get("type") == "view_submission":
        args.ack(response_action="update", view=show.view)
        return
    if isinstance(show, Swap):
        view = args.body.get("view") or {}
        _draw(args.client.views_update, show.view, view_id=view.get("id"), hash=view.get("hash"))
    elif isinstance(show, Open):
        _draw(args.client.views_open, show.view, trigger_id=args.body["trigger_id"])
    elif drawn is not None:
        _draw(args.client.views_publish, drawn, user_id=_user_id(args))
    args.ack()


def _draw(call: Callable[..., Any], view: Block, **where: Any) -> None:
    """Slack takes no view with a picture that is gone: then it goes without pictures."""
    bare = {**view, "blocks": [block for block in view["blocks"] if "slack_file" not in block]}
    said_no = not _try(call, view=view, **where)
    if said_no and bare != view:
        _try(call, view=bare, **where)


def _try(call: Callable[..., Any], **what: Any) -> bool:
    """What is stored is stored: a view that Slack did not take is logged, and comes with the next opening. False where
    Slack said no.
    """
    try:
        call(**what)
    except Exception as fault:
        log.warning("a view was not shown: %s", type(fault).__name__)
        return not hasattr(fault, "response")
    return True


def _answer(args: Args, words: Words, key: str, **about: Any) -> None:
    """Tell the person who just acted, wherever she acted."""
    harmless = {name: safe(str(value)) for name, value in about.items()}
    text = words(key, **{"name": "", "number": "", **harmless})
    if args.body.get("type") == "view_submission":
        args.ack(response_action="update", view=notice.form(text, words))
        return
    args.ack()
    if args.body.get("response_url") or args.body.get("response_urls"):
        _try(args.respond, text=text, replace_original=False, response_type="ephemeral")
    elif args.body.get("trigger_id"):
        _try(args.client.views_open, trigger_id=args.body["trigger_id"], view=notice.form(text, words))
