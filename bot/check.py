"""`supportstuga check`: what is wrong, and how to mend it, before somebody waits for an answer.

Three marks: what stands, what ought to be looked after, and what keeps the bot from working. Nothing is changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import chain
from ssl import SSLCertVerificationError
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot import app, manifest, settings
from bot.finding import Finding, Mark, gap, good, wrong
from bot.settings import Local, Settings, Wrong
from models import catalogue, clock, erasure_file, gaps, migrations, outbox, recognition, weighed
from models.db import Database, Session
from models.errors import Refused
from models.migrations import Schema

PATIENCE = 10  # seconds for each question to Slack
APART = 30  # seconds by which two clocks may differ before somebody ought to see to it
AGREED = 240  # seconds; at 300 every signature of Slack's is too old for us
REFUSED = "Tunnel connection failed: "  # how http.client says what a proxy answers
NAMED = 5  # of a long list, the first few
NAMED_GAPS = {
    gaps.Kind.NO_EXPERT: "check.units.without_expert",
    gaps.Kind.NO_NUMBER: "check.units.without_number",
    gaps.Kind.NO_SECOND_NUMBER: "check.units.without_second_number",
    gaps.Kind.NO_OWNER_NUMBER: "check.owners.without_number",
    gaps.Kind.NO_ACCOUNT: "check.people.without_account",
}


def everything() -> Iterator[Finding]:
    """All checks, each as far as the ones before it allow."""
    yield from _settings()
    yield from _learnt()
    yield from _database()
    yield from _slack()


def may_start(known: Local) -> Iterator[Finding]:
    """What `run` refuses to start with: only findings that are wrong."""
    yield from (finding for finding in _schema(known) if finding.mark is Mark.WRONG)
    if migrations.is_current(known.database_url):
        told = chain(_numbers(known), _erased(known))
        yield from (finding for finding in told if finding.mark is Mark.WRONG)


# ---- settings ----------------------------------------------------------------------------------------------


def _settings() -> Iterator[Finding]:
    try:
        settings.load(Settings)
        yield good("check.settings.good")
    except Wrong as faulty:
        for fault in faulty.faults:
            yield wrong(fault.key, name=fault.name)
    for name, meant in settings.misspelt().items():
        key = "check.settings.misspelt" if meant else "check.settings.unknown"
        yield gap(key, name=name, meant=meant)


def _learnt() -> Iterator[Finding]:
    """Whether a start finds what the phrasings teach, or learns it for some seconds."""
    kept = recognition.is_kept(catalogue.load()) and weighed.is_kept()
    yield good("check.learnt.good") if kept else gap("check.learnt.missing")


# ---- database ----------------------------------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    try:
        known = settings.load(Local)
    except Wrong:
        return
    yield from _schema(known)
    if migrations.is_current(known.database_url):
        yield from _numbers(known)
        yield from _erased(known)
        yield from _organisation(known)


def _schema(known: Local) -> Iterator[Finding]:
    state = migrations.state(known.database_url)
    mark = Mark.GOOD if state is Schema.CURRENT else Mark.WRONG
    yield Finding(mark, f"check.database.{state}")


@contextmanager
def _reading(known: Local) -> Iterator[Session]:
    db = Database(known.database_url)
    try:
        with db.snapshot() as session:
            yield session
    finally:
        db.close()


def _numbers(known: Local) -> Iterator[Finding]:
    with _reading(known) as session:
        found = gaps.may_start(session)
    yield good("check.number.good") if found else wrong("check.number.missing")


def _erased(known: Local) -> Iterator[Finding]:
    """Whether an older copy was put back, and what was erased since has come back with it."""
    file = known.erasure_log
    if file is None or not file.exists():
        return
    try:
        log = erasure_file.read(file)
    except Refused as no:
        yield wrong(no.key, **no.about)
        return
    with _reading(known) as session:
        behind = erasure_file.lacking(session, log, now=app.wall_clock())
        older = erasure_file.is_older(session, log)
    if behind:
        yield wrong("check.erasures.behind", n=behind, path=file)
    else:
        yield wrong("check.erasures.older", path=file) if older else good("check.erasures.good", path=file)


def _organisation(known: Local) -> Iterator[Finding]:
    with _reading(known) as session:
        yield from organisation(session)
        lost = outbox.given_up(session, limit=NAMED)
    for letter in lost:
        yield gap("check.letters.given_up", number=letter.id, kind=letter.kind, error=letter.error)


def organisation(session: Session) -> Iterator[Finding]:
    """What is missing in it: said here, and after every import. The whole report is `supportstuga gaps`."""
    found = gaps.report(session, on=clock.today(app.wall_clock()))
    for kind, key in NAMED_GAPS.items():
        names = [missing.email or missing.owner or missing.place for missing in found if missing.kind is kind]
        if names:
            yield gap(key, n=len(names), names=_some(names))
    others = sum(missing.kind not in NAMED_GAPS for missing in found)
    if others:
        yield gap("check.gaps.others", n=others)


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


# ---- Slack -------------------------------------------------------------------------------------------------


def _slack() -> Iterator[Finding]:
    try:
        known = settings.load(Settings)
    except Wrong:
        return
    yield from _bot_token(known)
    if known.slack_mode == "socket":
        yield from _app_token(known)


def _bot_token(known: Settings) -> Iterator[Finding]:
    client = app.client(known.slack_bot_token.get_secret_value(), known.slack_api_url, PATIENCE)
    try:
        who = client.auth_test()
    except Exception as fault:
        yield _unanswered(fault, known, "check.token.bot", client.proxy)
        return
    if client.proxy:
        yield good("check.proxy", host=_host(client.proxy))
    yield good("check.token.good", team=who.get("team", ""), name=who.get("user", ""))
    yield from _scopes(who)
    yield from _clock(who, app.wall_clock())


def _clock(who: SlackResponse, now: datetime) -> Iterator[Finding]:
    """Ours beside Slack's, to the second: shifts, quiet hours and signatures go by it."""
    told = next((value for name, value in who.headers.items() if name.casefold() == "date"), None)
    if told is None:
        return
    apart = round(abs((now - parsedate_to_datetime(str(told))).total_seconds()))
    there = f"{now.astimezone(clock.STOCKHOLM):%H:%M}"
    found = wrong if apart > AGREED else gap if apart > APART else good
    yield found("check.clock.good" if apart <= APART else "check.clock.off", seconds=apart, time=there)


def _scopes(who: SlackResponse) -> Iterator[Finding]:
    """Slack says in a header what the app may do; without it there is nothing to compare."""
    headers = {name.casefold(): value for name, value in who.headers.items()}
    given = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in manifest.scopes(manifest.registered()) if scope not in given]
    for scope in missing:
        yield wrong("check.scope.missing", scope=scope, reason=f"check.scope.{scope}")
    if not missing:
        yield good("check.scope.good")


def _app_token(known: Settings) -> Iterator[Finding]:
    token = known.slack_app_token.get_secret_value()
    client = app.client(token, known.slack_api_url, PATIENCE)
    try:
        client.apps_connections_open(app_token=token)
    except Exception as fault:
        yield _unanswered(fault, known, "check.token.app", client.proxy)
    else:
        yield good("check.token.app_good")


def _unanswered(fault: Exception, known: Settings, key: str, proxy: str | None) -> Finding:
    """Slack said no, or nobody answered at that address, or the proxy on the way did not let us through."""
    if isinstance(fault, SlackApiError):
        return wrong(key, error=fault.response.get("error", ""))
    reason = getattr(fault, "reason", fault)
    if isinstance(reason, SSLCertVerificationError):
        return wrong("check.slack.untrusted", url=known.slack_api_url)
    if proxy:
        _, refused, answer = str(reason).partition(REFUSED)
        about = {"url": known.slack_api_url, "answer": answer} if refused else {"fault": type(reason).__name__}
        return wrong("check.proxy.refuses" if refused else "check.proxy.silent", host=_host(proxy), **about)
    return wrong("check.slack.silent", url=known.slack_api_url, fault=type(fault).__name__)


def _host(proxy: str) -> str:
    """Only that: its address may hold a password."""
    return urlsplit(proxy).hostname or "?"
