"""A stored card worked out again from its own inputs, to prove that it can be."""

from decimal import Decimal

from kpis.models import SchemeVersion, Scorecard
from kpis.rules import COUNTS, CardInputs, Profits, Targets, Worked, half_up
from kpis.rules.changes import Card
from kpis.rules.scheme import INDICATORS

PLACES = 12  # as stored


def inputs_of(card: Scorecard) -> CardInputs:
    """What the card was worked out from, as the arithmetic takes it, whatever has been loaded since."""
    kept = card.inputs
    firm = kept["firm"] and CardInputs(
        dict.fromkeys(COUNTS, 0) | kept["firm"]["counts"], Profits.from_json(kept["firm"]["profits"])
    )
    profits = Profits.from_json(kept["profits"])
    return CardInputs(card.counts, profits, kept["short_history"], firm or None, adjustments_of(card))


def adjustments_of(card: Scorecard) -> dict[str, Decimal]:
    """Subject -> what two persons added to what the card is scored by."""
    return {subject: Decimal(amount) for subject, amount in card.inputs.get("adjustments", {}).items()}


def as_worked(card: Scorecard) -> Card:
    """The card's inputs with the targets and the scheme that made it."""
    kept = card.inputs
    scheme = SchemeVersion.objects.prefetch_related("groups").get(number=kept["scheme"])
    return Card(inputs_of(card), Targets.from_json(kept["targets"]), scheme.as_rules())


def worked_again(card: Scorecard) -> Worked:
    """The card's numbers from its stored counts and inputs alone."""
    return as_worked(card).worked()


def deviations(card: Scorecard) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """What comes out otherwise than stored: name -> (stored, worked out again); empty when all is well."""
    worked, lines = worked_again(card), card.lines_by_name()
    pairs = {name: (lines[name].score, half_up(worked.score(name), PLACES)) for name in INDICATORS if lines}
    pairs["total"] = (card.total, half_up(worked.total, PLACES))
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
