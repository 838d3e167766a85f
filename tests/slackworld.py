"""A workspace for tests, and the people in it: what they do and what they see, through the real control API.

    with World(tmp_path, people=Path("demo")) as world:
        start_my_bot(base_url=world.api_url, bot_token=world.bot_token, app_token=world.app_token)
        world.wait_connected()
        anna = world.person("anna.alm@lovkoping.example")
        anna.write("Låset piper")
        receipt = anna.sees("Tack")
        anna.press("Ta frågan", message=receipt)

Everything that waits polls with a deadline; nothing sleeps for a fixed time.
"""

import base64
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from workspace import manifest as manifests
from workspace.server import Server
from workspace.space import Config
from workspace.switches import Switches

T = TypeVar("T")
QUICK = {"rate_scale": 0, "redelivery_factor": 0.01}


def wait_for(predicate: Callable[[], T], timeout: float = 5.0, what: str = "") -> T:
    """Ask again and again until the answer is true, and give it back."""
    deadline = time.monotonic() + timeout
    while not (answer := predicate()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what or getattr(predicate, '__name__', predicate)}")
        time.sleep(0.005)
    return answer


class ControlError(Exception):
    """The control API said no; `code` is its error."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('error')}: {body.get('detail')}")
        self.code = body.get("error")


class Control:
    """The control API of one workspace over HTTP; every thread has a connection of its own, kept open."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._local = threading.local()

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """GET, with the query's empty values left out."""
        wanted = {key: value for key, value in query.items() if value not in (None, "", False)}
        return self._ask("GET", f"/control/{path}" + (f"?{urlencode(wanted)}" if wanted else ""), None)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """POST, with the body's Nones left out."""
        return self._ask("POST", f"/control/{path}", {key: value for key, value in body.items() if value is not None})

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            status, raw = self._once(method, path, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._local.connection = None  # an idle connection that the server had closed
            status, raw = self._once(method, path, body)
        answer: dict[str, Any] = json.loads(raw)
        if not answer.get("ok"):
            raise ControlError(status, answer)
        return answer

    def _once(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, bytes]:
        connection = getattr(self._local, "connection", None) or http.client.HTTPConnection(self._host, timeout=30)
        self._local.connection = connection
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.read()


class World:
    """A workspace in a thread of this process, on a free port, with its state in a directory of the test.

    Rate limits are off and redelivery is a hundred times faster unless `switches` say otherwise.
    """

    bot_token, app_token, signing_secret = "xoxb-local", "xapp-local", "local"

    def __init__(
        self,
        state: Path,
        *,
        people: Path | None = None,
        manifest: dict[str, Any] | None = None,
        fresh: bool = False,
        events_url: str | None = None,
        port: int = 0,
        **switches: Any,
    ) -> None:
        self._state, self._people, self._fresh, self._port = Path(state), people, fresh, port
        self._app = manifests.app(manifest)
        self._events_url = events_url
        self._switches = QUICK | switches
        self._server: Server | None = None
        self._persons: dict[str, Person] = {}

    def start(self) -> "World":
        """Start, or start again with the state that was kept."""
        turned = Switches()
        turned.turn(self._switches)
        config = Config(
            self._state / "workspace",
            self._people,
            fresh=self._fresh,
            app=self._app,
            events_url=self._events_url,
            switches=turned,
        )
        self._server = Server(config, self._port).start()
        self._port = int(self._server.url.rpartition(":")[2])
        return self.connect(self._server.url)

    def connect(self, url: str) -> "World":
        """Speak to a workspace that runs elsewhere, instead of starting one."""
        self.url = url.rstrip("/")
        self.control = Control(self.url.removeprefix("http://"))
        return self

    def stop(self) -> None:
        """Stop; the state stays."""
        if self._server:
            self._server.stop()
            self._server = None
        self._fresh = False

    def restart(self) -> None:
        """Stop and start, with the same address and state."""
        self.stop()
        self.start()

    def __enter__(self) -> "World":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The base_url for a WebClient."""
        return f"{self.url}/api/"

    @property
    def space(self) -> Any:
        """The parts of the running workspace, for tests of the workspace itself."""
        assert self._server is not None
        return self._server.space

    @property
    def app(self) -> dict[str, Any]:
        """The App of the control API."""
        return self.control.get("app")["app"]

    def person(self, who: str) -> "Person":
        """Somebody, by e-mail or id."""
        if who not in self._persons:
            self._persons[who] = Person(self, self.control.get(f"people/{quote(who)}")["person"])
        return self._persons[who]

    def people(self) -> list["Person"]:
        """Everybody."""
        return [self.person(each["id"]) for each in self.control.get("people")["people"]]

    def add_person(self, email: str, name: str, **about: Any) -> "Person":
        """Somebody new."""
        return self.person(self.control.post("people", email=email, name=name, **about)["person"]["id"])

    def add_channel(self, name: str, members: Iterable["Person"] = (), **about: Any) -> str:
        """A new channel; its id."""
        return self.control.post("channels", name=name, members=[each.id for each in members], **about)["channel"]

    def switch(self, **switches: Any) -> dict[str, Any]:
        """Turn switches; all of them come back."""
        return self.control.post("switches", **switches)["switches"]

    def drop_sockets(self, how: str = "abrupt", **more: Any) -> int:
        """Break the app's connections: abrupt, close, refresh."""
        return self.control.post("sockets/drop", how=how, **more)["dropped"]

    def wait_connected(self, connections: int = 1, timeout: float = 10.0) -> None:
        """Wait until the app has so many sockets open."""
        wait_for(lambda: self.app["connected"] == connections, timeout, f"{connections} connections")

    def idle(self, timeout: float = 5.0, quiet: float = 0.05) -> None:
        """Wait until every envelope is acked or given up and the app makes no calls."""
        done = self.control.post("idle", timeout=timeout, quiet=quiet)
        assert done["idle"], f"still waiting for {done['waiting']} envelopes"

    def traffic(self, **wanted: Any) -> list[dict[str, Any]]:
        """Rows of the inspector."""
        return self.control.get("traffic", **wanted)["traffic"]

    def calls(self, method: str | None = None, **wanted: Any) -> list[dict[str, Any]]:
        """The app's calls."""
        return self.traffic(kind="call", method=method, limit=wanted.pop("limit", 5000), **wanted)

    def envelopes(self, **wanted: Any) -> list[dict[str, Any]]:
        """The envelopes to the app."""
        return self.traffic(kind="envelope", limit=wanted.pop("limit", 5000), **wanted)

    def counts(self) -> dict[str, int]:
        """Calls per method since the last reset."""
        return self.control.get("traffic", limit=1)["counts"]

    @contextmanager
    def in_background(self) -> Iterator[Callable[..., "Future[Any]"]]:
        """Let people act while the test plays the app: `run(anna.press, "Ja")` gives a future."""
        with ThreadPoolExecutor() as pool:
            yield pool.submit

    def reset_traffic(self) -> None:
        """Forget the traffic so far."""
        self.control.post("traffic/reset")


class Message(dict[str, Any]):
    """A message as somebody sees it. `words` is everything there is to read, `buttons` everything there is to press."""

    @property
    def ts(self) -> str:
        return str(self["ts"])

    @property
    def channel(self) -> str:
        return str(self["channel"])

    @property
    def words(self) -> str:
        """Text and all texts of the blocks."""
        return "\n".join([self.get("text", ""), *_texts(self.get("blocks", []))])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons."""
        return [_label(each) for _, each in _elements(self.get("blocks", [])) if each["type"] == "button"]

    @property
    def container(self) -> dict[str, Any]:
        return {"type": "message", "channel": self.channel, "ts": self.ts}


class View(dict[str, Any]):
    """A modal or a Home."""

    @property
    def title(self) -> str:
        return str((self.get("title") or {}).get("text", ""))

    @property
    def words(self) -> str:
        """Title and all texts of the blocks."""
        return "\n".join([self.title, *_texts(self["blocks"])])

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons."""
        return [_label(each) for _, each in _elements(self["blocks"]) if each["type"] == "button"]

    @property
    def container(self) -> dict[str, Any]:
        return {"type": "home"} if self["type"] == "home" else {"type": "view", "view_id": self["id"]}


Place = Message | View


class Person:
    """Somebody in the workspace."""

    def __init__(self, world: World, about: dict[str, Any]) -> None:
        self.world = world
        self.id: str = about["id"]
        self.email: str = about["email"]
        self.name: str = about["name"]

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def do(self, verb: str, **body: Any) -> dict[str, Any]:
        """Any verb of the control API."""
        return self.world.control.post(f"people/{self.id}/{verb}", **body)

    def get(self, what: str, **query: Any) -> dict[str, Any]:
        """Anything that can be read of her."""
        return self.world.control.get(f"people/{self.id}/{what}", **query)

    # what she does

    def write(
        self, text: str, channel: str | None = None, thread: "str | Message | None" = None, **more: Any
    ) -> Message:
        """A message; to the app if no channel is named. `broadcast=True`, `wait=True`, `files=[ids]`."""
        parent = thread.ts if isinstance(thread, Message) else thread
        if isinstance(thread, Message):
            channel = channel or thread.channel
        return Message(self.do("write", text=text, channel=channel, thread_ts=parent, **more)["message"])

    def edit(self, message: Message, text: str, **more: Any) -> Message:
        """Other words."""
        return Message(self.do("edit", channel=message.channel, ts=message.ts, text=text, **more)["message"])

    def delete(self, message: Message, **more: Any) -> None:
        """Her message is gone."""
        self.do("delete", channel=message.channel, ts=message.ts, **more)

    def react(self, message: Message, name: str, **more: Any) -> None:
        """An emoji."""
        self.do("react", channel=message.channel, ts=message.ts, name=name, **more)

    def unreact(self, message: Message, name: str, **more: Any) -> None:
        """No emoji."""
        self.do("unreact", channel=message.channel, ts=message.ts, name=name, **more)

    def press(self, button: str, message: Place | None = None, value: Any = None) -> dict[str, Any]:
        """Press a button (by its words or action_id): in the place given, else in her open modal, else in the newest
        message to her that has it."""
        place, block, element = self._find(button, message)
        return self.do(
            "act",
            container=place.container,
            block_id=block["block_id"],
            action_id=element["action_id"],
            value=value,
        )

    def choose(self, element: str, choice: Any, message: Place | None = None) -> dict[str, Any]:
        """Choose in a select, a picker, checkboxes (lists), an overflow menu: by action_id, placeholder or label;
        options by their words or values."""
        place, block, found = self._find(element, message)
        return self.do(
            "act",
            container=place.container,
            block_id=block["block_id"],
            action_id=found["action_id"],
            value=_value(found, choice),
        )

    def options(self, element: str, query: str = "", message: Place | None = None) -> list[dict[str, Any]]:
        """What an external select offers."""
        place, block, found = self._find(element, message)
        answer = self.do(
            "options",
            container=place.container,
            block_id=block["block_id"],
            action_id=found["action_id"],
            query=query,
        )
        return answer.get("options") or [each for group in answer["option_groups"] for each in group["options"]]

    def submit(self, values: dict[str, Any] | None = None, view: View | None = None) -> dict[str, Any]:
        """Submit her open modal. Keys of `values`: labels, block_ids or action_ids; options by words or values."""
        view = view or self.modal()
        filled: dict[str, dict[str, Any]] = {}
        for key, value in (values or {}).items():
            block, element = _named(view, key)
            filled.setdefault(block["block_id"], {})[element["action_id"]] = _value(element, value)
        return self.do("submit", view_id=view["id"], values=filled)

    def close(self, *, everything: bool = False) -> dict[str, Any]:
        """Close her open modal, or all of them."""
        return self.do("close", view_id=self.modal()["id"], all=everything)

    def shortcut(self, callback_id: str, message: Message | None = None) -> dict[str, Any]:
        """A shortcut, global or on a message."""
        where = {"channel": message.channel, "ts": message.ts} if message else {}
        return self.do("shortcut", callback_id=callback_id, **where)

    def command(self, text: str, channel: str | None = None) -> dict[str, Any]:
        """A slash command."""
        return self.do("command", text=text, channel=channel)

    def upload(self, name: str, content: bytes, **more: Any) -> Message:
        """A file into a conversation."""
        return Message(self.do("upload", name=name, content=base64.b64encode(content).decode(), **more)["message"])

    def read(self, channel: str | None = None) -> None:
        """Everything read."""
        self.do("read", channel=channel)

    def set(self, **about: Any) -> None:
        """presence, dnd, language, deactivated, …"""
        self.do("set", **about)

    # what she sees

    def dm(self) -> str:
        """The id of her conversation with the app."""
        return self.get("messages", limit=1)["channel"]

    def messages(self, channel: str | None = None, limit: int = 200) -> list[Message]:
        """A conversation, oldest first; hers with the app if none is named."""
        return [Message(each) for each in self.get("messages", channel=channel, limit=limit)["messages"]]

    def thread(self, parent: "str | Message", channel: str | None = None) -> list[Message]:
        """A thread: the parent and its replies."""
        ts = parent if isinstance(parent, str) else parent.ts
        channel = channel or (None if isinstance(parent, str) else parent.channel)
        return [Message(each) for each in self.get("messages", channel=channel, thread_ts=ts, limit=500)["messages"]]

    def sees(
        self,
        words: str,
        channel: str | None = None,
        thread: "str | Message | None" = None,
        timeout: float = 5.0,
    ) -> Message:
        """Wait until a message with these words is there; the newest one."""

        def newest() -> Message | None:
            found = self.messages(channel) if thread is None else self.thread(thread, channel)
            return next((each for each in reversed(found) if words in each.words), None)

        seen = wait_for(newest, timeout, f"{self.name} sees {words!r}")
        assert seen is not None
        return seen

    def again(self, message: Message) -> Message:
        """The same message as it is now."""
        channel = message.channel
        parent = message.get("thread_ts")
        found = self.thread(parent, channel) if parent and parent != message.ts else self.messages(channel)
        return next(each for each in found if each.ts == message.ts)

    def views(self) -> list[View]:
        """Her modals, bottom first."""
        return [View(each) for each in self.get("views")["views"]]

    def modal(self, timeout: float = 3.0) -> View:
        """The modal that she sees; waits for one."""
        return wait_for(self.views, timeout, f"{self.name} sees a modal")[-1]

    def home(self, timeout: float = 5.0) -> View:
        """Open Home and wait until the app has answered."""
        self.do("home", wait=True)
        return View(wait_for(lambda: self.get("home")["home"], timeout, f"{self.name} has a Home"))

    def pushes(self, since: int = 0, *, silent: bool = False) -> list[dict[str, Any]]:
        """What made her phone buzz; with `silent`, what did not as well."""
        return self.get("pushes", since=since, all=int(silent))["pushes"]

    def conversations(self) -> list[dict[str, Any]]:
        """Her sidebar."""
        return self.get("conversations")["conversations"]

    def unread(self, channel: str | None = None) -> int:
        """Unread messages in a conversation."""
        wanted = channel or self.dm()
        return next(each["unread"] for each in self.conversations() if each["id"] == wanted)

    def _find(self, wanted: str, place: Place | None) -> tuple[Place, dict[str, Any], dict[str, Any]]:
        places: list[Place] = [place] if place is not None else [*self.views()[-1:], *reversed(self.messages())]
        for each in places:
            for block, element in _elements(each.get("blocks", [])):
                if wanted in (element.get("action_id"), _label(element), _block_label(block)):
                    return each, block, element
        seen = [_label(element) for each in places for _, element in _elements(each.get("blocks", []))]
        raise AssertionError(f"{self.name} sees no {wanted!r}, only {seen}")


def _elements(blocks: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (block, element)
        for block in blocks
        for element in [
            block.get("accessory"),
            block.get("element"),
            *block.get("elements", []),
            *_buttons(block),
        ]
        if isinstance(element, dict) and "action_id" in element
    ]


def _buttons(block: dict[str, Any]) -> list[dict[str, Any]]:
    cards = block.get("elements", []) if block["type"] == "carousel" else [block]
    return [button for card in cards for button in card.get("actions", [])]


def _label(element: dict[str, Any]) -> str:
    return str((element.get("text") or element.get("placeholder") or {}).get("text", element["action_id"]))


def _block_label(block: dict[str, Any]) -> str | None:
    return (block.get("label") or {}).get("text")


def _named(view: View, key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block, element in _elements(view["blocks"]):
        if key in (block["block_id"], element["action_id"], _block_label(block)):
            return block, element
    raise AssertionError(f"the modal {view.title!r} has no {key!r}")


def _value(element: dict[str, Any], choice: Any) -> Any:
    """Options may be named by their words."""
    if isinstance(choice, list):
        return [_value(element, each) for each in choice]
    groups = [group["options"] for group in element.get("option_groups", [])]
    for option in [each for options in [element.get("options", []), *groups] for each in options]:
        if choice in (option.get("value"), option["text"]["text"]):
            return option["value"]
    return choice


def _texts(value: Any) -> list[str]:
    """All texts in blocks, in reading order."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for inner in value.values() if isinstance(inner, dict | list) for text in _texts(inner)]
