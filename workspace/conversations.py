"""Conversations: direct messages, group messages, channels; who is in them, and how far each has read.

Shape of a conversation: docs.slack.dev/reference/objects/conversation-object.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from workspace import ids
from workspace.journal import Journal
from workspace.shapes import Json

IM, MPIM, CHANNEL, GROUP = "im", "mpim", "channel", "group"
SCOPE_OF = {IM: "im", MPIM: "mpim", CHANNEL: "channels", GROUP: "groups"}
EVENT_OF = {IM: "message.im", MPIM: "message.mpim", CHANNEL: "message.channels", GROUP: "message.groups"}
TYPE_OF = {"im": IM, "mpim": MPIM, "public_channel": CHANNEL, "private_channel": GROUP}


@dataclass
class Conversation:
    """`kind` is Slack's channel_type: im, mpim, channel (public) or group (private). Members are user ids."""

    id: str
    kind: str
    name: str = ""
    topic: str = ""
    members: list[str] = field(default_factory=list)
    creator: str = ""
    created: float = 0.0

    @property
    def is_direct(self) -> bool:
        """Between people, without a name."""
        return self.kind in (IM, MPIM)

    def others(self, who: str) -> list[str]:
        """The members except one."""
        return [member for member in self.members if member != who]


class Conversations:
    """All conversations, who belongs to which, and read marks."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._all: dict[str, Conversation] = {}
        self._of: dict[str, dict[str, None]] = {}
        self._read: dict[tuple[str, str], str] = {}

    def __iter__(self) -> Iterator[Conversation]:
        return iter(self._all.values())

    def get(self, channel: str) -> Conversation | None:
        """By id, or by name with or without #."""
        if found := self._all.get(channel):
            return found
        name = channel.removeprefix("#")
        return next((each for each in self._all.values() if each.name and each.name == name), None)

    def by_id(self, channel: str) -> Conversation | None:
        """By id only, as most Web API methods want it."""
        return self._all.get(channel)

    def of(self, who: str) -> list[Conversation]:
        """Those that somebody is a member of, oldest first."""
        return [self._all[channel] for channel in self._of.get(who, {})]

    def load(self, value: Json) -> None:
        """A conversation out of the journal."""
        self._keep(Conversation(**value))

    def save(self, conversation: Conversation) -> None:
        """New or changed."""
        self._keep(conversation)
        self._journal.put("conversation", conversation.id, asdict(conversation))

    def direct(self, people: Iterable[str], *, now: float) -> tuple[Conversation, bool]:
        """The conversation of exactly these people, and whether it is new. Two of them: im, more: mpim."""
        members = sorted(set(people))
        prefix, kind = ("D", IM) if len(members) <= 2 else ("G", MPIM)
        channel = ids.stable(prefix, *members)
        if found := self._all.get(channel):
            return found, False
        made = Conversation(channel, kind, members=members, creator=members[0], created=now)
        self.save(made)
        return made, True

    def join(self, conversation: Conversation, who: str) -> None:
        """One member more."""
        conversation.members.append(who)
        self.save(conversation)

    def leave(self, conversation: Conversation, who: str) -> None:
        """One member less."""
        conversation.members.remove(who)
        self._of.get(who, {}).pop(conversation.id, None)
        self.save(conversation)

    def last_read(self, who: str, channel: str) -> str:
        """The stamp up to which somebody has read; "0000000000.000000" is nothing yet."""
        return self._read.get((who, channel), "0000000000.000000")

    def mark(self, who: str, channel: str, ts: str) -> None:
        """Set the read mark, forward or back."""
        self._read[who, channel] = ts
        self._journal.put("read", f"{who}/{channel}", ts)

    def load_mark(self, key: str, ts: str) -> None:
        """A read mark out of the journal."""
        who, _, channel = key.partition("/")
        self._read[who, channel] = ts

    def _keep(self, conversation: Conversation) -> None:
        self._all[conversation.id] = conversation
        for member in conversation.members:
            self._of.setdefault(member, {})[conversation.id] = None


def named(name: str, members: list[str], *, topic: str = "", private: bool = False, now: float = 0.0) -> Conversation:
    """A channel; its id belongs to its name."""
    kind = GROUP if private else CHANNEL
    creator = members[0] if members else ""
    return Conversation(ids.stable("C", name), kind, name, topic, members, creator, now)


def read(folder: Path | None) -> list[tuple[str, str, list[str]]]:
    """The rows of `conversations.csv`: name, topic, e-mail addresses of the members. No file, no channels."""
    path = folder / "conversations.csv" if folder else None
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_row(row) for row in csv.DictReader(lines) if row.get("name")]


def _row(row: dict[str, str]) -> tuple[str, str, list[str]]:
    members = [member.strip() for member in (row.get("members") or "").split("|") if member.strip()]
    return row["name"].strip().removeprefix("#"), row.get("topic") or "", members


def conversation_object(conversation: Conversation, *, me: str, team: str) -> Json:
    """A conversation as conversations.info and .list show it to the app (`me`)."""
    if conversation.kind == IM:
        return _im(conversation, me, team)
    return {
        "id": conversation.id,
        "name": conversation.name or f"mpdm-{conversation.id.lower()}",
        "name_normalized": conversation.name or f"mpdm-{conversation.id.lower()}",
        "is_channel": conversation.kind == CHANNEL,
        "is_group": conversation.kind == GROUP,
        "is_im": False,
        "is_mpim": conversation.kind == MPIM,
        "is_private": conversation.kind != CHANNEL,
        "is_archived": False,
        "is_general": conversation.name == "general",
        **dict.fromkeys(("is_shared", "is_frozen", "is_org_shared", "is_ext_shared", "is_pending_ext_shared"), False),
        "is_member": me in conversation.members,
        "created": int(conversation.created),
        "updated": int(conversation.created * 1000),
        "creator": conversation.creator,
        "unlinked": 0,
        "context_team_id": team,
        "shared_team_ids": [team],
        **{key: list[str]() for key in ("pending_shared", "pending_connected_team_ids", "previous_names")},
        "parent_conversation": None,
        "topic": {
            "value": conversation.topic,
            "creator": conversation.creator,
            "last_set": int(conversation.created),
        },
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _im(conversation: Conversation, me: str, team: str) -> Json:
    return {
        "id": conversation.id,
        "created": int(conversation.created),
        "updated": int(conversation.created * 1000),
        "is_archived": False,
        "is_im": True,
        "is_mpim": False,
        "is_private": True,
        "is_org_shared": False,
        "context_team_id": team,
        "user": next(iter(conversation.others(me)), me),
        "is_user_deleted": False,
        "is_open": True,
        "priority": 0,
    }
