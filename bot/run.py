"""The running bot: socket, delivery, timetable and catch-up, started together and stopped together.

SIGTERM or SIGINT: no new work is taken, what is held is finished, what has not been begun is handed back.
"""

import logging
import select
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.routing import Route

from bot import app as composition
from bot import catch_up, directory, timetable, web
from bot.delivery import Delivery
from bot.health import Gauges, Health
from bot.metrics import Counts, Troubles
from bot.settings import Settings
from handlers.desk import Desk
from models import answers, catalogue, erasure_file, memory, recognition, shelf, weighed
from models.db import Database

log = logging.getLogger(__name__)

# slack_sdk's built-in socket reads recursively, a level for each frame and each read until both end together. After a
# pause hundreds of envelopes wait; at Python's 1,000 levels it lost its place in the stream, and them.
FRAMES_AT_ONCE = 50_000  # levels; since Python 3.11 they lie on the heap, not on the C stack
RECEIVE = 65_536  # bytes a read, 1,024 by default
CONCURRENCY = 32  # listeners run in the Socket Mode handler's threads (contracts.md)
QUIET_EVERY = timedelta(minutes=2)
LOOK_BACK_EVERY = timedelta(minutes=10)  # Slack posts a thing for the last time some six minutes after the first
FINISH_WITHIN = 4  # seconds for what is being heard: Slack's own patience is three
STOP_WITHIN = 6  # seconds: the supervisor's patience is ten
KEEP_LOG_EVERY = 60  # seconds
LOOK_EVERY = 0.5  # seconds: an answer that is withdrawn is gone within one
RECONNECT = 5  # seconds between attempts to reach Slack
DEAF = 15  # seconds without an answer on the socket, which is asked every ten
LONGEST = 3600  # seconds until what could not be heard is tried again
IN_ORDER = (1, 15)  # seconds between attempts where a conversation waits for it: the first, the longest


def has_hung_up(socket: Any) -> bool:
    """Whether the other end has closed. slack_sdk reads on, and asks such a connection five times, ten seconds apart,
    before it believes it. Only Linux can say so without reading; elsewhere it takes that minute.
    """
    if socket is None or not hasattr(select, "POLLRDHUP"):
        return False
    asked = select.poll()
    with suppress(OSError, ValueError):  # closed here meanwhile
        asked.register(socket, select.POLLRDHUP)
        return bool(asked.poll(0))
    return False


class Ear:
    """Whether we were deaf for a while: a line that is cut without a word is put right unseen, after half a minute."""

    def __init__(self) -> None:
        self._session: Any = None
        self._answer: float | None = None
        self._heard_at = time.monotonic()

    def was_deaf(self, session: Any) -> bool:
        """Asked several times a second with the connection that there is now."""
        now, deaf = time.monotonic(), False
        if session is not self._session:
            deaf = now - self._heard_at > DEAF
            self._session, self._answer, self._heard_at = session, None, now
        if session.last_ping_pong_time != self._answer:
            self._answer, self._heard_at = session.last_ping_pong_time, now
        return deaf


class Socket(SocketModeHandler):
    """The socket, which knows how much of what it heard is still being answered."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._count, self._in_hand = Condition(), 0

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        self._counted(1)
        try:
            super().handle(client, req)  # type: ignore[arg-type]
        finally:
            self._counted(-1)

    def _counted(self, more: int) -> None:
        with self._count:
            self._in_hand += more
            self._count.notify_all()

    def close_when_quiet(self, within: float) -> None:
        """Slack cannot be told to send us nothing more. What comes is answered until nothing is in hand for a moment:
        a press that reaches a socket which closes is lost, unlike an event, and whoever pressed sees a triangle.
        """
        with self._count:
            self._count.wait_for(lambda: self._in_hand == 0 and self.client.message_queue.empty(), within)
        self.close()  # type: ignore[no-untyped-call]


def _prepared() -> None:
    """Ready to read questions. What had to be learnt is kept for the next start, where the place may be written to."""
    ours = catalogue.load()
    if recognition.is_kept(ours) and weighed.is_kept():
        recognition.prepare(ours)
        return
    log.warning("what the phrasings teach is not kept: learning it takes some seconds (make install keeps it)")
    recognition.prepare(ours)
    try:
        recognition.keep(ours)
        weighed.keep()
    except OSError as fault:
        log.warning("what was learnt cannot be kept, the next start learns it anew: %s", type(fault).__name__)


class Running:
    """One instance: everything that has to be started and stopped."""

    def __init__(self, settings: Settings, stop: Event) -> None:
        self._settings = settings
        self._stop, self._wake = stop, Event()
        self._behind, self._failed = Event(), Event()  # there was a gap; something came and could not be stored
        memory.share()
        _prepared()
        self.db = Database(settings.database_url)
        self._up_to_date = Event()  # what people wrote while we or Slack were away, in every conversation
        now, nudge, missed = composition.wall_clock, self._wake.set, self._failed.set
        self.desk = Desk(self.db, now, nudge, settings.public_url, missed, self._caught_up)
        token = settings.slack_bot_token.get_secret_value()
        self._client = composition.client(token, settings.slack_api_url, timeout=15)
        self._slow = composition.client(token, settings.slack_api_url)
        self._slow.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=5))
        view_client = composition.client(token, settings.slack_api_url, timeout=composition.VIEW_TIMEOUT)
        self.app, self._on = composition.build(
            self.desk,
            client=view_client,
            token_verification_enabled=False,  # Slack may be away when we start
            signing_secret=settings.slack_signing_secret.get_secret_value(),
        )
        self._posted_to = settings.slack_mode == "http"
        self._heard_all = Event()  # of what was missed: from then on new things may be heard
        self._threads: list[Thread] = []
        self._socket: Socket | None = None
        self._scheduler: BackgroundScheduler | None = None
        self._watched()

    def _watched(self) -> None:
        """What is counted, and how we are: shown where there is a port for it."""
        self.counts = Counts()
        self.health = Health(self.desk, self._hears, lambda: all(thread.is_alive() for thread in self._threads))
        self.counts.registry.register(Gauges(self.health))
        self.app.use(self.counts.hear)
        self._troubles = Troubles(self.counts)
        logging.getLogger().addHandler(self._troubles)
        self._web: web.Web | None = None

    def start(self) -> None:
        """What was missed is heard before anything is delivered (order); then everything runs. The first time, people
        are known before they are heard: a question finds nobody in a municipality without accounts.
        """
        self._open()
        if first := self._is_first():
            self._patiently("people", lambda: directory.meet(self._slow, self.desk, self._stop))
        self._once("catch-up", self._catch_up)
        self._heard_all.set()
        delivery = Delivery(self.desk, self._client, self._on.letters, self.counts.letter)
        self._begin("delivery", lambda: delivery.run(self._stop, self._wake, self._settings.delivery_workers))
        self._scheduler = timetable.start(self._on.jobs, self.desk, self.counts.job)
        self._begin("people", lambda: self._keep_people(read=first))
        self._socket = None if self._posted_to else self._connect()
        if socket := self._socket:
            self._begin("socket", lambda: self._keep_connected(socket.client))
        self._begin("catch-up", self._keep_up)
        self._begin("order", self._keep_order)
        self._begin("answers", self._keep_answers)
        if file := self._settings.erasure_log:
            self._begin("erasures", lambda: self._keep_log(file))

    def _is_first(self) -> bool:
        with self.db.snapshot() as session:
            return directory.is_unread(session)

    def _open(self) -> None:
        """Our own server, where there is a port for it. Raises OSError where somebody else has that port."""
        if self._settings.web_port:
            self._web = web.Web(self._served(), self._settings.web_host, self._settings.web_port)
            self._web.start()

    def _served(self) -> list[Route]:
        public = web.calendars(self.desk) if self._settings.public_url else []
        secret = self._settings.slack_signing_secret.get_secret_value()
        posts = web.slack(self.app, secret, self._heard_all.is_set) if self._posted_to else []
        return [*web.watching(self.health, self.counts), *public, *posts]

    def _hears(self) -> bool:
        """Whether Slack reaches us."""
        if self._posted_to:
            return self._heard_all.is_set()
        return self._socket is not None and bool(self._socket.client.is_connected())

    def _caught_up(self) -> bool:
        """Whether everything that people wrote has been heard."""
        missing = self._behind.is_set() or self._failed.is_set() or len(self.desk.hearing)
        return self._hears() and self._up_to_date.is_set() and not missing

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _connect(self) -> Socket | None:
        """The first connection may fail while Slack is away: try until it answers or we are stopped."""
        sys.setrecursionlimit(max(FRAMES_AT_ONCE, sys.getrecursionlimit()))
        token = self._settings.slack_app_token.get_secret_value()
        client = composition.client(token, self._settings.slack_api_url)
        while not self._stop.is_set():
            handler = Socket(
                self.app,
                app_token=token,
                web_client=client,
                concurrency=CONCURRENCY,
                receive_buffer_size=RECEIVE,
            )
            try:
                handler.connect()  # type: ignore[no-untyped-call]
            except Exception as fault:
                log.warning("Slack does not answer: %s", type(fault).__name__)
                self._stop.wait(RECONNECT)
            else:
                return handler
        return None

    def _keep_connected(self, client: SocketModeClient) -> None:
        """A connection that is gone is opened anew at once; that there was a gap is remembered."""
        ear = Ear()
        while not self._stop.wait(0.2):
            if client.current_session is not None and has_hung_up(client.current_session.sock):
                client.disconnect()
            if not client.is_connected():
                self._behind.set()
                if not self._once("socket", client.connect_to_new_endpoint):
                    self._stop.wait(RECONNECT)
            elif ear.was_deaf(client.current_session):
                self._behind.set()

    def _keep_people(self, *, read: bool) -> None:
        """Slack's list of people at start, unless it has just been read, and strangers as they come."""
        if not read:
            self._patiently("people", lambda: directory.sync(self._slow, self.desk, self._stop))
        quiet_at = self.desk.now()
        while not self._stop.wait(1.0):
            self._patiently("people", lambda: directory.complete(self._slow, self.desk))
            if self.desk.now() >= quiet_at:
                quiet_at = self.desk.now() + QUIET_EVERY
                self._once("quiet", lambda: directory.listen_for_quiet(self._slow, self.desk))

    def _keep_up(self) -> None:
        """Catch up at start, after each gap in the socket, and when something came and could not be heard: Slack tells
        an event four times, and is not asked again. What can never be heard is tried ever more seldom.
        Of posts that fail on their way nobody tells us: there we look back now and then.
        """
        self._behind.set()
        pause, again_at, look_at = RECONNECT, 0.0, self.desk.now() + LOOK_BACK_EVERY
        while not self._stop.wait(0.2):
            failed = self._failed.is_set() and time.monotonic() >= again_at
            if self._hears() and (failed or self._behind.is_set()):
                self._up_to_date.clear()
                self._behind.clear()
                self._failed.clear()
                self._patiently("catch-up", lambda: catch_up.run(self.app, self._slow, self.desk))
                self._up_to_date.set()
                pause = min(2 * pause, LONGEST) if self._failed.is_set() else RECONNECT
                again_at = time.monotonic() + pause
            elif self._posted_to and self.desk.now() >= look_at:
                look_at = self.desk.now() + LOOK_BACK_EVERY
                self._once("catch-up", self._catch_up)

    def _keep_order(self) -> None:
        """Where the database took nothing, people are not heard until that has been caught up: soon, and again soon."""
        pause, again_at = IN_ORDER[0], 0.0
        while not self._stop.wait(0.2):
            if len(self.desk.hearing) and time.monotonic() >= again_at:
                self._once("what was refused", lambda: catch_up.behind(self.app, self._slow, self.desk))
                pause = min(2 * pause, IN_ORDER[1]) if len(self.desk.hearing) else IN_ORDER[0]
                again_at = time.monotonic() + pause

    def _catch_up(self) -> None:
        catch_up.recent(self.app, self._slow, self.desk)

    def _keep_answers(self) -> None:
        """Ready answers are found from the start on, and as they change, in whichever instance."""
        while not self._stop.wait(LOOK_EVERY):
            self._once("answers", lambda: shelf.keep_up(self.db, answers.BANK, self._stop.is_set))

    def _keep_log(self, file: Path) -> None:
        """What is erased here is known apart from the database within a minute."""
        while not self._stop.is_set():
            self._once("erasure log", lambda: erasure_file.keep(self.db, file, now=self.desk.now()))
            self._stop.wait(KEEP_LOG_EVERY)

    def _patiently(self, what: str, work: Callable[[], Any]) -> None:
        """Background work that needs Slack waits for it, and gives up only when we stop."""
        while not self._stop.is_set() and not self._once(what, work):
            self._stop.wait(RECONNECT)

    def _once(self, what: str, work: Callable[[], Any]) -> bool:
        """Whether it went well; what did not is logged and comes again."""
        try:
            work()
        except Exception as fault:
            log.warning("%s has to wait: %s", what, reason(fault), exc_info=log.isEnabledFor(logging.DEBUG))
            return False
        return True

    def stop(self) -> bool:
        """Take no new work, finish what is held; whether that went within STOP_WITHIN.

        What did not keeps its lease until that lapses, and is then looked for in Slack before it is sent again.
        """
        self._stop.set()
        self._wake.set()
        ends = [self._aside(end) for end in (self._stop_hearing, self._stop_jobs)]
        until = time.monotonic() + STOP_WITHIN
        for thread in [*ends, *self._threads]:
            thread.join(max(0.0, until - time.monotonic()))
        late = [thread.name for thread in [*ends, *self._threads] if thread.is_alive()]
        if late:
            log.warning("left behind: %s", ", ".join(late))
        logging.getLogger().removeHandler(self._troubles)
        self.db.close()
        return not late

    def _aside(self, end: Callable[[], None]) -> Thread:
        thread = Thread(target=end, name=end.__name__, daemon=True)
        thread.start()
        return thread

    def _stop_hearing(self) -> None:
        """What is being heard is answered while there is still somebody to answer to; the rest Slack tells another."""
        if self._web is not None:
            self._web.stop()
        if self._socket is not None:
            self._socket.close_when_quiet(FINISH_WITHIN)

    def _stop_jobs(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)


def reason(fault: Exception) -> str:
    """Slack's own code where there is one; never what was sent."""
    code = fault.response.get("error") if isinstance(fault, SlackApiError) else None
    return f"{type(fault).__name__} {code or ''}".strip()


def serve(settings: Settings, ready: Callable[[], None], stopped: Event) -> bool:
    """Run until `stopped` is set (by a signal handler of the caller); whether everything has ended."""
    running = Running(settings, stopped)
    running.start()
    ready()
    stopped.wait()
    return running.stop()
