"""What migrations wrote is there for every test, also after one that empties all tables."""

import pytest
from django.contrib.contenttypes.models import ContentType

from interactions.models import Category


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_first_rows_outlive_a_flush(turn: int) -> None:
    assert Category.objects.exists()
    assert ContentType.objects.exists()
