"""Letters become messages: claim and render in one transaction, send outside any, mark in the next.

Several workers, first in first out per person (models/outbox.py). Delivery decides nothing about people: the
letter's kind says how it is drawn, the roster says whether a *new* message may disturb now.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from threading import Event
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import errands, slack_codes
from bot.slack_codes import Meaning
from handlers.desk import Desk
from handlers.letters import Erase, Errand, Kind, Post, Print, Reader, WhenAway
from models import ladder, outbox, people, roster
from models.db import Session, hold_what_is_read
from models.outbox import Letter, Outcome, Posted
from models.people import Person

log = logging.getLogger(__name__)

EVENT = "supportstuga_letter"
BACK_OFF = [timedelta(seconds=s) for s in (1, 2, 5, 15, 60, 300, 900)]
LONGEST_PAUSE = 1.0  # seconds; another instance may have written a letter without our being nudged
HOLDS_UP = 4  # tries, half a minute, in which a letter with a fault of its own keeps its place in the queue
ASIDE = timedelta(hours=1)
GIVES_UP = HOLDS_UP + 24  # tries: a day's worth of hours in which somebody may have mended us
ERRAND_TRIES = 5  # an emoji or a picture must not hold up what comes after it
MAY_DISTURB: Mapping[Reader, Callable[..., dict[int, datetime]]] = {
    Reader.ASKER: roster.may_notify_askers,
    Reader.HELPER: roster.may_notify_helpers,
    Reader.MANAGER: roster.may_notify_managers,
}
LOOK_BACK = 100  # messages of history searched for a letter in doubt


@dataclass(frozen=True)
class Ready:
    """A letter that is rendered and may be sent now."""

    letter: Letter
    post: Post
    channel: str | None  # None: the conversation has to be opened first
    chat_user_id: str  # empty: she has no account that works
    posted: Posted | None  # edit this, or post
    root_ts: str | None  # the thread it goes to

    @property
    def digest(self) -> str:
        shown = json.dumps([self.post.text, self.post.blocks], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()


@dataclass(frozen=True)
class Out:
    """A letter that is no message of its own: an errand, which pushes nothing."""

    letter: Letter
    errand: Errand


@dataclass(frozen=True)
class Stray:
    """A letter that is not true any more, and may have been posted before that."""

    letter: Letter
    channel: str


Mark = Callable[[Session], None]  # what has to be written down about a letter, once it has been tried
Said = tuple[str, Meaning, str | None]  # Slack's code, what it means for a letter, how many seconds it asks us to wait


class Delivery:
    """The post office: `step()` handles what is due and says whether there may be more."""

    def __init__(
        self, desk: Desk, client: WebClient, kinds: Mapping[str, Kind], count: Callable[[str], object] = str
    ) -> None:
        """`count` is told what became of each letter."""
        self._desk = desk
        self._client = client
        self._kinds, self._count = kinds, count
        self._marks: SimpleQueue[Mark] = SimpleQueue()  # from the workers to the one thread that writes
        self._stopping = Event()
        self._in_hand = 0  # letters that a worker has; only the thread of `run` counts them

    def step(self, limit: int = 1) -> bool:
        """Claim up to `limit` letters and deliver them one after the other. True if there were any."""
        with self._desk.db.transaction() as session:
            ready, seen = self._claim(session, limit)
        for letter in ready:
            self._note([self.send(letter)])
        return seen > 0

    def _claim(self, session: Session, limit: int) -> tuple[list[Ready | Out | Stray], int]:
        """Lease and render. Letters that need no sending are finished here; also says how many were claimed."""
        letters = outbox.claim(session, now=self._desk.now(), limit=limit)
        if not letters:
            return [], 0
        hold_what_is_read(session)  # letters of one question are drawn from the same rows
        found = people.find(session, (letter.to_id for letter in letters))
        drawn = [(letter, self._drawn(session, letter, found[letter.to_id])) for letter in letters]
        posts = [(letter, post) for letter, post in drawn if isinstance(post, Post)]
        going: dict[int, Ready | Out | Stray] = {
            letter.pk: Out(letter, post) for letter, post in drawn if isinstance(post, Errand)
        }
        going |= {letter.pk: stray for letter, stray in drawn if isinstance(stray, Stray)}
        going |= {r.letter.pk: r for r in self._allowed(session, _addressed(session, posts, found))}
        return [going[letter.pk] for letter in letters if letter.pk in going], len(letters)

    def _drawn(self, session: Session, letter: Letter, person: Person) -> Post | Errand | Stray | None:
        try:
            post = self._render(session, letter, person)
        except Exception:
            log.exception("letter %s of kind %s cannot be rendered", letter.id, letter.kind)
            self._faulty(session, letter, "render")
            return None
        if post is None and letter.in_doubt and person.chat_channel_id:
            return Stray(letter, person.chat_channel_id)
        if post is None:
            self._finish(session, letter, Outcome.DROPPED)
        return post

    def _render(self, session: Session, letter: Letter, person: Person) -> Post | Errand | None:
        return self._kinds[letter.kind].render(session, letter, self._desk.words(session, person))

    def _allowed(self, session: Session, drawn: Sequence[Ready]) -> list[Ready]:
        """An edit disturbs nobody. A new message waits, or is dropped, while its reader is off duty."""
        free_at = self._free_at(session, [ready.letter for ready in drawn if ready.posted is None])
        return [ready for ready in drawn if self._goes(session, ready, free_at.get(ready.letter.pk))]

    def _goes(self, session: Session, ready: Ready, free_at: datetime | None) -> bool:
        letter, now = ready.letter, self._desk.now()
        if ready.posted is not None and ready.posted.digest == ready.digest:
            self._finish(session, letter, Outcome.UNCHANGED)
        elif not ready.chat_user_id:
            self._unreachable(session, letter, "no_account")
        elif free_at is not None and free_at > now:
            self._keep_quiet(session, letter, until=free_at)
        else:
            return True
        return False

    def _free_at(self, session: Session, letters: Sequence[Letter]) -> dict[int, datetime]:
        """From when on each of these may disturb its reader, all readers of a hat looked up at once."""
        readers = {letter.pk: (self._kinds[letter.kind].reader, letter.to_id) for letter in letters}
        free: dict[tuple[Reader, int], datetime] = {}
        for hat in {reader for reader, _ in readers.values()}:
            wearers = {person_id for reader, person_id in readers.values() if reader is hat}
            found = MAY_DISTURB[hat](session, wearers, now=self._desk.now())
            free |= {(hat, person_id): at for person_id, at in found.items()}
        return {letter: free[reader] for letter, reader in readers.items()}

    def _keep_quiet(self, session: Session, letter: Letter, *, until: datetime) -> None:
        if self._kinds[letter.kind].when_away is WhenAway.HOLD:
            outbox.hold(session, letter, until=until)
            return
        self._finish(session, letter, Outcome.DROPPED, error="off_duty")
        self._go_on_without(session, letter, ladder.passed_over)

    def _unreachable(self, session: Session, letter: Letter, code: str) -> None:
        """Given up, visibly; a question does not wait for somebody who cannot be reached."""
        log.warning("letter %s of kind %s is given up: %s", letter.id, letter.kind, code)
        self._finish(session, letter, Outcome.GIVEN_UP, error=code)
        self._go_on_without(session, letter, ladder.unreachable)

    def _finish(self, session: Session, letter: Letter, outcome: Outcome, error: str = "") -> None:
        self._count(outcome)
        outbox.finish(session, letter, outcome, now=self._desk.now(), error=error)

    def _go_on_without(self, session: Session, letter: Letter, how: Callable[..., None]) -> None:
        if letter.kind == "card" and letter.about_id is not None:
            how(session, letter.about_id, letter.to_id, now=self._desk.now())

    def run(self, stop: Event, wake: Event, workers: int) -> None:
        """Until `stop`: deliver what is due, several people at a time; sleep until a nudge or the next due time.

        Then what a worker has begun is finished, and what none has begun is handed back for another instance.
        """
        self._stopping = stop
        with ThreadPoolExecutor(workers, thread_name_prefix="letter") as pool:
            while not stop.is_set():
                wake.clear()
                try:
                    pause = self._round(pool, wake, workers)
                except Exception:
                    log.exception("delivery could not read its letters")
                    pause = LONGEST_PAUSE
                wake.wait(pause)
        self._note(self._answered())

    def _round(self, pool: Executor, wake: Event, workers: int) -> float:
        """One transaction marks what was sent, claims as many letters as there are free hands, and renders them.

        Answers how long nothing more will fall due, in seconds.
        """
        marks = self._answered()
        try:
            with self._desk.db.transaction() as session:
                _mark_all(session, marks)
                hands = workers - self._in_hand
                ready, seen = self._claim(session, hands) if hands else ([], 0)
                more = seen > len(ready) or seen == hands > 0
                pause = 0.0 if more else LONGEST_PAUSE if self._in_hand or ready else self._pause(session)
        except Exception:
            self._note(marks)  # whatever failed, what was sent is sent
            raise
        self._in_hand += len(ready)
        for letter in ready:
            pool.submit(self._send_aside, letter, wake)
        return pause

    def _answered(self) -> list[Mark]:
        """What has been sent, or could not be, since the last round."""
        marks: list[Mark] = []
        while not self._marks.empty():
            marks.append(self._marks.get())
        self._in_hand -= len(marks)
        return marks

    def _note(self, marks: list[Mark]) -> None:
        """Each on its own. One that cannot be stored stays in doubt until its lease has run out."""
        for mark in marks:
            try:
                with self._desk.db.transaction() as session:
                    mark(session)
            except Exception:
                log.exception("a letter could not be marked")

    def _send_aside(self, ready: Ready | Out | Stray, wake: Event) -> None:
        """In a worker: the answer goes back to the one who writes."""
        mark: Mark = _nothing
        try:
            mark = self.send(ready)
        except Exception:
            log.exception("letter %s could not be sent", ready.letter.id)
        finally:
            self._marks.put(mark)
            wake.set()  # the next letter to the same person may go now

    def _pause(self, session: Session) -> float:
        """A worker that has finished wakes us; only while all hands are empty the next due time has to be known."""
        due = outbox.next_due(session, now=self._desk.now())
        return LONGEST_PAUSE if due is None else min(LONGEST_PAUSE, max(0.02, (due - self._desk.now()).total_seconds()))

    # ---- outside any transaction --------------------------------------------------------------------------

    def send(self, ready: Ready | Out | Stray) -> Mark:
        """What may be sent now goes. The answer is what has to be written down about it."""
        if self._stopping.is_set():
            return partial(self._hand_back, letter=ready.letter)
        if isinstance(ready, Stray):
            return self._seek(ready)
        return self._run(ready) if isinstance(ready, Out) else self._post(ready)

    def _hand_back(self, session: Session, letter: Letter) -> None:
        outbox.later(session, letter, at=self._desk.now(), error="", in_doubt=letter.in_doubt)

    def _run(self, out: Out) -> Mark:
        """Repeating it is harmless, so doubt needs no care; what cannot be done is given up."""
        try:
            done = errands.run(self._client, out.errand, in_doubt=out.letter.in_doubt)
        except SlackApiError as error:
            return partial(self._errand_failed, letter=out.letter, said=_what_slack_said(error))
        except Exception as fault:
            return partial(self._errand_failed, letter=out.letter, said=(type(fault).__name__, Meaning.UNCLEAR, None))
        return partial(self._run_done, out=out, done=done)

    def _run_done(self, session: Session, out: Out, done: errands.Done) -> None:
        if isinstance(out.errand, Erase):
            outbox.forget_place(session, out.letter.place)
        if isinstance(out.errand, Print) and out.errand.kept is not None:
            out.errand.kept(session, done.file_id)
        for channel, ts, files in done.stand:
            outbox.files_stand(session, out.letter, channel=channel, ts=ts, files=files, now=self._desk.now())
        for channel, ts in done.gone:
            outbox.forget_place(session, outbox.files_place(channel, ts))
        self._finish(session, out.letter, Outcome.SENT)

    def _errand_failed(self, session: Session, letter: Letter, said: Said) -> None:
        code, meaning, wait = said
        if wait or (meaning in (Meaning.LATER, Meaning.UNCLEAR, Meaning.UNKNOWN) and letter.tries < ERRAND_TRIES):
            self._postpone(session, letter, code, in_doubt=meaning is Meaning.UNCLEAR, wait=wait)
        else:
            log.warning("letter %s of kind %s is given up: %s", letter.id, letter.kind, code)
            self._finish(session, letter, Outcome.GIVEN_UP, error=code)

    def _post(self, ready: Ready) -> Mark:
        """One call (two where the conversation is not open yet), then the mark."""
        try:
            channel = ready.channel or self._open(ready)
            ts = self._already(ready, channel) or self._say(ready, channel)
        except SlackApiError as error:
            return self._refused(ready, _what_slack_said(error))
        except Exception as fault:  # time-out, broken connection: Slack may have it
            return partial(self._postpone, letter=ready.letter, why=type(fault).__name__, in_doubt=True)
        return partial(self._done, ready=ready, channel=channel, ts=ts)

    def _open(self, ready: Ready) -> str:
        channel = str(self._client.conversations_open(users=ready.chat_user_id)["channel"]["id"])
        with self._desk.db.transaction() as session:
            people.keep_channel(session, ready.letter.to_id, channel)
        return channel

    def _already(self, ready: Ready, channel: str) -> str | None:
        """In doubt: was it posted before the process died? Its mark stands in the message's metadata."""
        if not ready.letter.in_doubt or ready.posted is not None:
            return None
        page: dict[str, Any] = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": True}
        if ready.root_ts is not None:
            found = self._client.conversations_replies(ts=ready.root_ts, **page)
        else:
            found = self._client.conversations_history(**page)
        marks = {_mark(message): str(message["ts"]) for message in found["messages"]}
        return marks.get(ready.letter.mark)

    def _seek(self, stray: Stray) -> Mark:
        """Where it stands it is shown as it is now, instead of lying there as it was for ever."""
        letter = stray.letter
        page: dict[str, Any] = {"channel": stray.channel, "limit": LOOK_BACK, "include_all_metadata": True}
        try:
            found = self._client.conversations_history(**page)
        except SlackApiError as error:
            return partial(self._failed, ready=stray, said=_what_slack_said(error))
        except Exception as fault:
            return partial(self._postpone, letter=letter, why=type(fault).__name__, in_doubt=True)
        ts = {_mark(message): str(message["ts"]) for message in found["messages"]}.get(letter.mark)
        return partial(self._sought, stray=stray, ts=ts)

    def _sought(self, session: Session, stray: Stray, ts: str | None) -> None:
        if ts is None:
            self._finish(session, stray.letter, Outcome.DROPPED)
        else:
            outbox.found(session, stray.letter, channel=stray.channel, ts=ts, now=self._desk.now())

    def _say(self, ready: Ready, channel: str) -> str:
        post = ready.post
        what: dict[str, Any] = {"channel": channel, "text": post.text, "blocks": post.blocks}
        if ready.posted is not None:  # an edit that does not name its blocks keeps the old ones
            return str(self._client.chat_update(ts=ready.posted.ts, **what)["ts"])
        how: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
        if ready.root_ts is not None:
            how |= {"thread_ts": ready.root_ts, "reply_broadcast": post.broadcast}
        if post.name:
            how |= {"username": post.name, "icon_url": post.picture}
        mark = {"event_type": EVENT, "event_payload": {"letter": ready.letter.mark}}
        return str(self._client.chat_postMessage(metadata=mark, **what, **how)["ts"])

    def _done(self, session: Session, ready: Ready, channel: str, ts: str) -> None:
        letter = ready.letter
        if ready.posted is not None and ready.posted.place != letter.place:
            outbox.move_place(session, ready.posted.place, letter.place)
        self._count(Outcome.SENT)
        outbox.sent(session, letter, channel=channel, ts=ts, digest=ready.digest, now=self._desk.now())
        if follow := self._kinds[letter.kind].once_sent:
            follow(session, letter, self._desk.now())

    def _refused(self, ready: Ready, said: Said) -> Mark:
        """Slack said no, or "later"."""
        plain = self._plainly(ready, said[0]) if said[1] is Meaning.OUR_BUG else None
        return plain or partial(self._failed, ready=ready, said=said)

    def _failed(self, session: Session, ready: Ready | Stray, said: Said) -> None:
        letter, (code, meaning, wait) = ready.letter, said
        if meaning is Meaning.NEVER:
            self._unreachable(session, letter, code)
        elif meaning is Meaning.POST_ANEW and isinstance(ready, Ready) and ready.posted is not None:
            outbox.forget_place(session, ready.posted.place)
            outbox.later(session, letter, at=self._desk.now(), error=code, in_doubt=False)
        elif meaning in (Meaning.UNKNOWN, Meaning.OUR_BUG):
            self._faulty(session, letter, code)
        else:  # what was in doubt stays so: perhaps it was the look-up that failed
            in_doubt = meaning is Meaning.UNCLEAR or letter.in_doubt
            self._postpone(session, letter, code, in_doubt=in_doubt, wait=wait)

    def _plainly(self, ready: Ready, code: str) -> Mark | None:
        """Slack does not take our blocks: the person gets the sentence at least, and we get an error."""
        log.error("letter %s of kind %s: %s", ready.letter.id, ready.letter.kind, code)
        try:
            channel = ready.channel or self._open(ready)
            bare = replace(ready, post=replace(ready.post, blocks=[]))
            return partial(self._done, ready=ready, channel=channel, ts=self._say(bare, channel))
        except SlackApiError as error:
            log.warning("letter %s could not be sent plainly: %s", ready.letter.id, _what_slack_said(error)[0])
            return None
        except Exception as fault:  # Slack may have it
            return partial(self._postpone, letter=ready.letter, why=type(fault).__name__, in_doubt=True)

    def _faulty(self, session: Session, letter: Letter, why: str) -> None:
        """The fault lies in this letter, not in Slack's day: it must not keep everything else from its reader."""
        if letter.tries < HOLDS_UP:
            self._postpone(session, letter, why, in_doubt=letter.in_doubt)
        elif letter.tries < GIVES_UP:
            log.error("letter %s of kind %s lets the others pass: %s", letter.id, letter.kind, why)
            outbox.step_aside(session, letter, until=self._desk.now() + ASIDE, error=why)
        else:
            self._unreachable(session, letter, why)

    def _postpone(self, session: Session, letter: Letter, why: str, *, in_doubt: bool, wait: str | None = None) -> None:
        pause = timedelta(seconds=float(wait)) if wait else BACK_OFF[min(letter.tries, len(BACK_OFF) - 1)]
        log.info("letter %s of kind %s waits %s: %s", letter.id, letter.kind, pause, why)
        self._count("postponed")
        outbox.later(session, letter, at=self._desk.now() + pause, error=why, in_doubt=in_doubt)


def _mark_all(session: Session, marks: Iterable[Mark]) -> None:
    for mark in marks:
        mark(session)


def _nothing(session: Session) -> None:
    """What is written down when not even the answer could be read: the lease runs out, and the letter is in doubt."""


def _what_slack_said(error: SlackApiError) -> Said:
    answer = error.response
    code = str(answer.get("error", "")) or f"http_{answer.status_code}"
    wait = answer.headers.get("Retry-After") if answer.status_code == 429 else None
    if answer.status_code >= 500:
        return code, Meaning.UNCLEAR, None
    return code, Meaning.LATER if wait else slack_codes.meaning(code), wait


def _mark(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("letter", ""))


def _addressed(
    session: Session, drawn: Iterable[tuple[Letter, Post]], readers: Mapping[int, Person]
) -> list[Ready]:
    """Where each goes: the message it edits, the thread it stands in, the conversation."""
    posts = list(drawn)
    named = {place for letter, post in posts for place in (letter.place, *post.instead_of, post.thread) if place}
    found = outbox.where_is(session, sorted(named)) if named else {}
    return [_to(readers[letter.to_id], letter, post, found) for letter, post in posts]


def _to(person: Person, letter: Letter, post: Post, found: Mapping[str, Posted]) -> Ready:
    posted = next((found[place] for place in (letter.place, *post.instead_of) if place in found), None)
    root = found.get(post.thread or "")
    channel = posted.channel if posted else root.channel if root else person.chat_channel_id
    reached = person.chat_user_id if person.deactivated_at is None else None
    return Ready(letter, post, channel, reached or "", posted, root.ts if root else None)
