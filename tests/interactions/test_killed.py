"""The web server is killed in the middle of it, several times: every event told stands once and is whole."""

import random
import threading
from typing import Any

import pytest

from crm.simulator.check import counted, differences
from crm.simulator.player import Tally, Web, play, tellings
from crm.simulator.server import Server, serving
from interactions.models import ChannelEvent, Message
from tests.databases import address
from tests.interactions.test_simulated_day import a_day, outsider

__all__ = ["outsider"]
KILLS = 5


def kill_now_and_then(server: Server, over: threading.Event) -> None:
    draw = random.Random(1)
    for _kill in range(KILLS):
        if over.wait(draw.uniform(0.4, 1.0)):
            return
        server.kill()
        server.start()


@pytest.mark.django_db(transaction=True)
def test_what_was_told_stands_once_however_often_the_server_dies(outsider: Any) -> None:
    day = a_day(outsider, calls=150, messages=100, seed=11)
    sendings, over, told = day.sendings(), threading.Event(), Tally()
    with serving({"DATABASE_URL": address()}, workers=1) as server:
        killer = threading.Thread(target=kill_now_and_then, args=(server, over))
        killer.start()
        told.add(play(sendings, outsider, lambda: Web(server.url), connections=4))
        over.set()
        killer.join()
        if server.process is None:
            server.start()
        again = play(sendings, outsider, lambda: Web(server.url), connections=2, together=40)
    assert told.wrong == [] and told.again > 0  # it was in the way, and everything was answered in the end
    assert (again.wrong, again.accepted) == ([], 0)  # nothing acknowledged was lost
    assert told.refused == tellings(sendings)[1]
    assert ChannelEvent.objects.count() == day.count().events
    assert Message.objects.count() == day.count().messages_in + day.count().messages_out
    assert not differences(day), "\n".join(differences(day))
    assert counted(day) == day.count()
