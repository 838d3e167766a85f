"""A summary in words: sentences, tables, and what a picture, a paper and a terminal say. Not here: Slack's blocks."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from handlers.letters import Sheet
from handlers.slack_text import cut
from handlers.views.summary import Offer, Sentence, Shown
from handlers.words import Words
from models import clock
from models.summary import ADMINISTRATION, DEPARTMENT, TOOL, Line, Of, Summary, Table, Where
from models.tally import Cell, Period, Span

FORMS = ("workbook", "paper")  # what a department and wider may take to a meeting
LABEL = 40  # letters of a tool's name in a picture
BARS = 6  # tools in a picture


# ---- sentences -------------------------------------------------------------------------------------------------


def period_name(period: Period, words: Words) -> str:
    """`v. 47`, `november 2026`, `kvartal 4 2026`, `2026`."""
    year, _, part = period.code.partition("-")
    if period.span is Span.MONTH:
        return words.month(date(int(year), int(part), 1))
    this_year = period.span is Span.WEEK and int(year) == clock.today(words.now).isocalendar().year
    key = "summary.period.week_now" if this_year else f"summary.period.{period.span.value}"
    return words(key, year=year, number=part.lstrip("WQ0"))


def place_name(where: Where, words: Words) -> str:
    return (words.tool(where.id) or where.id) if where.scope == TOOL else where.name


def title(summary: Summary, words: Words) -> str:
    """`Björken, v. 47`."""
    where, period = summary.of.where, summary.of.period
    return f"{place_name(where, words)}, {period_name(period, words)}"


def count(of: Of, words: Words) -> str:
    """`12 frågor`, `minst 12 frågor`, or why there is no number."""
    return _sentence(_count(None if of.hidden else of.total, of.whole, words))


def _count(number: int | None, whole: bool, words: Words) -> str:
    if number is None:
        return words("summary.home.few")
    if not number and whole:
        return words("summary.home.none")
    said = words("summary.home.count", n=number)
    return said if whole else words("summary.at_least", number=said)


def tool_count(where: Where, number: int | None, whole: bool, words: Words) -> str:
    """`Digitala lås: 12 frågor`."""
    return f"{place_name(where, words)}: {_count(number, whole, words)}"


def said(summary: Summary, words: Words, *, mine: bool) -> list[str]:
    """Line by line, the manager's own last; a quiet week is one."""
    if summary.quiet or (summary.calm and not mine):
        return [quiet(summary, words)]
    lines = [filled(line, words) for line in summary.lines if not line.mine]
    own = [filled(line, words) for line in summary.lines if line.mine] if mine else []
    return [*lines, *([words("summary.mine"), *(f"• {line}" for line in own)] if own else [])]


def quiet(summary: Summary, words: Words) -> str:
    n, word = summary.of.total, summary.of.word
    told = words("summary.quiet", n=n) if n else words("summary.quiet_none")
    return " ".join([*([words(f"summary.line.{word}")] if word else []), told])


def filled(line: Line, words: Words) -> str:
    """One sentence."""
    about = {name: _said(value, words) for name, value in line.about.items()}
    if "names" in about and about.get("more"):
        about["names"] = words("summary.and_more", names=about["names"], more=about["more"])
    about.pop("more", None)
    if "tools" in line.about:
        about["tools"] = words.people(words.tool(key) or key for key in _texts(line.about["tools"]))
    return _sentence(words(f"summary.line.{line.key}", **about))


def _sentence(text: str) -> str:
    """The municipality's own words begin with a small letter."""
    return text[:1].upper() + text[1:]


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, Sequence) else []


def _said(value: object, words: Words) -> object:
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.dated(value)
    return words.people(_texts(value)) if isinstance(value, list) else value


# ---- tables ----------------------------------------------------------------------------------------------------


def rows_of(table: Table, words: Words) -> list[tuple[str, str, int]]:
    """(name, as it is said, number); what is in no row lies in the last one."""
    rows = [(_cell(table.dimension, cell, words), _number(cell, words), cell.number) for cell in table.cells]
    return [*rows, *([(words("summary.rest"), str(table.rest), table.rest)] if table.rest > 0 else [])]


def _number(cell: Cell, words: Words) -> str:
    return str(cell.number) if cell.whole else words("summary.at_least", number=cell.number)


def _cell(dimension: str, cell: Cell, words: Words) -> str:
    if dimension == "tool":
        return words.tool(cell.key) or words("summary.no_tool")
    if dimension == "kind":
        return _sentence(words(f"cli.explain.kind.{cell.key}"))
    return _sentence(words(f"summary.solved.{cell.key}")) if dimension == "solved" else cell.key


# ---- in Slack --------------------------------------------------------------------------------------------------


def control(where: Where, period: Period) -> str:
    """What a control carries: `unit-12|2026-W47`."""
    return f"{where.code}|{period.code}"


def shown(summary: Summary, words: Words, *, mine: bool, picture: str | None = None) -> Shown:
    """As the views draw it. `mine`: she is the one who can do something; `picture`: a file's id in Slack."""
    of, is_quiet = summary.of, summary.quiet if mine else summary.calm
    drawn = [(line.mine, _sentence_of(line, words)) for line in summary.lines]
    wide = of.where.scope in (DEPARTMENT, ADMINISTRATION, TOOL)
    return Shown(
        title=title(summary, words),
        about=control(of.where, of.period),
        quiet=quiet(summary, words) if is_quiet else "",
        lines=tuple(sentence for own, sentence in drawn if not own),
        mine=tuple(sentence for own, sentence in drawn if own and mine),
        tables=tuple((_heading(table, words), _rows(table, words)) for table in summary.tables),
        picture=picture if not is_quiet else None,
        alternative=alternative(summary, words),
        files=tuple((words(f"button.summary.{form}"), form) for form in FORMS) if wide else (),
    )


def _sentence_of(line: Line, words: Words) -> Sentence:
    offer = Offer(words(f"button.summary.{line.key}"), line.do.way, line.do.about) if line.do else None
    return Sentence(filled(line, words), offer)


def _heading(table: Table, words: Words) -> str:
    return words(f"summary.table.{table.dimension}")


def _rows(table: Table, words: Words) -> tuple[str, ...]:
    return tuple(f"{name}: {number}" for name, number, _ in rows_of(table, words))


def places(found: Iterable[Where], period: Period, words: Words) -> tuple[tuple[str, str], ...]:
    """For a menu."""
    return tuple((place_name(each, words), control(each, period)) for each in found)


def periods(found: Sequence[Period], where: Where, words: Words) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """For a menu: weeks, months, quarters and years under their headings."""
    by = {span: [each for each in found if each.span is span] for span in Span}
    return tuple(
        (words(f"summary.span.{span.value}"), tuple((period_name(p, words), control(where, p)) for p in some))
        for span, some in by.items()
        if some
    )


# ---- on paper --------------------------------------------------------------------------------------------------


def _bars(summary: Summary, words: Words) -> list[dict[str, Any]]:
    now = summary.of.period
    return [
        {
            "label": _short(period, words),
            "value": total,
            "shown": str(total),
            "now": period == now,
            "date": period.first.isoformat(),
        }
        for period, total in summary.bars
    ]


def _short(period: Period, words: Words) -> str:
    """Under a column: `47`, `nov`, `kv 4`."""
    year, _, part = period.code.partition("-")
    if period.span is Span.MONTH:
        return words.month_short(date(int(year), int(part), 1))
    return words(f"summary.short.{period.span.value}", year=year, number=part.lstrip("WQ0"))


def alternative(summary: Summary, words: Words) -> str:
    """What the picture shows, for those who do not see it."""
    shown = ", ".join(f"{_short(period, words)}: {total}" for period, total in summary.bars)
    return words("summary.alt", chart=_chart(summary, words), shown=shown)


def _chart(summary: Summary, words: Words) -> str:
    return words(f"summary.chart.{summary.of.period.span.value}")


def picture(summary: Summary, words: Words) -> Sheet:
    """The periods as columns; from department level the tools as bars."""
    tools = next((table.cells for table in summary.tables if table.dimension == "tool"), ())
    rows = [{"name": cut(_cell("tool", cell, words), LABEL), "value": cell.number} for cell in tools[:BARS]]
    texts = {
        "language": words.language,
        "title": _chart(summary, words),
        "bars": _bars(summary, words),
        "rows": rows,
        "rows_title": words("summary.table.tool"),
    }
    return Sheet("summary_picture", texts, clock.midnight(summary.of.period.last))


def paper(summary: Summary, words: Words, form: str) -> Sheet:
    """For a meeting: what a page and a workbook say."""
    period = summary.of.period
    texts: dict[str, object] = {
        "language": words.language,
        "title": words("summary.paper"),
        "place": place_name(summary.of.where, words),
        "period": f"{period_name(period, words)}, {words.days_of(period.first, period.last)}",
        "lines": said(summary, words, mine=False),
        "chart": _chart(summary, words),
        "alt": alternative(summary, words),
        "bars": _bars(summary, words) if summary.of.before else [],
        "bar_columns": _columns(words, "period", "starts", "number"),
        "tables": [_table(table, words) for table in summary.tables],
        "sheet_periods": words("summary.sheet.periods"),
        "sheet_parts": words("summary.sheet.parts"),
        "foot": words("summary.rule"),
    }
    template = "summary_workbook" if form == "workbook" else "summary"
    return Sheet(template, texts, clock.midnight(period.last))


def file_name(summary: Summary, words: Words, ends: str) -> str:
    """`Särskilt boende 2026-W47.pdf`."""
    place = place_name(summary.of.where, words).replace("/", "-")
    return f"{cut(place, LABEL)} {summary.of.period.code}.{ends}"


def _columns(words: Words, *names: str) -> list[str]:
    return [words(f"summary.column.{name}") for name in names]


def _table(table: Table, words: Words) -> dict[str, Any]:
    rows = [{"name": name, "shown": shown, "value": number} for name, shown, number in rows_of(table, words)]
    least = words("summary.at_least", number="").strip()
    columns = [words(f"summary.column.{table.dimension}"), words("summary.column.number")]
    return {"title": words(f"summary.table.{table.dimension}"), "columns": columns, "rows": rows, "least": least}


# ---- at a terminal ---------------------------------------------------------------------------------------------


def account(summary: Summary, words: Words) -> Iterable[str]:
    """Plain lines."""
    yield title(summary, words)
    yield from said(summary, words, mine=True)
    for table in summary.tables:
        yield ""
        yield words(f"summary.table.{table.dimension}")
        yield from (f"  {name}: {shown}" for name, shown, _ in rows_of(table, words))
    yield ""
    yield words("summary.rule")
