"""`supportstuga understand` as it is typed: which catalogue, which ready answers, and what is wrong with them.

Not here: the lines themselves (understanding). Nothing of Slack or of a database is read for it.
"""

import argparse
import sys
from pathlib import Path

from bot import understanding
from bot.voice import Voice
from models import catalogue
from models.catalogue import Catalogue
from models.similar import Index

DONE, SAID = 0, 1

Options = argparse.Namespace

MOST_FAULTS = 20


def understand(options: Options, voice: Voice) -> int:
    if options.catalogue and not options.catalogue.is_dir():
        voice.complain("cli.understand.no_folder", folder=str(options.catalogue))
        return SAID
    try:
        words_of_theirs = catalogue.load(options.catalogue)
    except catalogue.FaultyCatalogue as faulty:
        for sentence in _first(faulty, voice):
            voice.grumble(sentence)
        return SAID
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
