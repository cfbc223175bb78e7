"""Number kinds that the tables of the value model share."""

from typing import Any

MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}
RATIO: dict[str, Any] = {"max_digits": 26, "decimal_places": 6}
