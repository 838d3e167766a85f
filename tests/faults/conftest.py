"""No bot outlives the test that started it, however that ended."""

from collections.abc import Iterator

import pytest

from tests.faults.bot_process import RUNNING


@pytest.fixture(autouse=True)
def _no_bot_is_left() -> Iterator[None]:
    yield
    while RUNNING:
        RUNNING.pop().kill()
