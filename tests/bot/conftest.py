"""What the tests of the process share: a bare environment, and a database that is migrated."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from models import migrations


@pytest.fixture(autouse=True)
def quiet_afterwards() -> Iterator[None]:
    """The command line sets up logging for its process; here the process goes on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to stand in, and an environment without any of our names."""
    monkeypatch.chdir(tmp_path)
    for name in settings.names():
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("migrated") / "new.db"
    migrations.upgrade(f"sqlite:///{file}")
    return file.read_bytes()


@pytest.fixture
def migrated(bare: Path, migrated_once: bytes) -> Path:
    """The database where the settings look for it."""
    file = bare / "supportstuga.db"
    file.write_bytes(migrated_once)
    return file
