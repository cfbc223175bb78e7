"""Databases beside the test's own: made from a template, spoken to for a while, dropped."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection, connections
from psycopg import sql

AUTOVACUUM_SECONDS = 30


def server() -> psycopg.Connection[Any]:
    """A connection beside Django's, for making and dropping databases."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("host", "port", "user", "password") if name in parameters}
    return psycopg.connect(dbname="postgres", autocommit=True, **wanted)


@contextmanager
def made(name: str, like: str = "template0") -> Iterator[str]:
    """A database for a while: a copy of another one that nobody is connected to; an older one goes first."""
    drop(name)
    _say("CREATE DATABASE {} TEMPLATE {}", name, like)
    try:
        yield name
    finally:
        drop(name)


@contextmanager
def copied(name: str) -> Iterator[None]:
    """Works in a copy of a database meanwhile."""
    with made(f"{name}_copy", name) as copy, pointed_at(copy):
        yield


def drop(name: str) -> None:
    """Drops a database, whoever is connected; autovacuum, which only a superuser may stop, is waited for."""
    for _second in range(AUTOVACUUM_SECONDS):
        try:
            return _say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
    _say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _say(statement: str, *names: str) -> None:
    with server() as maintenance:
        maintenance.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Sends this process's connections, those of threads to come included, to another database meanwhile."""
    before = connection.settings_dict["NAME"]
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def _switch(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


def address(name: str = "") -> str:
    """DATABASE_URL of a database, or of the one this process speaks to, for a process of its own."""
    told = urlsplit(os.environ["DATABASE_URL"])
    return told._replace(path=f"/{name or connection.settings_dict['NAME']}").geturl()
