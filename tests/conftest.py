"""What every test may ask for: an empty database, and a town."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import models  # noqa: F401 (registers every table)
from models.db import Database
from tests.slack import Slack
from tests.town import MONDAY, Town


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


@pytest.fixture
def town(db: Database, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Monday morning at ten."""
    slack = Slack(lambda: MONDAY)
    slack.install(monkeypatch)
    return Town(db, slack)
