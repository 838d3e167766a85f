"""What somebody types, what she reads, and the exit code that a script sees."""

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select

from bot import __main__, cli, commands, demo
from handlers.words import LANGUAGES
from models import settings as kept
from models.audit import AuditEntry
from models.db import Database
from tests.bot.terminal import Said, type_in

DEMO = Path(__file__).parents[2] / "demo"


# ---- the words themselves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["", *(c.name for c in cli.COMMANDS), "settings set", "settings reset"])
def test_every_command_explains_itself(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, language: str, command: str
) -> None:
    monkeypatch.setenv("BOT_LANGUAGE", language)
    code, out, _ = type_in(f"{command} --help", capsys)
    assert code == 0
    assert out.startswith({"sv": "Så skriver du: supportstuga", "en": "Usage: supportstuga"}[language])
    english = {"usage:", "options:", "positional arguments:", "show this help"}
    assert language == "en" or not any(word in out for word in english)


@pytest.mark.parametrize(
    "line", ["", "runn", "demo --port x", "demo --port 70000", "settings set", "import", "export", "run --x"]
)
def test_what_is_not_understood_is_said(bare: Path, capsys: Said, line: str) -> None:
    code, out, err = type_in(line, capsys)
    assert (code, out) == (2, "")
    assert "Vi förstår inte" in err
    assert "--help" in err


@pytest.mark.parametrize(
    ("line", "unread"),
    [("--help", {"sqlmodel", "slack_bolt", "numpy", "models.secrecy"}), ("understand --jsonl", {"sqlmodel", "slack_bolt", "apscheduler"})],
)
def test_nobody_waits_for_what_her_command_does_not_need(bare: Path, line: str, unread: set[str]) -> None:
    typed = f"import sys, atexit; from bot import cli; atexit.register(lambda: print(*sys.modules)); sys.exit(cli.main({line.split()}))"
    done = subprocess.run([sys.executable, "-c", typed], input='{"text": "TES startar inte"}', capture_output=True, text=True, check=True)
    *said, read = done.stdout.splitlines()
    assert said
    assert not unread & set(read.split())


def test_every_command_does_something() -> None:
    assert {command.name for command in cli.COMMANDS} | {"settings set", "settings reset"} == {*commands.DOES, "understand"}


def test_the_version(capsys: Said, bare: Path) -> None:
    assert type_in("--version", capsys)[:2] == (0, "0.1.0\n")


def test_a_fault_of_ours_is_a_sentence(bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError("19121212-1212")

    monkeypatch.setitem(commands.DOES, "migrate", broken)
    code, out, err = type_in("migrate", capsys)
    assert (code, out) == (1, "")
    assert err.startswith("Något gick fel (ZeroDivisionError).")
    assert "1212" not in err


def test_ctrl_c_in_the_middle_is_quiet(bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.DOES, "migrate", interrupted)
    assert type_in("migrate", capsys) == (130, "", "")


# ---- run -----------------------------------------------------------------------------------------------------


@pytest.fixture
def tokens(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of a bot that runs, one that says so and ends."""
    seen: list[str] = []

    def serve(known: object, ready: object, stopped: object) -> bool:
        seen.append(type(known).__name__)
        ready()  # type: ignore[operator]
        return True

    monkeypatch.setattr(commands, "serve", serve)
    return seen


def test_run_names_every_missing_setting(bare: Path, capsys: Said, served: list[str]) -> None:
    code, _, err = type_in("run", capsys)
    assert code == 1
    assert [line.split()[0] for line in err.splitlines()] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert not served


@pytest.mark.usefixtures("tokens")
def test_run_refuses_a_database_without_tables(bare: Path, capsys: Said, served: list[str]) -> None:
    code, _, err = type_in("run", capsys)
    assert code == 1
    assert "supportstuga migrate" in err
    assert not served
    assert not (bare / "supportstuga.db").exists(), "looking must not create"


@pytest.mark.usefixtures("tokens")
def test_run_refuses_without_a_number_to_ring(migrated: Path, capsys: Said, served: list[str]) -> None:
    code, _, err = type_in("run", capsys)
    assert code == 1
    assert "nummer att ringa" in err
    assert not served


@pytest.mark.usefixtures("tokens")
def test_run_runs(migrated: Path, capsys: Said, served: list[str]) -> None:
    type_in(f"import {DEMO} --yes", capsys)
    assert type_in("run", capsys)[:2] == (0, "Boten är i gång. Ctrl-C stoppar den.\n")
    assert served == ["Settings"]


# ---- migrate -------------------------------------------------------------------------------------------------


def test_migrate_makes_the_tables_and_may_be_repeated(bare: Path, capsys: Said) -> None:
    for _ in range(2):
        assert type_in("migrate", capsys)[:2] == (0, "Databasen är uppdaterad.\n")


def test_migrate_leaves_a_stranger_alone(bare: Path, capsys: Said) -> None:
    (bare / "supportstuga.db").write_bytes(b"this is somebody's holiday picture" * 100)
    code, _, err = type_in("migrate", capsys)
    assert code == 1
    assert "går inte att nå" in err
    assert (bare / "supportstuga.db").read_bytes().startswith(b"this is")


def test_migrate_does_not_go_backwards(migrated: Path, capsys: Said) -> None:
    with Database(f"sqlite:///{migrated}").transaction() as session:
        session.connection().exec_driver_sql("update alembic_version set version_num = '9999'")
    code, _, err = type_in("migrate", capsys)
    assert code == 1
    assert "nyare version" in err


# ---- settings ------------------------------------------------------------------------------------------------


def test_settings_lists_all_with_meaning(migrated: Path, capsys: Said) -> None:
    code, out, _ = type_in("settings", capsys)
    assert code == 0
    assert [line.split(" = ")[0] for line in out.splitlines() if " = " in line and line[0] != " "] == list(
        kept.defaults()
    )
    assert "claim.remind = 30 min\n    När den som tagit en fråga påminns." in out


def test_a_setting_is_changed_listed_and_reset_with_an_audit_row(migrated: Path, capsys: Said) -> None:
    assert type_in("settings set claim.remind 20 min", capsys)[:2] == (0, "claim.remind är nu 20 min.\n")
    assert "claim.remind = 20 min  (standard: 30 min)" in type_in("settings", capsys)[1]
    assert type_in("settings reset claim.remind", capsys)[0] == 0
    assert "claim.remind = 30 min\n" in type_in("settings", capsys)[1]
    with Database(f"sqlite:///{migrated}").snapshot() as session:
        rows = [(row.what, row.about, row.by_id) for row in session.exec(select(AuditEntry))]
    assert rows == [("setting.set", "claim.remind = 20 min", None), ("setting.reset", "claim.remind", None)]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("settings set claim.remind soon", "som 20 s, 30 min, 13 h eller 7 d"),
        ("settings set hours.coordinator 8-16", "mon-fri 08:00-16:30"),
        ("settings set rest.warn two", "ett heltal"),
        ("settings set no.such 1", "Inställningen no.such finns inte."),
        ("settings reset no.such", "Inställningen no.such finns inte."),
        ("settings set word.unit.sv enhet", "fyra former"),
    ],
)
def test_a_wrong_setting_changes_nothing_and_says_what_fits(
    migrated: Path, capsys: Said, line: str, answer: str
) -> None:
    code, out, err = type_in(line, capsys)
    assert (code, out) == (1, "")
    assert answer in err
    with Database(f"sqlite:///{migrated}").snapshot() as session:
        assert not session.exec(select(kept.Setting)).all()
        assert not session.exec(select(AuditEntry)).all()


def test_a_word_of_the_municipality_is_shown_where_it_was_changed(migrated: Path, capsys: Said) -> None:
    forms = "boende|boendet|boenden|boendena"
    assert type_in(f"settings set word.unit.sv {forms}", capsys)[0] == 0
    assert f"word.unit.sv = {forms}\n" in type_in("settings", capsys)[1]


@pytest.mark.parametrize("line", ["settings", "settings set claim.remind 1 min", f"import {DEMO}", "export x.xlsx"])
def test_without_tables_they_say_what_to_do(bare: Path, capsys: Said, line: str) -> None:
    code, _, err = type_in(line, capsys)
    assert code == 1
    assert "supportstuga migrate" in err


# ---- manifest, demo ------------------------------------------------------------------------------------------


def test_manifest_is_json_and_nothing_else(bare: Path, capsys: Said) -> None:
    code, out, err = type_in("manifest", capsys)
    assert (code, err) == (0, "")
    assert json.loads(out)["settings"]["socket_mode_enabled"] is True


def test_a_busy_port_says_how_to_choose_another(bare: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_is_free", lambda port: False)
    code, _, err = type_in("demo --port 8065", capsys)
    assert code == 1
    assert err == "Port 8065 är upptagen. Välj en annan: supportstuga demo --port 8066\n"
    assert not (bare / ".state").exists()


# ---- gaps ----------------------------------------------------------------------------------------------------------


def test_gaps_are_lines_or_json_of_everything_or_one_department(migrated: Path, capsys: Said) -> None:
    type_in(f"import {DEMO} --yes", capsys)
    code, out, _ = type_in("gaps", capsys)
    assert code == 0
    assert "Hemtjänst Söder: ingen expertanvändare utsedd.\n" in out
    assert "Eken: ingen expertanvändare utsedd.\n" in out
    code, out, _ = type_in("gaps --json --department hemtjänst", capsys)
    found = json.loads(out)
    assert {"kind": "no_expert", "place": "Hemtjänst Söder"}.items() <= found[0].items()
    assert {gap["department_id"] for gap in found} == {found[0]["department_id"]}
    assert type_in("gaps --department eken", capsys) == (1, "", "Det finns ingen avdelning eken.\n")


def test_what_is_imported_is_left_alone_and_what_comes_later_is_not(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["supportstuga", "--version"])
    gc.unfreeze()
    with pytest.raises(SystemExit):
        __main__.main()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 50_000
    assert capsys.readouterr().out
