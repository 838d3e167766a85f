"""Who has a chat account: Slack's list of people, matched by e-mail with those who were imported."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import slack_codes
from bot.slack_codes import Meaning
from handlers import profiles
from handlers.desk import Desk
from models import jobs, people
from models.db import Session

log = logging.getLogger(__name__)

User = dict[str, Any]  # as Slack tells of somebody

QUIET_PAGE = 50
AT_ONCE = 100  # people in one transaction
FIRST = ("people", "first")  # the job and its slot: the first reading of the list, by one instance
LEASE = timedelta(seconds=30)  # renewed with each part
LOOK = 0.5  # seconds between looks whether another instance is done
PAGE = 1000  # users.lookupByEmail would take three hours for 10,000 people; the list takes ten calls


def is_unread(session: Session) -> bool:
    """Whether this is a first start: the list has never been read to its end."""
    name, slot = FIRST
    known = jobs.finished(session, name, [slot]) or people.has_account(session)
    return not known or jobs.unfinished(session, name, slot)


def meet(client: WebClient, desk: Desk, stop: Event) -> None:
    """The whole list, before anything is heard: a question finds nobody in a municipality without accounts.

    One instance reads while the others wait until it is done; where it has died, another begins anew.
    """
    while not stop.is_set():
        with desk.db.transaction() as session:
            if not is_unread(session):
                return
            mine = jobs.claim(session, *FIRST, now=desk.now(), lease=LEASE)
        if mine:
            _read(client, desk, stop)
        else:
            stop.wait(LOOK)


def _read(client: WebClient, desk: Desk, stop: Event) -> None:
    """Whoever tries next need not wait for the lease of one who failed or was stopped."""
    done = False
    try:
        sync(client, desk, stop)
        done = not stop.is_set()
    finally:
        with desk.db.transaction() as session:
            if done:
                jobs.finish(session, *FIRST, now=desk.now())
            else:
                jobs.prolong(session, *FIRST, now=desk.now(), lease=timedelta())


def sync(client: WebClient, desk: Desk, stop: Event | None = None) -> int:
    """Store everybody whom Slack knows, until `stop`; how many. A part at a time: nobody waits long for the lock, and
    ten thousand people are not ten thousand writes to the disk.
    """
    count, humans = 0, _humans(client)
    while (part := list(islice(humans, AT_ONCE))) and not (stop and stop.is_set()):
        with desk.db.transaction() as session:
            jobs.prolong(session, *FIRST, now=desk.now(), lease=LEASE)
            count += _stored(session, part, desk)
    desk.nudge()
    return count


def _stored(session: Session, part: list[User], desk: Desk) -> int:
    """Somebody whose account has ended and who never was ours stays a stranger."""
    known = people.with_accounts(session, [user["id"] for user in part])
    ours = [user for user in part if user["id"] in known or not user.get("deleted")]
    fresh = [user for user in ours if profiles.says_something_new(known.get(user["id"]), user)]
    for user in fresh:
        profiles.store(session, people.chosen(session, user["id"], profiles.address(user)), user, desk)
    same = {user["id"] for user in ours} - {user["id"] for user in fresh}
    people.seen_again(session, [known[user].pk for user in same if known[user].deactivated_at is None], now=desk.now())
    return len(ours)


def _humans(client: WebClient) -> Iterator[User]:
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
