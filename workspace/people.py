"""The people of the workspace, as a CSV folder names them, and what the Web API tells about them.

Shape of a user: docs.slack.dev/reference/objects/user-object.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from workspace import ids
from workspace.journal import Journal
from workspace.shapes import Json

TZ = "Europe/Stockholm"
LOCALES = {"sv": "sv-SE", "en": "en-GB"}


@dataclass
class Person:
    """`dnd_until` is when do-not-disturb ends (None: no end), and counts only while `dnd` is set."""

    id: str
    email: str
    name: str
    title: str = ""
    kind: str = "personal"
    language: str = "sv"
    locale: str = "sv-SE"
    presence: str = "active"
    dnd: bool = False
    dnd_since: float = 0.0
    dnd_until: float | None = None
    deactivated: bool = False
    updated: float = 0.0

    @property
    def handle(self) -> str:
        """Slack's `name`: the part of the address before the @."""
        return self.email.partition("@")[0].lower()

    def is_quiet(self, now: float) -> bool:
        """Whether her phone is silent at this moment."""
        return self.dnd and (self.dnd_until is None or now < self.dnd_until)


class People:
    """All people, in the order in which they came. Found by id or by e-mail address."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._people: dict[str, Person] = {}
        self._by_email: dict[str, str] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def __len__(self) -> int:
        return len(self._people)

    def get(self, who: str) -> Person | None:
        """By id or e-mail; None if nobody is called that."""
        return self._people.get(self._by_email.get(who.lower(), who))

    def load(self, value: Json) -> None:
        """A person out of the journal."""
        self._keep(Person(**value))

    def save(self, person: Person) -> None:
        """New or changed."""
        self._keep(person)
        self._journal.put("person", person.id, asdict(person))

    def _keep(self, person: Person) -> None:
        self._people[person.id] = person
        self._by_email[person.email.lower()] = person.id


def new(email: str, name: str, *, title: str = "", kind: str = "personal", language: str = "sv") -> Person:
    """A person with the id that belongs to the address."""
    person_id = ids.stable("U", email.lower())
    return Person(person_id, email, name, title, kind, language, LOCALES.get(language, "sv-SE"))


INVENTED = (
    new("anna@exempel.se", "Anna Exempel", title="Undersköterska"),
    new("bo@exempel.se", "Bo Exempel", title="Superanvändare"),
    new("cecilia@exempel.se", "Cecilia Exempel", title="Enhetschef"),
)


def read(folder: Path | None) -> list[Person]:
    """The people of `people.csv` that have a chat account; without the file, three invented ones."""
    path = folder / "people.csv" if folder else None
    if path is None or not path.exists():
        return list(INVENTED)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [_from_row(row) for row in csv.DictReader(lines) if _has_chat(row)]


def organisation(folder: Path | None) -> str | None:
    """Whose people they are: the name in the first row of `administrations.csv`, if the folder has one."""
    path = folder / "administrations.csv" if folder else None
    if path is None or not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return next((row.get("name") for row in csv.DictReader(lines)), None)


def _has_chat(row: dict[str, str]) -> bool:
    return bool(row.get("email")) and (row.get("chat") or "yes").strip().lower() not in ("no", "nej")


def _from_row(row: dict[str, str]) -> Person:
    return new(
        row["email"].strip(),
        row["name"].strip(),
        title=row.get("title") or "",
        kind=row.get("kind") or "personal",
        language=row.get("language") or "sv",
    )


NOT_QUIET: Final[Json] = {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
_NO_DND_END: Final = 7 * 24 * 3600


def dnd_status(person: Person, now: float) -> Json:
    """The three keys of somebody's do-not-disturb, as dnd.info and `dnd_updated_user` show it."""
    if not person.is_quiet(now):
        return dict(NOT_QUIET)
    end = person.dnd_until if person.dnd_until is not None else now + _NO_DND_END
    return {"dnd_enabled": True, "next_dnd_start_ts": int(person.dnd_since), "next_dnd_end_ts": int(end)}


def color(who: str) -> str:
    """A colour of one's own, dark enough for white letters: six hex digits, as Slack's `color`."""
    hue = int(hashlib.sha256(who.encode()).hexdigest()[:4], 16) % 360
    return "".join(f"{round(channel * 255):02x}" for channel in _rgb(hue))


def _rgb(hue: int) -> tuple[float, float, float]:
    """From hue to red, green and blue, at a fixed strength and lightness."""
    strength, base = 0.42, 0.12
    parts = (abs((hue / 60 + shift) % 6 - 3) - 1 for shift in (0, 4, 2))
    red, green, blue = (base + strength * min(1.0, max(0.0, part)) for part in parts)
    return red, green, blue


def user_object(person: Person, *, team: str, base: str, email: bool, locale: bool) -> Json:
    """A user as users.info shows it. `email` with users:read.email only, `locale` with include_locale only."""
    profile = _profile(person.id, person.name, team=team, base=base) | {"title": person.title}
    user: Json = {
        "id": person.id,
        "team_id": team,
        "name": person.handle,
        "deleted": person.deactivated,
        "profile": profile | ({"email": person.email} if email else {}),
        "is_bot": False,
        "is_app_user": False,
        "updated": int(person.updated),
    }
    if person.deactivated:
        return user
    return user | _active(person.id, person.name) | ({"locale": person.locale} if locale else {})


def bot_object(app_id: str, bot_id: str, user_id: str, name: str, *, team: str, base: str) -> Json:
    """The app's own user."""
    profile = _profile(user_id, name, team=team, base=base)
    return {
        "id": user_id,
        "team_id": team,
        "name": name.lower().replace(" ", ""),
        "deleted": False,
        "profile": profile | {"api_app_id": app_id, "bot_id": bot_id, "always_active": True},
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
        **_active(user_id, name),
        "is_email_confirmed": False,
    }


def _active(who: str, name: str) -> Json:
    """What a deactivated person's object leaves out."""
    offset = datetime.now(ZoneInfo(TZ)).utcoffset()
    return {
        "color": color(who),
        "real_name": name,
        "tz": TZ,
        "tz_label": "Central European Summer Time" if offset and offset.seconds == 7200 else "Central European Time",
        "tz_offset": offset.seconds if offset else 0,
        **dict.fromkeys(("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"), False),
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def _profile(who: str, name: str, *, team: str, base: str) -> Json:
    first, _, last = name.partition(" ")
    return {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": name,
        "real_name_normalized": name,
        "display_name": name,
        "display_name_normalized": name,
        "fields": None,
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": who.lower(),
        "first_name": first,
        "last_name": last,
        "team": team,
        **pictures(base, who),
    }


def pictures(base: str, who: str) -> Json:
    """`image_24` … `image_512`: all the same drawing, which scales."""
    return {f"image_{size}": f"{base}/avatars/{who}.svg" for size in (24, 32, 48, 72, 192, 512)}
