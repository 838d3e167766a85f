"""A village with nobody in it yet."""

import pytest

from models.db import Database
from tests.models.village import Village


@pytest.fixture
def village(db: Database) -> Village:
    """Tuesday at noon."""
    return Village(db)
