"""Settings of the process: read from two places, refused with every fault at once, never shown."""

from pathlib import Path

import pytest

from bot import settings
from bot.settings import Local, Settings, Wrong

RIGHT = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


pytestmark = pytest.mark.usefixtures("bare")


def write(folder: Path, **lines: str) -> None:
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8")


def test_two_tokens_are_enough(bare: Path) -> None:
    write(bare, **RIGHT)
    known = settings.load(Settings)
    assert known.slack_bot_token.get_secret_value() == "xoxb-1"
    assert known.slack_api_url == "https://slack.com/api/"
    assert known.database_url == "sqlite:///supportstuga.db"
    assert known.delivery_workers == 20
    assert (known.slack_mode, known.web_port) == ("socket", 0)


def test_the_environment_goes_before_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(bare, **RIGHT, DELIVERY_WORKERS="2")
    monkeypatch.setenv("DELIVERY_WORKERS", "3")
    assert settings.load(Settings).delivery_workers == 3


def test_an_empty_value_is_no_value(bare: Path) -> None:
    write(bare, **RIGHT, SLACK_API_URL="", DELIVERY_WORKERS="")
    assert settings.load(Settings).slack_api_url == "https://slack.com/api/"


def test_all_faults_are_named_at_once(bare: Path) -> None:
    write(
        bare, SLACK_BOT_TOKEN="xapp-swapped", LOG_LEVEL="loud", DELIVERY_WORKERS="many", DATABASE_URL="mysql://x",
        SLACK_API_URL="slack.com", BOT_LANGUAGE="fi", PUBLIC_URL="http://x.example", WEB_HOST="a b", WEB_PORT="-1",
        SLACK_MODE="post", SLACK_APP_TOKEN="x", LOG_FORMAT="xml", ERASURE_LOG="nowhere/log.json",
    )  # fmt: skip
    with pytest.raises(Wrong) as stopped:
        settings.load(Settings)
    assert {fault.name for fault in stopped.value.faults} == set(settings.names()) - {"SLACK_SIGNING_SECRET"}
    sentences = stopped.value.sentences()
    assert len(sentences) == 13
    assert all(fault.name in sentence for fault, sentence in zip(stopped.value.faults, sentences, strict=True))


@pytest.mark.parametrize(("mode", "public", "lacks"), [
    ("socket", "", ["SLACK_APP_TOKEN"]),
    ("http", "", ["SLACK_SIGNING_SECRET", "WEB_PORT"]),
    ("socket", "https://x.example", ["SLACK_APP_TOKEN", "WEB_PORT"]),
])  # fmt: skip
def test_each_way_to_be_reached_needs_its_own(bare: Path, mode: str, public: str, lacks: list[str]) -> None:
    write(bare, SLACK_BOT_TOKEN="xoxb-1", SLACK_MODE=mode, PUBLIC_URL=public)
    with pytest.raises(Wrong) as stopped:
        settings.load(Settings)
    assert [fault.name for fault in stopped.value.faults] == lacks
    assert "saknas. Skriv in den i .env. I .env.example står vad den är." in stopped.value.sentences()[0]


SECRETS = [
    ("SLACK_BOT_TOKEN", "xoxb-secret"), ("SLACK_APP_TOKEN", "xapp-secret"), ("SLACK_SIGNING_SECRET", "secret"),
    ("DATABASE_URL", "postgresql://me:secret@host/db"),
]  # fmt: skip


def test_a_secret_may_lie_in_a_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS:
        (bare / name.lower()).write_text(value + "\n", encoding="utf-8")
        monkeypatch.setenv(f"{name}_FILE", str(bare / name.lower()))
    monkeypatch.delenv("SLACK_APP_TOKEN_FILE")
    write(bare, SLACK_APP_TOKEN_FILE=str(bare / "slack_app_token"))
    known = settings.load(Settings)
    secrets = [known.slack_bot_token, known.slack_app_token, known.slack_signing_secret]
    assert [each.get_secret_value() for each in secrets] + [known.database_url] == [value for _, value in SECRETS]
    assert "secret" not in f"{known!r} {known}".replace("signing_secret", "")
    assert settings.misspelt() == {}
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-nearer")
    assert settings.load(Settings).slack_bot_token.get_secret_value() == "xoxb-nearer", "what is written out goes first"


def test_a_file_that_cannot_be_read_is_named_and_never_quoted(bare: Path) -> None:
    (bare / "bytes").write_bytes(b"xoxb-\xff")
    write(bare, SLACK_BOT_TOKEN_FILE=str(bare / "bytes"), SLACK_APP_TOKEN_FILE=str(bare / "not-there"))
    with pytest.raises(Wrong) as stopped:
        settings.load(Settings)
    assert [(f.key, f.name) for f in stopped.value.faults] == [
        ("settings.unreadable", "SLACK_BOT_TOKEN_FILE"), ("settings.unreadable", "SLACK_APP_TOKEN_FILE"),
    ]  # fmt: skip
    assert "xoxb" not in str(stopped.value) + " ".join(stopped.value.sentences())


def test_faults_are_told_in_the_chosen_language(bare: Path) -> None:
    write(bare, BOT_LANGUAGE="en", SLACK_BOT_TOKEN="xoxb-1")
    with pytest.raises(Wrong) as stopped:
        settings.load(Settings)
    assert stopped.value.sentences() == ["SLACK_APP_TOKEN is missing. Write it in .env. .env.example says what it is."]


@pytest.mark.parametrize("value", ["hemligt lösenord", "a#b", "it's", 'say "hi"', "a\\b", "a=b", "åäö"])
def test_awkward_values_arrive_whole(bare: Path, value: str) -> None:
    quoted = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    write(bare, **RIGHT, DATABASE_URL=quoted.replace("'", "'sqlite:///", 1))
    assert settings.load(Settings).database_url == f"sqlite:///{value}"


def test_nothing_secret_is_ever_shown(bare: Path) -> None:
    secrets = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_APP_TOKEN": "xapp-secret"}
    write(bare, **secrets, DATABASE_URL="postgresql://me:secret@host/db")
    known = settings.load(Settings)
    assert "secret" not in f"{known!r} {known}".replace("signing_secret", "")


def test_a_fault_never_quotes_the_value(bare: Path) -> None:
    write(bare, SLACK_BOT_TOKEN="secret", SLACK_APP_TOKEN="secret", DATABASE_URL="mysql://me:secret@host")
    with pytest.raises(Wrong) as stopped:
        settings.load(Settings)
    assert "secret" not in str(stopped.value) + " ".join(stopped.value.sentences())
    assert stopped.value.__cause__ is None


def test_a_file_that_is_not_utf8_is_said(bare: Path) -> None:
    (bare / ".env").write_bytes("SLACK_BOT_TOKEN='å'".encode("utf-16"))
    with pytest.raises(Wrong) as stopped:
        settings.load(Local)
    assert [fault.key for fault in stopped.value.faults] == ["settings.unreadable"]


def test_a_windows_file_works(bare: Path) -> None:
    (bare / ".env").write_bytes(b"\xef\xbb\xbfSLACK_BOT_TOKEN=xoxb-1\r\nSLACK_APP_TOKEN=xapp-1\r\n")
    assert settings.load(Settings).slack_bot_token.get_secret_value() == "xoxb-1"


def test_a_misspelt_name_is_found(bare: Path) -> None:
    write(bare, **RIGHT, SLACK_API_ULR="https://x.test/", PATH_OF_OURS="x", LOG_INTO_THE_CELLAR="red")
    assert settings.misspelt() == {"SLACK_API_ULR": "SLACK_API_URL", "LOG_INTO_THE_CELLAR": ""}


def test_the_systems_own_language_is_not_ours(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en_US:en")  # Debian sets this
    write(bare, **RIGHT)
    assert settings.load(Settings).bot_language == "sv"


def test_the_address_ends_with_a_slash(bare: Path) -> None:
    write(bare, **RIGHT, SLACK_API_URL="http://127.0.0.1:8080/api")
    assert settings.load(Settings).slack_api_url == "http://127.0.0.1:8080/api/"
