"""A short, seeded run of what `make torture` does at length: every kind of fault once."""

import pytest

from tests.faults.ordeal import Ordeal
from tests.faults.torture import run
from tests.places import Server

SEED = 20261122

pytestmark = pytest.mark.slow


def test_one_instance_on_a_file(tmp_path):
    with Ordeal(tmp_path, SEED) as ordeal:
        every_fault_once(ordeal)


def test_two_instances_on_postgresql(tmp_path, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("pg") / "data")
    try:
        with Ordeal(tmp_path, SEED, instances=2, server=server) as ordeal:
            every_fault_once(ordeal)
    finally:
        server.close()


def every_fault_once(ordeal: Ordeal) -> None:
    run(ordeal, len(ordeal.faults()), every=12)
    assert {name for name, _ in ordeal.suffered} == set(ordeal.faults())
    assert ordeal.answers
