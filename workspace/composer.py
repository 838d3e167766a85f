"""What the message box does to what a person types, as Slack's does: escaping, mentions, links, rich text."""

import re
from collections.abc import Iterable

from workspace.shapes import Json

_KEPT = re.compile(r"<(?:[@#!][^<>\s]+|(?:https?|mailto|tel):[^<>\s]+)>")
_ADDRESS = re.compile(r"(?<![\w<@|/])(https?://[^\s<>|]*[^\s<>|.,;:!?)\"'])")
_MAIL = re.compile(r"(?<![\w<@|:/.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")
_PIECES = re.compile(r"<([^<>]+)>")


def typed(text: str, names: Iterable[tuple[str, str]]) -> str:
    """Typed words as the `text` of a message. `names`: (full name, id) of whoever can be mentioned with @."""
    parts: list[str] = []
    last = 0
    for match in _KEPT.finditer(text):
        parts += [_plain(text[last : match.start()], names), match.group()]
        last = match.end()
    return "".join([*parts, _plain(text[last:], names)])


def _plain(text: str, names: Iterable[tuple[str, str]]) -> str:
    text = _MAIL.sub(r"<mailto:\1|\1>", _ADDRESS.sub(r"<\1>", escaped(text)))
    if "@" in text:
        for name, who in sorted(names, key=lambda each: -len(each[0])):
            text = re.sub(rf"@{re.escape(escaped(name))}\b", f"<@{who}>", text)
    return text


def escaped(text: str) -> str:
    """The three characters that mrkdwn keeps for itself."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The way back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich(text: str, block_id: str) -> list[Json]:
    """The rich_text block that Slack adds to what people write."""
    section = {"type": "rich_text_section", "elements": _elements(text)}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def _elements(text: str) -> list[Json]:
    found: list[Json] = []
    for index, piece in enumerate(_PIECES.split(text)):
        if piece:
            found.append(_element(piece) if index % 2 else {"type": "text", "text": unescaped(piece)})
    return found


def _element(inside: str) -> Json:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target} | ({"text": unescaped(label)} if label else {})


def as_slack(message: Json) -> Json:
    """A kept message as the app gets it: people's words have their rich text with them."""
    if "client_msg_id" not in message or "blocks" in message:
        return message
    return {**message, "blocks": rich(message.get("text", ""), message["client_msg_id"][:5])}
