"""A short, seeded run of what `make torture` does at length."""

import pytest

from tests.faults.torture import Ordeal, run
from tests.places import Server

FAULTS, SEED = 16, 20261122  # each kind once

pytestmark = pytest.mark.slow


def test_one_instance_on_a_file(tmp_path):
    with Ordeal(tmp_path, SEED) as ordeal:
        run(ordeal, FAULTS)
        assert ordeal.asked
        assert set(ordeal.suffered) == set(ordeal.faults())


def test_two_instances_on_postgresql(tmp_path, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("pg") / "data")
    try:
        with Ordeal(tmp_path, SEED, instances=2, server=server) as ordeal:
            run(ordeal, FAULTS)
            assert ordeal.answered.total()
    finally:
        server.close()
