"""Ids in Slack's style: a letter for the kind, then capitals and digits."""

import base64
import hashlib
import secrets

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def stable(prefix: str, *parts: str) -> str:
    """The same id for the same parts, in every workspace and after every `--fresh`: `U` + 10 characters.

    People, channels and direct messages have stable ids, so that a bot's database outlives a new workspace.
    """
    digest = hashlib.sha256("\x00".join((prefix, *parts)).encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:10]


def fresh(prefix: str, length: int = 10) -> str:
    """An id nobody has seen before: `V…`, `F…`, `Ev…`."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def short() -> str:
    """What Slack calls a block or an action that came without an id: five letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))
