"""Web API: views.* and blocks.validate. Source: docs.slack.dev/reference/methods/views.open and its neighbours."""

from workspace import blocks, modals, screens, views
from workspace.calls import Call
from workspace.errors import SlackError
from workspace.schema import Place
from workspace.shapes import Json
from workspace.triggers import Trigger


def open_(call: Call) -> Json:
    """views.open: a modal for the person whose trigger it is."""
    view = _view(call, "modal")
    return {"view": screens.open_modal(call.space, _trigger(call).person, view)}


def push(call: Call) -> Json:
    """views.push: on top of the modal that the trigger came from."""
    view = _view(call, "modal")
    trigger = _trigger(call)
    if trigger.view_id is None or call.space.modals.get(trigger.view_id) is None:
        raise SlackError("not_found")
    return {"view": screens.push_modal(call.space, trigger.person, view)}


def update(call: Call) -> Json:
    """views.update: by view_id or external_id; `hash` of an older version is refused."""
    old = _open_view(call)
    view = _view(call, old["type"], old=old)
    modals.check_hash(old, call.text("hash"))
    return {"view": screens.update(call.space, old, view)}


def publish(call: Call) -> Json:
    """views.publish: somebody's Home."""
    if not call.space.app.home:
        raise SlackError("not_enabled")
    who = call.person("user_id")
    old = call.space.modals.home(who.id)
    view = _view(call, "home", old=old)
    if old:
        modals.check_hash(old, call.text("hash"))
    return {"view": screens.publish(call.space, who.id, view)}


def validate(call: Call) -> Json:
    """blocks.validate: one of `blocks`, `message`, `view`; says what is wrong and where, and does nothing."""
    given = {name: value for name in ("blocks", "message", "view") if (value := call.data(name, "invalid_arguments"))}
    if len(given) != 1:
        raise SlackError("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, message, view"])
    ((name, value),) = given.items()
    place = Place("")
    if name == "view":
        views.faults(value, place, "modal", "home")
    else:
        inner = value.get("blocks") if name == "message" and isinstance(value, dict) else value
        blocks.faults(inner, blocks.MESSAGE, place.at("blocks") if name == "message" else place)
    if place.faults:
        raise SlackError(f"invalid_{name}", errors=[_error(fault) for fault in place.faults])
    return {}


def _error(fault: str) -> Json:
    message, _, pointer = fault.rpartition(" [json-pointer:")
    return {"pointer": pointer.rstrip("]"), "code": "failed_constraint", "message": message}


def _view(call: Call, kind: str, old: Json | None = None) -> Json:
    given = call.data("view", "invalid_arguments")
    if given is None:
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: view"])
    view = views.checked(given, kind)
    taken = call.space.modals.by_external_id(view.get("external_id", ""))
    if taken and (old is None or taken["id"] != old["id"]):
        raise SlackError("duplicate_external_id")
    return view


def _trigger(call: Call) -> Trigger:
    return call.space.triggers.exchange(call.need("trigger_id"))


def _open_view(call: Call) -> Json:
    if not (call.text("view_id") or call.text("external_id")):
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: view_id"])
    found = call.space.modals.get(call.text("view_id")) or call.space.modals.by_external_id(call.text("external_id"))
    if found is None:
        raise SlackError("not_found")
    return found
