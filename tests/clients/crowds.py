"""Many clients at once, without the personal data that lists and bulk deeds do not read."""

from datetime import date

from clients.models import Client
from staff.models import Unit

OPENED = date(2020, 1, 6)


def make_crowd(branch: Unit, count: int, prefix: str = "C", **values: object) -> list[Client]:
    """`count` clients of a branch, numbered from <prefix>000001."""
    fields = {"kind": "individual", "id_type": "resident_id", "status": "normal", "manager_no": "M1001A"}
    return Client.objects.bulk_create(
        Client(
            client_no=f"{prefix}{number:06d}",
            name="王建国",
            branch=branch,
            opened_on=OPENED,
            told_on=OPENED,
            **{**fields, **values},
        )
        for number in range(1, count + 1)
    )
