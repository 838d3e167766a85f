"""Web API: files.*. An upload takes three steps: a place, the bytes, then `completeUploadExternal` shares it.

Source: docs.slack.dev/messaging/working-with-files.
"""

from workspace import drafts, talk
from workspace.calls import Call
from workspace.conversations import Conversation
from workspace.errors import SlackError
from workspace.files import MAX_BYTES, file_object
from workspace.shapes import Json
from workspace.space import Space

_RIPENS = 1.0


def upload_url(call: Call) -> Json:
    """files.getUploadURLExternal."""
    length = call.need("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `length`"])
    if int(length) > MAX_BYTES:
        raise SlackError("file_upload_size_restricted")
    if len(call.text("alt_txt")) > 1000:
        raise SlackError("alt_txt_too_large")
    ticket = call.space.files.ticket(call.need("filename"), int(length), call.text("alt_txt"))
    return {"upload_url": f"{call.space.base}/upload/{ticket.file_id}", "file_id": ticket.file_id}


def receive(space: Space, file_id: str, content: bytes) -> bool:
    """The bytes arrive at their place. False if there is no such place or they are not as many as announced."""
    ticket = space.files.tickets.get(file_id)
    if ticket is None or ticket.received or len(content) != ticket.length:
        return False
    space.files.store(file_id, content)
    ticket.received = True
    return True


def complete(call: Call) -> Json:
    """files.completeUploadExternal: shares the files in one message in each channel that is named."""
    wanted = call.data("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    for each in wanted:
        _uploaded(call, each)
    destinations = [_destination(call, channel) for channel in _channels(call)]
    files = [_finished(call, each) for each in wanted]
    for destination in destinations:
        _share(call, destination, files)
    return {"files": files}


def delete(call: Call) -> Json:
    """files.delete: the app's own, out of every message that carries it."""
    file, space = _file(call), call.space
    if file["user"] != call.me:
        raise SlackError("cant_delete_file")
    for channel, message in space.messages.carrying(file["id"]):
        rest = [each for each in message["files"] if each["id"] != file["id"]]
        conversation = space.conversations.by_id(channel)
        if conversation is not None and (rest or message.get("text")):
            talk.change(space, conversation, message, {"files": rest or None})
        elif conversation is not None:
            talk.remove(space, conversation, message)
    space.files.remove(file["id"])
    return {}


def info(call: Call) -> Json:
    """files.info."""
    return {"file": _file(call), "comments": [], "response_metadata": {"next_cursor": ""}}


def _file(call: Call) -> Json:
    file = call.space.files.get(call.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    return file


def _uploaded(call: Call, wanted: Json) -> None:
    ticket = call.space.files.tickets.get(str(wanted.get("id")))
    if ticket is None or not ticket.received:
        raise SlackError("file_not_found")


def _channels(call: Call) -> list[str]:
    """Where to: `channel_id`, or several in `channels`; none of them keeps the files to the app."""
    single = call.text("channel_id")
    channels = list(dict.fromkeys([*([single] if single else []), *call.words("channels")]))
    if len(channels) > 1 and call.text("thread_ts"):
        raise SlackError("invalid_arguments", messages=["[ERROR] `thread_ts` goes with one channel only"])
    return channels


def _destination(call: Call, channel: str) -> Conversation:
    found = call.space.conversations.by_id(channel)
    if found is None:
        raise SlackError("channel_not_found")
    if call.me not in found.members:
        raise SlackError("not_in_channel")
    return found


def _finished(call: Call, wanted: Json) -> Json:
    space, now = call.space, call.space.clock.now()
    ticket = space.files.tickets.pop(wanted["id"])
    file = file_object(ticket.file_id, ticket.filename, ticket.length, user=call.me, base=space.base, now=now)
    file |= {"alt_txt": ticket.alt} if ticket.alt else {}
    file |= {"title": wanted["title"]} if wanted.get("title") else {}
    space.files.save(file)
    space.files.ripen(file["id"], now + _RIPENS)
    return file


def _share(call: Call, conversation: Conversation, files: list[Json]) -> None:
    message = drafts.signature(call.space.app, call.space) | {
        "text": call.text("initial_comment"),
        "files": files,
        "subtype": "file_share",
        "upload": False,
        "display_as_bot": False,
    }
    if call.text("thread_ts"):
        message["thread_ts"] = call.text("thread_ts")
    talk.post(call.space, conversation, message)
