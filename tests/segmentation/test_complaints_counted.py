"""complaints_12m: substantiated complaints of the last twelve months, as they were known on the day."""

from datetime import date, datetime

from cases.models import Case, CaseType, Complaint, ComplaintDecision, TypeVersion
from clients.models import Client
from segmentation.models import ScoreClose
from staff.models import Person
from tests.segmentation.test_scores import publish_ladder
from tests.segmentation.world import World
from trading.business_time import SHANGHAI


def complain(client: Client, received: date, *decisions: tuple[str, date]) -> None:
    """A complaint received on a day, with what was decided when."""
    at = datetime.combine(received, datetime.min.time(), SHANGHAI)
    kind = CaseType.objects.get(code="complaint")
    case = Case.objects.create(
        type=kind, type_version=TypeVersion.objects.get(type=kind), is_complaint=True, client=client,
        unit=client.branch, subject="x", state_since=at, opened_at=at, opened_by="test",
    )  # fmt: skip
    complaint = Complaint.objects.create(case=case, received_on=received)
    person, _new = Person.objects.get_or_create(username="decides", name="x", employee_no="X1")
    for outcome, day in decisions:
        ComplaintDecision.objects.create(
            complaint=complaint, outcome=outcome, decided_on=day, decided_by=person
        )


def test_only_substantiated_ones_of_the_year_count_as_they_were_known(world: World) -> None:
    client = world.client(opened_on=date(2023, 11, 20))
    world.months(client, "2024-01", "2024-04", 20_000)
    complain(client, date(2023, 2, 28), ("yes", date(2023, 3, 1)))  # more than a year before the first close
    complain(client, date(2024, 2, 5), ("yes", date(2024, 2, 20)))
    complain(client, date(2024, 2, 6), ("partly", date(2024, 3, 31)), ("no", date(2024, 4, 2)))
    complain(client, date(2024, 2, 7), ("no", date(2024, 2, 9)))
    complain(client, date(2024, 2, 8))
    publish_ladder()
    world.run("2024-04-30")
    rows = ScoreClose.objects.filter(as_of__gte=date(2024, 2, 1)).order_by("as_of")
    assert [row.complaints_12m for row in rows] == [1, 2, 1]
