"""Who has a chat account: Slack's list of people, matched by e-mail with those who were imported."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import slack_codes
from bot.slack_codes import Meaning
from handlers import profiles
from handlers.desk import Desk
from models import people

log = logging.getLogger(__name__)

QUIET_PAGE = 50
AT_ONCE = 25  # people in one transaction
PAGE = 1000  # users.lookupByEmail would take three hours for 10,000 people; the list takes ten calls


def sync(client: WebClient, desk: Desk) -> int:
    """Store everybody whom Slack knows; how many. A few at a time: nobody waits long for the lock, and ten thousand
    people are not ten thousand writes to the disk.
    """
    count, humans = 0, _humans(client)
    while few := list(islice(humans, AT_ONCE)):
        with desk.db.transaction() as session:
            count += sum(_stored(session, user, desk) for user in few)
    desk.nudge()
    return count


def _stored(session: Any, user: dict[str, Any], desk: Desk) -> bool:
    person = _known(session, user, desk)
    if person is not None:
        profiles.store(session, person, user, desk)
    return person is not None


def _known(session: Any, user: dict[str, Any], desk: Desk) -> people.Person | None:
    """Somebody whose account has ended and who never was ours stays a stranger."""
    known = people.by_chat_user(session, user["id"])
    if known is None and user.get("deleted"):
        return None
    return known or people.first_contact(session, user["id"], now=desk.now())


def _humans(client: WebClient) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
        yield from (u for u in page["members"] if not u.get("is_bot") and u["id"] != "USLACKBOT")
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def listen_for_quiet(client: WebClient, desk: Desk) -> None:
    """Who does not want to be disturbed now, fifty helpers a call; stored as a time (contracts.md)."""
    with desk.db.snapshot() as session:
        helpers = people.helpers(session)
    for start in range(0, len(helpers), QUIET_PAGE):
        page = {p.chat_user_id or "": p.pk for p in helpers[start : start + QUIET_PAGE]}
        told = client.dnd_teamInfo(users=list(page))["users"]
        with desk.db.transaction() as session:
            for user, status in told.items():
                people.quiet(session, page[user], until=_quiet_until(status, desk.now()))


def _quiet_until(status: dict[str, Any], now: datetime) -> datetime | None:
    """The end of the period that is running now; None while she may be disturbed."""
    starts, ends = status.get("next_dnd_start_ts") or 0, status.get("next_dnd_end_ts") or 0
    quiet = status.get("dnd_enabled") and starts <= now.timestamp() < ends
    return datetime.fromtimestamp(ends, UTC) if quiet else None


def complete(client: WebClient, desk: Desk, *, limit: int = 20) -> int:
    """Ask Slack about people who wrote before anybody told us who they are."""
    with desk.db.snapshot() as session:
        strangers = people.without_profile(session, limit=limit)
    for person in strangers:
        user = _info(client, person.chat_user_id or "")
        with desk.db.transaction() as session:
            fresh = people.first_contact(session, user["id"], now=desk.now())
            profiles.store(session, fresh, user, desk)
    return len(strangers)


def _info(client: WebClient, user_id: str) -> dict[str, Any]:
    """Somebody whom Slack does not show us stays nameless, and keeps nobody else waiting for a name."""
    try:
        user: dict[str, Any] = client.users_info(user=user_id, include_locale=True)["user"]
    except SlackApiError as error:
        if slack_codes.meaning(str(error.response.get("error", ""))) is not Meaning.NEVER:
            raise
        log.warning("Slack does not show us %s", user_id)
        return {"id": user_id}
    return user
