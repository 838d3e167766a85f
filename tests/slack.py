"""Slack's side of a story, in memory: conversations, messages, views. What people see is read from here.

Faked where slack_sdk leaves the process (`BaseClient.api_call`, the response_url), as platform-facts advises.
Blocks are checked by the workspace's own rules, so that a story fails where Slack would refuse.
"""

import io
import itertools
import json
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient
from slack_sdk.web.base_client import BaseClient
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result
from slack_sdk.webhook import WebhookClient

from bot import errands

BOT = "UBOT"


class Slack:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.modals: dict[str, dict[str, Any]] = {}
        self.whispers: dict[str, list[str]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.pushes: dict[str, list[str]] = {}
        self.fail: Callable[[str, dict[str, Any]], str | Exception | None] = lambda method, args: None
        self.triggers: dict[str, str] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.contents: dict[str, bytes] = {}
        self._number = itertools.count(1)

    def install(self, monkeypatch: Any) -> None:
        slack = self

        def api_call(client: BaseClient, api_method: str, **how: Any) -> SlackResponse:
            args = {**(how.get("json") or {}), **(how.get("params") or {}), **(how.get("data") or {})}
            return slack.call(client, api_method, {k: v for k, v in args.items() if v is not None})

        monkeypatch.setattr(BaseClient, "api_call", api_call)
        monkeypatch.setattr(WebClient, "_upload_file", slack.receive)
        monkeypatch.setattr(errands.OPENER, "open", slack.fetch)
        monkeypatch.setattr(
            WebhookClient, "send_dict", lambda hook, body, headers=None: slack.whisper(hook.url, body)
        )

    # ---- the Web API -------------------------------------------------------------------------------------

    def call(self, client: BaseClient, method: str, args: dict[str, Any]) -> SlackResponse:
        self.calls.append((method, args))
        wrong = self.fail(method, args)
        if isinstance(wrong, Exception):
            raise wrong
        body = {"ok": False, "error": wrong} if wrong else getattr(self, method.replace(".", "_"))(**args)
        answer = SlackResponse(
            client=client, http_verb="POST", api_url=method, req_args=args, data=body,
            headers={"Retry-After": "30"} if wrong == "ratelimited" else {},
            status_code=429 if wrong == "ratelimited" else 200,
        )
        if not body["ok"]:
            raise SlackApiError(body["error"], answer)
        return answer

    def ts(self) -> str:
        return f"{self.now().timestamp() + next(self._number) / 1_000_000:.6f}"

    def conversations_open(self, users: str) -> dict[str, Any]:
        return {"ok": True, "channel": {"id": f"D{users}"}}

    def chat_postMessage(self, channel: str, **what: Any) -> dict[str, Any]:
        check(what)
        message = {"type": "message", "ts": self.ts(), "user": BOT, "bot_id": "B", **what}
        self._keep(channel, message)
        root = next((m for m in self.messages[channel] if m["ts"] == what.get("thread_ts")), None)
        follows = root and any(m["user"] != BOT for m in self.thread(channel, root["ts"]))
        if root is None or what.get("reply_broadcast") or follows:
            self.pushes.setdefault(channel, []).append(what["text"])
        return {"ok": True, "channel": channel, "ts": message["ts"]}

    def chat_update(self, channel: str, ts: str, **what: Any) -> dict[str, Any]:
        check(what)
        found = [m for m in self.messages.get(channel, ()) if m["ts"] == ts]
        if not found:
            return {"ok": False, "error": "message_not_found"}
        found[0].update(what)
        return {"ok": True, "channel": channel, "ts": ts}

    def chat_delete(self, channel: str, ts: str) -> dict[str, Any]:
        found = [m for m in self.messages.get(channel, ()) if m["ts"] == ts]
        if not found:
            return {"ok": False, "error": "message_not_found"}
        assert found[0]["user"] == BOT, "a bot cannot delete what a person wrote"
        self.messages[channel].remove(found[0])
        return {"ok": True}

    def reactions_add(self, channel: str, timestamp: str, name: str) -> dict[str, Any]:
        return self._react(channel, timestamp, name, wanted=True)

    def reactions_remove(self, channel: str, timestamp: str, name: str) -> dict[str, Any]:
        return self._react(channel, timestamp, name, wanted=False)

    def _react(self, channel: str, ts: str, name: str, *, wanted: bool) -> dict[str, Any]:
        message = next((m for m in self.messages.get(channel, ()) if m["ts"] == ts), None)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        ours: list[str] = message.setdefault("by_bot", [])
        if (name in ours) is wanted:
            return {"ok": False, "error": "already_reacted" if wanted else "no_reaction"}
        ours.append(name) if wanted else ours.remove(name)
        return {"ok": True}

    def picture(self, user: str, content: bytes = b"pixels", **more: Any) -> str:
        """Somebody has chosen a file in a form; its id."""
        file_id = f"F{len(self.files)}PIC"
        address = f"https://files.slack.com/files-pri/T1-{file_id}/foto.jpg"
        self.files[file_id] = {"id": file_id, "user": user, "mimetype": "image/jpeg", "url_private": address} | more
        self.contents[self.files[file_id]["url_private"]] = content
        return file_id

    def files_info(self, file: str) -> dict[str, Any]:
        return {"ok": True, "file": self.files[file]} if file in self.files else {"ok": False, "error": "file_not_found"}

    def fetch(self, request: Any, **_: Any) -> Any:
        """What stands at url_private, for whoever shows the bot's token."""
        self.calls.append(("download", {"url": request.full_url}))
        assert request.headers["Authorization"].startswith("Bearer ")
        answer = io.BytesIO(self.contents[request.full_url])
        answer.headers = EmailMessage()  # type: ignore[attr-defined]
        answer.headers["Content-Type"] = "image/jpeg"  # type: ignore[attr-defined]
        return answer

    def files_delete(self, file: str) -> dict[str, Any]:
        for channel, messages in self.messages.items():
            self.messages[channel] = [m for m in messages if file not in [each["id"] for each in m.get("files") or ()]]
        return {"ok": True} if self.files.pop(file, None) else {"ok": False, "error": "file_not_found"}

    def files_getUploadURLExternal(self, filename: str, length: int, **_: Any) -> dict[str, Any]:
        file_id = f"F{len(self.files)}UP"
        self.files[file_id] = {"id": file_id, "name": filename, "length": int(length)}
        return {"ok": True, "file_id": file_id, "upload_url": f"https://files.slack.com/upload/{file_id}"}

    def receive(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:
        self.contents[url.rpartition("/")[2]] = data
        return FileUploadV2Result(status=200, body="OK")

    def files_completeUploadExternal(
        self, files: Any, channel_id: str | None = None, thread_ts: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Without a channel the app keeps them."""
        done = [self.files[f["id"]] | {"title": f["title"]} for f in (json.loads(files) if isinstance(files, str) else files)]
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        if channel_id:
            self._keep(channel_id, {"type": "message", "ts": self.ts(), "user": BOT, "files": done, "text": "", **thread})
        return {"ok": True, "files": done}

    def conversations_history(self, channel: str, **_: Any) -> dict[str, Any]:
        shown = [m for m in self.messages.get(channel, ()) if not m.get("thread_ts") or m.get("reply_broadcast")]
        return {"ok": True, "messages": list(reversed(shown))}

    def conversations_replies(self, channel: str, ts: str, **_: Any) -> dict[str, Any]:
        return {"ok": True, "messages": [m for m in self.messages.get(channel, ()) if ts in (m["ts"], m.get("thread_ts"))]}

    def users_conversations(self, **_: Any) -> dict[str, Any]:
        return {"ok": True, "channels": [{"id": channel} for channel in self.messages]}

    def users_list(self, **_: Any) -> dict[str, Any]:
        return {"ok": True, "members": list(self.users.values())}

    def users_info(self, user: str, **_: Any) -> dict[str, Any]:
        return {"ok": True, "user": self.users[user]}

    def views_open(self, trigger_id: str, view: dict[str, Any]) -> dict[str, Any]:
        check(view)
        self.modals[self.triggers[trigger_id]] = view
        return {"ok": True, "view": view}

    def views_update(self, view_id: str, view: dict[str, Any], **_: Any) -> dict[str, Any]:
        check(view)
        self.modals[view_id.removeprefix("V")] = view
        return {"ok": True, "view": view}

    def views_publish(self, user_id: str, view: dict[str, Any]) -> dict[str, Any]:
        check(view)
        self.homes[user_id] = view
        return {"ok": True, "view": view}

    def whisper(self, url: str, body: dict[str, Any]) -> None:
        """response_url: seen by the person who pressed, and by nobody else."""
        self.whispers.setdefault(url.rsplit("/", 1)[-1], []).append(body["text"])

    # ---- reading -----------------------------------------------------------------------------------------

    def _keep(self, channel: str, message: dict[str, Any]) -> None:
        self.messages.setdefault(channel, []).append(message)
        self.messages[channel].sort(key=lambda m: float(m["ts"]))

    def written(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> dict[str, Any]:
        message: dict[str, Any] = {"type": "message", "ts": self.ts(), "user": user, "text": text}
        if thread_ts:
            root = next((m for m in self.messages.get(channel, ()) if m["ts"] == thread_ts), None)
            message |= {"thread_ts": thread_ts} | ({"parent_user_id": root["user"]} if root else {})
        self._keep(channel, message)
        return message

    def thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        return [m for m in self.messages.get(channel, ()) if m.get("thread_ts") == ts]


def check(what: dict[str, Any]) -> None:
    """As strict as Slack about text and blocks."""
    from tests import limits

    limits.check(what)


def words_of(thing: Any) -> str:
    """Everything that can be read in a message or view."""
    if isinstance(thing, dict):
        own = thing.get("text") if isinstance(thing.get("text"), str) and "type" in thing else ""
        return " ".join(filter(None, [own, *(words_of(v) for k, v in thing.items() if isinstance(v, (dict, list)))]))
    if isinstance(thing, list):
        return " ".join(filter(None, map(words_of, thing)))
    return ""


def controls(thing: Any) -> list[dict[str, Any]]:
    """Everything that can be pressed."""
    if isinstance(thing, dict):
        own = [thing] if "action_id" in thing else []
        return own + [c for v in thing.values() for c in controls(v)]
    if isinstance(thing, list):
        return [c for v in thing for c in controls(v)]
    return []


def state(view: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What a form holds: `values` by action_id, else what stood in it from the beginning."""
    found: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            found[block["block_id"]] = {element["action_id"]: _field(element, values.get(element["action_id"]))}
    return found


def _field(element: dict[str, Any], value: Any) -> dict[str, Any]:
    kind = element["type"]
    if kind == "timepicker":
        return {"type": kind, "selected_time": value or element.get("initial_time")}
    if kind == "file_input":
        return {"type": kind, "files": [{"id": v} for v in value or ()]}
    if kind in ("checkboxes", "multi_static_select"):
        chosen = [{"value": v} for v in value] if value is not None else element.get("initial_options", [])
        return {"type": kind, "selected_options": chosen}
    if kind == "users_select":
        return {"type": kind, "selected_user": value or element.get("initial_user")}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": element.get("initial_users", []) if value is None else value}
    if kind == "datepicker":
        return {"type": kind, "selected_date": value or element.get("initial_date")}
    if kind in ("static_select", "radio_buttons"):
        chosen = {"value": value} if value else element.get("initial_option")
        return {"type": kind, "selected_option": chosen}
    return {"type": kind, "value": value or element.get("initial_value")}
