"""Management commands in processes of their own, which a test may kill at any moment.

One clean process loads the application; every command is a fork of it, at work within milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tests import databases

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

from crm import nightly
from crm.management.commands import nightly as nightly_command
from trading.management.commands import feed_load

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])
CLIENTS_PER_SHARD = 120  # so that a step has several chunks
COMMANDS = {"nightly": nightly_command.Command, "feed_load": feed_load.Command}


def start(name: str, *arguments: str) -> ForkServerProcess:
    """A command on the database that this process speaks to, once it has begun; ends with its exit code."""
    begun, tell = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_do, args=(tell, connection.settings_dict["NAME"], name, arguments))
    process.start()
    begun.recv()
    return process


def _do(tell: Connection, database: str, name: str, arguments: Sequence[str]) -> None:
    nightly.CLIENTS_PER_SHARD = CLIENTS_PER_SHARD
    tell.send("begun")
    with databases.pointed_at(database):
        call_command(COMMANDS[name](), *arguments)
