"""What delivery does besides posting: reactions, erasing our own messages, passing files on. All may be repeated.

A file is held in memory between two calls to Slack and never written anywhere. The bot's token goes to Slack's own
hosts only, and follows no redirect.
"""

import logging
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


class NotAPicture(Exception):
    """Slack gave something else: a page to log in on, or a file that lies with somebody else."""


class _Stay(HTTPRedirectHandler):
    """A redirect would carry the token along."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = build_opener(_Stay)


def run(client: WebClient, errand: Errand, *, in_doubt: bool) -> str:
    """Raises SlackApiError unless it is done, also by somebody before us. The id of a file that we keep, or nothing."""
    try:
        if isinstance(errand, Print) and errand.kept:
            return _kept(client, errand)
        _do(client, errand, in_doubt)
    except SlackApiError as error:
        if slack_codes.meaning(str(error.response.get("error", ""))) not in (Meaning.DONE, Meaning.POST_ANEW):
            raise
    return ""


def _do(client: WebClient, errand: Errand, in_doubt: bool) -> None:
    match errand:
        case React(channel, ts, name):
            client.reactions_add(channel=channel, timestamp=ts, name=name)
        case Unreact(channel, ts, name):
            client.reactions_remove(channel=channel, timestamp=ts, name=name)
        case Erase(channel, ts):
            client.chat_delete(channel=channel, ts=ts)
        case PassOn():
            _pass_on(client, errand, in_doubt)
        case Upload() | Print():
            _upload(client, errand if isinstance(errand, Upload) else _drawn(client, errand), in_doubt)
        case TakeBack(channel, thread_ts, titles):
            found = _files(client, channel, thread_ts)
            for file in (each for each in found if each.get("title") in titles):
                client.files_delete(file=file["id"])


def _pass_on(client: WebClient, errand: PassOn, in_doubt: bool) -> None:
    """What is not in the thread yet. A picture that cannot be had is left out, and logged by its id."""
    found = _files(client, errand.channel, errand.thread_ts) if in_doubt else []
    there = {str(file.get("title")) for file in found}
    fetched = [_fetched(client, file_id, title) for file_id, title in errand.files if title not in there]
    uploads = [upload for upload in fetched if upload is not None]
    if uploads:
        client.files_upload_v2(channel=errand.channel, thread_ts=errand.thread_ts, file_uploads=uploads)


def _upload(client: WebClient, errand: Upload, in_doubt: bool) -> None:
    """Unless it is there already."""
    there = _files(client, errand.channel, errand.thread_ts) if in_doubt else []
    if errand.name not in [file.get("title") for file in there]:
        upload = {"file": errand.content, "filename": errand.name, "title": errand.name}
        thread = errand.thread_ts or None
        client.files_upload_v2(channel=errand.channel, thread_ts=thread, file_uploads=[upload])


def _drawn(client: WebClient, errand: Print) -> Upload:
    channel = str(client.conversations_open(users=errand.user)["channel"]["id"])
    return Upload(channel, "", errand.name, press.PRESS.print(errand.sheet))


def _kept(client: WebClient, errand: Print) -> str:
    """Uploaded and shared with nobody: the app shows it in its own messages and windows."""
    content = press.PRESS.print(errand.sheet)
    done = client.files_upload_v2(content=content, filename=errand.name, title=errand.name, alt_txt=errand.alt)
    return str(done["files"][0]["id"])


def _files(client: WebClient, channel: str, thread_ts: str) -> list[dict[str, Any]]:
    if thread_ts:
        page = client.conversations_replies(channel=channel, ts=thread_ts, limit=LOOK_BACK)
    else:
        page = client.conversations_history(channel=channel, limit=LOOK_BACK)
    return [file for message in page["messages"] for file in message.get("files") or ()]


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
