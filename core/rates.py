"""Counters in Valkey that parallel requests cannot outrun. A broker that is away lets requests through."""

import logging
import time
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)
WINDOW = 60
REST_AFTER_FAILURE = 5.0
# One step on the server, so no two callers can read the same number.
COUNT = (
    "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n"
)


@dataclass(frozen=True)
class Rate:
    """How many requests a minute there may be, how many this minute has seen, and when the next begins."""

    limit: int
    used: int
    reset: int  # seconds

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class _Away:
    """Remembers that Valkey does not answer, so that not every request waits for its timeout."""

    until = 0.0


@cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def count(name: str, limit: int) -> Rate:
    """Counts one request of `name` in the running minute."""
    now = time.time()
    minute, passed = divmod(int(now), WINDOW)
    return Rate(limit=limit, used=_increment(f"rate:{name}:{minute}"), reset=WINDOW - passed)


def _increment(key: str) -> int:
    if time.monotonic() < _Away.until:
        return 0
    try:
        return int(_valkey().eval(COUNT, 1, key, WINDOW * 2))
    except redis.RedisError:
        _Away.until = time.monotonic() + REST_AFTER_FAILURE
        log.warning("valkey away, requests are not counted", exc_info=True)
        return 0
