"""What the pages of cases show."""

from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from staff.models import Unit
from tests.cases.world import make_case
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db


def test_the_tab_of_a_client_says_when_there_is_no_case(
    client: Browser, cast: SimpleNamespace, units: dict[str, Unit]
) -> None:
    own = make_client(units["1001"], "C000001")
    client.force_login(cast.agent_1001)
    page = client.get(f"/cases/of-client/{own.client_no}/").content.decode()
    assert 'class="empty"' in page
    case = make_case(cast.agent_1001, own)
    page = client.get(f"/cases/of-client/{own.client_no}/").content.decode()
    assert 'class="empty"' not in page and case.number in page
