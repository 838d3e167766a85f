"""Rate limits: Slack's tiers as buckets that fill again, and the posting limit of a channel.

Source: docs.slack.dev/apis/web-api/rate-limits. A tier is "N+ per minute" with bursts tolerated; here a bucket of N
that fills within a minute. `chat.postMessage` is "one message a second and channel, short bursts tolerated", and
several hundred a minute in a workspace. Slack promises no exact numbers, and neither should a bot rely on any.
"""

import math
from dataclasses import dataclass

from workspace.errors import Limited


@dataclass(frozen=True)
class Rate:
    """`burst` calls at once, then `per_second`."""

    burst: float
    per_second: float


def per_minute(calls: float) -> Rate:
    """A bucket of so many that fills in a minute."""
    return Rate(calls, calls / 60)


TIER_1 = Rate(10, 1 / 60)  # "1+ per minute": a few reconnects in a row are tolerated
TIER_2 = per_minute(20)
TIER_3 = per_minute(50)
TIER_4 = per_minute(100)
SPECIAL = per_minute(600)  # "hundreds per minute"
CHANNEL = Rate(5, 1.0)  # messages to one conversation
UNLIMITED = Rate(math.inf, math.inf)


@dataclass
class _Bucket:
    left: float
    at: float


class Limits:
    """The buckets of all methods and channels. `spend` takes one or raises `Limited`."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}

    def spend(self, key: str, rate: Rate, *, scale: float, now: float) -> None:
        """One call under this key. `scale` multiplies the rate; 0 means no limit at all."""
        if scale <= 0 or rate is UNLIMITED:
            return
        burst, per_second = max(1.0, rate.burst * scale), rate.per_second * scale
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        bucket.left = min(burst, bucket.left + max(0.0, now - bucket.at) * per_second)
        bucket.at = now
        if bucket.left < 1:
            raise Limited(math.ceil((1 - bucket.left) / per_second))
        bucket.left -= 1

    def forget(self) -> None:
        """All buckets are full again."""
        self._buckets.clear()
