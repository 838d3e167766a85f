"""How this process learns that it shall stop: Ctrl-C, a supervisor's SIGTERM, a terminal that is closed."""

import logging
import os
import signal
import sys
from socket import socketpair
from threading import Event, Thread
from types import FrameType

PATIENCE = 8  # seconds; a supervisor kills after ten

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]  # Windows has no SIGHUP


def by_signal() -> Event:
    """An event that the first signal sets. A second Ctrl-C interrupts at once: somebody is impatient.

    A thread sets it, told by the system itself. Python calls a handler in the main thread only, once that has something
    to do: one that is just about to wait without end sleeps over it, and one that holds the event's lock would meet it.
    """
    stopped, (hears, tells), seen = Event(), socketpair(), list[int]()

    def listen() -> None:
        while hears.recv(1)[0] not in SIGNALS:
            pass
        stopped.set()

    def count(number: int, _frame: FrameType | None) -> None:
        seen.append(number)
        if len(seen) > 1:
            raise KeyboardInterrupt

    for number in SIGNALS:
        signal.signal(number, count)
    tells.setblocking(False)
    signal.set_wakeup_fd(tells.detach(), warn_on_full_buffer=False)  # open as long as the process
    Thread(target=listen, name="signals", daemon=True).start()
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
