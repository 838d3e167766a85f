"""What the process serves: calendars, read by another parser than the one that wrote them; how it is; what it counts."""

import hashlib
import hmac
import json
import re
import socket
import time
from datetime import timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import select

from bot import web
from bot.health import Gauges, Health
from bot.metrics import Counts
from models import people, stuga, stuga_plan, stuga_series, tickets
from models.stuga import Move
from tests.calendars import read_back
from tests.faults.bot_process import DEMO, BotProcess
from tests.slackworld import World


@pytest.fixture
def town(town):
    with town.db.transaction() as session:
        stuga.keep_calendar(session, now=town.time)
    return town


@pytest.fixture
def door(town):
    server = web.Web(web.calendars(town.desk), "127.0.0.1", 0)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=5) as answer:
        assert answer.headers.get_content_type() == "text/calendar"
        return answer.read()


def address(town) -> str:
    """Of the first series that Anna finds."""
    town.anna.command("/stuga", "")
    town.anna.taps_in_modal("Prenumerera")
    return re.search(r"https://stuga\.lovkoping\.example(/stuga/[0-9a-f]{24}\.ics)", town.anna.modal_words())[1]


def test_a_series_is_subscribed_to_and_follows_what_is_changed(town, door):
    path = address(town)
    first = read_back(fetched(door + path)).events[0]
    key = first.uid.rpartition("-")[0]
    by, now = town.cia.id, town.time
    with town.db.transaction() as session:
        mine = [each for each in stuga_series.planned(session, since=now) if each.series == key]
        names = {person.name for each in mine for person in people.find(session, stuga_series.staff_of(session, each.pk)).values()}
        to = mine[1].starts_at + timedelta(days=1)
        stuga.move(session, mine[1].pk, Move(to, to + timedelta(hours=1)), by=by, now=now)
        stuga.cancel(session, mine[2].pk, by=by, now=now)
        stuga_plan.change_from(session, key, mine[3].day, {"day": "fri", "from": "09:00", "to": "10:00"}, by=by, now=now)
    assert address(town) == path, "the address stays"
    file = fetched(door + path)
    found = [event.dtstart for event in read_back(file).timeline]
    with town.db.snapshot() as session:
        ours = [each for each in stuga_series.planned(session, since=now) if each.series == key]
    last = ours[-1].starts_at
    assert [at for at in found if now < at <= last] == [each.starts_at for each in ours]
    assert max(found) > last + timedelta(days=300), "it goes on where no session is written down yet"
    assert not [name for name in names if name.encode() in file], "and says nothing of anybody"


def test_nothing_else_is_there(door):
    for path in ("/", "/stuga/x.ics", "/stuga/.ics", f"/stuga/{'0' * 24}.ics", "/stuga/%27%20or%201.ics"):
        with pytest.raises(HTTPError) as no:
            urlopen(door + path, timeout=5)
        assert (no.value.code, no.value.headers.get("server")) == (404, None), path


def test_without_a_public_address_nobody_is_offered_one(town):
    town.anna.command("/stuga", "")
    asked = town.anna.modal_words()
    object.__setattr__(town.desk, "public_url", "")
    town.anna.command("/stuga", "")
    assert ("Prenumerera" in asked, "Prenumerera" in town.anna.modal_words()) == (True, False)


# ---- for whoever runs us ---------------------------------------------------------------------------------------------


class Watched:
    """A town whose process is watched; its socket and its threads are told to be well or not."""

    def __init__(self, town) -> None:
        self.hears = self.alive = True
        self.counts = town.delivery._count.__self__
        health = Health(town.desk, lambda: self.hears, lambda: self.alive)
        self.counts.registry.register(Gauges(health))
        self.server = web.Web(web.watching(health, self.counts), "127.0.0.1", 0)
        self.server.start()

    def asked(self, path: str, **headers: str) -> tuple[int, bytes]:
        try:
            with urlopen(Request(f"http://127.0.0.1:{self.server.port}{path}", headers=headers), timeout=5) as answer:
                return answer.status, answer.read()
        except HTTPError as no:
            return no.code, no.read()

    def lacks(self) -> list[str]:
        status, body = self.asked("/readyz")
        lacking = [name for name, good in json.loads(body).items() if not good]
        assert status == (503 if lacking else 200)
        return lacking

    def metrics(self) -> dict[tuple[str, ...], float]:
        """(name, the values of its labels …) → value."""
        families = text_string_to_metric_families(self.asked("/metrics")[1].decode())
        return {(sample.name, *sample.labels.values()): sample.value for each in families for sample in each.samples}


@pytest.fixture
def watched(town):
    counts = Counts()
    town.app.use(counts.hear)
    town.delivery._count = counts.letter
    watched = Watched(town)
    yield watched
    watched.server.stop()


def test_ready_is_who_hears_and_gets_its_letters_out_in_time(town, watched):
    assert (watched.lacks(), watched.asked("/healthz")[0]) == ([], 200)
    town.anna.writes("Låset piper rött")
    town.time += timedelta(minutes=4)
    assert watched.lacks() == []
    town.time += timedelta(minutes=2)
    assert watched.lacks() == ["delivery"], "the cards have waited for more than five minutes"
    town.deliver()
    assert watched.lacks() == []
    watched.hears = watched.alive = False
    assert (watched.lacks(), watched.asked("/healthz")[0]) == (["slack"], 503)
    object.__setattr__(town.desk, "db", None)
    assert watched.lacks() == ["slack", "database", "delivery", "people"]
    assert watched.metrics()["supportstuga_database_up",] == 0


def test_what_is_counted_names_nobody(town, watched):
    town.anna.writes("Låset piper rött")
    town.time += timedelta(seconds=30)
    before = watched.metrics()
    town.deliver()
    after = watched.metrics()
    told = ("supportstuga_letters_waiting", "supportstuga_database_up", "supportstuga_slack_connected")
    assert ([before[name,] for name in told], after[told[0],]) == ([2, 1, 1], 0)
    assert (after["supportstuga_heard_total", "message"], after["supportstuga_questions", "open"]) == (1, 1)
    assert after["supportstuga_letters_total", "sent"] >= 1
    with town.db.snapshot() as session:
        theirs = {text for person in people.everybody(session) for text in (person.name, person.email, person.chat_user_id)}
        theirs |= {place.name for place in session.exec(select(people.Unit))}
    labels = " ".join(label for _, *labels in after for label in labels)
    assert not [text for text in theirs if text and text in labels]


def test_a_proxy_that_passes_on_too_much_shows_nothing(watched):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert [watched.asked(path, **{name: "192.0.2.1"})[0] for name in web.FORWARDED] == [404] * 3


# ---- Slack's posts -----------------------------------------------------------------------------------------------------

SECRET = "a-signing-secret"


class Posted:
    """What somebody posts to us, signed by Slack unless told otherwise."""

    def __init__(self, town) -> None:
        self.listens = True
        self.server = web.Web(web.slack(town.app, SECRET, lambda: self.listens), "127.0.0.1", 0)
        self.server.start()

    def __call__(self, body: bytes, *, ago: float = 0, **headers: str) -> int:
        at = str(int(time.time() - ago))
        given = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(at, body), "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.server.port}/slack/events"
        request = Request(url, body, given | {name.replace("_", "-"): value for name, value in headers.items()})
        try:
            with urlopen(request, timeout=5) as answer:
                return answer.status
        except HTTPError as no:
            return no.code


def signature(at: str, body: bytes) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()


@pytest.fixture
def posted(town):
    posted = Posted(town)
    yield posted
    posted.server.stop()


def said(town, text: str, event_id: str) -> bytes:
    event = {"type": "message", "channel_type": "im", "user": town.anna.user, "channel": town.anna.channel, "text": text}
    told = {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event | {"ts": town.slack.ts()}}
    return json.dumps(told).encode()


def questions(town) -> int:
    with town.db.snapshot() as session:
        return sum(tickets.by_state(session).values())


def test_only_what_slack_has_signed_lately_is_heard(town, posted):
    body = said(town, "Låset piper rött", "Ev1")
    forged = {"X_Slack_Signature": "v0=" + "0" * 64}, {"X_Slack_Signature": "v0=\xe5"}, {"X_Slack_Signature": ""}
    late = {"X_Slack_Request_Timestamp": "1700000000"}, {"X_Slack_Request_Timestamp": "soon"}
    assert {posted(body, **other) for other in (*forged, *late)} == {401}
    assert (posted(body, ago=301), posted(body, ago=-301), posted(b"\xff" * 9, X_Slack_Signature="v0=0")) == (401, 401, 401)
    assert posted(b'{"ssl_check": "1"}', X_Slack_Signature="v0=0") == 401
    assert posted(b"x" * (web.LARGEST + 1)) == 413
    posted.listens = False
    assert (posted(body), questions(town)) == (503, 0), "Slack comes again"
    posted.listens = True
    assert (posted(body, ago=290), questions(town)) == (200, 1)


def test_what_is_posted_again_within_the_five_minutes_has_no_second_effect(town, posted):
    body = said(town, "Låset piper rött", "Ev1")
    assert ([posted(body), posted(body, ago=100), posted(body, ago=200)], questions(town)) == ([200] * 3, 1)
    town.deliver()
    receipts = len(town.anna.got)
    again = json.loads(body) | {"event_id": "Ev2"}
    assert (posted(json.dumps(again).encode()), questions(town)) == (200, 1), "the same message under another id"
    town.deliver()
    assert len(town.anna.got) == receipts


@pytest.mark.slow
def test_the_bot_by_posts_alone(tmp_path):
    """The real process: the challenge, events, presses and forms; its socket is never opened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = f"http://127.0.0.1:{port}"
    with World(tmp_path, people=DEMO, events_url=f"{at}/slack/events") as world:
        told = {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": world.signing_secret, "WEB_PORT": str(port)}
        bot = BotProcess(world, tmp_path, SLACK_APP_TOKEN="", **told)
        bot.start()
        try:
            world.wait_connected(timeout=60)
            anna = world.person("anna.alm@lovkoping.example")
            anna.write("Låset i 12 blinkar rött")
            anna.sees("F-1", timeout=20)
            assert anna.command("/stuga")["acked"]
            assert "Stuga" in anna.modal().words or "stuga" in anna.modal().words
            with urlopen(f"{at}/readyz", timeout=5) as answer:
                assert json.loads(answer.read()) == dict.fromkeys(("slack", "database", "delivery", "people"), True)
            with urlopen(f"{at}/metrics", timeout=5) as answer:
                assert b'supportstuga_heard_total{kind="message"}' in answer.read()
            assert world.calls("apps.connections.open") == []
            assert bot.stop() == 0
        finally:
            bot.kill()
