"""The command line of whoever runs the bot: `supportstuga run`, `demo`, `migrate`, `check` and the rest.

Here: words typed → one function each → an exit code (0 done, 1 something is wrong and was said, 2 not understood).
All sentences come from the text catalogues. Not here: what the commands do (commands, trying), which is imported when
one is typed: `--help` and a word that nobody understands do not wait for the bot.
"""

import argparse
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
from typing import TYPE_CHECKING, Any, NoReturn

from bot import logs, settings
from bot.settings import Wrong
from bot.voice import Voice
from models import clock
from models.errors import Refused

if TYPE_CHECKING:
    from models.tally import Period

log = logging.getLogger(__name__)

SAID, NOT_UNDERSTOOD, INTERRUPTED = 1, 2, 130
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
    ask: Callable[[Parser], None] = lambda parser: None


def main(arguments: Sequence[str] | None = None) -> int:
    """Nothing that goes wrong reaches a person as a stack trace."""
    voice = Voice(settings.language())
    _speak_anywhere()
    logs.set_up("DEBUG" if settings.is_debugging() else "WARNING")
    try:
        options = _parser(voice).parse_args(arguments)
        return _does(options.command)(options, voice)
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


def _does(command: str) -> Callable[[Options, Voice], int]:
    if command == "understand":
        from bot import trying

        return trying.understand
    from bot import commands

    return commands.DOES[command]


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
        sub.set_defaults(command=command.name)
        command.ask(sub)


# ---- run, migrate, check, manifest -------------------------------------------------------------------------


def _ask_move(parser: Parser) -> None:
    named = "postgresql://…"
    parser.add_argument("--to", required=True, metavar=named, help=parser.voice("cli.help.move-database.to"))


def _ask_gaps(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--json", action="store_true", help=voice("cli.help.gaps.json"))
    named = voice("cli.help.gaps.name")
    parser.add_argument("--department", metavar=named, help=voice("cli.help.gaps.department"))


def _ask_manifest(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--url", type=_address, metavar="https://…", help=voice("cli.help.manifest.url"))


def _address(text: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?", text):
        raise argparse.ArgumentTypeError(text)
    return text


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


def _ask_settings(parser: Parser) -> None:
    named = parser.add_subparsers(metavar=parser.voice("cli.help.command"))
    for name in ("set", "reset"):
        about = parser.voice(f"cli.help.settings.{name}")
        sub = named.add_parser(name, voice=parser.voice, help=about, description=about)
        sub.set_defaults(command=f"settings {name}")
        sub.add_argument(
            "key", metavar=parser.voice("cli.help.settings.key"), help=parser.voice("cli.help.settings.which")
        )
        if name == "set":
            sub.add_argument("value", nargs="+", metavar=parser.voice("cli.help.settings.value"))


# ---- the organisation as a workbook or a folder ------------------------------------------------------------------


def _ask_import(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("path", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.import.sheets"))
    for flag in ("dry-run", "yes", "confirm-endings"):
        parser.add_argument(f"--{flag}", action="store_true", help=voice(f"cli.help.import.{flag}"))
    parser.add_argument(
        "--report", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.import.report")
    )


def _ask_export(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("path", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.export.path"))


# ---- paper -------------------------------------------------------------------------------------------------------


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
        read = partial(_period, span)
        when.add_argument(f"--{span}", type=read, metavar=example, help=voice(f"cli.help.summary.{span}"))
    how_to = parser.add_mutually_exclusive_group()
    how_to.add_argument("--json", action="store_true", help=voice("cli.help.summary.json"))
    how_to.add_argument("--out", type=Path, metavar=voice("cli.help.import.path"), help=voice("cli.help.summary.out"))


def _period(span: str, text: str) -> "Period":
    from models import tally

    found = tally.period(text)
    if found.span != span:
        raise ValueError(text)
    return found


# ---- a municipality tries its own questions ------------------------------------------------------------------------


def _ask_understand(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("--jsonl", action="store_true", required=True, help=voice("cli.help.understand.jsonl"))
    parser.add_argument("--catalogue", type=Path, metavar="DIR", help=voice("cli.help.understand.catalogue"))
    parser.add_argument("--answers", type=Path, metavar="FILE", help=voice("cli.help.understand.answers"))


# ---- data protection -----------------------------------------------------------------------------------------------


def _ask_dispose(parser: Parser) -> None:
    parser.add_argument("--dry-run", action="store_true", help=parser.voice("cli.help.dispose.dry-run"))


def _ask_hold(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("what", nargs="?", metavar="F-123", help=voice("cli.help.hold.what"))
    parser.add_argument("--until", type=date.fromisoformat, metavar="2027-01-31", help=voice("cli.help.hold.until"))
    parser.add_argument("--release", type=int, metavar="N", help=voice("cli.help.hold.release"))


def _ask_export_person(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("email", metavar="E-MAIL", help=voice("cli.help.person.email"))
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help=voice("cli.help.person.out"))


def _ask_erase_person(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("email", metavar="E-MAIL", help=voice("cli.help.person.email"))
    parser.add_argument("--yes", action="store_true", help=voice("cli.help.person.yes"))


def _ask_back_up(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=parser.voice("cli.help.backup.file"))


def _ask_restore(parser: Parser) -> None:
    voice = parser.voice
    parser.add_argument("file", type=Path, metavar="FILE", help=voice("cli.help.restore.file"))
    parser.add_argument(
        "--log", type=Path, action="append", default=[], metavar="FILE", help=voice("cli.help.restore.log")
    )
    parser.add_argument("--without-log", action="store_true", help=voice("cli.help.restore.without-log"))


def _ask_log(parser: Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=parser.voice("cli.help.erasure-log.file"))


COMMANDS = (
    Command("run"),
    Command("demo", _ask_play),
    Command("migrate"),
    Command("move-database", _ask_move),
    Command("check"),
    Command("gaps", _ask_gaps),
    Command("manifest", _ask_manifest),
    Command("settings", _ask_settings),
    Command("import", _ask_import),
    Command("export", _ask_export),
    Command("poster", _ask_poster),
    Command("summary", _ask_summary),
    Command("explain", _ask_explain),
    Command("understand", _ask_understand),
    Command("dispose", _ask_dispose),
    Command("hold", _ask_hold),
    Command("export-person", _ask_export_person),
    Command("erase-person", _ask_erase_person),
    Command("backup", _ask_back_up),
    Command("restore", _ask_restore),
    Command("erasure-log", _ask_log),
    Command("erase-anew", _ask_log),
)
