"""The pages of staff, as the people of the cast see them."""

from types import SimpleNamespace

import pytest

from tests.cast import Speak

PAGES = [
    "/",
    "/people/",
    "/people/new/",
    "/units/",
    "/units/new/",
    "/units/1001/",
    "/api-clients/",
    "/password/",
]


@pytest.mark.parametrize("path", PAGES)
def test_administrator_sees_every_page(cast: SimpleNamespace, as_person: Speak, path: str) -> None:
    assert as_person(cast.administrator).get(path).status_code == 200
