"""What delivery does besides posting: reactions, erasing our own messages, passing files on. All may be repeated.

A file is held in memory between two calls to Slack and never written anywhere. The bot's token goes to Slack's own
hosts only, and follows no redirect.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import InvalidURL
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import press, slack_codes
from bot.slack_codes import Meaning
from handlers.letters import Erase, Errand, PassOn, Print, React, TakeBack, Unreact, Upload

log = logging.getLogger(__name__)

SECONDS = 20
MOST = 20_000_000  # bytes; a photo from a phone has a quarter of that
LOOK_BACK = 100
ENDS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/heic": "heic", "image/webp": "webp"}


@dataclass(frozen=True)
class Done:
    """What an errand has left behind: a file that we keep; messages with files that stand now, and that are gone.

    A message is (channel, ts, the files' ids).
    """

    file_id: str = ""
    stand: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()


class NotSeen(Exception):
    """Slack has taken a file and does not show it yet: it is looked for again."""


class NotAPicture(Exception):
    """Slack gave something else: a page to log in on, or a file that lies with somebody else."""


class _Stay(HTTPRedirectHandler):
    """A redirect would carry the token along."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = build_opener(_Stay)


def run(client: WebClient, errand: Errand, *, in_doubt: bool) -> Done:
    """Raises SlackApiError unless it is done, also by somebody before us."""
    try:
        if isinstance(errand, Print) and errand.kept:
            return Done(_kept(client, errand))
        return _do(client, errand, in_doubt) or Done()
    except SlackApiError as error:
        if _is_open(error):
            raise
    return Done()


def _is_open(error: SlackApiError) -> bool:
    """Not done already, and not without an object."""
    return slack_codes.meaning(str(error.response.get("error", ""))) not in (Meaning.DONE, Meaning.POST_ANEW)


def _do(client: WebClient, errand: Errand, in_doubt: bool) -> Done | None:
    match errand:
        case React(channel, ts, name):
            client.reactions_add(channel=channel, timestamp=ts, name=name)
        case Unreact(channel, ts, name):
            client.reactions_remove(channel=channel, timestamp=ts, name=name)
        case Erase(channel, ts, files):
            _delete(client, files)
            client.chat_delete(channel=channel, ts=ts)
        case PassOn():
            return _pass_on(client, errand, in_doubt)
        case Upload() | Print():
            return _upload(client, errand if isinstance(errand, Upload) else _drawn(client, errand), in_doubt)
        case TakeBack(channel, thread_ts, titles):
            found = [each for each in _messages(client, channel, thread_ts) if _titles([each]) & {*titles}]
            _delete(client, (str(file["id"]) for file in _of(found) if file.get("title") in titles))
            return Done(gone=tuple((channel, str(message["ts"])) for message in found))
    return None


def _delete(client: WebClient, files: Iterable[str]) -> None:
    for file in files:
        try:
            client.files_delete(file=file)
        except SlackApiError as error:
            if _is_open(error):
                raise


def _pass_on(client: WebClient, errand: PassOn, in_doubt: bool) -> Done:
    """What is not in the thread yet. A picture that cannot be had is left out, and logged by its id."""
    there = _titles(_messages(client, errand.channel, errand.thread_ts)) if in_doubt else set()
    fetched = [_fetched(client, file_id, title) for file_id, title in errand.files if title not in there]
    uploads = [upload for upload in fetched if upload is not None]
    if uploads:
        client.files_upload_v2(channel=errand.channel, thread_ts=errand.thread_ts, file_uploads=uploads)
    wanted = {title for _, title in errand.files}
    return _standing(client, errand.channel, errand.thread_ts, {u["title"] for u in uploads} | (there & wanted))


def _upload(client: WebClient, errand: Upload, in_doubt: bool) -> Done:
    """Unless it is there already."""
    there = _messages(client, errand.channel, errand.thread_ts) if in_doubt else []
    if errand.name not in _titles(there):
        upload = {"file": errand.content, "filename": errand.name, "title": errand.name}
        thread = errand.thread_ts or None
        client.files_upload_v2(channel=errand.channel, thread_ts=thread, file_uploads=[upload])
    return _standing(client, errand.channel, errand.thread_ts, {errand.name})


def _standing(client: WebClient, channel: str, thread_ts: str, titles: set[str]) -> Done:
    """The messages that carry these files: Slack says where only afterwards."""
    if not titles:
        return Done()
    found = [each for each in _messages(client, channel, thread_ts) if _titles([each]) & titles]
    if not titles <= _titles(found):
        raise NotSeen
    return Done(stand=tuple((channel, str(m["ts"]), tuple(str(f["id"]) for f in m["files"])) for m in found))


def _drawn(client: WebClient, errand: Print) -> Upload:
    channel = str(client.conversations_open(users=errand.user)["channel"]["id"])
    return Upload(channel, "", errand.name, press.PRESS.print(errand.sheet))


def _kept(client: WebClient, errand: Print) -> str:
    """Uploaded and shared with nobody: the app shows it in its own messages and windows."""
    content = press.PRESS.print(errand.sheet)
    done = client.files_upload_v2(content=content, filename=errand.name, title=errand.name, alt_txt=errand.alt)
    return str(done["files"][0]["id"])


def _messages(client: WebClient, channel: str, thread_ts: str) -> list[dict[str, Any]]:
    if thread_ts:
        page = client.conversations_replies(channel=channel, ts=thread_ts, limit=LOOK_BACK)
    else:
        page = client.conversations_history(channel=channel, limit=LOOK_BACK)
    return list(page["messages"])


def _of(messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [file for message in messages for file in message.get("files") or ()]


def _titles(messages: Iterable[dict[str, Any]]) -> set[str]:
    return {str(file.get("title")) for file in _of(messages)}


def _fetched(client: WebClient, file_id: str, title: str) -> dict[str, Any] | None:
    try:
        file = _about(client, file_id)
        content = _download(client, file)
    except NotAPicture:
        log.warning("file %s is not passed on: not a picture in Slack, or too big", file_id)
        return None
    name = f"{title}.{ENDS.get(str(file.get('mimetype')), 'img')}"
    return {"file": content, "filename": name, "title": title, "alt_txt": title}


def _about(client: WebClient, file_id: str) -> dict[str, Any]:
    """Its owner may have taken one of several away again."""
    try:
        file: dict[str, Any] = client.files_info(file=file_id)["file"]
    except SlackApiError as error:
        if slack_codes.meaning(str(error.response.get("error", ""))) is not Meaning.NEVER:
            raise
        raise NotAPicture from error
    return file


def _download(client: WebClient, file: dict[str, Any]) -> bytes:
    address = str(file.get("url_private") or "")
    if file.get("is_external") or not str(file.get("mimetype")).startswith("image/") or not _is_slacks(client, address):
        raise NotAPicture
    request = Request(address, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310 (our own two hosts)
    try:
        with OPENER.open(request, timeout=SECONDS) as answer:
            content: bytes = answer.read(MOST + 1)
            is_picture = answer.headers.get_content_type().startswith("image/")
    except HTTPError as no:
        if no.code >= 500:
            raise
        raise NotAPicture from no
    except InvalidURL as no:
        raise NotAPicture from no
    if not is_picture or len(content) > MOST:
        raise NotAPicture
    return content


def _is_slacks(client: WebClient, address: str) -> bool:
    """Slack's own host, or the one that we were told to speak to (the local workspace)."""
    there, ours = urlsplit(address), urlsplit(client.base_url)
    return there[:2] == ours[:2] or (there.scheme == "https" and str(there.hostname).endswith(".slack.com"))
