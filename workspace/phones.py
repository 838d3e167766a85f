"""What would have made a phone buzz: the record of pushes, and of what stayed silent and why."""

import re
from collections import defaultdict

from workspace.journal import Journal
from workspace.shapes import Json

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]+))?>")
_STYLE = re.compile(r"(?<![\w*_~`])([*_~`]+)(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")


class Phones:
    """Everybody's pushes, oldest first. Ids rise over all people."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._pushes: dict[str, list[Json]] = defaultdict(list)
        self._next = 1

    def note(self, push: Json) -> Json:
        """Keep one; it gets its id."""
        push = {"id": self._next, **push}
        self._next += 1
        self._pushes[push["person"]].append(push)
        self._journal.put("push", str(push["id"]), push)
        return push

    def load(self, push: Json) -> None:
        """A push out of the journal."""
        self._next = max(self._next, push["id"] + 1)
        self._pushes[push["person"]].append(push)

    def of(self, who: str, *, since: int = 0, silent: bool = False) -> list[Json]:
        """Hers with ids greater than `since`; with `silent`, those too that did not buzz."""
        return [push for push in self._pushes.get(who, []) if push["id"] > since and (silent or push["buzzed"])]


def lock_screen(text: str, names: dict[str, str]) -> str:
    """mrkdwn as a lock screen shows it: without marks, with names for mentions. `names` maps user ids."""

    def shown(match: re.Match[str]) -> str:
        target, label = match.group(1), match.group(2)
        if target[:1] in "@#":
            return target[0] + (label or names.get(target[1:], target[1:]))
        return label or target.removeprefix("!").removeprefix("mailto:")

    plain = _STYLE.sub(r"\2", _LINK.sub(shown, text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
