"""What is told of a simulated year: a table for docs/simulated-year.md and a picture, written without a library."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.staff import Municipality, Question
from benchmarks.worlds import RULES
from models import clock
from models.ladder import RUNGS
from models.people import Role
from models.recognition import Urgency
from models.tickets import Rung

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
USUAL, SUMMER = range(2, 23), range(28, 32)  # weeks


@dataclass
class Fate:
    """What became of a question."""

    question: Question
    first_card: datetime | None = None
    taken_at: datetime | None = None
    taker: int | None = None
    rung: Rung | None = None
    moves: list[tuple[Rung | None, tuple[int, ...], datetime]] = field(default_factory=list)


@dataclass
class Outcome:
    fates: list[Fate] = field(default_factory=list)
    cards: Counter[tuple[int, int]] = field(default_factory=Counter)  # by person and week
    taken: Counter[tuple[int, int]] = field(default_factory=Counter)
    notified: int = 0
    off_duty: int = 0  # although it was known: must be 0
    not_there: int = 0  # nobody had told the bot: counted as at work by the role's hours, and was not
    without_next_step: int = 0


def share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def target(fate: Fate) -> timedelta:
    return RULES.span("target.acute.unit_expert" if fate.question.urgency is Urgency.ACUTE else "target.unit_expert")


def by_hour(fates: Sequence[Fate]) -> list[tuple[int, int, float, float, float, float]]:
    """Hour, questions, then in per cent: a card at once, taken within the target, within an hour; median minutes."""
    rows = []
    for hour in range(24):
        here = [f for f in fates if clock.local(f.question.asked_at).hour == hour]
        waits = [_wait(f) for f in here]
        at_once = sum(f.first_card is not None and f.first_card - f.question.asked_at <= 4 * MINUTE for f in here)
        in_time = sum(wait is not None and wait <= target(f) for f, wait in zip(here, waits, strict=True))
        in_an_hour = sum(wait is not None and wait <= 60 * MINUTE for wait in waits)
        median = statistics.median([(wait or 60 * DAY) / MINUTE for wait in waits]) if waits else 0.0
        shares = (share(count, len(here)) for count in (at_once, in_time, in_an_hour))
        rows.append((hour, len(here), *shares, median))
    return rows


def _wait(fate: Fate) -> timedelta | None:
    return fate.taken_at - fate.question.asked_at if fate.taken_at else None


def load(place: Municipality, counted: Counter[tuple[int, int]], role: Role, weeks: range) -> list[float]:
    """A week's average for each of these people, those with nothing included; smallest first."""
    people = {hat.person_id for hat in place.hats if hat.role is role}
    return sorted(sum(counted[person, week] for week in weeks) / len(weeks) for person in people)


def spread(values: Sequence[float]) -> str:
    """Mean, median, 90th percentile, largest, and Gini's number of how unevenly it falls."""
    n = len(values)
    uneven = sum((2 * i - n - 1) * value for i, value in enumerate(values, start=1))
    gini = uneven / (n * sum(values)) if sum(values) else 0.0
    middle = (statistics.mean(values), statistics.median(values), values[int(0.9 * (n - 1))], values[-1])
    return " | ".join(f"{value:.1f}" for value in middle) + f" | {gini:.2f}"


def report(place: Municipality, found: Outcome, seconds: float) -> str:
    ours = [fate for fate in found.fates if fate.question.ours]
    lines = [
        f"{len(found.fates)} questions, {len(ours)} for a human, {found.notified} cards, {seconds:.0f} s.",
        "",
        "| must be 0 | |",
        "|---|---|",
        f"| moves or open questions without a next step | {found.without_next_step} |",
        f"| cards to somebody known to be off duty | {found.off_duty} |",
        "",
        f"Cards to somebody who was not there and had told nobody: {share(found.not_there, found.notified):.0f} %.",
        "",
        "| asked at | questions | a card within 4 min | taken in time: 20 min, acute 3 | in an hour | median min |",
        "|---|---|---|---|---|---|",
    ]
    lines += [f"| {h:02} | {n} | {a:.0f} % | {b:.0f} % | {c:.0f} % | {m:.0f} |" for h, n, a, b, c, m in by_hour(ours)]
    lines += ["", "| taken on the rung | share |", "|---|---|"]
    rungs = Counter(fate.rung for fate in ours if fate.taken_at)
    lines += [f"| {rung.value} | {share(rungs[rung], len(ours)):.1f} % |" for rung in RUNGS]
    lines += [f"| not yet at the year's end | {share(sum(f.taken_at is None for f in ours), len(ours)):.1f} % |"]
    lines += ["", "| a week, for each | weeks | mean | median | p90 | largest | Gini |", "|---" * 7 + "|"]
    for name, counted in (("cards", found.cards), ("questions taken", found.taken)):
        for role in (Role.EXPERT_USER, Role.OBJECT_SPECIALIST, Role.COORDINATOR):
            for weeks in (USUAL, SUMMER):
                at = f"{weeks[0]} to {weeks[-1]}"
                lines.append(f"| {name}, {role.value} | {at} | {spread(load(place, counted, role, weeks))} |")
    return "\n".join(lines) + "\n"


# ---- a picture, written without a library ----------------------------------------------------------------------

GREEN, LIGHT, INK = "#1f5f5b", "#a8cfc8", "#16211f"


def picture(place: Municipality, found: Outcome) -> str:
    """SVG: what share is taken in time by hour of day, and how the questions fall on the experts."""
    rows = by_hour([fate for fate in found.fates if fate.question.ours])
    values = load(place, found.taken, Role.EXPERT_USER, USUAL)
    bins = Counter(min(int(value * 2), 19) for value in values)
    bars = [_bar(60 + 27 * h, 260, 22, 2 * in_an_hour, LIGHT) for h, _, _, _, in_an_hour, _ in rows]
    bars += [_bar(60 + 27 * h, 260, 22, 2 * in_time, GREEN) for h, _, _, in_time, _, _ in rows]
    bars += [_text(71 + 27 * h, 278, f"{h:02}", "middle") for h in range(0, 24, 3)]
    bars += [_text(50, 264 - 2 * p, f"{p} %", "end") for p in (0, 50, 100)]
    most = max(bins.values(), default=1)
    bars += [_bar(60 + 32 * b, 560, 28, 180 * n / most, GREEN) for b, n in sorted(bins.items())]
    bars += [_text(74 + 32 * b, 552 - 180 * n / most, str(n), "middle") for b, n in sorted(bins.items())]
    bars += [_text(60 + 32 * b, 578, f"{b / 2:g}", "middle") for b in range(0, 20, 2)]
    titles = [
        _text(60, 32, "Taken within the target (dark) and within an hour (light), by the hour of asking", "start", 15),
        _text(60, 322, "Expert users by questions taken a week, weeks 2 to 22", "start", 15),
        _text(60, 604, "questions a week; the numbers above the bars are people", "start"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 620" font-family="sans-serif" fill="{INK}">'
        f'<title>A simulated year</title><rect width="740" height="620" fill="#fff"/>{"".join(bars + titles)}</svg>\n'
    )


def _bar(x: float, bottom: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.0f}" y="{bottom - height:.1f}" width="{width:.0f}" height="{height:.1f}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str, size: int = 12) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}">{text}</text>'
