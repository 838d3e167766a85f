"""Opening, updating and closing views, with what the person's pages hear about it."""

from functools import partial
from typing import Any

from workspace import modals
from workspace.shapes import Json
from workspace.space import Space


def open_modal(space: Space, who: str, given: Json) -> Json:
    """A new modal; one that was open is gone."""
    view = _made(space, given)
    space.modals.open(who, view)
    return _shown(space, who, "view_opened", view)


def push_modal(space: Space, who: str, given: Json) -> Json:
    """A modal on top of hers."""
    view = _made(space, given)
    space.modals.push(who, view)
    return _shown(space, who, "view_opened", view)


def update(space: Space, view: Json, given: Json) -> Json:
    """New contents for an open view."""
    who = space.modals.owner(view["id"])
    renewed = modals.renewed(view, given, space.clock.now())
    renewed.pop("errors", None)
    space.modals.save(renewed)
    if renewed["type"] == "home":
        space.streams.tell(who, lambda: {"type": "home", "home": renewed})
        return renewed
    return _shown(space, who, "view_updated", renewed)


def publish(space: Space, who: str, given: Json) -> Json:
    """Her Home, new or again."""
    if old := space.modals.home(who):
        return update(space, old, given)
    view = _made(space, given)
    space.modals.publish(who, view)
    space.streams.tell(who, lambda: {"type": "home", "home": view})
    return view


def changed(space: Space, view: Json) -> None:
    """She filled something in, or errors were shown: her other pages see it."""
    space.modals.save(view)
    if view["type"] == "modal":
        _shown(space, space.modals.owner(view["id"]), "view_updated", view)


def close(space: Space, who: str, view_id: str) -> list[Json]:
    """Close a view and those above it."""
    closed = space.modals.close(who, [view_id])
    for view in closed:
        gone = {"type": "view_closed", "view_id": view["id"], "views": space.modals.stack(who)}
        space.streams.tell(who, partial(dict[str, Any], gone))
    return closed


def _made(space: Space, given: Json) -> Json:
    app = space.app
    return modals.made(given, team=space.team, app_id=app.id, bot_id=app.bot_id, now=space.clock.now())


def _shown(space: Space, who: str, kind: str, view: Json) -> Json:
    space.streams.tell(who, lambda: {"type": kind, "view": view, "views": space.modals.stack(who)})
    return view
