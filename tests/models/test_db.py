"""The one way in: writers in the order in which they came."""

from threading import Thread

import pytest

from models.db import InTurn
from tests.slackworld import wait_for


def test_who_waits_longest_comes_first():
    lock, order = InTurn(), []

    def work(number: int) -> None:
        with lock:
            order.append(number)

    threads = [Thread(target=work, args=(number,)) for number in range(20)]
    with lock:
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            wait_for(lambda waiting=waiting: len(lock) == waiting, what="it queues")
        assert order == []
    for thread in threads:
        thread.join(timeout=5)
    assert order == list(range(20))


def test_only_one_at_a_time_and_a_fault_hands_it_on():
    lock, inside, most = InTurn(), [], []

    def work(number: int) -> None:
        for _ in range(50):
            try:
                with lock:
                    inside.append(number)
                    most.append(len(inside))
                    inside.pop()
                    raise ValueError
            except ValueError:
                pass

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert (len(most), max(most), len(lock)) == (400, 1, 0)


def test_a_fault_inside_is_not_swallowed():
    with pytest.raises(KeyError), InTurn():
        raise KeyError
