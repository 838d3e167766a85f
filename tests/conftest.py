"""What every test may ask for: an empty database, and a town.

The product is imported where it is used: the process that only hands out tests needs nothing of it.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from models.db import Database
    from tests.places import Files
    from tests.town import Town

BOTH = ("tests.stories", "tests.bot.test_plans", "tests.models.test_races", "tests.models.test_outbox", "tests.models.test_tickets", "tests.models.test_disposal")
MEMORY = Path("/dev/shm")  # noqa: S108


class Place(NamedTuple):
    holder: Any  # Files or Server
    empty: Any  # their templates
    settled: Any


# What is imported stays: looking for rubbish among it, again and again, was a tenth of the tests' time.
gc.set_threshold(50_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    """Databases of tests live in memory where the machine offers it: every commit is a real fsync otherwise."""
    if config.option.basetemp is None and os.access(MEMORY, os.W_OK):
        config.option.basetemp = str(MEMORY / f"supportstuga-tests-{os.getpid()}")


def pytest_sessionstart(session: pytest.Session) -> None:
    """The same examples in every run: what turns a test red is the change. HYPOTHESIS_PROFILE=looking looks further."""
    if session.config.pluginmanager.hasplugin("dsession"):
        return  # runs no test itself
    from hypothesis import settings

    settings.register_profile("same", derandomize=True)
    settings.register_profile("looking", derandomize=False)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    base = Path(str(config.option.basetemp or ""))
    if base.name == f"supportstuga-tests-{os.getpid()}":
        shutil.rmtree(base, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", choices=["sqlite", "postgresql", "both"], default="sqlite")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Stories and races run on both, where both are asked for; everything with a database, on the one asked for."""
    chosen = metafunc.config.getoption("databases")
    if chosen == "sqlite" or "server_or_files" not in metafunc.fixturenames:
        return
    if chosen == "both" and not metafunc.module.__name__.startswith(BOTH):
        return
    marked = {marker.name for marker in metafunc.definition.iter_markers()}
    alone = "sqlite" in marked or ("slow" in marked and "both" not in marked)
    both = ["sqlite"] if alone else ["postgresql"] if chosen == "postgresql" else ["sqlite", "postgresql"]
    metafunc.parametrize("server_or_files", both, indirect=True, scope="session")


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """One engine for all tests: what SQLAlchemy has compiled once stays, a quarter of the time of a story otherwise."""
    from tests.places import Files

    return Files(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def empty_database(files: Files) -> Path:
    """A database with its tables, made once and copied."""
    return files.template("empty", lambda _: None)


@pytest.fixture(scope="session")
def settled_database(files: Files) -> Path:
    """The town's people, brought in once and copied: half of the time of a story otherwise."""
    return files.template("settled", settle)


@pytest.fixture(scope="session")
def server_or_files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Where the databases of this test lie, with what may be laid there."""
    if getattr(request, "param", "sqlite") == "sqlite":
        files = request.getfixturevalue("files")
        yield Place(files, request.getfixturevalue("empty_database"), request.getfixturevalue("settled_database"))
        return
    from tests.places import Server

    server = Server(tmp_path_factory.mktemp("server"))
    yield Place(server, server.template("empty", lambda _: None), server.template("settled", settle))
    server.close()


def settle(db: Database) -> None:
    from tests.slack import Slack
    from tests.town import MONDAY, Town

    slack = Slack(lambda: MONDAY)
    with pytest.MonkeyPatch.context() as patch:
        slack.install(patch)
        Town(db, slack)


@pytest.fixture
def db(server_or_files: Place) -> Iterator[Database]:
    """A real database with real pragmas, another one for each test."""
    from models.db import InTurn

    database = copy(server_or_files.holder.db)
    database._writer = InTurn()  # a test may leave somebody behind who holds it
    server_or_files.holder.lay(server_or_files.empty)
    yield database
    database.close()


@pytest.fixture
def town(db: Database, server_or_files: Place, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Monday morning at ten."""
    from tests.slack import Slack
    from tests.town import MONDAY, Town

    server_or_files.holder.lay(server_or_files.settled)
    slack = Slack(lambda: MONDAY)
    slack.install(monkeypatch)
    return Town(db, slack)
