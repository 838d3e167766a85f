"""How this process learns that it shall stop: Ctrl-C, a supervisor's SIGTERM, a terminal that is closed."""

import signal
from threading import Event
from types import FrameType

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
