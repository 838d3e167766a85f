"""`supportstuga check` against a Slack-compatible server: each fault has its line, and says how to mend it."""

from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLCertVerificationError
from threading import Thread
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from bot import check, cli, manifest, settings
from bot.check import Finding, Mark
from models import catalogue, importing, outbox, people, recognition
from models.clock import STOCKHOLM
from models.db import Database
from models.outbox import Intent, Letter, Outcome
from tests.town import DEMO, MONDAY
from workspace import manifest as theirs
from workspace.server import Server
from workspace.space import Config

Env = pytest.MonkeyPatch


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A workspace that knows the app as its manifest says."""
    app = theirs.app(manifest.make(manifest.registered(), "sv"))
    started = Server(Config(tmp_path / "workspace", DEMO, app=app)).start()
    yield started
    started.stop()


@pytest.fixture
def told(monkeypatch: Env, bare: Path, server: Server) -> None:
    """The three values that an administrator fills in."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-local")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-local")
    monkeypatch.setenv("SLACK_API_URL", f"{server.url}/api/")


@pytest.fixture
def furnished(migrated: Path) -> Database:
    """The demo's municipality; everybody but Lennart has an account."""
    db = Database(f"sqlite:///{migrated}")
    with db.transaction() as session:
        importing.from_folder(session, DEMO, now=MONDAY)
        for person in session.exec(select(people.Person)):
            if not (person.email or "").startswith("lennart"):
                person.chat_user_id = f"U{person.id}"
                session.add(person)
    return db


def keys(mark: Mark) -> list[str]:
    return [finding.key for finding in check.everything() if finding.mark is mark]


@pytest.mark.usefixtures("told", "furnished")
def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "✓ Boten har de rättigheter den behöver." in out
    assert "! 1 person har inget konto i chatten: lennart.lund@lovkoping.example." in out
    assert "enheter saknar expertanvändare: Eken, Hemtjänst Söder, Nattpatrullen." in out


@pytest.mark.usefixtures("bare")
def test_that_a_start_will_have_to_learn_is_a_hint(tmp_path: Path, monkeypatch: Env) -> None:
    monkeypatch.setattr(recognition, "KEPT", tmp_path)
    assert "check.learnt.missing" in keys(Mark.GAP)
    ours = catalogue.load()
    for taught in recognition._taught(ours).items():
        recognition._file(*taught).touch()
    assert "check.learnt.good" in keys(Mark.GOOD)


@pytest.mark.usefixtures("told", "furnished")
def test_a_missing_scope_is_named_with_its_reason(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    known = server.space.app
    object.__setattr__(known, "scopes", known.scopes - {"chat:write.customize"})
    assert cli.main(["check"]) == 1
    assert (
        "✗ Rättigheten chat:write.customize saknas. Den behövs för att visa kollegans namn" in capsys.readouterr().err
    )


@pytest.mark.usefixtures("told", "furnished")
@pytest.mark.parametrize(
    ("name", "value", "key"),
    [("SLACK_BOT_TOKEN", "xoxb-old", "check.token.bot"), ("SLACK_APP_TOKEN", "xapp-old", "check.token.app")],
)
def test_a_token_that_slack_does_not_know(monkeypatch: Env, name: str, value: str, key: str) -> None:
    monkeypatch.setenv(name, value)
    assert keys(Mark.WRONG) == [key]


@pytest.mark.usefixtures("told", "furnished")
def test_a_clock_that_is_wrong_is_told_before_it_hurts(server: Server) -> None:
    def told(seconds: int) -> Finding:
        server.space.clock.offset = seconds
        return next(finding for finding in check.everything() if finding.key.startswith("check.clock"))

    assert told(0).mark is Mark.GOOD
    assert (told(-60).mark, told(-60).key) == (Mark.GAP, "check.clock.off")
    assert told(300).mark is Mark.WRONG
    assert 298 <= int(str(told(300).about["seconds"])) <= 301


@pytest.mark.usefixtures("told", "furnished")
def test_by_http_no_app_token_is_asked_for(monkeypatch: Env) -> None:
    for name, value in {"SLACK_MODE": "http", "SLACK_SIGNING_SECRET": "local", "WEB_PORT": "8470"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SLACK_APP_TOKEN")
    assert keys(Mark.WRONG) == []
    assert "check.clock.good" in keys(Mark.GOOD)
    assert "check.token.app_good" not in keys(Mark.GOOD)


class Proxy(BaseHTTPRequestHandler):
    """Asks whom it is told to ask."""

    def do_POST(self) -> None:
        at = urlsplit(self.path)
        there = HTTPConnection(at.netloc)
        there.request("POST", at.path, self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers))
        answer = there.getresponse()
        self.send_response(answer.status)
        self.end_headers()
        self.wfile.write(answer.read())
        there.close()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.usefixtures("told", "furnished")
def test_a_proxy_is_named_without_its_password(monkeypatch: Env) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        Thread(target=proxy.serve_forever, daemon=True).start()
        monkeypatch.setenv("HTTP_PROXY", f"http://me:secret@127.0.0.1:{proxy.server_port}")
        found = {finding.key: finding for finding in check.everything()}
        proxy.shutdown()
    assert found["check.proxy"].about == {"host": "127.0.0.1"}
    assert "check.token.good" in found


@pytest.mark.parametrize(
    ("fault", "proxy", "key", "told_of"),
    [
        (SSLCertVerificationError("self-signed"), None, "check.slack.untrusted", "url"),
        (SSLCertVerificationError("self-signed"), "http://p.example:3128", "check.slack.untrusted", "url"),
        (ConnectionRefusedError(), "http://me:secret@p.example:3128", "check.proxy.silent", "host"),
        (OSError("Tunnel connection failed: 403 Forbidden"), "http://p.example:3128", "check.proxy.refuses", "answer"),
    ],
)
def test_who_on_the_way_said_no(told: None, fault: Exception, proxy: str | None, key: str, told_of: str) -> None:
    known = settings.load(settings.Settings)
    found = check._unanswered(URLError(fault), known, "check.token.bot", proxy)
    assert (found.mark, found.key) == (Mark.WRONG, key)
    assert found.about[told_of] == {"url": known.slack_api_url, "host": "p.example", "answer": "403 Forbidden"}[told_of]


@pytest.mark.slow
@pytest.mark.usefixtures("told", "furnished")
def test_nobody_answers(monkeypatch: Env, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    assert cli.main(["check"]) == 1
    assert "Ingen svarar på http://127.0.0.1:9/api/" in capsys.readouterr().err


def test_an_empty_folder_names_everything_that_is_missing(bare: Path) -> None:
    assert keys(Mark.WRONG) == ["settings.missing", "settings.missing", "check.database.behind"]


def test_a_misspelt_setting_is_a_hint(bare: Path, monkeypatch: Env) -> None:
    (bare / ".env").write_text("SLACK_BOT_TOKN=x\n", encoding="utf-8")
    assert "check.settings.misspelt" in keys(Mark.GAP)


@pytest.mark.usefixtures("told")
def test_a_municipality_without_a_number(migrated: Path) -> None:
    assert keys(Mark.WRONG) == ["check.number.missing"]


@pytest.mark.usefixtures("told")
def test_letters_that_were_given_up_are_shown(furnished: Database) -> None:
    now = MONDAY.astimezone(STOCKHOLM)
    with furnished.transaction() as session:
        outbox.put(session, Intent("card", 1, None, "card:F-1:1", "1"), now=now)
        letter = session.exec(select(Letter)).one()
        outbox.finish(session, letter, Outcome.GIVEN_UP, now=now, error="user_disabled")
    found = next(f for f in check.everything() if f.key == "check.letters.given_up")
    assert found.mark is Mark.GAP
    assert found.about == {"number": 1, "kind": "card", "error": "user_disabled"}


def test_a_database_that_cannot_be_reached(bare: Path, monkeypatch: Env) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://me:secret@127.0.0.1:9/none")
    assert "check.database.unreachable" in keys(Mark.WRONG)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no/such/folder/x.db")
    assert "check.database.behind" in keys(Mark.WRONG)
