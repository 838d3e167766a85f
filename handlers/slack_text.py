"""Slack's way of writing text, in and out. In: what a person meant. Out: what cannot become markup. Pure."""

import re

BRACKETS = re.compile(r"<([^<>|]{0,2000})(?:\|([^<>]{0,2000}))?>")
ESCAPES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
HARMLESS = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {sign: f"\u200b{sign}" for sign in "*_~`"}  # in this order


def plain(text: str) -> str:
    """Words as typed: mentions and links lose their brackets, the three escaped characters come back."""
    flat = BRACKETS.sub(_flatten, text or "")
    return re.sub("|".join(ESCAPES), lambda found: ESCAPES[found[0]], flat).replace("\x00", "").strip()


def _flatten(found: "re.Match[str]") -> str:
    target, label = found[1], found[2]
    if target.startswith(("@", "#", "!")):
        return f"@{label}" if label else target[0] if target[0] != "!" else f"@{target[1:]}"
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def safe(text: str) -> str:
    """For mrkdwn: what a person wrote cannot become a mention, a link or formatting in front of others."""
    for sign, harmless in HARMLESS.items():
        text = text.replace(sign, harmless)
    return text


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, with a sign that there was more."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
