"""Web API: users.*, dnd.*, usergroups.*, bots.*, team.*, auth.*. Source: docs.slack.dev/reference/methods."""

from workspace.calls import Call
from workspace.errors import SlackError
from workspace.people import NOT_QUIET, Person, bot_object, dnd_status, user_object
from workspace.shapes import Json

_MOST_DND_USERS = 50


def test(call: Call) -> Json:
    """api.test: gives back what it got; `error` makes it fail."""
    if error := call.text("error"):
        raise SlackError(error, args=call.args)
    return {"args": {key: call.given(key) for key in call.args if key != "token"}}


def auth_test(call: Call) -> Json:
    """auth.test."""
    space = call.space
    return {
        "url": f"{space.base}/",
        "team": space.config.team_name,
        "user": space.app.bot_name.lower().replace(" ", ""),
        "team_id": space.team,
        "user_id": space.app.bot_user_id,
        "bot_id": space.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    """apps.connections.open."""
    return {"url": call.space.sockets.address(call.space.base)}


def info(call: Call) -> Json:
    """users.info."""
    if call.text("user") == call.me:
        return {"user": _bot(call)}
    return {"user": _user(call, call.person(), locale=call.flag("include_locale"))}


def list_(call: Call) -> Json:
    """users.list: people and the app's own user, 100 a page."""
    everybody: list[Person | None] = [*call.space.people, None]
    found, more = call.page(everybody, lambda who: who.id if who else call.me, 100, 1000)
    locale = call.flag("include_locale")
    members = [_user(call, who, locale=locale) if who else _bot(call) for who in found]
    return {"members": members, "cache_ts": int(call.space.clock.now()), **more}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: active people only."""
    email = call.need("email")
    person = call.space.people.get(email)
    if person is None or person.deactivated or person.email.lower() != email.lower():
        raise SlackError("users_not_found")
    return {"user": _user(call, person, locale=False)}


def presence(call: Call) -> Json:
    """users.getPresence."""
    if call.text("user") in ("", call.me):
        return {"presence": "active", "online": True}
    return {"presence": call.person().presence}


def dnd_info(call: Call) -> Json:
    """dnd.info of a person; of the app itself, which is never quiet, if none is named."""
    if call.text("user") in ("", call.me):
        return dict(NOT_QUIET)
    return dnd_status(call.person(), call.space.clock.now())


def dnd_team_info(call: Call) -> Json:
    """dnd.teamInfo: up to 50 people; unknown ones are left out."""
    users = call.words("users")
    if not users:
        raise SlackError("no_users_provided")
    if len(users) > _MOST_DND_USERS:
        raise SlackError("too_many_users")
    known = [person for who in users if (person := call.space.people.get(who))]
    now = call.space.clock.now()
    return {"users": {person.id: dnd_status(person, now) for person in known}}


def usergroups(call: Call) -> Json:
    """usergroups.list: there are none here."""
    return {"usergroups": []}


def team_info(call: Call) -> Json:
    """team.info: there is one team here."""
    space, name = call.space, call.space.config.team_name
    if call.text("team", space.team) != space.team or call.text("domain", name.lower()) != name.lower():
        raise SlackError("team_not_found")
    picture = f"{space.base}/avatars/{space.team}.svg"
    icon: Json = {f"image_{size}": picture for size in (34, 44, 68, 88, 102, 132, 230)} | {"image_default": True}
    about = {"id": space.team, "name": name, "domain": name.lower(), "email_domain": "", "icon": icon}
    return {"team": about | {"url": f"{space.base}/"}}


def bots_info(call: Call) -> Json:
    """bots.info of the app's bot."""
    app = call.space.app
    if call.need("bot") != app.bot_id:
        raise SlackError("bot_not_found")
    icons = {f"image_{size}": f"{call.space.base}/avatars/{app.bot_user_id}.svg" for size in (36, 48, 72)}
    about = {"id": app.bot_id, "app_id": app.id, "user_id": app.bot_user_id, "name": app.bot_name}
    return {"bot": about | {"deleted": False, "updated": 0, "icons": icons}}


def emoji(call: Call) -> Json:
    """emoji.list: no emoji of the workspace's own."""
    return {"emoji": {}, "cache_ts": str(call.space.clock.now())}


def _user(call: Call, person: Person, *, locale: bool) -> Json:
    return user_object(
        person,
        team=call.space.team,
        base=call.space.base,
        email="users:read.email" in call.space.app.scopes,
        locale=locale,
    )


def _bot(call: Call) -> Json:
    app = call.space.app
    return bot_object(app.id, app.bot_id, app.bot_user_id, app.bot_name, team=call.space.team, base=call.space.base)
