"""Recordings' metadata: bounds, faults by row, once a call, waiting for the conversation."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from clients.importing.reading import NotReadable
from core import audit
from core.crypto import unseal
from core.errors import Conflict
from core.models import AuditEntry
from interactions.actions import desk
from interactions.actions.log import as_told, correct_interaction, log_interaction
from interactions.actions.recordings import import_recordings, match_waiting
from interactions.models import Conversation, Interaction, Line, Recording
from interactions.queries.recordings import of_entries
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
HEAD = "call_id,agent,started_at,ended_at,number,reference,sha256\n"
DIGEST = "a" * 64
GOOD = f"c1,A1001,2026-11-20 10:00:00,2026-11-20 10:05:00,13800001234,rec/1.wav,{DIGEST}\n"


@pytest.fixture
def line(units, cast) -> Line:
    return Line.objects.create(code="hotline", adapter="hotline", name="95", unit=units["1001"])


def row(cast, call: str = "c1") -> str:
    return GOOD.replace("A1001", cast.agent_1001.employee_no).replace("c1", call)


def take(line: Line, text: str, **values):
    return import_recordings(actor=audit.SYSTEM, line=line, content=text.encode("gb18030"), **values)


def test_a_dry_run_writes_nothing_and_an_import_only_once(line, cast) -> None:
    assert take(line, HEAD + row(cast), dry_run=True).created == 1
    assert not Recording.objects.exists()
    assert take(line, HEAD + row(cast) + row(cast)).created == 1
    again = take(line, HEAD + row(cast))
    assert (again.created, again.known) == (0, 1)
    kept = Recording.objects.get()
    assert kept.agent == cast.agent_1001
    assert kept.started_at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert unseal(kept.number, kept.context) == "13800001234"
    assert b"13800001234" not in bytes(kept.number)


def test_faults_are_told_by_row_and_do_not_hinder_others(line, cast) -> None:
    bad = [
        GOOD.replace("A1001", "NOBODY"),
        row(cast, "c2").replace("10:05", "09:05"),
        row(cast, "c3").replace(DIGEST, "abc"),
        row(cast, "c4").replace("2026-11-20 10:00:00", "2026-13-40 10:00:00"),
        row(cast, "c5").replace("13800001234", "=1+1"),
    ]
    report = take(line, HEAD + "".join(bad) + row(cast, "c6"))
    assert [one.row for one in report.faults] == [2, 3, 4, 5, 6]
    assert list(Recording.objects.values_list("call_id", flat=True)) == ["c6"]


def test_a_file_that_is_no_table_is_refused(line) -> None:
    with pytest.raises(NotReadable):
        take(line, "")
    with pytest.raises(Conflict):
        take(line, "call_id,agent\nc1,x\n")


def test_it_waits_for_its_conversation(line, cast, as_person) -> None:
    take(line, HEAD + row(cast))
    assert match_waiting() == 0
    talk = Conversation.objects.create(
        line=line, channel="phone", thread="c1", direction="in", unit=line.unit,
        opened_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    )  # fmt: skip
    assert (match_waiting(), match_waiting()) == (1, 0)
    assert Recording.objects.get().conversation == talk
    shown = as_person(cast.agent_1001).get(f"/desk/recordings/of/{talk.pk}/")
    assert "rec/1.wav" in shown.content.decode() and "5:00" in shown.content.decode()
    assert "13800001234" not in shown.content.decode()


def test_the_page_imports_and_gives_faults_as_a_file(line, cast, as_person) -> None:
    browser = as_person(cast.team_lead_1001)
    browser.get("/desk/recordings/")

    def send(text: str, **more):
        table = SimpleUploadedFile("calls.csv", text.encode())
        return browser.post("/desk/recordings/", {"line": "hotline", "table": table} | more)

    faults = send(HEAD + row(cast).replace(DIGEST, "=x"), faults="1")
    assert faults.content.decode("utf-8-sig").splitlines()[1].startswith("2,c1,")
    assert send(HEAD + row(cast)).context["report"].created == 1
    assert Recording.objects.count() == 1
    assert send("").status_code == 422
    assert send("call_id\nx\n").status_code == 422


def test_the_command_tells_what_failed(line, cast, tmp_path: Path, capsys) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + row(cast), encoding="utf-8")
    call_command("import_recordings", file, line="hotline")
    assert "1 new" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_recordings", file, line="nowhere")


@pytest.fixture
def recorded(line, cast, units) -> Recording:
    """A recording of agent_1001's call, in the log as an entry of a client of 1001."""
    Line.objects.filter(pk=line.pk).update(settings={"recordings_url": "http://recordings.example/"})
    talk = Conversation.objects.create(
        line=line, channel="phone", thread="c1", direction="in", unit=line.unit,
        client=make_client(units["1001"], "C000001", manager_no="M1001A"),
        opened_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    )  # fmt: skip
    held = desk.take(actor=cast.agent_1001, conversation=talk)
    desk.wrap_up(actor=cast.agent_1001, conversation=held, wrap=desk.Wrap(category="enquiry", summary="x"))
    take(line, HEAD + row(cast))
    return Recording.objects.get()


def test_it_stands_with_the_entry_and_its_corrections(recorded, cast) -> None:
    entry = Interaction.objects.get()
    corrected = correct_interaction(actor=cast.team_lead_1001, original=entry, entry=as_told(entry))
    found = of_entries(reader=cast.agent_1001, entries=[entry.pk, corrected.pk])
    assert found == {corrected.pk: [recorded]}
    assert of_entries(reader=cast.agent_1002, entries=[corrected.pk]) == {}


def test_the_log_the_timeline_and_the_api_tell_it(recorded, cast, as_person) -> None:
    address = f"/desk/recordings/{recorded.key}/"
    timeline = as_person(cast.team_lead_1001).get("/clients/C000001/timeline/").content.decode()
    assert address in timeline and "rec/1.wav" in timeline and "5:00" in timeline
    without = as_person(cast.manager_1001a).get("/clients/C000001/timeline/").content.decode()
    assert "rec/1.wav" in without and address not in without
    assert "5:00" in as_person(cast.agent_1001).get("/interactions/").content.decode()
    told = as_person(cast.agent_1001).get("/api/v1/interactions/").json()["results"][0]
    assert [(one["reference"], one["seconds"]) for one in told["recordings"]] == [("rec/1.wav", 300)]


@pytest.mark.parametrize("entries", [2, 12])
def test_reading_them_takes_the_same_few_queries(
    entries: int, recorded, cast, django_assert_num_queries
) -> None:
    client, line = Interaction.objects.get().client, recorded.line
    for number in range(entries):
        entry = log_interaction(
            actor=cast.agent_1001,
            client=client,
            agent=cast.agent_1001,
            entry=as_told(Interaction.objects.first()),
        )
        talk = Conversation.objects.create(
            line=line, channel="phone", thread=f"t{number}", direction="in", unit=line.unit, client=client,
            opened_at=recorded.started_at, entry=entry, state="closed",
        )  # fmt: skip
        Recording.objects.create(
            line=line, call_id=f"t{number}", started_at=recorded.started_at, ended_at=recorded.ended_at,
            reference=f"{number}.wav", sha256=DIGEST, conversation=talk, imported_by="test",
        )  # fmt: skip
    numbers = list(Interaction.objects.values_list("pk", flat=True))
    cast.agent_1001.scope  # noqa: B018 - read once a request
    with django_assert_num_queries(3):
        assert len(of_entries(reader=cast.agent_1001, entries=numbers)) == entries + 1


def test_who_listens_is_on_record_and_a_secret_one_is_for_few(recorded, cast, as_person) -> None:
    address = f"/desk/recordings/{recorded.key}/"
    gone = as_person(cast.agent_1001).get(address)  # it was the agent's own call
    assert (gone.status_code, gone.url) == (302, "http://recordings.example/rec/1.wav")
    assert as_person(cast.agent_hq).get(address).status_code == 403
    assert as_person(cast.agent_1002).get(address).status_code == 404
    entry = Interaction.objects.get()
    secret = replace(as_told(entry), confidentiality="secret")
    correct_interaction(actor=cast.team_lead_1001, original=entry, entry=secret)
    assert as_person(cast.team_lead_1001).get(address).status_code == 404
    assert as_person(cast.compliance).get(address).status_code == 302
    page = as_person(cast.team_lead_1001).get(f"/desk/recordings/of/{recorded.conversation_id}/")
    assert "rec/1.wav" not in page.content.decode()
    opened = AuditEntry.objects.filter(deed="recording.opened").values_list("actor_name", flat=True)
    assert sorted(opened) == sorted([cast.agent_1001.username, cast.compliance.username])
    Line.objects.update(settings={})
    assert as_person(cast.compliance).get(address).status_code == 404
