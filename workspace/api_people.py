"""Web API: users.*, dnd.*, usergroups.*, bots.*, team.*, auth.*. Source: docs.slack.dev/reference/methods."""

from workspace.calls import Call
from workspace.errors import SlackError
from workspace.people import Person, bot_object, user_object
from workspace.shapes import Json

_NO_DND_END = 7 * 24 * 3600
_MOST_DND_USERS = 50


def test(call: Call) -> Json:
    """api.test: gives back what it got; `error` makes it fail."""
    if error := call.text("error"):
        raise SlackError(error, args=call.args)
    return {"args": {key: value for key, value in call.args.items() if key != "token"}}


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
    return {"user": _user(call, call.person())}


def list_(call: Call) -> Json:
    """users.list: people and the app's own user, 100 a page."""
    everybody: list[Person | None] = [*call.space.people, None]
    found, more = call.page(everybody, lambda who: who.id if who else call.me, 100, 1000)
    members = [_user(call, who) if who else _bot(call) for who in found]
    return {"members": members, "cache_ts": int(call.space.clock.now()), **more}


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: active people only."""
    email = call.need("email")
    person = call.space.people.get(email)
    if person is None or person.deactivated or person.email.lower() != email.lower():
        raise SlackError("users_not_found")
    return {"user": _user(call, person)}


def presence(call: Call) -> Json:
    """users.getPresence."""
    if call.text("user") in ("", call.me):
        return {"presence": "active", "online": True}
    return {"presence": call.person().presence}


def dnd_info(call: Call) -> Json:
    """dnd.info of a person."""
    return _dnd(call, call.person())


def dnd_team_info(call: Call) -> Json:
    """dnd.teamInfo: up to 50 people; unknown ones are left out."""
    users = call.words("users")
    if not users:
        raise SlackError("no_users_provided")
    if len(users) > _MOST_DND_USERS:
        raise SlackError("too_many_users")
    known = [person for who in users if (person := call.space.people.get(who))]
    return {"users": {person.id: _dnd(call, person) for person in known}}


def usergroups(call: Call) -> Json:
    """usergroups.list: there are none here."""
    return {"usergroups": []}


def team_info(call: Call) -> Json:
    """team.info."""
    name = call.space.config.team_name
    about = {"id": call.space.team, "name": name, "domain": name.lower(), "email_domain": "", "icon": {}}
    return {"team": about}


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


def dnd_status(person: Person, now: float) -> Json:
    """The three keys of somebody's do-not-disturb."""
    if not person.is_quiet(now):
        return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    end = person.dnd_until if person.dnd_until is not None else now + _NO_DND_END
    return {"dnd_enabled": True, "next_dnd_start_ts": int(person.dnd_since), "next_dnd_end_ts": int(end)}


def _dnd(call: Call, person: Person) -> Json:
    return dnd_status(person, call.space.clock.now())


def _user(call: Call, person: Person) -> Json:
    return user_object(
        person,
        team=call.space.team,
        base=call.space.base,
        email="users:read.email" in call.space.app.scopes,
        locale=call.flag("include_locale"),
    )


def _bot(call: Call) -> Json:
    app = call.space.app
    return bot_object(app.id, app.bot_id, app.bot_user_id, app.bot_name, team=call.space.team, base=call.space.base)
