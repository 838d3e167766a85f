"""A small town to tell stories in: the real Bolt app, the real database, the real delivery, a clock that we hold.

    town.anna.writes("Låset piper rött")
    town.later(seconds=20)
    town.bo.presses("Ta frågan")
    assert "Bo Berg har tagit" in town.anna.phone

Listeners run inline. `later` moves the clock, lets the clock's jobs run and delivers what is due.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import bindparam, func, true, union_all
from sqlmodel import col, select

from bot import app as composition
from bot import directory
from bot.delivery import Delivery
from handlers.desk import Desk
from models import importing, lines, outbox, people, settings
from models.clock import STOCKHOLM
from models.db import Database, Utc
from models.lines import Line
from models.outages import Outage
from models.outbox import Letter
from models.people import Person
from models.roster import Duty
from models.stuga_series import Stuga
from models.tickets import State, Ticket
from tests import slack as fake
from tests.slack import Slack

DEMO = Path(__file__).parent.parent / "demo"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=STOCKHOLM)
CAST = {
    "anna": "anna.alm", "bo": "bo.berg", "gun": "gun.grahn", "cia": "cia.ceder", "disa": "disa.dal",
    "eva": "eva.ek", "filip": "filip.fors", "hanna": "hanna.holm", "ivar": "ivar.isling", "jonna": "jonna.jung",
    "kate": "kate.obi", "moa": "moa.myr", "phone": "bjorken.mobil2",
}  # fmt: skip

# One statement, since it is asked in every step of every story: what is due after `now`, and what waits for more words.
DUE = ((Ticket.next_at, Ticket.state != State.CLOSED), (Ticket.held_until, Ticket.state == State.TAKEN),
       (Duty.until_at, col(Duty.ended_at).is_(None)), (Person.paused_until, true()), (Stuga.next_at, true()),
       (Outage.next_at, true()))  # fmt: skip
MOMENTS = union_all(*(select(func.min(at)).where(which, col(at) > bindparam("now", type_=Utc())) for at, which in DUE))
DRAFTS = select(func.min(Line.said_at)).where(col(Line.ticket_id).is_(None), col(Line.said_at) > bindparam("before", type_=Utc()))


class Town:
    def __init__(self, db: Database, slack: Slack, start: datetime = MONDAY) -> None:
        self.db, self.slack, self.time = db, slack, start
        slack.now = lambda: self.time
        self.desk = Desk(db, lambda: self.time, lambda: None, "https://stuga.lovkoping.example")
        self.app, self.on = composition.build(
            self.desk, client=WebClient(token="x"), signing_secret="x", request_verification_enabled=False,
            authorize=lambda **_: AuthorizeResult(
                enterprise_id=None, team_id="T1", bot_user_id=fake.BOT, bot_id="B", bot_token="xoxb-1"
            ),
        )  # fmt: skip
        self.delivery = Delivery(self.desk, WebClient(token="x"), self.on.letters)
        self._settle_in()

    def _settle_in(self) -> None:
        """The demo's people; in a database that a town has been settled in before, only their actors are new."""
        with self.db.transaction() as session:
            fresh = people.count(session) == 0
            if fresh:
                importing.from_folder(session, DEMO, now=self.time)
                for key in settings.defaults():
                    settings.reset(session, key)  # the demo is awake day and night; a story keeps the usual hours
            names = {person.email: person.name for person in people.everybody(session)}
        for name, mailbox in CAST.items():
            actor = Actor(self, name, f"{mailbox}@lovkoping.example")
            setattr(self, name, actor)
            self.slack.users[actor.user] = actor.profile(names[actor.email])
        if fresh:
            directory.sync(WebClient(token="x"), self.desk)

    def __getattr__(self, name: str) -> "Actor":
        raise AttributeError(name)

    def deliver(self) -> None:
        """Everything that is due now, in order, until nothing is."""
        while self.delivery.step(limit=5):
            pass
        with self.db.snapshot() as session:
            ours = session.exec(select(Letter).where(col(Letter.error).in_(("render", "AssertionError", "invalid_blocks"))))
            assert not (broken := [f"{letter.kind} {letter.place}" for letter in ours]), broken

    def later(self, **span: float) -> None:
        """Time goes by, from one moment at which something falls due to the next."""
        until = self.time + timedelta(**span)
        while self.time < until:
            self.time = min(until, max(self._next_moment(), self.time + timedelta(seconds=1)))
            self.tick()

    def _next_moment(self) -> datetime:
        """When something is due next; the clock itself looks every two seconds."""
        with self.db.snapshot() as session:
            wait = settings.read(session).span("draft.wait")
            moments = [outbox.next_due(session, now=self.time), *session.exec(MOMENTS, params={"now": self.time}).scalars()]
            drafts = session.exec(DRAFTS, params={"before": self.time - wait}).all()
        moments += [said + wait for said in drafts if said]
        return min((m for m in moments if m is not None and m > self.time), default=datetime.max.replace(tzinfo=UTC))

    def at(self, moment: datetime) -> None:
        self.later(seconds=(moment - self.time).total_seconds())

    def tick(self) -> None:
        for job in self.on.jobs:
            if job.name in ("due", "empty", "unsent", "stuga", "clusters", "outages"):
                job.run(self.desk)
        self.deliver()

    @property
    def file(self) -> Path:
        return Path(self.db.url.removeprefix("sqlite:///"))

    def words_of_ticket(self, number: int) -> list[str]:
        with self.db.transaction() as session:
            return [line.text for line in lines.of_ticket(session, number)]

    def event(self, event: dict[str, Any], event_id: str | None = None) -> int:
        """What Slack would send; returns the status that decides whether it is delivered again."""
        body = {"type": "event_callback", "team_id": "T1", "event_id": event_id or f"Ev{self.slack.ts()}", "event": event}
        status = self.dispatch(body)
        self.deliver()
        return status

    def dispatch(self, body: dict[str, Any]) -> int:
        request = BoltRequest(body=json.dumps(body), headers={"content-type": ["application/json"]}, mode="socket_mode")
        self.answer = self.app.dispatch(request)
        return self.answer.status


class Actor:
    """Somebody in the town."""

    def __init__(self, town: Town, name: str, email: str) -> None:
        self.town, self.name, self.email = town, name, email
        self.user = f"U{name.upper()}"
        self.channel = f"D{self.user}"

    def profile(self, full_name: str) -> dict[str, Any]:
        return {
            "id": self.user, "name": self.name, "locale": "en-GB" if self.name == "kate" else "sv-SE",
            "profile": {"email": self.email, "real_name": full_name, "image_72": f"https://example.test/{self.user}.png"},
        }  # fmt: skip

    @property
    def id(self) -> int:
        with self.town.db.transaction() as session:
            return people.first_contact(session, self.user, now=self.town.time).pk

    # ---- acting ------------------------------------------------------------------------------------------

    def writes(
        self, text: str, *, under: dict[str, Any] | None = None, twice: bool = False, files: int = 0
    ) -> dict[str, Any]:
        """A message to the bot; `under` a message is in its thread. `twice`: Slack delivers it again."""
        message = self.town.slack.written(self.channel, self.user, text, under["ts"] if under else None)
        if files:
            message |= {"subtype": "file_share", "files": [{"id": self.town.slack.picture(self.user)} for _ in range(files)]}
        event = {**message, "channel": self.channel, "channel_type": "im"}
        for _ in range(2 if twice else 1):
            self.town.event(event, event_id=f"Ev{message['ts']}")
        self.town.later(milliseconds=500)  # a line settles before it is carried over
        return message

    def edits(self, message: dict[str, Any], text: str) -> None:
        changed = {**message, "text": text}
        self.town.event(
            {"type": "message", "subtype": "message_changed", "channel": self.channel, "channel_type": "im",
             "message": changed, "previous_message": message, "ts": self.town.slack.ts()}
        )  # fmt: skip

    def deletes(self, message: dict[str, Any]) -> None:
        self.town.event(
            {"type": "message", "subtype": "message_deleted", "channel": self.channel, "channel_type": "im",
             "deleted_ts": message["ts"], "previous_message": message, "ts": self.town.slack.ts()}
        )  # fmt: skip

    def reacts(self, message: dict[str, Any], name: str) -> dict[str, Any]:
        """An emoji on a message; the event, so that a story can bring it late or twice."""
        return self._reaction("reaction_added", message, name)

    def unreacts(self, message: dict[str, Any], name: str) -> dict[str, Any]:
        return self._reaction("reaction_removed", message, name)

    def _reaction(self, kind: str, message: dict[str, Any], name: str) -> dict[str, Any]:
        event = {
            "type": kind, "user": self.user, "reaction": name, "item_user": message["user"], "event_ts": self.town.slack.ts(),
            "item": {"type": "message", "channel": self.channel, "ts": message["ts"]},
        }  # fmt: skip
        self.town.event(event)
        return event

    def presses(self, text: str, *, on: dict[str, Any] | None = None, choose: str | None = None) -> int:
        """The newest control with this text (or placeholder), in the conversation or in Home."""
        where, control = next(self._offers(text, on))
        return self.sends(control, where, choose)

    def sends(
        self, control: dict[str, Any], where: dict[str, Any], choose: str | None = None, view: dict[str, Any] | None = None
    ) -> int:
        trigger = self._trigger()
        action = {**control, "block_id": "b", "action_ts": self.town.slack.ts()}
        if choose is not None:
            options = [o for g in control.get("option_groups", []) for o in g["options"]] or control["options"]
            action["selected_option"] = next(o for o in options if o["text"]["text"] == choose)
        body = {
            "type": "block_actions", "user": {"id": self.user}, "team": {"id": "T1"}, "api_app_id": "A",
            "trigger_id": trigger, "actions": [action], "response_url": f"https://hooks.test/{self.user}",
            "container": {"type": "message"}, "channel": {"id": self.channel}, "message": where,
        }  # fmt: skip
        if where is self.home:
            view = {"type": "home", **where}
        if view is not None:
            body = {k: v for k, v in body.items() if k not in ("message", "response_url")} | {"view": view}
        status = self.town.dispatch(body)
        self.town.deliver()
        return status

    def _offers(self, text: str, on: dict[str, Any] | None) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        places = [on] if on else [*reversed(self.town.slack.messages.get(self.channel, [])), self.home]
        for place in places:
            for control in fake.controls(place):
                if text in fake.words_of(control) or text in str(control.get("placeholder")):
                    yield place, control
        raise AssertionError(f"{self.name} sees no {text!r}; she sees {self.phone!r}")

    def submits(self, **values: Any) -> int:
        """Send the open form; fields that are not named keep what stands in them."""
        view = self.town.slack.modals[self.user]
        body = {
            "type": "view_submission", "user": {"id": self.user}, "team": {"id": "T1"}, "api_app_id": "A",
            "trigger_id": f"T{self.town.slack.ts()}",
            "view": {**view, "id": "V1", "hash": self.town.slack.ts(), "state": {"values": fake.state(view, values)}},
        }  # fmt: skip
        status = self.town.dispatch(body)
        answer = json.loads(self.town.answer.body) if self.town.answer.body else {}
        if answer.get("response_action") == "update":
            self.town.slack.modals[self.user] = answer["view"]
        self.town.deliver()
        return status

    def picks(self, wish: str) -> int:
        """Something in the menu of the newest card that has it."""
        for message in reversed(self.town.slack.messages.get(self.channel, [])):
            for control in fake.controls(message):
                for option in control.get("options", []) if control["type"] == "overflow" else []:
                    if wish in option["text"]["text"]:
                        return self.sends({**control, "selected_option": option}, message)
        if wish == "Fler val":
            raise AssertionError(f"{self.name} has no such wish")
        self.picks("Fler val")  # what has no room in the menu
        return self.taps_in_modal(wish)

    def taps_in_modal(self, text: str, **filled: Any) -> int:
        """A button inside the open form, with what stands in its fields."""
        view = self.town.slack.modals[self.user]
        control = next(c for c in fake.controls(view) if text in fake.words_of(c))
        typed = {b["block_id"]: b["element"].get("initial_value") for b in view["blocks"] if b["type"] == "input"}
        return self.sends(control, {}, view={**view, "id": f"V{self.user}", "state": {"values": fake.state(view, filled)}, "typed": typed})

    def modal_words(self) -> str:
        view = self.town.slack.modals[self.user]
        return fake.words_of(view) + " ".join(str(b["element"].get("initial_value", "")) for b in view["blocks"] if b["type"] == "input")

    def shortcut(self, callback_id: str, *, message: str | None = None, on: dict[str, Any] | None = None) -> int:
        trigger = self._trigger()
        body = {"type": "shortcut", "callback_id": callback_id, "trigger_id": trigger, "user": {"id": self.user}, "team": {"id": "T1"}}
        if message is not None:
            body |= {"type": "message_action", "message": {"type": "message", "user": "USOMEBODY", "text": message, "ts": "1.0"},
                     "channel": {"id": "C1"}, "response_url": f"https://hooks.test/{self.user}"}  # fmt: skip
        if on is not None:
            body |= {"type": "message_action", "message": {**on, "user": on.get("user", fake.BOT)}, "channel": {"id": self.channel},
                     "response_url": f"https://hooks.test/{self.user}"}  # fmt: skip
        status = self.town.dispatch(body)
        self.town.deliver()
        return status

    def command(self, name: str, text: str) -> int:
        body = {"command": name, "text": text, "user_id": self.user, "team_id": "T1", "trigger_id": self._trigger(),
                "response_url": f"https://hooks.test/{self.user}"}  # fmt: skip
        status = self.town.dispatch(body)
        self.town.deliver()
        return status

    def _trigger(self) -> str:
        trigger = f"T{self.town.slack.ts()}"
        self.town.slack.triggers[trigger] = self.user
        return trigger

    def opens_home(self) -> str:
        self.town.event({"type": "app_home_opened", "user": self.user, "channel": self.channel, "tab": "home"})
        return fake.words_of(self.home)

    # ---- seeing ------------------------------------------------------------------------------------------

    @property
    def home(self) -> dict[str, Any]:
        return self.town.slack.homes.get(self.user, {"blocks": []})

    @property
    def got(self) -> list[dict[str, Any]]:
        """The bot's messages to this person, oldest first."""
        return [m for m in self.town.slack.messages.get(self.channel, []) if m["user"] == fake.BOT]

    @property
    def phone(self) -> str:
        """Everything she can read from the bot, in order."""
        return "\n".join(fake.words_of({"blocks": m.get("blocks", [])}) or m["text"] for m in self.got)

    @property
    def whispers(self) -> list[str]:
        return self.town.slack.whispers.get(self.user, [])

    @property
    def pushes(self) -> list[str]:
        """What made her phone buzz."""
        return self.town.slack.pushes.get(self.channel, [])

    def message_with(self, text: str) -> dict[str, Any]:
        return next(m for m in reversed(self.got) if text in fake.words_of({"blocks": m.get("blocks", [])}))
