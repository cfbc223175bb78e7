"""What may be changed in a model version's definition: each value by its name, place, kind and limits.

Forms, the REST of drafts, the check of a draft and the words of a difference all read this one list, so that
nothing can be changed in one of them that the others do not know.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

WEIGHT, CUT, COUNT, MONEY, SHARE, WORDS, TIERS = "weight", "cut", "count", "money", "share", "words", "tiers"
DECIMALS = {WEIGHT: 4, CUT: 2, MONEY: 4, SHARE: 4}
Value = Any  # Decimal, int, str or a list of tier codes, by the leaf's kind
Path = tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """One value: name (as in forms), path into the definition (codes choose from lists), kind, limits.

    least and most: both allowed; of words the number of characters.
    """

    name: str
    path: Path
    kind: str
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1)


class NotALeaf(ValueError):
    """The value cannot be read as what its place asks for."""


def leaves(data: Mapping[str, Any]) -> list[Leaf]:
    """All changeable values of a definition, in the order in which people read them."""
    return [*_weights(data), *_ladder(data), *_cut_offs()]


def _weights(data: Mapping[str, Any]) -> Iterator[Leaf]:
    for axis in data["axes"]:
        yield Leaf(f"axis__{axis['code']}", ("axes", axis["code"], "weight"), WEIGHT)
        for one in data["indicators"]:
            if one["axis"] == axis["code"]:
                yield Leaf(f"weight__{one['code']}", ("indicators", one["code"], "weight"), WEIGHT)


def _ladder(data: Mapping[str, Any]) -> Iterator[Leaf]:
    for tier in reversed(data["tiers"]):
        code = tier["code"]
        if tier["cut"] is not None:
            yield Leaf(f"cut__{code}", ("tiers", code, "cut"), CUT, Decimal("0.01"), Decimal(100))
            yield Leaf(
                f"closes__{code}", ("tiers", code, "closes_before_down"), COUNT, Decimal(1), Decimal(11)
            )
        for language in ("zh-hans", "en"):
            place = ("tiers", code, "names", language)
            yield Leaf(f"name_{language.replace('-', '_')}__{code}", place, WORDS, Decimal(1), Decimal(20))
    for way in ("up", "down"):
        yield Leaf(f"hysteresis__{way}", ("hysteresis", way), CUT, Decimal(0), Decimal(20))


def _cut_offs() -> Iterator[Leaf]:
    for axis in ("current", "potential"):
        yield Leaf(f"matrix__{axis}", ("matrix", axis), CUT, Decimal(1), Decimal(99))
    for stage, name, most in (
        ("repeat", "active_months", 12), ("repeat", "product_families", 6),
        ("client", "active_months", 12), ("client", "product_families", 6), ("client", "tenure_years", 10),
        ("advocate", "referral_months", 60), ("advocate", "nps", 10),
    ):  # fmt: skip
        least = 0 if name in {"tenure_years", "nps"} else 1
        yield Leaf(f"{stage}__{name}", ("stages", stage, name), COUNT, Decimal(least), Decimal(most))
    yield Leaf(
        "dormant__assets", ("flags", "dormant_asset", "assets"), MONEY, Decimal(0), Decimal(1_000_000_000)
    )
    for name in ("assets_share", "contribution_share"):
        yield Leaf(f"at_risk__{name}", ("flags", "at_risk", name), SHARE)
    yield Leaf("at_risk__tiers", ("flags", "at_risk", "tiers"), TIERS)
    yield Leaf("complaint_points", ("complaint_points",), COUNT, Decimal(0), Decimal(100))


def values_of(data: Mapping[str, Any]) -> dict[str, Value]:
    """The definition's values by name. Raises NotALeaf for what cannot be read."""
    return {leaf.name: read(leaf, _get(data, leaf.path)) for leaf in leaves(data)}


def with_values(data: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Any]:
    """A copy of the definition that says these values; what stays the same keeps its spelling."""
    made: dict[str, Any] = deepcopy(dict(data))
    for leaf in leaves(data):
        if leaf.name in values and values[leaf.name] != read(leaf, _get(data, leaf.path)):
            _put(made, leaf.path, _written(leaf, values[leaf.name]))
    return made


def same_shape(data: Any, like: Mapping[str, Any]) -> bool:
    """Whether a definition has the same parts as another, so that they differ in changeable values only."""
    try:
        return isinstance(data, dict) and bool(_blank(data, like) == _blank(like, like))
    except (KeyError, TypeError, AttributeError):
        return False


def read(leaf: Leaf, value: Any) -> Value:
    """A value as its kind has it. Raises NotALeaf."""
    if leaf.kind == WORDS and isinstance(value, str):
        return value.strip()
    if leaf.kind == TIERS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return sorted(set(value))
    if leaf.kind == COUNT and type(value) is int:
        return value
    if leaf.kind in DECIMALS and isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        return _decimal(value, DECIMALS[leaf.kind])
    raise NotALeaf(leaf.name)


def _decimal(value: str | int | Decimal, places: int) -> Decimal:
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise NotALeaf(str(value)) from error
    if not found.is_finite() or abs(found) > 10**12 or found != round(found, places):
        raise NotALeaf(str(value))
    return found


def _written(leaf: Leaf, value: Value) -> Any:
    return format(value.normalize(), "f") if leaf.kind in DECIMALS else value


def _get(data: Any, path: Path) -> Any:
    for part in path:
        data = _named(data, part) if isinstance(data, list) else data[part]
    return data


def _named(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(row for row in rows if row["code"] == code)


def _put(data: Any, path: Path, value: Any) -> None:
    _get(data, path[:-1])[path[-1]] = value


def _blank(data: Any, like: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with all changeable values taken out, at the places where `like` has them."""
    made: dict[str, Any] = deepcopy(dict(data))
    for leaf in leaves(like):
        try:
            _put(made, leaf.path, None)
        except StopIteration as error:
            raise KeyError(leaf.name) from error
    return made
