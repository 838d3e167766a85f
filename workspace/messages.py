"""What was said: messages by channel and stamp, threads, who follows them, reactions. Keeps; tells nobody.

Shape of a message: docs.slack.dev/reference/events/message. Kept messages have exactly the keys that Slack's have;
what only the page needs is added when it is shown (sight.py).
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from workspace.journal import Journal
from workspace.shapes import Json


class Messages:
    """Stamps rise, so that a channel's list of them is its order."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._by_ts: dict[str, dict[str, Json]] = {}
        self._top: dict[str, list[str]] = {}
        self._replies: dict[tuple[str, str], list[str]] = {}
        self._followers: dict[tuple[str, str], set[str]] = {}

    def get(self, channel: str, ts: str) -> Json | None:
        """One message, or None."""
        return self._by_ts.get(channel, {}).get(ts)

    def add(self, channel: str, message: Json) -> None:
        """A new message, or a changed one under its old stamp."""
        self._keep(channel, message)
        self._journal.put("message", f"{channel}/{message['ts']}", message)

    def load(self, key: str, message: Json) -> None:
        """A message out of the journal."""
        self._keep(key.partition("/")[0], message)

    def remove(self, channel: str, ts: str) -> None:
        """Gone, from its thread too."""
        message = self._by_ts[channel].pop(ts)
        for stamps in (
            self._top.get(channel, []),
            self._replies.get((channel, message.get("thread_ts", "")), []),
        ):
            if ts in stamps:
                stamps.remove(ts)
        self._journal.drop("message", f"{channel}/{ts}")

    def top(self, channel: str, *, oldest: str = "", latest: str = "", inclusive: bool = False) -> Iterator[Json]:
        """Newest first: what stands in the channel itself, replies only when they were broadcast."""
        stamps, known = self._top.get(channel, []), self._by_ts.get(channel, {})
        start, end = _range(stamps, oldest, latest, inclusive)
        return (known[stamps[index]] for index in range(end - 1, start - 1, -1))

    def replies(self, channel: str, parent: str) -> list[Json]:
        """Oldest first, without the parent."""
        known = self._by_ts.get(channel, {})
        return [known[ts] for ts in self._replies.get((channel, parent), [])]

    def carrying(self, file_id: str) -> list[tuple[str, Json]]:
        """Messages with this file, and where they stand."""
        everything = ((channel, message) for channel, known in self._by_ts.items() for message in known.values())
        return [found for found in everything if any(file["id"] == file_id for file in found[1].get("files") or ())]

    def last(self, channel: str) -> str | None:
        """The stamp of the newest message in the channel itself."""
        stamps = self._top.get(channel)
        return stamps[-1] if stamps else None

    def before(self, channel: str, ts: str) -> str | None:
        """The stamp just before that one."""
        stamps = self._top.get(channel, [])
        place = bisect_left(stamps, ts)
        return stamps[place - 1] if place else None

    def followers(self, channel: str, parent: str) -> set[str]:
        """Who gets pushes for replies."""
        return self._followers.get((channel, parent), set())

    def follow(self, channel: str, parent: str, who: str, *, on: bool = True) -> None:
        """Follow a thread, or stop."""
        following = self._followers.setdefault((channel, parent), set())
        if (who in following) != on:
            (following.add if on else following.discard)(who)
            self._journal.put("followers", f"{channel}/{parent}", sorted(following))

    def load_followers(self, key: str, who: list[str]) -> None:
        """Followers out of the journal."""
        channel, _, parent = key.partition("/")
        self._followers[channel, parent] = set(who)

    def _keep(self, channel: str, message: Json) -> None:
        known = self._by_ts.setdefault(channel, {})
        if message["ts"] not in known:
            self._file(channel, message)
        known[message["ts"]] = message

    def _file(self, channel: str, message: Json) -> None:
        ts, parent = message["ts"], message.get("thread_ts")
        if parent and parent != ts:
            insort(self._replies.setdefault((channel, parent), []), ts)
        if not parent or parent == ts or message.get("subtype") == "thread_broadcast":
            insort(self._top.setdefault(channel, []), ts)


def _range(stamps: list[str], oldest: str, latest: str, inclusive: bool) -> tuple[int, int]:
    left, right = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
    start = left(stamps, oldest) if oldest else 0
    end = right(stamps, latest) if latest else len(stamps)
    return start, end
