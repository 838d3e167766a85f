"""`supportstuga understand`: a municipality tries its own questions before going live.

JSON lines in, JSON lines out, in order; no Slack, no database. Not here: what a text says (recognition) and what in it
is secret (secrecy).
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from models import recognition, secrecy
from models.catalogue import Catalogue


def understand(lines: Iterable[bytes], catalogue: Catalogue, write: Callable[[bytes], object]) -> bool:
    """One answer a line as soon as it is read; an empty line has none. True if every line could be read."""
    whole = True
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        asked, why = _asked(line)
        whole = whole and not why
        answer = {"line": at, "error": why} if why else answered(asked, catalogue)
        write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return whole


def answered(asked: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
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
    }


def _asked(line: bytes) -> tuple[dict[str, Any], str]:
    """The line as an object with a text, or why it is none: `not_utf8`, `not_json`, `no_text`."""
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, "not_utf8"
    except (ValueError, RecursionError):
        return {}, "not_json"
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        return {}, "no_text"
    return asked, ""
