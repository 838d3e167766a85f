"""Views that are open: each person's stack of modals and her Home. Keeps them; tells nobody.

At most three modals on a stack: docs.slack.dev/surfaces/modals. A view's `hash` changes with every update, and an
update that names an older one is refused: docs.slack.dev/reference/methods/views.update.
"""

import copy

from workspace import elements, ids
from workspace.blocks import completed
from workspace.errors import SlackError
from workspace.journal import Journal
from workspace.shapes import Json

MOST = 3


class Modals:
    """Views by id, stacks by person (bottom first), Homes by person."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._views: dict[str, Json] = {}
        self._owner: dict[str, str] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, str] = {}

    def get(self, view_id: str) -> Json | None:
        """An open view, or None."""
        return self._views.get(view_id)

    def owner(self, view_id: str) -> str:
        """Whose screen it is on."""
        return self._owner[view_id]

    def by_external_id(self, external_id: str) -> Json | None:
        """The open view that the app gave this id."""
        return next(
            (view for view in self._views.values() if external_id and view["external_id"] == external_id),
            None,
        )

    def stack(self, who: str) -> list[Json]:
        """Her modals, bottom first."""
        return [self._views[view_id] for view_id in self._stacks.get(who, [])]

    def home(self, who: str) -> Json | None:
        """Her Home as it was last published."""
        return self._views.get(self._homes.get(who, ""))

    def open(self, who: str, view: Json) -> None:
        """A new bottom; what lay there is gone."""
        self.close(who, self._stacks.get(who, [])[:1])
        self._place(who, view, [])

    def push(self, who: str, view: Json) -> None:
        """One on top. Slack allows three."""
        stack = self._stacks.get(who, [])
        if len(stack) >= MOST:
            raise SlackError("push_limit_reached")
        view |= {"previous_view_id": stack[-1], "root_view_id": stack[0]}
        self._place(who, view, stack)

    def publish(self, who: str, view: Json) -> None:
        """A new Home."""
        self._homes[who] = view["id"]
        self._save(who, view)

    def save(self, view: Json) -> None:
        """Changed: updated by the app, or filled in by the person."""
        self._save(self._owner[view["id"]], view)

    def close(self, who: str, bottom: list[str]) -> list[Json]:
        """Close this view and what lies above it; the closed ones, top first."""
        stack = self._stacks.get(who, [])
        if not bottom or bottom[0] not in stack:
            return []
        place = stack.index(bottom[0])
        closed = [self._views.pop(view_id) for view_id in reversed(stack[place:])]
        for view in closed:
            self._journal.drop("view", view["id"])
        self._stack(who, stack[:place])
        return closed

    def load(self, key: str, value: Json) -> None:
        """A view out of the journal."""
        self._views[key] = value["view"]
        self._owner[key] = value["who"]
        if value["view"]["type"] == "home":
            self._homes[value["who"]] = key

    def load_stack(self, key: str, value: list[str]) -> None:
        """A stack out of the journal."""
        self._stacks[key] = [view_id for view_id in value if view_id in self._views]

    def _place(self, who: str, view: Json, below: list[str]) -> None:
        self._save(who, view)
        self._stack(who, [*below, view["id"]])

    def _stack(self, who: str, stack: list[str]) -> None:
        self._stacks[who] = stack
        self._journal.put("stack", who, stack)

    def _save(self, who: str, view: Json) -> None:
        self._views[view["id"]] = view
        self._owner[view["id"]] = who
        self._journal.put("view", view["id"], {"who": who, "view": view})


def made(given: Json, *, team: str, app_id: str, bot_id: str, now: float) -> Json:
    """A view as Slack keeps it, from what the app sent. It is the root of a stack until it is pushed."""
    view_id = ids.fresh("V")
    return renewed(
        {"id": view_id, "root_view_id": view_id, "previous_view_id": None, "state": {"values": {}}},
        given,
        now,
    ) | {
        "team_id": team,
        "app_id": app_id,
        "app_installed_team_id": team,
        "bot_id": bot_id,
    }


def renewed(old: Json, given: Json, now: float) -> Json:
    """The same view with new contents and a new hash; what she has filled in stays where the elements stay."""
    inner = completed(given["blocks"])
    return old | {
        "type": given["type"],
        "callback_id": given.get("callback_id", ""),
        "external_id": given.get("external_id", ""),
        "private_metadata": given.get("private_metadata", ""),
        "title": given.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "submit": given.get("submit"),
        "close": given.get("close"),
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "submit_disabled": bool(given.get("submit_disabled")),
        "blocks": inner,
        "state": {"values": elements.initial(inner, copy.deepcopy(old["state"]["values"]))},
        "hash": f"{int(now)}.{ids.fresh('', 8)}",
    }


def check_hash(view: Json, given: str | None) -> None:
    """Refuse an update that was made from an older version."""
    if given and given != view["hash"]:
        raise SlackError("hash_conflict")
