"""The house tests its own documents: what is named in one place exists in the other, and nothing is forgotten."""

import ast
import importlib
import inspect
import pkgutil
import re
import string
import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from dotenv import dotenv_values
from sqlalchemy import text
from sqlmodel import SQLModel

from bot import cli, manifest, settings
from handlers import views
from handlers.words import LANGUAGES, Words, speak
from models import administration, clock, errors, gaps, importing, ladder, layout, migrations, people, privacy, tickets
from models import settings as kept
from models import words as municipal
from models.db import Database
from tests import limits, source
from tests.longest import every
from tests.source import HOLE, ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def on() -> Any:
    """Everything that is registered."""
    return manifest.registered()


# ---- documents -----------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_example_and_the_other_way_round() -> None:
    assert list(dotenv_values(ROOT / ".env.example")) != []
    assert set(dotenv_values(ROOT / ".env.example")) == set(settings.names())


def test_every_setting_of_the_example_is_explained_and_they_are_few() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    settings_at = [at for at, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    assert all(lines[at - 1].startswith("# ") for at in settings_at)
    assert len(settings_at) <= 25


def test_the_example_holds_the_defaults_and_no_secret() -> None:
    written = {name: value for name, value in dotenv_values(ROOT / ".env.example").items() if value}
    given = {n.upper(): str(f.default) for n, f in settings.Settings.model_fields.items() if f.default and not f.is_required()}
    assert written == given


def test_every_command_is_documented() -> None:
    documented = set(re.findall(r"^\| `supportstuga ([a-z-]+)", OPERATIONS, re.MULTILINE))
    assert documented == {command.name for command in cli.COMMANDS}


def test_every_job_is_documented(on: Any) -> None:
    assert section("Jobs") == {job.name for job in on.jobs}


def section(heading: str) -> set[str]:
    """First cells of the table under a heading of docs/operations.md."""
    part = OPERATIONS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)`", part, re.MULTILINE))


DEPLOY = ROOT / "deploy"


def test_what_the_container_files_name_is_there() -> None:
    """They are run by hand (docs/operations.md): settings, files, commands and secrets that they name exist at least."""
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    compose, unit = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("compose.yaml", "supportstuga@.service"))
    sources = [name for line in re.findall(r"^COPY (.+)$", image, re.M) for name in line.split()[:-1]]
    assert sources
    assert [name for name in sources if not (ROOT / name).exists()] == []
    shipped = {name for name in sources if (ROOT / name).is_dir()}
    assert {package for package in ("bot", "handlers", "models") if package not in shipped} == set()
    ours = {*settings.names(), *(f"{name.upper()}_FILE" for name in settings.SECRETS)}
    set_in = re.findall(r"^ {4}([A-Z_]+):", compose.split("services:")[0], re.M) + re.findall(r"\b([A-Z_]+)=%?[\w/]", unit)
    assert len(set_in) >= 8
    assert sorted({name for name in set_in if not name.startswith("SYSTEM")} - ours) == ["HOME"]
    words = re.findall(r'(?:CMD|command:) \["?([a-z-]+)"?\]', image + compose) + re.findall(r"supportstuga (run)\b", unit)
    assert set(words) == {"run", "migrate"}
    assert set(words) <= {command.name for command in cli.COMMANDS}
    named = {name.strip() for group in re.findall(r"secrets: \[([^\]]+)\]", compose) for name in group.split(",")}
    kept = dict(re.findall(r"^ {2}(\w+): \{file: secrets/(\w+)\}", compose, re.M))
    assert named == set(kept) == set(kept.values())
    assert set(re.findall(r"/run/secrets/(\w+)", compose)) <= named


def test_every_setting_of_the_process_is_documented() -> None:
    assert section("Settings of the process") == set(settings.names())
    assert [name for name in settings.SECRETS if f"`{name.upper()}_FILE`" not in OPERATIONS] == []


OTHERS = {"HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"}  # settings that are not ours


@pytest.mark.parametrize("file", [*sorted(ROOT.glob("docs/*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"], ids=lambda f: f.name)
def test_every_command_and_setting_that_a_document_names_exists(file: Path) -> None:
    text = "".join(line for line in file.read_text(encoding="utf-8").splitlines(True) if "is gone" not in line)
    commands = re.findall(r"(?:^ {4}|`|bin/)supportstuga ([a-z][a-z-]*)", text, re.M)
    assert set(commands) <= {command.name for command in cli.COMMANDS}
    ours = {*settings.names(), *(f"{name.upper()}_FILE" for name in settings.SECRETS), *OTHERS}
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)[`=]", text)) <= ours
    groups = {key.split(".")[0] for key in kept.defaults()}
    dotted = {name for name in re.findall(r"`([a-z_]+\.[a-z_.]+)`", text) if name.split(".")[0] in groups}
    assert {name for name in dotted - set(kept.defaults()) if not is_a_function(name)} == set()


def is_a_function(name: str) -> bool:
    """`ladder.choose`: a document for developers speaks of code."""
    module, _, function = name.partition(".")
    return (ROOT / f"models/{module}.py").exists() and hasattr(importlib.import_module(f"models.{module}"), function)


def test_the_readme_points_at_things_that_exist() -> None:
    for file in ("README.md", "CHANGELOG.md", "docs/operations.md", "docs/for-the-developer.md", "docs/threat-model.md"):
        here = ROOT / file
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", here.read_text(encoding="utf-8")):
            assert (here.parent / target).exists(), f"{file} points at {target}"


def test_the_changelog_knows_this_version() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[project.scripts]")[0]
    lines = [line for line in project.splitlines() if re.match(r'\s+"[a-zA-Z0-9-]+[>=]', line)]
    assert len(lines) > 10
    assert all(re.search(r"# \w", line) for line in lines)


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        content = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in content
        assert content.count("==") <= content.count("--hash=")


# ---- the database ----------------------------------------------------------------------------------------------


def test_every_column_is_declared_and_every_declaration_is_a_column() -> None:
    real = {(table.name, column.name) for table in SQLModel.metadata.sorted_tables for column in table.columns}
    declared = {(table, name) for table, columns in privacy.DECLARED.items() for name in columns}
    assert real - declared == set(), "say in models/privacy.py what they are"
    assert declared - real == set()


def test_every_declaration_has_a_reason_and_a_retention_that_exists() -> None:
    for columns in privacy.DECLARED.values():
        for column in columns.values():
            assert column.why
            assert column.keep in set(privacy.Keep) | set(kept.defaults())


def test_what_leads_to_a_person_is_at_least_a_pseudonym() -> None:
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                assert privacy.DECLARED[table.name][column.name].what is not privacy.What.NOTHING


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('house') / 'migrated.db'}"
    migrations.upgrade(url)
    return url


def test_migrations_lead_to_the_tables_of_the_code(migrated: str) -> None:
    assert migrations.drift(migrated) == [], 'make migration name="..."'


def test_migrations_make_every_check_unique_key_and_index(migrated: str, empty_database: Path) -> None:
    """Alembic compares columns only: constraints are compared by what SQLite itself has written down."""
    assert written_down(migrated) == written_down(f"sqlite:///{empty_database}")


def written_down(url: str) -> dict[str, set[str]]:
    """Table or index → its constraints, each as normalised text, in whatever order they were written."""
    db = Database(url)
    with db.snapshot() as session:
        rows = session.connection().execute(text("select name, sql from sqlite_master where sql is not null")).all()
    db.close()
    return {name: constraints(sql) for name, sql in rows if name != "alembic_version"}


def constraints(sql: str) -> set[str]:
    lines = re.sub(r"[ \t]+", " ", sql.replace('"', "")).strip().splitlines()
    return {line.strip().rstrip(",").replace("VARCHAR", "varchar") for line in lines if line.strip() not in ("", ")")}


def test_every_check_is_in_the_database(migrated: str) -> None:
    """A count by hand: at least one CHECK for each enum column and each named rule."""
    db = Database(migrated)
    with db.snapshot() as session:
        all_sql = " ".join(session.connection().execute(text("select coalesce(sql, '') from sqlite_master")).scalars())
    db.close()
    for table in SQLModel.metadata.sorted_tables:
        for constraint in table.constraints:
            if type(constraint).__name__ == "CheckConstraint":
                assert str(constraint.name) in all_sql or f"ck_{table.name}_{constraint.name}" in all_sql


def test_migrating_twice_changes_nothing(migrated: str) -> None:
    before = written_down(migrated)
    migrations.upgrade(migrated)
    assert migrations.is_current(migrated)
    assert written_down(migrated) == before


# ---- texts -------------------------------------------------------------------------------------------------------


def catalogue(language: str) -> Catalog:
    with (ROOT / "handlers" / "texts" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(language: str) -> dict[str, tuple[str, ...]]:
    """Key → its sentence, or its singular and plural."""
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


TEXTS = {language: texts(language) for language in LANGUAGES}
KEYS = set(TEXTS["sv"])
NOUNS = set(municipal.defaults()["sv"])


def placeholders(sentence: str) -> set[str]:
    return {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


def needs(key: str) -> set[str]:
    """What must be given with a key: its placeholders but the municipality's own words."""
    return {name for sentences in TEXTS.values() for part in sentences[key] for name in placeholders(part)} - NOUNS


def test_both_catalogues_have_the_same_keys() -> None:
    assert set(TEXTS["sv"]) == set(TEXTS["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    written = (ROOT / "handlers" / "texts" / f"{language}.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"', written, re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))


def test_a_text_is_not_empty_and_has_the_same_placeholders_in_both_languages() -> None:
    assert [key for key in sorted(KEYS) if not same_in_both([TEXTS[language].get(key, ()) for language in LANGUAGES])] == []


def same_in_both(both: list[tuple[str, ...]]) -> bool:
    written = all(part.strip() and part == part.strip() for sentences in both for part in sentences)
    named = [{name for part in sentences for name in placeholders(part)} - NOUNS for sentences in both]
    return written and len(both[0]) == len(both[1]) and named[0] == named[1]


def test_a_swedish_sentence_has_at_most_fifteen_words() -> None:
    """Klarspråk (domain.md 7). What is filled in counts as one word."""
    parts = [(key, part) for key, sentences in TEXTS["sv"].items() for part in sentences]
    said = [(key, each) for key, part in parts for each in re.split(r"(?<=[.!?:])\s|\n", part)]
    assert [each for each in said if len(re.findall(r"\S*\w\S*", each[1])) > 15] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_two_forms_and_a_number(language: str) -> None:
    assert catalogue(language).num_plurals == 2
    for key, sentences in TEXTS[language].items():
        if len(sentences) > 1:
            assert len(sentences) == 2
            assert placeholders(sentences[1]) & {"n", "tools"}, key  # the number, or all of them by name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_with_a_number_has_a_plural(language: str) -> None:
    """`n=` asks for one: where there is none, people are shown the key."""
    assert [key for key, forms in texts(language).items() if len(forms) == 1 and "{n}" in forms[0]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_municipality_is_one_and_in_a_form_that_it_has(language: str) -> None:
    for sentences in TEXTS[language].values():
        for _, name, _, _ in (part for each in sentences for part in string.Formatter().parse(each)):
            noun, _, form = (name or "").partition(".")
            assert not form or (noun in NOUNS and form in ("the", "many", "all"))


SAYS = ("words", "voice", "self", "say", "complain", "good", "gap", "wrong")  # key first
SAYS_SECOND = ("plainly", "Finding")
NAMES_KEY = ("key", "about_key")


def said() -> list[tuple[str, ast.Call | None]]:
    """Keys at the places where the product speaks, with the call that fills them."""
    found: list[tuple[str, ast.Call | None]] = []
    for call in source.calls(*SAYS):
        found += [(key, call) for key in source.strings(source.argument(call, 0))]
    for call in source.calls(*SAYS_SECOND):
        found += [(key, None) for key in source.strings(source.argument(call, 1))]
    for node in source.nodes():
        if isinstance(node, ast.Assign) and any(source.name_of(target) in NAMES_KEY for target in node.targets):
            found += [(key, None) for key in source.strings(node.value)]
    return [(key, call) for key, call in found if re.match(r"[a-z_]+\.", key)]


def test_every_key_that_the_code_says_exists() -> None:
    keys = {key for key, _ in said()}
    assert len(keys) > 60, "the scan finds nothing; did the way of speaking change?"
    missing = {k for k in keys - KEYS if not any(source.pattern(k).fullmatch(known) for known in KEYS)}
    assert missing == set()


def test_every_key_gets_what_its_text_needs() -> None:
    """A placeholder that is not given would be a KeyError in front of a person."""
    for key, call in said():
        if call is None or HOLE in key or any(k.arg is None for k in call.keywords):
            continue
        given = {k.arg for k in call.keywords}
        assert needs(key) <= given, f"{key}: {ast.unparse(call)}"


def changes_told() -> set[str]:
    """Every code that is ever written into the trail, and every field whose change it shows."""
    found: set[str] = set()
    for call in source.calls("Change", "note", "_change", "_said", "_contact_change"):
        for at in (0, 1):
            found |= {text for text in source.strings(source.argument(call, at)) if re.fullmatch(r"[a-z]+(\.[a-z]+)?", text)}
    fields = {column.name for name in TRAILED for column in layout.SHEETS[name].shown if column.of is None}
    return {f"audit.{text}" for text in found if text != "line"} | {f"audit.field.{name}" for name in fields}


TRAILED = ("contacts", "appointments", "absences", "unit_tools", "stuga_series")
WRONG = [
    *("filled", "at_most", "words", "phone", "time", "two_times", "date", "no_serial", "not_before_start"),
    *("no_birth_number", "no_secret", "known_tool", "not_herself", "choice", "shape", "forms"),
]


def expansions(on: Any) -> dict[str, list[Any]]:
    """Keys that the code builds: every value that can stand there."""
    asked = [s for s in tickets.State if s not in (tickets.State.OPEN, tickets.State.CLOSED)]
    alive = [s for s in tickets.State if s is not tickets.State.CLOSED]
    tables = [people.Person, people.Unit, people.Department, people.Administration]
    return {
        "receipt.{}": asked,
        "receipt.closed.{}": list(tickets.Reason),
        "card.closed.{}": list(tickets.Reason),
        "home.state.{}": alive,
        "hat.{}": list(people.Role),
        "admin.place.{}": list(administration.Kind),
        "wrong.{}": WRONG,
        "settings.kind.{}": [default.kind for default in kept.defaults().values()],
        "language.{}": list(LANGUAGES),
        "words.{}": ["one", "the", "many", "all"],
        "audit.{}": [key.removeprefix("audit.") for key in sorted(changes_told())],
        "setting.{}": list(kept.defaults()),
        "settings.wrong.{}": [n.lower() for n in settings.names()],
        "check.database.{}": list(migrations.Schema),
        "check.scope.{}": manifest.scopes(on),
        "cli.help.{}": [command.name for command in cli.COMMANDS],
        "cli.shape.{}": list(kept.SHAPES),
        "cli.import.expected.known_{}": [t.__name__.casefold() for t in tables] + ["tool", "setting"],
        "cli.import.expected.{}": ["column", "filled", "date"],
        "cli.app.command.{}": [name.removeprefix("/") for name in on.commands],
        "cli.app.shortcut.{}": [*on.shortcuts, *on.message_shortcuts],
        "gaps.line.{}": list(gaps.Kind),
        "cli.explain.kind.{}": list(tickets.Kind),
        "cli.explain.urgency.{}": list(tickets.Urgency),
        "cli.explain.rung.{}": list(tickets.Rung),
        "cli.explain.not.{}": list(ladder.WhyNot),
        "when.{}": ["today", "tomorrow", "yesterday"],
    }


def test_every_key_that_the_code_builds_exists(on: Any) -> None:
    for shape, values in expansions(on).items():
        assert [v for v in values if shape.format(v) not in KEYS] == [], shape


def test_every_key_is_used(on: Any) -> None:
    built = {shape.format(value) for shape, values in expansions(on).items() for value in values}
    patterns = [source.pattern(text) for text in source.all_strings() if HOLE in text and re.match(r"[a-z_]+\.", text)]
    unused = {
        key for key in KEYS - built - source.all_strings() if not any(pattern.fullmatch(key) for pattern in patterns)
    }
    assert unused == set()


def refusals() -> dict[str, set[str]]:
    """Class of refusal → what every place that raises it gives along."""
    found: dict[str, set[str]] = {}
    for node in source.nodes():
        raised = node.exc if isinstance(node, ast.Raise) else node.value if isinstance(node, ast.Return) else None
        name = source.name_of(raised.func) if isinstance(raised, ast.Call) else source.name_of(raised) if raised else ""
        given = {k.arg or "" for k in raised.keywords} if isinstance(raised, ast.Call) else set()
        if name:
            found[name] = found.get(name, given) & given
    return found


def every_refusal(kind: type[errors.Refused] = errors.Refused) -> list[type[errors.Refused]]:
    return [kind, *(deeper for each in kind.__subclasses__() for deeper in every_refusal(each))]


def test_every_refusal_has_its_sentence_and_fills_it() -> None:
    given = refusals()
    for kind in every_refusal():
        if "key" in vars(kind):
            assert kind.key in KEYS, kind
            # the guard fills in name and number where nobody gave them (handlers/listening.py)
            assert needs(kind.key) <= given.get(kind.__name__, set()) | {"name", "number"}, kind


# ---- letters, rules, jobs ----------------------------------------------------------------------------------------


def letter_kinds() -> set[str]:
    """Every kind that is ever put into the outbox, also through the verbs that take it as a parameter."""
    found: set[str] = set()
    for function in source.functions():
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if source.name_of(call.func) == "Intent":
                kinds = source.values_of(function, source.argument(call, 0, "kind"))
                assert kinds, f"{function.name}: whose kind of letter is this?"
                found |= kinds
    return found


def test_every_letter_that_is_put_has_a_renderer_and_every_renderer_is_used(on: Any) -> None:
    assert letter_kinds() == set(on.letters)


def controls() -> set[str]:
    """Action ids and callback ids that views put into what people see."""
    shown: set[str] = set()
    for call in source.calls("button", "menu", folders=("handlers",)):
        shown |= source.strings(source.argument(call, 1))
    for node in source.nodes("handlers"):
        if isinstance(node, ast.Dict):
            named = zip(node.keys, node.values, strict=True)
            shown |= {
                text for key, value in named if source.strings(key) == {"action_id"} for text in source.strings(value)
            }
    for call in source.calls("form", folders=("handlers",)):
        shown |= source.strings(source.argument(call, 0))
    return {text.partition(":")[0] for text in shown if "." in text}


def test_every_control_has_a_listener_with_a_rule_and_every_listener_a_control(on: Any) -> None:
    entrances = {*on.commands, *on.shortcuts, *on.message_shortcuts}
    assert controls() | entrances == set(on.rules)
    assert all(callable(rule) for rule in on.rules.values())


def test_every_part_of_home_fits_together(on: Any) -> None:
    assert sum(part.budget for part in on.home_parts) <= 100
    orders = [part.order for part in on.home_parts]
    assert sorted(set(orders)) == orders


def test_no_job_starts_between_two_and_three(on: Any) -> None:
    """02.30 comes twice in autumn. For now every job only looks for what is due."""
    assert all(job.every.total_seconds() >= 1 for job in on.jobs)


# ---- settings of the database ------------------------------------------------------------------------------------


def test_every_role_has_hours() -> None:
    for role in (*people.Role, "asker"):
        hours = clock.parse_hours(kept.defaults()[f"hours.{role}"].value)
        clock.next_open(hours, NOW)  # raises if they never open


def test_every_rung_has_its_targets() -> None:
    for rung in tickets.Rung:
        assert f"target.{rung}" in kept.defaults()
        assert f"target.acute.{rung}" in kept.defaults()


def asked_for() -> set[str]:
    """Setting keys where the code reads them."""
    keys: set[str] = set()
    for call in source.calls("span", "number", "text", "keep"):
        keys |= source.strings(source.argument(call, 0))
    for call in source.calls("_tell", "rests_at"):
        keys |= {text for arg in (*call.args, *(k.value for k in call.keywords)) for text in source.strings(arg)}
    return {key for key in keys if re.match(r"[a-z_]+\.[a-z_\x00]", key)}


def test_every_setting_that_is_read_exists() -> None:
    for key in asked_for():
        assert any(source.pattern(key).fullmatch(known) for known in kept.defaults()), key


def test_every_setting_is_read() -> None:
    spoken = {text for text in source.all_strings() if re.match(r"[a-z_]+\.", text)}
    patterns = [source.pattern(text) for text in spoken]
    unread = {k for k in kept.defaults() if k not in source.all_strings() and not any(p.fullmatch(k) for p in patterns)}
    assert unread == set()


def test_every_default_has_the_shape_that_is_asked_of_others() -> None:
    for default in kept.defaults().values():
        assert kept.SHAPES[default.kind].match(default.value), default


# ---- the invented municipality -----------------------------------------------------------------------------------


def test_the_demo_can_start_and_shows_a_gap(db: Database) -> None:
    with db.transaction() as session:
        importing.from_folder(session, ROOT / "demo", now=NOW)
        assert gaps.may_start(session)
        found = gaps.report(session, on=NOW.date())
        assert "Hemtjänst Söder" in [gap.place for gap in found if gap.kind is gaps.Kind.NO_EXPERT]


# ---- Slack's limits ------------------------------------------------------------------------------------------------


def views_of_everything() -> list[Any]:
    """Public functions of handlers/views whose arguments are data: name and function."""
    found = []
    for module in pkgutil.iter_modules(views.__path__):
        if module.name in ("parts", "forms"):
            continue
        for name, function in inspect.getmembers(importlib.import_module(f"handlers.views.{module.name}")):
            if inspect.isfunction(function) and not name.startswith("_") and function.__module__.endswith(module.name):
                found.append(pytest.param(function, id=f"{module.name}.{name}"))
    return found


# What goes into Home is cut to the budget of its part (handlers/listening.py); the rest is sent as messages.
IN_HOME = {"taught", "welcome", "helping", "asking", "tool_buttons", "home", "waiting"}
BUDGET = 40  # the largest


@pytest.mark.parametrize("language", ["sv", pytest.param("en", marks=pytest.mark.slow)])  # what is given is as long in both
@pytest.mark.parametrize("view", views_of_everything())
def test_a_view_stays_within_slacks_limits_with_the_longest_texts(view: Any, language: str) -> None:
    words = speak(language, kept.Settings({}), now=NOW)
    for given in arguments(view, words):
        check_drawn(view(**given), in_home=view.__name__ in IN_HOME)


def arguments(view: Any, words: Words) -> list[dict[str, Any]]:
    """Every field of what a view is drawn from, at its longest and through all its values."""
    hints = typing.get_type_hints(view)
    hints.pop("return")
    choices = {name: list(every(hint, name)) for name, hint in hints.items() if hint is not Words}
    most = max((len(values) for values in choices.values()), default=1)
    speaker = {name: words for name, hint in hints.items() if hint is Words}
    return [{name: values[at % len(values)] for name, values in choices.items()} | speaker for at in range(most)]


def check_drawn(drawn: Any, *, in_home: bool) -> None:
    if isinstance(drawn, str):
        assert len(drawn) <= 40_000  # the text of a message
    elif isinstance(drawn, dict):
        limits.check(drawn)
    elif in_home:
        limits.check({"type": "home", "blocks": drawn[:BUDGET]})
    else:
        limits.check({"text": "x", "blocks": drawn})


def test_no_part_of_home_is_larger_than_what_was_checked(on: Any) -> None:
    assert max(part.budget for part in on.home_parts) <= BUDGET
