"""A short, seeded run of what `make torture` does at length. A bot that ends: test_kill.py."""

import pytest

from tests.faults.holds import look
from tests.faults.ordeal import Ordeal
from tests.places import Server

SEED = 20261122
BETWEEN_BOTS = (  # what has another answer with PostgreSQL and two instances
    "killed without a word", "503 after the effect", "socket dropped", "a clock is wrong", "database locked",
    "database connections cut", "database away", "database away for long", "database started again",
)  # fmt: skip

pytestmark = pytest.mark.slow


def test_one_instance_on_a_file(tmp_path):
    with Ordeal(tmp_path, SEED) as ordeal:
        suffer(ordeal, *sorted(ordeal.faults().keys() - {"ended and started", "killed without a word"}))


def test_two_instances_on_postgresql(tmp_path, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("pg") / "data")
    try:
        with Ordeal(tmp_path, SEED, instances=2, server=server) as ordeal:
            suffer(ordeal, *(kind for kind in BETWEEN_BOTS if kind in ordeal.faults()))
    finally:
        server.close()


def suffer(ordeal: Ordeal, *kinds: str) -> None:
    """All of it, and then everything must hold."""
    for _ in ordeal.askers:
        ordeal.ask()
    ordeal.calm()  # now there are cards to answer
    for kind in kinds:
        ordeal.suffer(kind)
    look(ordeal)
    assert ordeal.answers
