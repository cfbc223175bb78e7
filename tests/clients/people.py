"""Clients of the small firm that tests of pages and log look at."""

from datetime import date
from typing import Any

from clients import identifiers
from clients.models import FIRST_DAY, Account, Client, ClientRecord, ClientStanding
from staff.models import Unit

TOLD = date(2026, 1, 5)


def make_client(branch: Unit, client_no: str, name: str = "王建国", **values: Any) -> Client:
    """A client as a feed would bring it: sealed numbers, blind indexes, one record."""
    mobile, number = values.pop("mobile", "13800001234"), values.pop("id_number", "11010519491231002X")
    fields: dict[str, Any] = {
        "kind": "individual",
        "pinyin": "wangjianguo",
        "initials": "wjg",
        "id_type": "resident_id",
        "manager_no": "M1001A",
        "status": "normal",
        "opened_on": date(2020, 1, 6),
    } | values
    client = Client.objects.create(
        client_no=client_no,
        name=name,
        branch=branch,
        told_on=TOLD,
        id_number=identifiers.seal(client_no, "id_number", number),
        id_index=identifiers.id_blind_index("resident_id", number),
        mobile=identifiers.seal(client_no, "mobile", mobile),
        mobile_index=identifiers.mobile_blind_index(mobile),
        mobile_tail_index=identifiers.tail_blind_index(mobile),
        email=identifiers.seal(client_no, "email", "jianguo@example.com"),
        address=identifiers.seal(client_no, "address", "上海市静安区某路 1 号"),
        **fields,
    )
    ClientRecord.objects.create(
        client=client,
        told_on=TOLD,
        valid_from=FIRST_DAY,
        branch=branch,
        manager_no=client.manager_no,
        status=client.status,
        kind=client.kind,
        id_index=client.id_index,
        opened_on=client.opened_on,
    )
    return client


def give_standing(client: Client, **values: Any) -> ClientStanding:
    fields = {
        "held": True,
        "tier": "V4",
        "score": "73.21",
        "stage": "client",
        "as_of": date(2026, 10, 31),
    } | values
    return ClientStanding.objects.create(
        client=client, branch=client.branch, manager_no=client.manager_no, **fields
    )


def make_account(client: Client, account_no: str) -> Account:
    return Account.objects.create(
        account_no=account_no,
        client=client,
        system="cash",
        currency="CNY",
        status="normal",
        opened_on=client.opened_on,
        told_on=TOLD,
    )
