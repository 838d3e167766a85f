"""What every test may ask for: an empty database, and a town."""

import os
import shutil
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import models  # noqa: F401 (registers every table)
from models.db import Database
from tests.slack import Slack
from tests.town import MONDAY, Town

MEMORY = Path("/dev/shm")  # noqa: S108


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


@pytest.fixture
def db(empty_database: Path, tmp_path: Path):
    """A real SQLite file with the real pragmas."""
    file = tmp_path / "town.db"
    shutil.copy(empty_database, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


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
    shutil.copy(settled_database, db.url.removeprefix("sqlite:///"))
    slack = Slack(lambda: MONDAY)
    slack.install(monkeypatch)
    return Town(db, slack)
