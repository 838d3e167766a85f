"""What the app wants to say, checked and put into the shape of a message: text, blocks, attachments, metadata.

Used by chat.*, by response_url and by the immediate answers to commands, which all take the same things.
Limits: docs.slack.dev/reference/methods/chat.postMessage (40,000 characters are kept, the rest is cut off).
"""

import re
from typing import Any, Final

from workspace import blocks, people
from workspace.calls import Call
from workspace.errors import SlackError
from workspace.manifest import App
from workspace.schema import Place
from workspace.shapes import Json
from workspace.space import Space

MOST_TEXT: Final = 40_000
MOST_UPDATE_TEXT: Final = 4_000
_MOST_ATTACHMENTS: Final = 100
_EVENT_TYPE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,254}")


def said(call: Call) -> Json:
    """`text`, `blocks`, `attachments` of a call: only those that were given, checked."""
    if call.given("markdown_text") is not None:
        return _markdown(call)
    draft: Json = {}
    if call.given("text") is not None:
        draft["text"] = call.text("text")[:MOST_TEXT]
    if (given := call.data("blocks", "invalid_blocks_format")) is not None:
        draft["blocks"] = checked_blocks(call.space, given)
    if (attached := call.data("attachments", "invalid_attachments")) is not None:
        draft["attachments"] = _attachments(call.space, attached)
    return draft


def require_content(draft: Json) -> None:
    """no_text if there is nothing to see."""
    if not (draft.get("text", "").strip() or draft.get("blocks") or draft.get("attachments")):
        raise SlackError("no_text")


def checked_blocks(space: Space, given: Any) -> list[Json]:
    """Blocks for a message, with all ids; `invalid_blocks` with every place otherwise."""
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format")
    place = Place("/blocks")
    blocks.faults(given, blocks.MESSAGE, place)
    _pictures(space, given, place)
    if place.faults:
        messages = [f"[ERROR] {fault}" for fault in place.faults]
        raise SlackError("invalid_blocks", messages=messages, errors=place.faults)
    if blocks.text_length(given) > blocks.MOST_TEXT:
        raise SlackError("msg_blocks_too_long")
    return blocks.completed(given)


def metadata(call: Call) -> Json | None:
    """`metadata`: an event type and a flat payload. None if there is none."""
    given = call.data("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format")
    if given and not _sound(given):
        raise SlackError("invalid_metadata_schema")
    return given


def byline(call: Call) -> Json:
    """Who says it: the app, or the app under another name (chat:write.customize)."""
    wanted = {key: call.text(key) for key in ("username", "icon_url", "icon_emoji") if call.text(key)}
    line = signature(call.space.app, call.space)
    if not wanted:
        return line
    call.needs_scope("chat:write.customize")
    icons = {"image_48": wanted["icon_url"]} if "icon_url" in wanted else {}
    icons |= {"emoji": wanted["icon_emoji"]} if "icon_emoji" in wanted else {}
    named = {"subtype": "bot_message", "username": wanted.get("username", call.space.app.bot_name)}
    return line | named | ({"icons": icons} if icons else {})


def signature(app: App, space: Space) -> Json:
    """The keys of every message of the app."""
    pictures = people.pictures(space.base, app.bot_user_id)
    return {
        "user": app.bot_user_id,
        "type": "message",
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": space.team,
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.id,
            "user_id": app.bot_user_id,
            "name": app.bot_name,
            "icons": {f"image_{size}": pictures[f"image_{size}"] for size in (48, 72)},
            "deleted": False,
            "updated": 0,
            "team_id": space.team,
        },
    }


def _markdown(call: Call) -> Json:
    if call.given("text") is not None or call.given("blocks") is not None:
        raise SlackError("markdown_text_conflict")
    text = call.text("markdown_text")
    return {"text": text, "blocks": checked_blocks(call.space, [{"type": "markdown", "text": text}])}


def _attachments(space: Space, given: Any) -> list[Json]:
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise SlackError("invalid_attachments")
    if len(given) > _MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return [each | ({"blocks": checked_blocks(space, each["blocks"])} if each.get("blocks") else {}) for each in given]


def _pictures(space: Space, given: list[Any], place: Place) -> None:
    """A `slack_file` has to be there, and to be a second old: Slack needs that long to make it usable."""
    for index, block in enumerate(given):
        named = block.get("slack_file") if isinstance(block, dict) else None
        if isinstance(named, dict) and not _usable(space, named):
            place.at(index).at("slack_file").fault("invalid slack file")


def _usable(space: Space, named: Json) -> bool:
    file_id = str(named.get("id") or next(iter(re.findall(r"/files-pri/([^/]+)/", str(named.get("url")))), ""))
    file = space.files.get(file_id)
    return file is not None and space.clock.now() >= space.files.usable_from(file_id)


def _sound(given: Json) -> bool:
    payload, kind = given.get("event_payload"), given.get("event_type")
    return isinstance(payload, dict) and isinstance(kind, str) and bool(_EVENT_TYPE.fullmatch(kind))
