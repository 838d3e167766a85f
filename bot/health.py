"""How this instance is: for whoever watches it, and for what stands before it and sends it work.

Alive: every thread that was begun still runs. Ready: it hears Slack, its database answers, it knows who there is, and
what it has to say gets out in time (`ready.lag`). Not here: how it is asked (bot/web.py) and what is counted on the way
(bot/metrics.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import directory
from handlers.desk import Desk
from models import outbox, people, settings, tickets
from models.tickets import State


@dataclass(frozen=True)
class InDatabase:
    """What every instance sees alike."""

    waiting: int  # letters that are due
    lag: timedelta  # how long the oldest of them has been
    may_lag: timedelta
    questions: dict[State, int]
    reading: tuple[int, int] | None = None  # at a first start: how many are known by now, of how many


@dataclass(frozen=True)
class Health:
    """`hears`: whether Slack reaches us; `alive`: whether every thread runs."""

    desk: Desk
    hears: Callable[[], bool]
    alive: Callable[[], bool]

    def ready(self) -> tuple[dict[str, bool], str]:
        """What has to be true before this instance is given work, by name; and why a first start takes its time."""
        found = self.seen()
        waits = "I am reading who there is ({} of {})".format(*found.reading) if found and found.reading else ""
        return {
            "slack": self.hears(),
            "database": found is not None,
            "delivery": found is not None and found.lag <= found.may_lag,
            "people": found is not None and found.reading is None,
        }, waits

    def look(self) -> InDatabase:
        now = self.desk.now()
        with self.desk.db.snapshot() as session:
            since = outbox.waits_since(session, now=now)
            return InDatabase(
                outbox.waiting(session, now=now),
                now - since if since else timedelta(),
                settings.read(session).span("ready.lag"),
                tickets.by_state(session),
                people.met(session) if directory.is_unread(session) else None,
            )

    def seen(self) -> InDatabase | None:
        try:
            return self.look()
        except Exception:  # it is asked about again and again, and the database's own faults are logged elsewhere
            return None


class Gauges(Collector):
    """What is looked up when somebody scrapes."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        found, behind = self._health.seen(), len(self._health.desk.hearing)
        yield _gauge("slack_connected", "1 while Slack reaches this instance", self._health.hears())
        yield _gauge("database_up", "1 while the database answers", found is not None)
        yield _gauge("conversations_behind", "Conversations that wait for the database to take what came first", behind)
        if found is not None:
            yield _gauge("letters_waiting", "Letters that are due and not delivered", found.waiting)
            yield _gauge("letters_oldest_seconds", "How long the oldest has been due", found.lag.total_seconds())
            questions = GaugeMetricFamily("supportstuga_questions", "Questions by state", labels=["state"])
            for state in State:
                questions.add_metric([state], found.questions.get(state, 0))
            yield questions


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"supportstuga_{name}", about, value=float(value))
