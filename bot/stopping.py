"""How this process learns that it shall stop: Ctrl-C, a supervisor's SIGTERM, a terminal that is closed."""

import logging
import os
import signal
import sys
from threading import Event, Thread
from types import FrameType

PATIENCE = 8  # seconds; a supervisor kills after ten

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]  # Windows has no SIGHUP


def by_signal() -> Event:
    """An event that the first signal sets. A second Ctrl-C interrupts at once: somebody is impatient."""
    stopped = Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    for number in SIGNALS:
        signal.signal(number, stop)
    return stopped


def at_the_latest(stopped: Event) -> None:
    """PATIENCE after `stopped` this process is gone, whatever hangs in it: a start without Slack, others' threads."""

    def wait() -> None:
        stopped.wait()
        Event().wait(PATIENCE)
        logging.getLogger(__name__).warning("something hangs: leaving it behind")
        leave()

    Thread(target=wait, name="at the latest", daemon=True).start()


def leave() -> None:
    """At once, without waiting for threads. What is stored is whole, and leases lapse."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
