"""`manage.py channel_simulator`: the outside of the channels, by real HTTP (docs/simulator.md)."""

import time
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from http.client import HTTPException
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clients import identifiers
from clients.models import Client
from crm.simulator import gateway, single
from crm.simulator.check import counted, differences
from crm.simulator.day import Asked, Day, make_day
from crm.simulator.plan import LINES
from crm.simulator.player import Answer, Known, Web, play, tellings
from crm.simulator.speech import Event
from interactions.actions.lines import secrets_of
from interactions.models import Line
from staff.models import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_KNOWN = 2000  # clients whose numbers the day's callers have
MOST_AGENTS = 40


class Command(BaseCommand):
    help = "Plays the outside of the channels: a day, one contact, a screen pop, or the outgoing gateway."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--day", action="store_true", help="play a generated day; with --check only compare"
        )
        what.add_argument("--once", metavar="LINE", help="one contact by this line")
        what.add_argument("--ring", metavar="PERSON", help="a call this employee number or user name answers")
        what.add_argument("--gateway", type=int, metavar="PORT", help="serve the outgoing gateway")
        parser.add_argument("--number", default="13800138000", help="who calls or writes")
        parser.add_argument("--text", default="您好，想问一下融资利率")
        parser.add_argument("--seconds", type=float, default=20, help="how long the call of --ring lasts")
        _add_day(parser)
        parser.add_argument("--fail-rate", type=float, default=0, help="share of calls answered with 503")
        parser.add_argument("--bounce-rate", type=float, default=0, help="share of messages that bounce")
        parser.add_argument("--slow", type=float, default=0, help="seconds the gateway takes for each call")
        parser.add_argument("--token-seconds", type=int, default=7200, help="how long platforms' tokens hold")
        parser.add_argument("--image", action="store_true", help="with --once: a picture instead of words")
        parser.add_argument("--connect", action="store_true", help="let lines without a gateway use this one")

    def handle(self, *args: Any, **options: Any) -> None:
        self.known = known_lines()
        try:
            if options["day"]:
                self._day(options)
            elif options["gateway"] is not None:
                self._gateway(options)
            else:
                self._single(options)
        except (OSError, HTTPException) as error:
            raise CommandError(f"{options['url']} does not answer: {type(error).__name__}") from error

    def _day(self, options: dict[str, Any]) -> None:
        day = make_day(_asked(options, self.known))
        if not options["check"]:
            self._play(day, options)
        elif found := differences(day):
            raise CommandError("\n".join(found))
        else:
            self.stdout.write("\n".join([*counted(day).lines(), "all as planned"]))

    def _play(self, day: Day, options: dict[str, Any]) -> None:
        sendings = day.sendings()
        true, lies = tellings(sendings)
        self.stdout.write(f"{true:,} tellings and {lies:,} forgeries; what must stand afterwards:")
        self.stdout.write("\n".join(f"  {line}" for line in day.count().lines()))
        started = time.monotonic()
        tally = play(
            sendings, self.known, lambda: Web(options["url"]), connections=options["connections"],
            speed=options["speed"], together=options["together"],
        )  # fmt: skip
        spent = time.monotonic() - started
        self.stdout.write(
            f"new {tally.accepted:,}, known {tally.known:,}, by platforms {tally.silent:,},"
            f" refused {tally.refused:,}, sent again {tally.again:,};"
            f" {spent:.0f} s, {true / spent:,.0f} a second"
        )
        if tally.wrong:
            raise CommandError("\n".join([f"{len(tally.wrong):,} wrong answers", *tally.wrong[:10]]))

    def _single(self, options: dict[str, Any]) -> None:
        caller, number = Web(options["url"]), options["number"]
        line = options["once"] or next(
            (x for x, kind in self.known.adapters.items() if kind == "hotline"), ""
        )
        if line not in self.known.adapters:
            raise CommandError(f"no such line; choose of {', '.join(self.known.adapters)}")
        if options["ring"]:
            told = single.ring(
                line, self.known, caller, agent=options["ring"], number=number, seconds=options["seconds"]
            )
        else:
            told = single.once(
                line, self.known, caller, sender=number, text=options["text"], image=options["image"]
            )
        for event, answer in told:
            self._show(event, answer)

    def _show(self, event: Event, answer: Answer) -> None:
        words = answer.body.decode(errors="replace")
        self.stdout.write(f"{event.line} {event.kind} {event.event_id}: {answer.status} {words}")
        self.stdout.flush()
        if answer.status != 200:
            raise CommandError("refused")

    def _gateway(self, options: dict[str, Any]) -> None:
        mood = gateway.Mood(
            options["fail_rate"],
            options["bounce_rate"],
            options["slow"],
            options["seed"],
            options["token_seconds"],
        )
        tell = gateway.receipts(self.known, lambda: Web(options["url"]))
        outside = gateway.Gateway(self.known, mood, tell, self.stdout.write)
        with gateway.serving(outside, options["gateway"]) as port:
            address = f"http://127.0.0.1:{port}"
            self.stdout.write(f"gateway at {address}/messages; Ctrl-C ends it")
            if options["connect"]:
                _connect(address)
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                self.stdout.write(f"{len(outside.taken):,} messages in {outside.calls:,} calls")


def _add_day(parser: ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="with --day: hold the database against the day")
    parser.add_argument("--calls", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--date", type=date.fromisoformat, help="the day; yesterday when left out")
    parser.add_argument("--speed", type=float, default=0, help="0 as fast as may be, 60 an hour a minute")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--together", type=int, default=1, help="events in one call, where the line takes it")


def known_lines() -> Known:
    """What the other side of each line was given when it was set up."""
    rows = [line for line in Line.objects.filter(active=True) if line.secrets]
    if not rows:
        raise CommandError("there is no line yet: manage.py channel_line hotline --adapter hotline --unit HQ")
    return Known({row.code: row.adapter for row in rows}, {row.code: secrets_of(row) for row in rows})


def _asked(options: dict[str, Any], known: Known) -> Asked:
    """The day asked for, with the agents and numbers that this firm has."""
    day = options["date"] or timezone.localdate() - timedelta(days=1)
    people = Person.objects.filter(is_active=True).exclude(employee_no="").order_by("pk")
    agents = list(people.values_list("employee_no", flat=True)[:MOST_AGENTS])
    if not agents:
        raise CommandError("nobody works here yet")
    return Asked(
        start=datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI), agents=agents,
        calls=options["calls"], messages=options["messages"], seed=options["seed"], known=known_numbers(),
        lines=tuple(code for code, adapter in known.adapters.items() if LINES.get(code) and code == adapter),
    )  # fmt: skip


def known_numbers() -> dict[str, str]:
    """Numbers that exactly one client has."""
    found: dict[str, list[str]] = {}
    clients = Client.objects.filter(mobile__isnull=False, merged_into__isnull=True).order_by("pk")
    for client in clients.only("client_no", "mobile")[:MOST_KNOWN]:
        number = identifiers.unseal(client.client_no, "mobile", client.mobile)
        found.setdefault(number, []).append(client.client_no)
    return {number: owners[0] for number, owners in found.items() if len(owners) == 1}


def _connect(address: str) -> None:
    for line in Line.objects.filter(active=True):
        if not line.settings.get("gateway_url"):
            line.settings = {**line.settings, "gateway_url": address}
            line.save(update_fields=["settings"])
