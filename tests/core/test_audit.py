"""The audit trail: append-only, chained, and every way of tampering is found."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from core import audit, proof
from core.models import AuditChain, AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail() -> list[AuditEntry]:
    """Five deeds in the firm's chain and three in a branch's."""
    detail = {
        "day": date(2026, 1, 2),
        "amount": Decimal("1.50"),
        "words": "张三",
        "nested": {"b": 1, "a": [None]},
    }
    firm = [_deed(subject_id=place, detail=detail) for place in range(5)]
    return firm + [_deed(subject_id=place, unit_code="1001", client_id=place) for place in range(3)]


def _deed(**given: Any) -> AuditEntry:
    return audit.record(actor=audit.SYSTEM, deed="test.done", subject_type="test", **given)


def _raw(sql: str, *params: Any) -> None:
    """As somebody who may switch off triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_chains_are_whole(trail: list[AuditEntry]) -> None:
    assert [entry.position for entry in trail] == [1, 2, 3, 4, 5, 1, 2, 3]
    assert trail[1].previous_hash == trail[0].hash
    assert list(proof.faults({})) == []


def test_many_entries_at_once_lengthen_each_chain(trail: list[AuditEntry]) -> None:
    before = dict(AuditChain.objects.values_list("name", "length"))
    subjects = [
        audit.Subject(
            "toy", number, unit_code=("1001", "1002", "")[number % 3], detail={"day": date(2026, 1, 1)}
        )
        for number in range(7)
    ]
    audit.record_many(actor=audit.SYSTEM, deed="toy.made", subjects=subjects)
    for chain in AuditChain.objects.all():
        assert audit.first_break(chain) is None
        added = [
            one.subject_id
            for one in AuditEntry.objects.filter(chain=chain, deed="toy.made").order_by("position")
        ]
        assert added == [str(one.subject_id) for one in subjects if one.chain == chain.name]
        assert chain.length == before.get(chain.name, 0) + len(added)


def test_a_deed_without_a_transaction_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(transaction.TransactionManagementError):
        _deed(subject_id=1)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "sql", ["UPDATE core_auditentry SET deed = 'x'", "DELETE FROM core_auditentry"], ids=["update", "delete"]
)
def test_entries_cannot_be_changed(trail: list[AuditEntry], sql: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("deed", "x"), ("actor_name", "x"), ("actor_id", 9), ("actor_kind", "person"), ("subject_id", "9"),
        ("client_id", 9), ("detail", '{"a": 1}'), ("at", "2020-01-01"), ("subject_type", "x"),
        ("previous_hash", "x"), ("hash", "x"), ("position", 99),
    ],
)  # fmt: skip
def test_a_changed_entry_is_found(trail: list[AuditEntry], column: str, value: Any) -> None:
    _raw(f"UPDATE core_auditentry SET {column} = %s WHERE id = %s", value, trail[2].pk)
    assert list(proof.faults({})) == ["chain firm breaks at entry 3"]


def test_deeds_done_while_a_chain_is_checked_are_no_fault(trail: list[AuditEntry]) -> None:
    chain = AuditChain.objects.get(name="firm")
    _deed(subject_id=6)
    assert audit.first_break(chain) is None


def test_an_entry_beyond_the_chain_is_found(trail: list[AuditEntry]) -> None:
    _raw("UPDATE core_auditchain SET length = 4, head = %s WHERE name = 'firm'", trail[3].hash)
    assert list(proof.faults({})) == ["chain firm breaks at entry 5"]


def test_a_removed_entry_is_found(trail: list[AuditEntry]) -> None:
    _raw("DELETE FROM core_auditentry WHERE id = %s", trail[5].pk)
    assert list(proof.faults({})) == ["chain 1001 breaks at entry 1"]


def test_entries_taken_off_the_end_are_found_by_the_noted_heads(trail: list[AuditEntry]) -> None:
    seen = proof.heads()
    _raw("DELETE FROM core_auditentry WHERE id = %s", trail[4].pk)
    AuditChain.objects.filter(name="firm").update(length=4, head=trail[3].hash)
    assert list(proof.faults({})) == []
    assert list(proof.faults(seen)) == ["chain firm no longer holds entry 5 as it was seen before"]


def test_a_whole_chain_taken_away_is_found(trail: list[AuditEntry]) -> None:
    seen = proof.heads()
    _raw("DELETE FROM core_auditentry WHERE chain_id = '1001'")
    AuditChain.objects.filter(name="1001").delete()
    assert list(proof.faults(seen)) == ["chain 1001 no longer holds entry 3 as it was seen before"]


def test_the_command_notes_heads_and_tells_faults(
    trail: list[AuditEntry], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = tmp_path / "kept" / "heads.jsonl"
    call_command("verify_audit", heads=heads)
    assert "8 entries in 2 chains are whole" in capsys.readouterr().out
    _deed(subject_id=6)
    call_command("verify_audit", heads=heads)
    lines = [json.loads(line) for line in heads.read_text().splitlines()]
    assert [line["heads"]["firm"][0] for line in lines] == [5, 6]
    _raw("DELETE FROM core_auditentry WHERE id = %s", trail[0].pk)
    with pytest.raises(CommandError, match="chain firm breaks at entry 1"):
        call_command("verify_audit", heads=heads)
    assert len(heads.read_text().splitlines()) == 2


def test_an_empty_file_of_heads(tmp_path: Path) -> None:
    (tmp_path / "heads").write_text("")
    assert proof.last_seen(tmp_path / "heads") == {}
