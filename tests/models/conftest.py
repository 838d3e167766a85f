"""A village with nobody in it yet."""

import pytest

from models.db import Database
from tests.models.village import Village


@pytest.fixture
def village(db: Database) -> Village:
    """Tuesday at noon."""
    return Village(db)


@pytest.fixture
def anna(village: Village) -> int:
    """She asks."""
    return village.person("Anna")


@pytest.fixture
def bo(village: Village) -> int:
    """An expert of her unit, as Gun is."""
    return village.expert("Bo")


@pytest.fixture
def gun(village: Village) -> int:
    return village.expert("Gun")
