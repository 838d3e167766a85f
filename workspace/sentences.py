"""The few sentences that the workspace itself says to people; Slack says such things too. The words are in a file."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _all() -> Any:
    return json.loads(Path(__file__).with_name("sentences.json").read_text(encoding="utf-8"))


def say(key: str, language: str, **parts: object) -> str:
    """The sentence in a person's language; Swedish if there is none in hers."""
    texts = _all()
    return str(texts.get(language, texts["sv"])[key]).format(**parts)
