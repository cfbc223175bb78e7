"""Telling open pages that something changed: only what and which, never the content (docs/decisions/0040).

A word goes through Valkey to every web process and from there to the pages whose reader follows the topic
(core.stream). It may be lost; pages ask again by themselves every so often, so it only makes them quicker.
"""

import json
import logging
from functools import cache, partial
from typing import Any

import redis
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)
CHANNEL = "live"


def tell(topic: str, name: str, **ids: int) -> None:
    """After commit, the pages that follow the topic hear `live:<name>` with these ids.

    Topics: `person:<id>`, `unit:<id>`, `desk` (whoever works contacts), `wall` (service levels).
    """
    transaction.on_commit(partial(_send, json.dumps({"topic": topic, "name": name, "ids": ids})), robust=True)


def _send(word: str) -> None:
    try:
        _valkey().publish(CHANNEL, word)
    except redis.RedisError:
        log.warning("broker away, open pages will see the change when they ask again")


@cache
def _valkey() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
