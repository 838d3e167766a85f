"""What this instance has done since it began, counted for whoever scrapes it. No label ever names a person or a unit.

A registry of its own: nothing that a library counts by itself is shown. Not here: what is looked up in the database
when somebody asks (health.py).
"""

import logging
from collections.abc import Callable
from time import time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from slack_bolt import BoltResponse


class Counts:
    """The registry, and what is counted while it happens. Safe for any number of threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, CPU seconds, open files, start
        self._heard = self._counter("heard", "What Slack told this instance, by kind", "kind")
        self._letters = self._counter("letters", "Letters handled by this instance, by what became of them", "result")
        self._troubles = self._counter("troubles", "Lines logged at WARNING or above", "level", "module")
        self._runs = self._counter("job_runs", "Runs of a job in this instance", "job", "result")
        self._ran_at = Gauge(
            "supportstuga_job_last_run_timestamp_seconds", "When a job last ended well here", ["job"],
            registry=self.registry,
        )  # fmt: skip

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"supportstuga_{name}", about, labels, registry=self.registry)

    def hear(self, body: dict[str, Any], next: Callable[[], BoltResponse]) -> None:  # noqa: A002 (Bolt's own name)
        """As a middleware of Bolt's: what came in, before anybody looks at it."""
        event = body.get("event") or {}
        self._heard.labels(str(event.get("type") or body.get("type") or "command")).inc()
        next()

    def letter(self, result: str) -> None:
        self._letters.labels(result).inc()

    def job(self, name: str, went_well: bool) -> None:
        self._runs.labels(name, "done" if went_well else "failed").inc()
        if went_well:
            self._ran_at.labels(name).set(time())

    def trouble(self, record: logging.LogRecord) -> None:
        self._troubles.labels(record.levelname.casefold(), record.name).inc()

    def written(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self.registry)


class Troubles(logging.Handler):
    """Counts what is logged as trouble; writes nothing."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(logging.WARNING)
        self._counts = counts

    def emit(self, record: logging.LogRecord) -> None:
        self._counts.trouble(record)
