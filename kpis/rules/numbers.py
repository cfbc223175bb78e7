"""Exact numbers: quotients carry 60 digits and are rounded half up once, where they are shown or sent."""

from decimal import ROUND_HALF_UP, Context, Decimal

WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
# A quotient that ends on a half may come out of 60 digits a hair below it; 30 places bring it back, and
# no quotient of amounts and counts that isn't a half lies that near to one.
GUARD_PLACES = 30


def ratio(over: Decimal | int, under: Decimal | int) -> Decimal | None:
    """over / under; None when there is nothing to divide by."""
    return None if under == 0 else WIDE.divide(Decimal(over), Decimal(under))


def half_up(value: Decimal | None, places: int) -> Decimal | None:
    """The value with so many places, the half away from zero; None stays None."""
    if value is None:
        return None
    settled = value.quantize(Decimal(1).scaleb(-GUARD_PLACES), context=WIDE)
    return settled.quantize(Decimal(1).scaleb(-places), context=WIDE)
