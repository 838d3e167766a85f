"""What every test may ask for: an empty database, and a town."""

import os
import shutil
from copy import copy
from pathlib import Path

import hypothesis
import pytest
from sqlmodel import SQLModel

import models  # noqa: F401 (registers every table)
from models.db import Database, InTurn
from tests.slack import Slack
from tests.town import MONDAY, Town

MEMORY = Path("/dev/shm")  # noqa: S108

# The same examples in every run: what turns a test red is the change. To look further: HYPOTHESIS_PROFILE=looking pytest …
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("looking", derandomize=False)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_configure(config: pytest.Config) -> None:
    """Databases of tests live in memory where the machine offers it: every commit is a real fsync otherwise."""
    if config.option.basetemp is None and os.access(MEMORY, os.W_OK):
        config.option.basetemp = str(MEMORY / f"supportstuga-tests-{os.getpid()}")


def pytest_unconfigure(config: pytest.Config) -> None:
    base = Path(str(config.option.basetemp or ""))
    if base.name == f"supportstuga-tests-{os.getpid()}":
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables, made once and copied."""
    file = tmp_path_factory.mktemp("db") / "empty.db"
    db = Database(f"sqlite:///{file}")
    SQLModel.metadata.create_all(db.engine)
    db.close()  # the last connection to close folds the journal into the file
    return file


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """One engine for all tests: what SQLAlchemy has compiled once stays, a quarter of the time of a story otherwise."""
    return Database(f"sqlite:///{tmp_path_factory.mktemp('lasting') / 'town.db'}")


@pytest.fixture
def db(lasting: Database, empty_database: Path):
    """A real SQLite file with the real pragmas, another one for each test."""
    database = copy(lasting)
    database._writer = InTurn()  # a test may leave somebody behind who holds it
    lay(empty_database, database)
    yield database
    database.close()


def lay(file: Path, db: Database) -> None:
    """In the place of what was there: a new file, so that nobody who still holds the old one meets it."""
    place = Path(db.url.removeprefix("sqlite:///"))
    for end in ("", "-wal", "-shm"):
        place.with_name(place.name + end).unlink(missing_ok=True)
    shutil.copy(file, place)


@pytest.fixture(scope="session")
def settled_database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's people, brought in once and copied: half of the time of a story otherwise."""
    file = tmp_path_factory.mktemp("town") / "settled.db"
    shutil.copy(empty_database, file)
    db, slack = Database(f"sqlite:///{file}"), Slack(lambda: MONDAY)
    with pytest.MonkeyPatch.context() as patch:
        slack.install(patch)
        Town(db, slack)
    db.close()
    return file


@pytest.fixture
def town(db: Database, settled_database: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Monday morning at ten."""
    lay(settled_database, db)
    slack = Slack(lambda: MONDAY)
    slack.install(monkeypatch)
    return Town(db, slack)
