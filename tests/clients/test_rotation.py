"""Two keys: everything comes under the newer one, whatever interrupts it and whoever edits meanwhile."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction

from clients import identifiers
from clients.actions.merging import join
from clients.models import Client, ClientChange, ContactPoint
from core import audit, crypto, keys
from core.registry import sealed_tables
from staff.models import Unit
from tests.clients.people import make_client

OLD, NEW = b"1" * 32, b"2" * 32


@pytest.fixture
def keyring(settings: Any) -> Any:
    """Everything made before `keyring.renew()` is under key 1."""
    settings.DATA_KEYS = {1: OLD}

    class Keyring:
        def renew(self) -> None:
            settings.DATA_KEYS = {1: OLD, 2: NEW}

        def drop_old(self) -> None:
            settings.DATA_KEYS = {2: NEW}

    return Keyring()


def _clients(units: dict[str, Unit], count: int) -> list[Client]:
    return [
        make_client(units["1001"], f"C{number:06d}", mobile=f"138{number:08d}") for number in range(count)
    ]


def _mobiles() -> list[str]:
    return [
        identifiers.unseal(client.client_no, "mobile", client.mobile)
        for client in Client.objects.order_by("pk")
    ]


@pytest.mark.django_db
def test_everything_comes_under_the_newest_key(keyring: Any, units: dict[str, Unit]) -> None:
    first, second, *_rest = _clients(units, 5)
    point = ContactPoint(client=first, kind="email", added_by="x")
    point.value = crypto.seal("a@example.com", point.context) or b""
    point.save()
    join(actor=audit.SYSTEM, survivor=first, merged=second, choices=None, reason="same person")
    assert ClientChange.objects.exists()
    before = list(Client.objects.order_by("pk").values("version", "updated_at"))
    history = ClientChange.objects.count()
    keyring.renew()
    with pytest.raises(CommandError, match="under key 1"):
        call_command("rotate_keys", "--check")
    call_command("rotate_keys")
    keyring.drop_old()
    call_command("rotate_keys", "--check")
    assert _mobiles() == [f"138{number:08d}" for number in range(5)]
    assert crypto.unseal(ContactPoint.objects.get().value, point.context) == "a@example.com"
    assert list(Client.objects.order_by("pk").values("version", "updated_at")) == before
    assert ClientChange.objects.count() == history


@pytest.mark.django_db(transaction=True)
def test_an_interrupted_walk_goes_on(
    keyring: Any, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    _clients(units, 7)
    keyring.renew()
    monkeypatch.setattr(keys, "ROWS", 3)

    def stop(_table: str, done: int, _there: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keys.rotate(stop)
    assert keys.keys_in_use()[1] > 0
    assert keys.keys_in_use()[2] > 0
    assert keys.rotate(lambda *_told: None) == 4
    assert set(keys.keys_in_use()) == {2}


@pytest.mark.django_db(transaction=True)
def test_rows_that_somebody_edits_are_met_again(
    keyring: Any, units: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another session changes a mobile and holds the row during the first round."""
    clients = _clients(units, 4)
    keyring.renew()
    other = connection.copy()
    sealed = identifiers.seal("C000002", "mobile", "13911112222")
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE clients_client SET mobile = %s WHERE id = %s", [sealed, clients[2].pk])

    def finish(_seconds: float) -> None:
        with other.cursor() as cursor:
            cursor.execute("COMMIT")

    monkeypatch.setattr("core.keys.time.sleep", finish)
    keys.rotate(lambda *_told: None)
    other.close()
    keyring.drop_old()
    assert _mobiles()[2] == "13911112222"
    assert set(keys.keys_in_use()) == {2}


@pytest.mark.django_db
def test_a_value_written_meanwhile_stays(keyring: Any, units: dict[str, Unit]) -> None:
    """The row was read, then changed: the old value does not come back."""
    (client,) = _clients(units, 1)
    keyring.renew()
    table = next(table for table in sealed_tables() if table.model == "clients.Client")
    with transaction.atomic():
        (row,) = keys._next_rows(table, None)
        Client.objects.filter(pk=client.pk).update(
            mobile=identifiers.seal("C000000", "mobile", "13911112222")
        )
        keys._write(table, row)
    assert _mobiles() == ["13911112222"]


def test_every_sealed_column_is_known() -> None:
    """A binary column of the house that is no index or checksum holds sealed values and must be rotated."""
    known = {(table.model, column) for table in sealed_tables() for column in table.columns}
    binary = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField) and not field.name.endswith("_index")
    }
    assert binary - known == set()
