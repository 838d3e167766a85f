"""What is missing, one neutral line each: in Home the first few, in a window all of them, on the command line too."""

from collections.abc import Iterable, Sequence

from handlers.slack_text import cut, safe
from handlers.views import parts
from handlers.views.parts import Block
from handlers.words import Words
from models.gaps import Gap

FIRST = 4  # in Home
TOOLS = 4  # named in a line
LINES, SECTIONS = 10, 5  # in a section, on a page


def home(gaps: Sequence[Gap], presence: Sequence[tuple[str, int]], words: Words) -> list[Block]:
    """How many there are, the first few, and the way to the rest. The hours are no gap, and no more than a hint."""
    if not gaps and not presence:
        return []
    said = _lines(gaps, words)
    more = [parts.actions(parts.button(words("button.gaps"), "gaps.open", 0))] if len(said) > FIRST else []
    head = words("gaps.home", count=len(said))
    shown = [parts.section(f"{head}\n{_many(said[:FIRST])}"), *more] if said else []
    hours = "\n".join(_hours(place, share, words) for place, share in presence[:3])
    return [*shown, *([parts.context(hours)] if hours else [])]


def _hours(place: str, share: int, words: Words) -> str:
    return words("gaps.presence" if share else "gaps.presence_none", place=safe(place), share=share)


def window(gaps: Sequence[Gap], page: int, words: Words) -> Block:
    """Page by page, the first is 0."""
    said = _lines(gaps, words) or [words("gaps.none")]
    each = LINES * SECTIONS
    pages = -(-len(said) // each)
    page = min(max(page, 0), pages - 1)
    here = said[page * each : (page + 1) * each]
    blocks = [parts.section(_many(here[at : at + LINES])) for at in range(0, len(here), LINES)]
    return parts.window(words("gaps.title"), words("button.close"), [*blocks, *_leaf(page, pages, words)])


def _leaf(page: int, pages: int, words: Words) -> list[Block]:
    """The way to the pages before and after."""
    if pages == 1:
        return []
    before = [parts.button(words("button.previous_page"), "gaps.page", page - 1)] if page else []
    after = [parts.button(words("button.next_page"), "gaps.page", page + 1)] if page + 1 < pages else []
    return [parts.context(words("gaps.page", page=page + 1, pages=pages)), parts.actions(*before, *after)]


def text(gaps: Sequence[Gap], words: Words) -> str:
    """All lines, plain, for a terminal."""
    return "\n".join(_lines(gaps, words)) or words("gaps.none")


def _many(said: Iterable[str]) -> str:
    return "\n".join("• " + cut(safe(line), parts.SECTION // (LINES + 1)) for line in said)


def _lines(gaps: Iterable[Gap], words: Words) -> list[str]:
    """A line for each place, plain text; tools that lack the same thing at the same time share one."""
    return [_line(same, words) for same in _together(gaps)]


def _together(gaps: Iterable[Gap]) -> list[list[Gap]]:
    found: dict[tuple[object, ...], list[Gap]] = {}
    for gap in gaps:
        key = (gap.kind, gap.place, gap.unit_id, gap.department_id, gap.role, gap.weeks, gap.days, gap.email, gap.owner)
        found.setdefault(key, []).append(gap)
    return list(found.values())


def _line(same: Sequence[Gap], words: Words) -> str:
    gap = same[0]
    tools = _tools([_tool(each.tool, words) for each in same if each.tool], words)
    role = words(f"role.{gap.role}").lower() if gap.role else ""
    return words(
        f"gaps.line.{gap.kind}",
        place=gap.place or gap.email or words("gaps.everywhere"),
        tools=tools,
        role=f"{role} ({tools})" if tools else role,
        owner=words(f"gaps.owner.{gap.owner}") if gap.owner else "",
        weeks=_weeks(gap, words),
    )


def _tools(names: Sequence[str], words: Words) -> str:
    """The first few by name; a tool that nobody has thought of is seldom alone."""
    more = [words("gaps.tools", n=len(names) - TOOLS)] if len(names) > TOOLS else []
    return words.people([*names[:TOOLS], *more])


def _weeks(gap: Gap, words: Words) -> str:
    """A week, weeks in a row, or days of a week."""
    if not gap.weeks:
        return ""
    first, last = gap.weeks[0], gap.weeks[-1]
    weeks = words("gaps.week", first=first) if first == last else words("gaps.weeks", first=first, last=last)
    return words("gaps.days", n=gap.days, weeks=weeks) if gap.days else weeks


def _tool(key: str | None, words: Words) -> str:
    return words.tool(key) or key or ""
