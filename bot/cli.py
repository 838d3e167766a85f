"""The command line of whoever runs the bot: `supportstuga run`, `demo`, `migrate`, `check` and the rest.

Here: words typed → one function each → an exit code (0 done, 1 something is wrong and was said, 2 not understood).
All sentences come from the text catalogues. Not here: what the commands do (check, demo, run, models).
"""

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from bot import (
    app,
    backup,
    check,
    demo,
    explain,
    gaps,
    logs,
    manifest,
    moving,
    organisation,
    poster,
    protection,
    settings,
    stopping,
    summary,
    understanding,
)
from bot.check import Mark
from bot.run import serve
from bot.settings import Local, Settings, Wrong
from bot.voice import Voice
from handlers import tally as counting
from handlers.desk import Desk
from models import audit, catalogue, clock, migrations, tally, words
from models import settings as kept
from models.catalogue import Catalogue
from models.db import Database
from models.errors import Refused
from models.migrations import Schema
from models.similar import Index

log = logging.getLogger(__name__)

DONE, SAID, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130
DEMO_PORT, DEMO_FOLDER = 8065, Path(".state")

Options = argparse.Namespace


class Parser(argparse.ArgumentParser):
    """argparse speaks English only: its headings and its complaint are ours."""

    def __init__(self, *, voice: Voice, **more: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=partial(Formatter, voice), **more)
        self.voice = voice
        self._positionals.title, self._optionals.title = voice("cli.heading.commands"), voice("cli.heading.options")
        self.add_argument("-h", "--help", action="help", help=voice("cli.help.help"))

    def error(self, message: str) -> NoReturn:
        """`message` is argparse's English; the usage line says as much."""
        self.print_usage(sys.stderr)
        self.voice.complain("cli.not_understood", command=self.prog)
        raise SystemExit(NOT_UNDERSTOOD)


class Formatter(argparse.HelpFormatter):
    def __init__(self, voice: Voice, **more: Any) -> None:
        super().__init__(**more)
        self._voice = voice

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """argparse asks once without a heading, for the name of a command: that stays bare."""
        heading = self._voice("cli.heading.usage") + " " if prefix is None else prefix
        super().add_usage(usage, actions, groups, heading)


@dataclass(frozen=True)
class Command:
    """One word after `supportstuga`. Its help stands in the catalogues under `cli.help.<name>`."""

    name: str
    run: Callable[[Options, Voice], int]
    ask: Callable[[Parser], None] = lambda parser: None


def main(arguments: Sequence[str] | None = None) -> int:
    """Nothing that goes wrong reaches a person as a stack trace."""
    voice = Voice(settings.language())
    _speak_anywhere()
    logs.set_up("DEBUG" if settings.is_debugging() else "WARNING")
    try:
        options = _parser(voice).parse_args(arguments)
        return int(options.run(options, voice))
    except Wrong as wrong:
        return _complained(wrong.sentences())
    except Refused as no:
        return _complained([voice(no.key, **no.about)])
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `supportstuga settings | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SAID
    except Exception as fault:
        return _unexpected(fault, voice)


def _speak_anywhere() -> None:
    """A terminal that lacks a letter shows another one instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _complained(sentences: list[str]) -> int:
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
    return SAID


def _unexpected(fault: Exception, voice: Voice) -> int:
    """The trace is for LOG_LEVEL=DEBUG; a person gets a sentence."""
    voice.complain("cli.unexpected", fault=type(fault).__name__)
    log.debug("the command failed", exc_info=fault)
    return SAID


def _parser(voice: Voice) -> Parser:
    parser = Parser(voice=voice, prog="supportstuga", description=voice("cli.help.supportstuga"))
    parser.add_argument("--version", action="version", version=version("supportstuga"), help=voice("cli.help.version"))
    _add(parser, COMMANDS)
    return parser


def _add(parser: Parser, commands: Sequence[Command]) -> None:
    named = parser.add_subparsers(metavar=parser.voice("cli.help.command"), required=True)
    for command in commands:
        about = parser.voice(f"cli.help.{command.name}")
        sub = named.add_parser(command.name, voice=parser.voice, help=about, description=about)
        sub.set_defaults(run=command.run)
        command.ask(sub)


# ---- run, migrate, check, manifest -------------------------------------------------------------------------


def run(options: Options, voice: Voice) -> int:
    """Until SIGTERM or Ctrl-C. Does not start where nobody could be helped."""
    known = settings.load(Settings)
    logs.set_up(known.log_level, form=known.log_format)
    if hindrances := list(check.may_start(known)):
        for finding in hindrances:
            voice.report(finding)
        return SAID
    stopped = stopping.by_signal()
    stopping.at_the_latest(stopped)
    if not serve(known, lambda: voice.say("cli.run.ready"), stopped):
        stopping.leave()
    return DONE


def migrate(options: Options, voice: Voice) -> int:
    url = settings.load(Local).database_url
    state = migrations.state(url)
    if state in (Schema.UNREACHABLE, Schema.UNKNOWN):
        voice.complain(f"check.database.{state}")
        return SAID
    migrations.upgrade(url)
    voice.say("check.database.current")
    return DONE


def move(options: Options, voice: Voice) -> int:
    return moving.move(settings.load(Local).database_url, options.to, voice)


def _ask_move(parser: Parser) -> None:
    named = "postgresql://…"
    parser.add_argument("--to", required=True, metavar=named, help=parser.voice("cli.help.move-database.to"))


def look(options: Options, voice: Voice) -> int:
    """Every finding as it comes; 1 if anything keeps the bot from working."""
    marks = set()
    for finding in check.everything():
        voice.report(finding)
        marks.add(finding.mark)
    return SAID if Mark.WRONG in marks else DONE


def list_gaps(options: Options, voice: Voice) -> int:
    """Gaps are no fault: 0 whatever there is."""
    with _database().snapshot() as session:
        found = gaps.find(session, options.department)
        voice.write(gaps.as_json(found) if options.json else gaps.as_text(session, found, voice))
    return DONE


def _ask_gaps(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--json", action="store_true", help=voice("cli.help.gaps.json"))
    named = voice("cli.help.gaps.name")
    parser.add_argument("--department", metavar=named, help=voice("cli.help.gaps.department"))


def print_manifest(options: Options, voice: Voice) -> int:
    """JSON and nothing else, to be pasted into Slack."""
    made = manifest.make(manifest.registered(), voice.language, options.url or "")
    voice.write(json.dumps(made, indent=2, ensure_ascii=False))
    return DONE


def _ask_manifest(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--url", type=_address, metavar="https://…", help=voice("cli.help.manifest.url"))


def _address(text: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?", text):
        raise argparse.ArgumentTypeError(text)
    return text


def play(options: Options, voice: Voice) -> int:
    return demo.play(demo.Place(options.state), options.port, fresh=options.fresh, voice=voice)


def _ask_play(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--port", type=_port, default=DEMO_PORT, metavar="N", help=voice("cli.help.demo.port"))
    parser.add_argument("--state", type=Path, default=DEMO_FOLDER, metavar="DIR", help=voice("cli.help.demo.state"))
    parser.add_argument("--fresh", action="store_true", help=voice("cli.help.demo.fresh"))


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(text)
    return int(text)


# ---- settings that live in the database ----------------------------------------------------------------------


def _database() -> Database:
    """The database of the settings, refused while it has not the newest tables."""
    url = settings.load(Local).database_url
    state = migrations.state(url)
    if state is not Schema.CURRENT:
        raise NoDatabase(state)
    return Database(url)


class NoDatabase(Refused):
    """There is no database to look into yet."""

    def __init__(self, state: Schema) -> None:
        super().__init__()
        self.key = f"check.database.{state}"


def list_settings(options: Options, voice: Voice) -> int:
    with _database().snapshot() as session:
        values = kept.read(session).values
    for key, value in values.items():
        _show_setting(voice, key, value)
    return DONE


def _show_setting(voice: Voice, key: str, value: str) -> None:
    """Its value, its default where that differs, and what it means. The municipality's words explain themselves."""
    default = kept.defaults().get(key)
    if default is None:
        return voice.write(f"{key} = {value}")
    differs = f"  ({voice('cli.settings.default', value=default.value)})" if default.value != value else ""
    return voice.write(f"{key} = {value}{differs}\n    {voice(f'setting.{key}')}")


def set_setting(options: Options, voice: Voice) -> int:
    """Change one, and note who did: the command line has no name, so `by` is empty."""
    key, value, now = options.key, " ".join(options.value), app.wall_clock()
    if key.startswith("word.") and not _has_four_forms(value):
        voice.complain("cli.settings.word_forms")
        return SAID
    try:
        with _database().transaction() as session:
            kept.write(session, key, value, now=now)
            audit.note(session, "setting.set", by=None, now=now, about=f"{key} = {value}")
    except kept.WrongShape as wrong:
        voice.complain("cli.settings.wrong_shape", name=key, shape=voice(f"cli.shape.{wrong.about['expected']}"))
        return SAID
    voice.say("cli.settings.set", name=key, value=value)
    return DONE


def _has_four_forms(value: str) -> bool:
    try:
        words.parse(value)
    except ValueError:
        return False
    return True


def reset_setting(options: Options, voice: Voice) -> int:
    key, now = options.key, app.wall_clock()
    with _database().transaction() as session:
        kept.kind_of(key)
        kept.reset(session, key)
        audit.note(session, "setting.reset", by=None, now=now, about=key)
    voice.say("cli.settings.reset", name=key)
    return DONE


def _ask_settings(parser: Parser) -> None:
    named = parser.add_subparsers(metavar=parser.voice("cli.help.command"))
    for name, run_it in (("set", set_setting), ("reset", reset_setting)):
        about = parser.voice(f"cli.help.settings.{name}")
        sub = named.add_parser(name, voice=parser.voice, help=about, description=about)
        sub.set_defaults(run=run_it)
        sub.add_argument(
            "key", metavar=parser.voice("cli.help.settings.key"), help=parser.voice("cli.help.settings.which")
        )
        if name == "set":
            sub.add_argument("value", nargs="+", metavar=parser.voice("cli.help.settings.value"))


# ---- the organisation as a workbook or a folder ------------------------------------------------------------------


def bring_in(options: Options, voice: Voice) -> int:
    wishes = organisation.Wishes(options.dry_run, options.yes, options.confirm_endings)
    return organisation.bring_in(options.path, wishes, options.report, _database, voice)


def _ask_import(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("path", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.import.sheets"))
    for flag in ("dry-run", "yes", "confirm-endings"):
        parser.add_argument(f"--{flag}", action="store_true", help=voice(f"cli.help.import.{flag}"))
    parser.add_argument(
        "--report", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.import.report")
    )


def put_out(options: Options, voice: Voice) -> int:
    return organisation.put_out(options.path, _database(), voice)


def _ask_export(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("path", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.export.path"))


# ---- paper -------------------------------------------------------------------------------------------------------


def print_poster(options: Options, voice: Voice) -> int:
    template = "card" if options.card else "poster"
    wishes = poster.Wishes(options.unit or "", options.out, template, options.team or "", options.app or "")
    return poster.make(wishes, _database(), voice)


def _ask_poster(parser: Parser) -> None:
    voice = parser.voice
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--unit", metavar=voice("cli.help.settings.key"), help=voice("cli.help.poster.unit"))
    which.add_argument("--all", action="store_true", help=voice("cli.help.poster.all"))
    parser.add_argument("--card", action="store_true", help=voice("cli.help.poster.card"))
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR", help=voice("cli.help.poster.out"))
    for name in ("team", "app"):
        parser.add_argument(f"--{name}", type=_slack_id, metavar="ID", help=voice(f"cli.help.poster.{name}"))


def _slack_id(text: str) -> str:
    """Capitals and digits, as Slack writes them: a slip of the hand must not be printed two hundred times."""
    if not re.fullmatch(r"[TEA][A-Z0-9]{5,}", text):
        raise argparse.ArgumentTypeError(text)
    return text


# ---- what would happen -------------------------------------------------------------------------------------------


def explain_it(options: Options, voice: Voice) -> int:
    wishes = explain.Wishes(" ".join(options.text), options.unit, options.at, options.tool, options.json)
    return explain.show(wishes, _database(), voice)


def _ask_explain(parser: Parser) -> None:
    voice = parser.voice
    key = voice("cli.help.settings.key")
    parser.add_argument("text", nargs="+", metavar="TEXT", help=voice("cli.help.explain.text"))
    parser.add_argument("--unit", required=True, metavar=key, help=voice("cli.help.poster.unit"))
    parser.add_argument("--at", type=_moment, metavar="2026-11-23T10:00", help=voice("cli.help.explain.at"))
    parser.add_argument("--tool", metavar=key, help=voice("cli.help.explain.tool"))
    parser.add_argument("--json", action="store_true", help=voice("cli.help.explain.json"))


def _moment(text: str) -> datetime:
    """As Swedish clocks show it, unless it says how far from UTC it is."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=clock.STOCKHOLM)


# ---- what managers read ------------------------------------------------------------------------------------------


def summarise(options: Options, voice: Voice) -> int:
    scope, name = next((each, getattr(options, each)) for each in PLACES if getattr(options, each) is not None)
    period = next((found for span in summary.SPANS if (found := getattr(options, span)) is not None), None)
    db = _database()
    counting.count(Desk(db, app.wall_clock, lambda: None))
    return summary.show(summary.Wishes(scope, name, period, options.json, options.out), db, voice)


PLACES = ("unit", "department", "administration", "tool")
EXAMPLES = {"week": "2026-W47", "month": "2026-11", "quarter": "2026-Q4", "year": "2026"}


def _ask_summary(parser: Parser) -> None:
    voice = parser.voice
    which = parser.add_mutually_exclusive_group(required=True)
    for place in PLACES:
        how: dict[str, Any] = {"nargs": "?", "const": ""} if place == "administration" else {}
        which.add_argument(
            f"--{place}", metavar=voice("cli.help.settings.key"), help=voice(f"cli.help.summary.{place}"), **how
        )
    when = parser.add_mutually_exclusive_group()
    for span, example in EXAMPLES.items():
        read = partial(_period, summary.SPANS[span])
        when.add_argument(f"--{span}", type=read, metavar=example, help=voice(f"cli.help.summary.{span}"))
    how_to = parser.add_mutually_exclusive_group()
    how_to.add_argument("--json", action="store_true", help=voice("cli.help.summary.json"))
    how_to.add_argument("--out", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.summary.out"))


def _period(span: tally.Span, text: str) -> tally.Period:
    found = tally.period(text)
    if found.span is not span:
        raise ValueError(text)
    return found


# ---- a municipality tries its own questions ------------------------------------------------------------------------


MOST_FAULTS = 20


def understand(options: Options, voice: Voice) -> int:
    if options.catalogue and not options.catalogue.is_dir():
        voice.complain("cli.understand.no_folder", folder=str(options.catalogue))
        return SAID
    try:
        words_of_theirs = catalogue.load(options.catalogue)
    except catalogue.FaultyCatalogue as faulty:
        return _complained(_first(faulty, voice))
    try:
        ready = _ready_answers(options.answers, words_of_theirs)
    except (OSError, understanding.FaultyAnswers) as fault:
        voice.complain("cli.understand.no_answers", file=str(options.answers), why=_why(fault, voice))
        return SAID
    whole = understanding.understand(sys.stdin.buffer, words_of_theirs, _out, voice, ready)
    return DONE if whole else SAID


def _ready_answers(file: Path | None, words_of_theirs: Catalogue) -> Index | None:
    if file is None:
        return None
    with file.open("rb") as lines:
        return understanding.bank(lines, words_of_theirs)


def _why(fault: OSError | understanding.FaultyAnswers, voice: Voice) -> str:
    if isinstance(fault, OSError):
        return str(fault.strerror)
    return voice("cli.understand.line", line=fault.line, why=voice(f"cli.understand.{fault.why}"))


def _first(faulty: catalogue.FaultyCatalogue, voice: Voice) -> list[str]:
    """One faulty row of `tools` makes many elsewhere: enough to see what is wrong, and how many more there are."""
    told, rest = [_said(fault, voice) for fault in faulty.faults[:MOST_FAULTS]], len(faulty.faults) - MOST_FAULTS
    return [*told, voice("cli.understand.more", count=rest)] if rest > 0 else told


def _said(fault: catalogue.Fault, voice: Voice) -> str:
    why = voice(f"cli.understand.{fault.why}", value=fault.value)
    if not fault.column:
        return voice("cli.import.fault_in_sheet", sheet=fault.file, expected=why)
    return voice("cli.import.fault", sheet=fault.file, row=fault.row, column=fault.column, expected=why)


def _out(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _ask_understand(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--jsonl", action="store_true", required=True, help=voice("cli.help.understand.jsonl"))
    parser.add_argument("--catalogue", type=Path, metavar="DIR", help=voice("cli.help.understand.catalogue"))
    parser.add_argument("--answers", type=Path, metavar="FILE", help=voice("cli.help.understand.answers"))


# ---- data protection -----------------------------------------------------------------------------------------------


def dispose(options: Options, voice: Voice) -> int:
    return protection.dispose(_database(), voice, only_look=options.dry_run)


def _ask_dispose(parser: Parser) -> None:
    parser.add_argument("--dry-run", action="store_true", help=parser.voice("cli.help.dispose.dry-run"))


def hold(options: Options, voice: Voice) -> int:
    """Without anything to hold: what is held."""
    if options.release is not None:
        return protection.release(_database(), options.release, voice)
    if options.what is None or options.until is None:
        return protection.list_holds(_database(), voice)
    return protection.hold(_database(), options.what, options.until, voice)


def _ask_hold(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("what", nargs="?", metavar="F-123", help=voice("cli.help.hold.what"))
    parser.add_argument("--until", type=date.fromisoformat, metavar="2027-01-31", help=voice("cli.help.hold.until"))
    parser.add_argument("--release", type=int, metavar="N", help=voice("cli.help.hold.release"))


def export_person(options: Options, voice: Voice) -> int:
    return protection.export(_database(), options.email, options.out, voice)


def _ask_export_person(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("email", metavar="E-MAIL", help=voice("cli.help.person.email"))
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help=voice("cli.help.person.out"))


def erase_person(options: Options, voice: Voice) -> int:
    return protection.erase(_database(), options.email, voice, agreed=options.yes)


def _ask_erase_person(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("email", metavar="E-MAIL", help=voice("cli.help.person.email"))
    parser.add_argument("--yes", action="store_true", help=voice("cli.help.person.yes"))


def back_up(options: Options, voice: Voice) -> int:
    _database().close()
    return backup.keep(settings.load(Local).database_url, options.file, voice)


def _ask_back_up(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=parser.voice("cli.help.backup.file"))


def restore(options: Options, voice: Voice) -> int:
    url = settings.load(Local).database_url
    return backup.restore(url, options.file, options.log, voice, without_log=options.without_log)


def _ask_restore(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("file", type=Path, metavar="FILE", help=voice("cli.help.restore.file"))
    parser.add_argument(
        "--log", type=Path, action="append", default=[], metavar="FILE", help=voice("cli.help.restore.log")
    )
    parser.add_argument("--without-log", action="store_true", help=voice("cli.help.restore.without-log"))


def keep_log(options: Options, voice: Voice) -> int:
    return backup.keep_log(_database(), options.file, voice)


def erase_anew(options: Options, voice: Voice) -> int:
    return backup.erase_anew(_database(), options.file, voice)


def _ask_log(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=parser.voice("cli.help.erasure-log.file"))


COMMANDS = (
    Command("run", run),
    Command("demo", play, _ask_play),
    Command("migrate", migrate),
    Command("move-database", move, _ask_move),
    Command("check", look),
    Command("gaps", list_gaps, _ask_gaps),
    Command("manifest", print_manifest, _ask_manifest),
    Command("settings", list_settings, _ask_settings),
    Command("import", bring_in, _ask_import),
    Command("export", put_out, _ask_export),
    Command("poster", print_poster, _ask_poster),
    Command("summary", summarise, _ask_summary),
    Command("explain", explain_it, _ask_explain),
    Command("understand", understand, _ask_understand),
    Command("dispose", dispose, _ask_dispose),
    Command("hold", hold, _ask_hold),
    Command("export-person", export_person, _ask_export_person),
    Command("erase-person", erase_person, _ask_erase_person),
    Command("backup", back_up, _ask_back_up),
    Command("restore", restore, _ask_restore),
    Command("erasure-log", keep_log, _ask_log),
    Command("erase-anew", erase_anew, _ask_log),
)
