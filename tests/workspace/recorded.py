"""Shapes of what Slack sends, as its public documentation and its SDKs' recorded samples show them: `shapes/*.json`.

Each shape names its `source`. A field is `"name": what`, or `"name?": what` if Slack leaves it out at times. What:

    "string" "integer" "number" "boolean" "null" "object" "any"   the type; "ts" is a string like 1700000000.000100
    "=word"                                                       these words (or true, false)
    "@message"                                                    another shape of these files
    "a|b"                                                         either
    ["a"], {…}                                                    a list of those; an object with these fields and no others
    {"*": "a"}                                                    an object with any names

`ours` lists fields that we send besides, each with its reason. Everything else that is not in the shape is a fault.
"""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("shapes")
FILES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
SHAPES: dict[str, Any] = {name: shape for file in FILES.values() for name, shape in file.items()}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "any": object,
}


def faults(name: str, value: Any) -> list[str]:
    """Where this value is not what the shape says; nothing if it is."""
    return _faults(f"@{name}", value, name)


def _faults(what: Any, value: Any, at: str) -> list[str]:
    if isinstance(what, list):
        if not isinstance(value, list):
            return [f"{at}: no list but {value!r}"]
        return [fault for index, each in enumerate(value) for fault in _faults(what[0], each, f"{at}[{index}]")]
    if isinstance(what, dict):
        return _inside(what, {}, value, at)
    tried = [_one(word, value, at) for word in what.split("|")]
    return [] if [] in tried else min(tried, key=len)


def _one(word: str, value: Any, at: str) -> list[str]:
    if word.startswith("@"):
        shape = SHAPES[word[1:]]
        return _inside(shape["shape"], shape.get("ours", {}), value, at)
    if word.startswith("="):
        return [] if value == {"true": True, "false": False}.get(word[1:], word[1:]) else [f"{at}: {value!r}, not {word}"]
    if word == "ts":
        return [] if isinstance(value, str) and re.fullmatch(r"\d{10}\.\d{6}", value) else [f"{at}: {value!r}, not a ts"]
    right = isinstance(value, _TYPES[word]) and (word in ("boolean", "any") or not isinstance(value, bool))
    return [] if right else [f"{at}: {value!r}, not {word}"]


def _inside(shape: dict[str, Any], ours: dict[str, str], value: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: no object but {value!r}"]
    known = {key.removesuffix("?"): what for key, what in shape.items()}
    needed = {key for key in shape if not key.endswith("?") and key != "*"}
    found = [f"{at}.{key}: missing" for key in sorted(needed - value.keys())]
    for key, inner in value.items():
        if key in known or "*" in known:
            found += _faults(known.get(key, known.get("*")), inner, f"{at}.{key}")
        elif key not in ours:
            found.append(f"{at}.{key}: not Slack's")
    return found
