"""What the commands do, once they are understood: the words that were typed are read by cli.py.

Imports the whole bot, in about a second: read when one of these was typed. Not here: the work itself (check, demo,
run, models …), and `understand`, which needs neither Slack nor a database (trying).
"""

import argparse
import json
from collections.abc import Callable

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
)
from bot.finding import Mark
from bot.run import serve
from bot.settings import Local, Settings
from bot.voice import Voice
from handlers import tally as counting
from handlers.desk import Desk
from models import audit, migrations, words
from models import settings as kept
from models.db import Database
from models.errors import Refused
from models.migrations import Schema
from models.tally import Span

DONE, SAID = 0, 1

Options = argparse.Namespace
Do = Callable[[Options, Voice], int]

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


def print_manifest(options: Options, voice: Voice) -> int:
    """JSON and nothing else, to be pasted into Slack."""
    made = manifest.make(manifest.registered(), voice.language, options.url or "")
    voice.write(json.dumps(made, indent=2, ensure_ascii=False))
    return DONE


def play(options: Options, voice: Voice) -> int:
    return demo.play(demo.Place(options.state), options.port, fresh=options.fresh, voice=voice)


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


# ---- the organisation as a workbook or a folder ------------------------------------------------------------------


def bring_in(options: Options, voice: Voice) -> int:
    wishes = organisation.Wishes(options.dry_run, options.yes, options.confirm_endings)
    return organisation.bring_in(options.path, wishes, options.report, _database, voice)


def put_out(options: Options, voice: Voice) -> int:
    return organisation.put_out(options.path, _database(), voice)


# ---- paper -------------------------------------------------------------------------------------------------------


def print_poster(options: Options, voice: Voice) -> int:
    template = "card" if options.card else "poster"
    wishes = poster.Wishes(options.unit or "", options.out, template, options.team or "", options.app or "")
    return poster.make(wishes, _database(), voice)


# ---- what would happen -------------------------------------------------------------------------------------------


def explain_it(options: Options, voice: Voice) -> int:
    wishes = explain.Wishes(" ".join(options.text), options.unit, options.at, options.tool, options.json)
    return explain.show(wishes, _database(), voice)


# ---- what managers read ------------------------------------------------------------------------------------------


def summarise(options: Options, voice: Voice) -> int:
    scope, name = next((each, getattr(options, each)) for each in summary.PLACES if getattr(options, each) is not None)
    period = next((found for span in Span if (found := getattr(options, span)) is not None), None)
    db = _database()
    counting.count(Desk(db, app.wall_clock, lambda: None))
    return summary.show(summary.Wishes(scope, name, period, options.json, options.out), db, voice)


# ---- data protection -----------------------------------------------------------------------------------------------


def dispose(options: Options, voice: Voice) -> int:
    return protection.dispose(_database(), voice, only_look=options.dry_run)


def hold(options: Options, voice: Voice) -> int:
    """Without anything to hold: what is held."""
    if options.release is not None:
        return protection.release(_database(), options.release, voice)
    if options.what is None or options.until is None:
        return protection.list_holds(_database(), voice)
    return protection.hold(_database(), options.what, options.until, voice)


def export_person(options: Options, voice: Voice) -> int:
    return protection.export(_database(), options.email, options.out, voice)


def erase_person(options: Options, voice: Voice) -> int:
    return protection.erase(_database(), options.email, voice, agreed=options.yes)


def back_up(options: Options, voice: Voice) -> int:
    _database().close()
    return backup.keep(settings.load(Local).database_url, options.file, voice)


def restore(options: Options, voice: Voice) -> int:
    url = settings.load(Local).database_url
    return backup.restore(url, options.file, options.log, voice, without_log=options.without_log)


def keep_log(options: Options, voice: Voice) -> int:
    return backup.keep_log(_database(), options.file, voice)


def erase_anew(options: Options, voice: Voice) -> int:
    return backup.erase_anew(_database(), options.file, voice)


DOES: dict[str, Do] = {
    "run": run,
    "demo": play,
    "migrate": migrate,
    "move-database": move,
    "check": look,
    "gaps": list_gaps,
    "manifest": print_manifest,
    "settings": list_settings,
    "settings set": set_setting,
    "settings reset": reset_setting,
    "import": bring_in,
    "export": put_out,
    "poster": print_poster,
    "summary": summarise,
    "explain": explain_it,
    "dispose": dispose,
    "hold": hold,
    "export-person": export_person,
    "erase-person": erase_person,
    "backup": back_up,
    "restore": restore,
    "erasure-log": keep_log,
    "erase-anew": erase_anew,
}
