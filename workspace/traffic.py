"""The inspector's memory: the last calls of the app and the last envelopes to it. In memory only, without tokens."""

from collections import Counter, deque
from itertools import islice

from workspace.shapes import Json

_KEPT = 5000
_FIELDS = ("kind", "method", "type", "event", "error", "channel", "acked")


class Traffic:
    """Rows as the README's *Inspector* shows them, newest last, and counts since the last reset."""

    def __init__(self) -> None:
        self._rows: deque[Json] = deque(maxlen=_KEPT)
        self._next = 1
        self.counts: Counter[str] = Counter()
        self.limited: Counter[str] = Counter()
        self.envelopes: Counter[str] = Counter()
        self.last_call = 0.0

    def note(self, row: Json) -> Json:
        """Keep a row; it may still be changed by the caller (an envelope that is acked later)."""
        row["id"] = self._next
        self._next += 1
        self._rows.append(row)
        return row

    def rows(self, wanted: dict[str, str], *, since: int = 0, limit: int = 200) -> list[Json]:
        """The newest rows that fit: any of kind, method, type, event, channel, error, acked; ids after `since`."""
        fitting = (row for row in reversed(self._rows) if row["id"] > since and _fits(row, wanted))
        return list(islice(fitting, limit))[::-1]

    def reset(self) -> None:
        """Forget rows and counts. Ids go on, so that `since` stays true."""
        self._rows.clear()
        for counter in (self.counts, self.limited, self.envelopes):
            counter.clear()


def _fits(row: Json, wanted: dict[str, str]) -> bool:
    return all(_text(row.get(name)) == wanted[name] for name in _FIELDS if name in wanted)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_tokens(args: Json) -> Json:
    """The arguments of a call as they may be shown."""
    return {key: value for key, value in args.items() if key != "token"}
