"""What is wrong with a draft's definition, in words, by the name of the value."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from segmentation.leaf_words import written
from segmentation.leaves import TIERS, WORDS, Leaf, NotALeaf, Value, leaves, same_shape, values_of
from segmentation.words import axis_words

Faults = dict[str, list[str]]
Fault = tuple[str, str]
Values = Mapping[str, Value]
WHOLE = Decimal(1)


def faults(data: Any, like: Mapping[str, Any]) -> Faults:
    """By name of the value ("definition" for its shape); empty when the draft may be published.

    like: a version's definition, which says what there is to change.
    """
    if not same_shape(data, like):
        return {
            "definition": [_("Only weights, cut-offs and names may differ from the version it began with.")]
        }
    try:
        values = values_of(data)
    except NotALeaf as error:
        return {"definition": [_("This value cannot be read: %(name)s") % {"name": error}]}
    found: Faults = defaultdict(list)
    for name, words in [*_limits(data, values), *_weights(data, values), *_ladder(data, values)]:
        found[name].append(words)
    return dict(found)


def _limits(data: Mapping[str, Any], values: Values) -> Iterator[Fault]:
    codes = {tier["code"] for tier in data["tiers"]}
    for leaf in leaves(data):
        value = values[leaf.name]
        if leaf.kind == WORDS:
            if not leaf.least <= len(value) <= leaf.most:
                yield leaf.name, _("1 to %(most)s characters.") % {"most": leaf.most}
        elif leaf.kind == TIERS:
            if not set(value) <= codes:
                yield leaf.name, _("There is no such tier.")
        elif not leaf.least <= value <= leaf.most:
            yield leaf.name, _between(leaf)


def _between(leaf: Leaf) -> str:
    told = {"least": written(leaf, leaf.least), "most": written(leaf, leaf.most)}
    return _("Between %(least)s and %(most)s.") % told


def _weights(data: Mapping[str, Any], values: Values) -> Iterator[Fault]:
    axes = [axis["code"] for axis in data["axes"]]
    for axis in axes:
        if values[f"axis__{axis}"] == 0:
            yield f"axis__{axis}", _("An axis needs a weight above 0.")
    total = sum(values[f"axis__{axis}"] for axis in axes)
    if total != WHOLE:
        yield (
            f"axis__{axes[0]}",
            _("The axes weigh %(sum)s together; it has to be 100 %%.") % {"sum": _share(total)},
        )
    for axis in axes:
        yield from _weights_of(axis, data, values)


def _weights_of(axis: str, data: Mapping[str, Any], values: Values) -> Iterator[Fault]:
    names = [f"weight__{one['code']}" for one in data["indicators"] if one["axis"] == axis]
    total = sum(values[name] for name in names)
    told = {"axis": axis_words().get(axis, axis), "sum": _share(total)}
    if total == 0:
        yield names[0], _("%(axis)s has no indicator left; switch at least one on.") % told
    elif total != WHOLE:
        yield names[0], _("The indicators of %(axis)s weigh %(sum)s together; it has to be 100 %%.") % told


def _ladder(data: Mapping[str, Any], values: Values) -> Iterator[Fault]:
    codes = [tier["code"] for tier in data["tiers"]]  # lowest first
    for lower, higher in pairwise(code for code in codes if f"cut__{code}" in values):
        if values[f"cut__{lower}"] >= values[f"cut__{higher}"]:
            told = {"higher": higher, "lower": lower}
            yield f"cut__{higher}", _("The cut-off of %(higher)s has to lie above that of %(lower)s.") % told
    for language in ("zh_hans", "en"):
        names = [values[f"name_{language}__{code}"] for code in codes]
        for code, name in zip(codes, names, strict=True):
            if names.count(name) > 1:
                yield f"name_{language}__{code}", _("Two tiers cannot have the same name.")
    for name in ("active_months", "product_families"):
        if values[f"client__{name}"] < values[f"repeat__{name}"]:
            yield f"client__{name}", _("A higher stage cannot ask for less than the one below it.")


def _share(value: Decimal) -> str:
    return formats.percent(value, 2)
