"""`supportstuga understand`: a municipality tries its own questions before going live.

JSON lines in, JSON lines out, in order; no Slack, no database. Not here: what a text says (recognition), what in it
is secret (secrecy) and which answers suit it (similar).
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from models import recognition, secrecy, similar
from models.catalogue import Catalogue
from models.recognition import Reading
from models.similar import Found, Index, Known

Write = Callable[[bytes], object]
Says = Callable[[str], str]


class FaultyAnswers(ValueError):
    """`line` of the file of ready answers, and why it is none: `not_utf8`, `not_json`, `no_answer`."""

    def __init__(self, line: int, why: str) -> None:
        self.line, self.why = line, why
        super().__init__(f"line {line}: {why}")


def understand(
    lines: Iterable[bytes], catalogue: Catalogue, write: Write, says: Says, ready: Index | None = None
) -> bool:
    """One answer a line as soon as it is read; an empty line has none. True if every line could be read.

    `says`: a key of the text catalogue → the sentence, so that a refusal is told in words beside its code.

    `ready`: answers to look in; none given, none are looked for.
    """
    whole = True
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        asked, why = _asked(line)
        whole = whole and not why
        refused = {"line": at, "error": why, "says": says(f"cli.understand.{why}")} if why else None
        answer = refused or answered(asked, catalogue, ready)
        write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return whole


def answered(asked: dict[str, Any], catalogue: Catalogue, ready: Index | None = None) -> dict[str, Any]:
    """`start` and `end` of a span count Unicode code points of the text, the end not included."""
    reading = recognition.read(asked["text"], catalogue=catalogue)
    masked = secrecy.mask(asked["text"])
    return {
        "id": asked.get("id"),
        "tools": [{"key": scored.key, "score": scored.score} for scored in reading.tools],
        "decision": reading.decision,
        "kind": reading.kind,
        "urgency": reading.urgency,
        "spans": [{"start": span.start, "end": span.end, "kind": span.kind} for span in masked.spans],
        "masked": masked.text,
        **(_found(ready, masked.text, reading, catalogue) if ready is not None else {}),
    }


def _found(ready: Index, text: str, reading: Reading, catalogue: Catalogue) -> dict[str, Any]:
    """`similar`: what would be shown; `nearest`: what is nearest, however far."""
    return {
        "similar": _scores(ready.likely(text, reading, catalogue)),
        "nearest": _scores(ready.nearest(text, reading, catalogue)),
    }


def _scores(found: Iterable[Found]) -> list[dict[str, Any]]:
    return [{"id": each.id, "score": each.score} for each in found]


def bank(lines: Iterable[bytes], catalogue: Catalogue) -> Index:
    """Ready answers, one a line: `id`, `question`, `answer`, and `tools` where somebody has said which.

    Raises FaultyAnswers at the first line that is none.
    """
    return similar.EMPTY.with_([_known(at, line) for at, line in enumerate(lines, start=1) if line.strip()], catalogue)


def _known(at: int, line: bytes) -> Known:
    row, why = _object(line)
    tools = row.get("tools", [])
    told = [row.get("question"), row.get("answer"), *(tools if isinstance(tools, list) else [None])]
    if why or not isinstance(row.get("id"), int | str) or not all(isinstance(each, str) for each in told):
        raise FaultyAnswers(at, why or "no_answer")
    return Known(row["id"], row["question"], row["answer"], tuple(tools))


def _asked(line: bytes) -> tuple[dict[str, Any], str]:
    """The line as an object with a text, or why it is none: `not_utf8`, `not_json`, `no_text`."""
    asked, why = _object(line)
    return (asked, why) if why or isinstance(asked.get("text"), str) else ({}, "no_text")


def _object(line: bytes) -> tuple[dict[str, Any], str]:
    """A line that is an object, or nothing and why; one that is JSON and no object has nothing in it."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, "not_utf8"
    except (ValueError, RecursionError):
        return {}, "not_json"
    return row if isinstance(row, dict) else {}, ""
