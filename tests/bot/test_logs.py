"""What reaches a log: masked, from libraries only what went wrong, and never a body."""

import io
import json
import logging

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot import logs
from models.secrecy import TOKENS, Secret


@pytest.fixture
def written() -> io.StringIO:
    stream = io.StringIO()
    logs.set_up("DEBUG", stream)
    return stream


def test_personal_numbers_are_masked_in_messages_and_traces(written: io.StringIO) -> None:
    try:
        raise ValueError("ring anna@example.se om 19121212-1212")
    except ValueError:
        logging.getLogger("bot.test").exception("hon heter 19121212-1212")
    assert "1212-1212" not in written.getvalue()
    assert "anna@" not in written.getvalue()
    assert f"ERROR bot.test: hon heter {TOKENS[Secret.PERSONNUMMER]}" in written.getvalue()
    assert "ValueError" in written.getvalue()


def test_libraries_speak_only_of_trouble(written: io.StringIO) -> None:
    for name in ("slack_bolt.App", "slack_sdk.web.base_client", "apscheduler.executors.default"):
        logging.getLogger(name).setLevel(logging.DEBUG)  # Bolt copies the root's level like this
        logging.getLogger(name).debug("a whole body")
        logging.getLogger(name).info("a whole body")
        logging.getLogger(name).warning("the words of somebody")
    assert "body" not in written.getvalue()
    assert written.getvalue().count("trouble at test_logs.py") == 3


def test_what_a_library_quotes_stays_out(written: io.StringIO) -> None:
    """A piece of a frame can split a personal number, so that masking does not know it."""
    try:
        raise RecursionError("hos Maj-Britt 191212")
    except RecursionError:
        logging.getLogger("slack_bolt.App").exception("payload: %s", "hos Maj-Britt 191212")
    assert "Maj-Britt" not in written.getvalue()
    assert "191212" not in written.getvalue()
    assert "RecursionError" in written.getvalue()


def test_bolt_at_debug_prints_no_bodies(written: io.StringIO) -> None:
    app = App(name="trial", token="xoxb-1", signing_secret="x", token_verification_enabled=False)
    app.logger.debug("Applying middleware to a body")
    assert "middleware" not in written.getvalue()


def test_what_bolt_says_at_every_start_stays_out(written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    App(name="trial", client=WebClient(token="xoxb-1"), signing_secret="x", token_verification_enabled=False)
    assert written.getvalue() == ""


def test_time_and_names_stay_readable(written: io.StringIO) -> None:
    logging.getLogger("bot.delivery").info("letter 7 of kind card waits 0:00:05: ratelimited")
    assert "INFO bot.delivery: letter 7 of kind card waits 0:00:05: ratelimited" in written.getvalue()


def test_as_json_each_line_stands_alone(written: io.StringIO) -> None:
    logs.set_up("INFO", written, "json")
    log = logging.getLogger("handlers.listening")
    log.info("letter %s waits", 7)
    try:
        raise ValueError("ring anna@example.se\nom 19121212-1212")
    except ValueError:
        log.exception("%s failed", "tickets.take", extra={"reference": "a1b2c3"})
    first, second = map(json.loads, written.getvalue().splitlines())
    assert {**first, "time": ""} == {"time": "", "level": "INFO", "module": "handlers.listening", "message": "letter 7 waits"}
    assert (second["message"], second["reference"]) == ("tickets.take failed", "a1b2c3")
    assert "ValueError" in second["trace"]
    assert "anna@" not in second["trace"]
    assert "1212-1212" not in second["trace"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_of_ours_reaches_a_log(written: io.StringIO, form: str) -> None:
    logs.set_up("INFO", written, form)
    try:
        raise OSError("postgresql+psycopg://me:lösen@db.example/x and xapp-1-A2-hemlig")
    except OSError:
        logging.getLogger("bot.run").exception("tried xoxb-12-34-hemlig")
    for secret in ("hemlig", "lösen", "me:"):
        assert secret not in written.getvalue()
    assert "@db.example/x" in written.getvalue()
