"""What people do with the app: touch elements, fill in and submit modals, open Home, use shortcuts and commands.

Each verb waits for the app's ack, at most three seconds, and says what the person would see if it did not come.
"""

from typing import Any

from workspace import answering, elements, events, payloads, screens, sight, views
from workspace.acting import Verb, app_conversation, find_message, need, place, told
from workspace.blocks import PLAIN_OPTION, options_of
from workspace.composer import as_slack
from workspace.conversations import Conversation
from workspace.delivery import COMMANDS, INTERACTIVE, Ack
from workspace.errors import Refused, SlackError, not_found
from workspace.people import Person
from workspace.schema import Place, items, shape
from workspace.sentences import say
from workspace.shapes import Json
from workspace.space import Space

_OPTIONS = shape({"options": items(PLAIN_OPTION, 100, 0)}, loose=True)


async def act(space: Space, person: Person, body: Json) -> Json:
    """Touch an element of a message, of a modal or of Home."""
    where = _Where(space, person, need(body, "container"))
    block, element = elements.find(where.blocks, body.get("block_id"), str(need(body, "action_id")))
    changed = _remembered(where, block, element, body.get("value"))
    if not elements.sends_at_once(block, element, str(body.get("trigger", "on_enter_pressed"))):
        return {"sent": False, "acked": None, "sentence": None}
    action = elements.action(element, block, body.get("value"), changed, space.stamps.next())
    payload = payloads.base(space, person, "block_actions") | where.payload() | {"actions": [action]}
    payload["trigger_id"] = space.triggers.give(person.id, where.modal_id)
    if where.message:
        answer = payloads.answer_on(person, where.conversation, where.message, space.clock.now())
        payload["response_url"] = space.answers.give(space.base, answer)
    return _outcome(space, person, await _asked(space, payload), "no_answer")


async def options(space: Space, person: Person, body: Json) -> Json:
    """What an external select offers for some letters."""
    where = _Where(space, person, need(body, "container"))
    block, element = elements.find(where.blocks, body.get("block_id"), str(need(body, "action_id")))
    payload = payloads.base(space, person, "block_suggestion") | where.payload()
    payload.pop("state", None)
    payload |= {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": str(body.get("query", "")),
    }
    ack = await _asked(space, payload)
    offered = _offered(ack.payload)
    where.offer(element, options_of(offered))
    outcome = _outcome(space, person, ack, "no_options")
    if ack.in_time and not _sound_options(offered):
        outcome["sentence"] = say("no_options", person.language)
        offered = {"options": []}
    return {**outcome, **offered}


async def submit(space: Space, person: Person, body: Json) -> Json:
    """Submit a modal: what the form itself refuses, then what the app says."""
    view = _modal(space, person, body)
    _fill_in(space, view, body.get("values") or {})
    if wrong := elements.missing(view["blocks"], view["state"]["values"]):
        errors = {block_id: say(key, person.language, number=number) for block_id, (key, number) in wrong.items()}
        return _with_errors(space, person, view, errors) | {"sent": False, "acked": None, "sentence": None}
    view.pop("errors", None)
    payload = payloads.base(space, person, "view_submission") | {
        "trigger_id": space.triggers.give(person.id, view["id"]),
        "view": payloads.without_errors(view),
        "response_urls": [],
    }
    ack = await _asked(space, payload)
    return _outcome(space, person, ack, "no_answer_form") | _submitted(space, person, view["id"], ack)


async def close(space: Space, person: Person, body: Json) -> Json:
    """Close a modal and those above it, or the whole stack."""
    stack = space.modals.stack(person.id)
    view = _modal(space, person, body) if body.get("view_id") else stack[-1] if stack else None
    if view is None:
        raise not_found("view", body.get("view_id"))
    everything = bool(body.get("all")) or view["clear_on_close"]
    closed = screens.close(space, person.id, stack[0]["id"] if everything else view["id"])
    acks = [await _told_closed(space, person, each, cleared=everything) for each in closed if each["notify_on_close"]]
    outcome = {
        "sent": bool(acks),
        "acked": all(ack.in_time for ack in acks) if acks else None,
        "sentence": None,
    }
    return outcome | {"views": space.modals.stack(person.id)}


async def home(space: Space, person: Person, body: Json) -> Json:
    """Open the app: its Home, or its messages."""
    tab = str(body.get("tab", "home"))
    sent = events.home_opened(space, person.id, app_conversation(space, person).id, tab)
    outcome = await told(space, sent, body)
    return {"home": space.modals.home(person.id), **outcome}


async def shortcut(space: Space, person: Person, body: Json) -> Json:
    """A shortcut: global, or on a message."""
    kind = "message" if body.get("ts") else "global"
    callback_id = str(need(body, "callback_id"))
    if space.app.shortcut(callback_id, kind) is None:
        raise not_found("shortcut", callback_id)
    payload = payloads.shortcut(space, person, callback_id)
    if kind == "message":
        payload |= _on_message(space, person, body)
    outcome = _outcome(space, person, await _asked(space, payload), "no_answer")
    return outcome | {"views": space.modals.stack(person.id)}


async def command(space: Space, person: Person, body: Json) -> Json:
    """A slash command, typed into a conversation."""
    name, _, text = str(need(body, "text")).strip().partition(" ")
    if space.app.command(name) is None:
        raise Refused("unknown_command", f"{name} is no command of the app", 404)
    conversation = place(space, person, body)
    payload = payloads.command(space, person, conversation, name, text.strip())
    ack = await space.delivery.ask(COMMANDS, payload)
    outcome = _outcome(space, person, ack, "no_answer_command", command=name)
    return outcome | {"response": _immediate(space, person, payload, conversation, ack)}


class _Where:
    """The container of an element: a message, an ephemeral message, a modal, or Home."""

    def __init__(self, space: Space, person: Person, container: Json) -> None:
        self._space = space
        self._person = person
        self.message: Json | None = None
        self.view: Json | None = None
        if container.get("type") == "message":
            self.conversation = place(space, person, container)
            self.message = self._find(str(need(container, "ts")))
        else:
            self.view = self._find_view(container)

    @property
    def blocks(self) -> list[Json]:
        """The blocks to look in."""
        found: list[Json] = (self.message or self.view or {}).get("blocks", [])
        attached = (self.message or {}).get("attachments", [])
        return found + [block for each in attached for block in each.get("blocks", [])]

    @property
    def modal_id(self) -> str | None:
        """The id of the modal, if it is one: a trigger from there may push."""
        return self.view["id"] if self.view and self.view["type"] == "modal" else None

    @property
    def state(self) -> elements.Values:
        """What she has chosen here so far."""
        if self.view:
            values: elements.Values = self.view["state"]["values"]
            return values
        return sight.state(self._space, self._person.id, self.conversation.id, self.message or {})

    def remember(self, block_id: str, action_id: str, entry: Json) -> None:
        """She has chosen something."""
        values = self.state
        values.setdefault(block_id, {})[action_id] = entry
        if self.view:
            screens.changed(self._space, self.view)
        elif self.message:
            self._space.ephemera.remember(self._person.id, self.conversation.id, self.message["ts"], values)

    def payload(self) -> Json:
        """Container, and message or view, for the app."""
        if self.message:
            return payloads.on_message(self._space, self._person, self.conversation, self.message)
        return payloads.on_view(self.view or {})

    def offer(self, element: Json, offered: list[Json]) -> None:
        """Options that she may choose from now on."""
        self._space.ephemera.offered[self._person.id, element["action_id"]] = offered

    def offered(self, element: Json, value: Any) -> list[Json]:
        """Options that were offered; for an external select, whole options that the page sends as well."""
        known: list[Json] = self._space.ephemera.offered.get((self._person.id, element["action_id"]), [])
        external = element["type"] in ("external_select", "multi_external_select")
        given = value if isinstance(value, list) else [value]
        return known + [each for each in given if external and isinstance(each, dict)]

    def entry(self, element: Json, value: Any) -> Json:
        return _entry(self._space, element, value, self.offered(element, value))

    def _find(self, ts: str) -> Json:
        hers = self._space.ephemera.get(self._person.id, self.conversation.id, ts)
        return hers or find_message(self._space, self.conversation, ts)

    def _find_view(self, container: Json) -> Json:
        if container.get("type") == "home":
            found = self._space.modals.home(self._person.id)
        else:
            found = self._space.modals.get(str(container.get("view_id")))
        if found is None or self._space.modals.owner(found["id"]) != self._person.id:
            raise not_found("view", container.get("view_id", "home"))
        return found


def _remembered(where: _Where, block: Json, element: Json, value: Any) -> Json:
    """The new state entry of the element; {} for buttons."""
    if element["type"] not in elements.FIELDS:
        return {}
    changed = where.entry(element, value)
    if element["type"] != "overflow":
        where.remember(block["block_id"], element["action_id"], changed)
    return changed


def _outcome(space: Space, person: Person, ack: Ack, key: str, **parts: str) -> Json:
    sentence = None if ack.in_time else say(key, person.language, app=space.app.bot_name, **parts)
    return {"sent": True, "acked": ack.in_time, "sentence": sentence}


def _offered(payload: Any) -> Json:
    given = payload if isinstance(payload, dict) else {}
    return {key: given[key] for key in ("options", "option_groups") if given.get(key)} or {"options": []}


def _sound_options(offered: Json) -> bool:
    checked = Place("")
    for group in offered.get("option_groups", [offered]):
        _OPTIONS(group, checked)
    return not checked.faults


def _modal(space: Space, person: Person, body: Json) -> Json:
    view = space.modals.get(str(need(body, "view_id")))
    if view is None or view["type"] != "modal" or space.modals.owner(view["id"]) != person.id:
        raise not_found("view", body["view_id"])
    return view


def _fill_in(space: Space, view: Json, given: Json) -> None:
    where_values: elements.Values = view["state"]["values"]
    for block_id, actions in given.items():
        for action_id, value in actions.items():
            block, element = elements.find(view["blocks"], block_id, action_id)
            offered = space.ephemera.offered.get((space.modals.owner(view["id"]), action_id), [])
            offered = offered + [each for each in _as_list(value) if isinstance(each, dict)]
            where_values.setdefault(block["block_id"], {})[action_id] = _entry(space, element, value, offered)
    space.modals.save(view)


def _entry(space: Space, element: Json, value: Any, offered: list[Json]) -> Json:
    """As `elements.entry`; of a file a person chooses one that is uploaded, and the app is told all about it."""
    entry = elements.entry(element, value, offered)
    if element["type"] == "file_input":
        entry["files"] = [space.files.known(file_id) for file_id in entry["files"]]
    return entry


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _with_errors(space: Space, person: Person, view: Json, errors: Json) -> Json:
    view["errors"] = errors
    screens.changed(space, view)
    return {"response_action": "errors", "errors": errors, "views": space.modals.stack(person.id)}


def _submitted(space: Space, person: Person, view_id: str, ack: Ack) -> Json:
    """Do what the app answered to a submission. Without an ack the form stays as it is."""
    payload = ack.payload if isinstance(ack.payload, dict) else {}
    action = payload.get("response_action")
    result: Json = {"response_action": action, "errors": {}}
    try:
        if ack.in_time:
            result |= _responded(space, person, view_id, action, payload)
    except SlackError as error:
        sentence = say("bad_view", person.language, app=space.app.bot_name)
        result |= {"sentence": sentence, "error": error.code, "messages": error.messages}
    return result | {"views": space.modals.stack(person.id)}


def _responded(space: Space, person: Person, view_id: str, action: Any, payload: Json) -> Json:
    view = space.modals.get(view_id)
    if action == "errors":
        return _errors(space, person, view, payload.get("errors"))
    if action == "clear":
        screens.close(space, person.id, space.modals.stack(person.id)[0]["id"]) if view else None
    elif action == "update" and view:
        screens.update(space, view, views.checked(payload.get("view"), "modal"))
    elif action == "push":
        screens.push_modal(space, person.id, views.checked(payload.get("view"), "modal"))
    elif action is None and view and space.modals.stack(person.id)[-1]["id"] == view_id:
        screens.close(space, person.id, view_id)
    return {}


def _errors(space: Space, person: Person, view: Json | None, given: Any) -> Json:
    """Errors belong to blocks of the form; Slack shows none of others, and says that something went wrong."""
    inputs = {block["block_id"] for block in (view or {}).get("blocks", []) if block["type"] == "input"}
    if view is None or not isinstance(given, dict) or not given or set(given) - inputs:
        raise SlackError("invalid_arguments", messages=["[ERROR] errors must name block_ids of input blocks"])
    return _with_errors(space, person, view, given)


async def _told_closed(space: Space, person: Person, view: Json, *, cleared: bool) -> Ack:
    payload = payloads.base(space, person, "view_closed")
    return await _asked(space, payload | {"view": payloads.without_errors(view), "is_cleared": cleared})


async def _asked(space: Space, payload: Json) -> Ack:
    """What the app says to an interaction. With interactivity switched off in its manifest it hears of none."""
    if not space.app.interactive:
        raise Refused("not_interactive", "interactivity is switched off in the app's manifest")
    return await space.delivery.ask(INTERACTIVE, payload)


def _on_message(space: Space, person: Person, body: Json) -> Json:
    conversation = place(space, person, body)
    message = find_message(space, conversation, str(body["ts"]))
    answer = payloads.answer_on(person, conversation, message, space.clock.now())
    return {
        "type": "message_action",
        "user": payloads.actor(space, person),
        "channel": payloads.channel(conversation),
        "message_ts": message["ts"],
        "message": as_slack(message),
        "response_url": space.answers.give(space.base, answer),
    }


def _immediate(space: Space, person: Person, payload: Json, conversation: Conversation, ack: Ack) -> Json | None:
    """The reply that came in the ack of a command."""
    if not ack.payload:
        return None
    answer = space.answers.use(payload["response_url"].rpartition("/")[2])
    said = answering.respond(space, answer, ack.payload) if answer else None
    return sight.message(space, person.id, conversation.id, said) if said else None


VERBS: dict[str, Verb] = {
    "act": act,
    "options": options,
    "submit": submit,
    "close": close,
    "home": home,
    "shortcut": shortcut,
    "command": command,
}
