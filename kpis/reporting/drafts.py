"""The first text of each section: sentences that the facts allow, naming them, so that they stay linked."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from kpis.reporting.facts import Facts, has

CHINESE, ENGLISH = "zh-hans", "en"


def drafted(section: str, facts: Facts) -> tuple[str, str]:
    """The section's text in Chinese and in English."""
    texts = []
    for language in (CHINESE, ENGLISH):
        with override(language):
            texts.append("\n".join(f"- {sentence}" for sentence in DRAFTS[section](facts)))
    return texts[0], texts[1]


def _value(facts: Facts, name: str) -> Decimal:
    """A fact as a number; 0 where it is not known."""
    return Decimal(facts[name][1] or 0)


def _movement(facts: Facts) -> list[str]:
    said = [_("At the end of the month the firm held **{clients}** clients.")]
    if has(facts, "clients_change"):
        said = [
            _(
                "At the end of the month the firm held **{clients}** clients, {clients_change} "
                "against the month before."
            )
        ]
    if has(facts, "new", "lost"):
        said.append(
            _("{new} clients became new, {back} came back and {lost} were lost; a lost rate of {lost_rate}.")
        )
    said.append(_("Contribution of twelve months is **{contribution}**, assets are {assets}."))
    if has(facts, "contribution_change", "assets_change"):
        said.append(
            _(
                "Against the month before, contribution moved by {contribution_change} and assets "
                "by {assets_change}."
            )
        )
    if has(facts, "total_change"):
        rose = _value(facts, "total_change") >= 0
        said.append(
            _("The firm's scorecard rose to **{total}** points ({total_change}).")
            if rose
            else _("The firm's scorecard fell to **{total}** points ({total_change}).")
        )
    elif has(facts, "total"):
        said.append(_("The firm's scorecard stands at **{total}** points."))
    return said


def _segments(facts: Facts) -> list[str]:
    said = []
    if has(facts, "top_of_clients", "top_of_value"):
        said.append(
            _(
                "The two top tiers hold {top_clients} clients: {top_of_clients} of all, who bring "
                "**{top_of_value}** of the value."
            )
        )
    if has(facts, "top_change"):
        grew = _value(facts, "top_change") >= 0
        said.append(
            _("They are more than the month before ({top_change}).")
            if grew
            else _("They are fewer than the month before ({top_change}); see who fell and why.")
        )
    if has(facts, "largest", "largest_of_clients"):
        said.append(_("The largest tier is {largest} with {largest_of_clients} of the clients."))
    if has(facts, "per_client", "top_per_client"):
        said.append(
            _(
                "A client brings {per_client} in twelve months on average, one of the top tiers "
                "{top_per_client}."
            )
        )
    return said or [_("Nobody is held yet.")]


def _migration(facts: Facts) -> list[str]:
    if not has(facts, "rose_share"):
        return [_("Nobody had a tier at both ends of the month.")]
    said = [
        _("{rose} clients rose ({rose_share}), {fell} fell ({fell_share}), {stayed} stayed where they were.")
    ]
    more = _value(facts, "into_top") >= _value(facts, "out_of_top")
    said.append(
        _("More clients entered the two top tiers than left them: {into_top} in, {out_of_top} out.")
        if more
        else _("More clients left the two top tiers than entered them: {out_of_top} out, {into_top} in.")
    )
    return said


def _concentration(facts: Facts) -> list[str]:
    if not has(facts, "top1", "gini"):
        return [_("There is no curve: the contribution is not positive.")]
    said = [
        _(
            "The top 1 % of the clients bring {top1} of the value, the top 5 % {top5}, the top 20 "
            "% **{top20}**."
        )
    ]
    if has(facts, "gini_change"):
        more = _value(facts, "gini_change") > 0
        said.append(
            _("Value became more concentrated: Gini {gini} ({gini_change}).")
            if more
            else _("Value did not become more concentrated: Gini {gini} ({gini_change}).")
        )
    return said


def _at_risk(facts: Facts) -> list[str]:
    if not _value(facts, "clients"):
        return [_("No valuable client is at risk at the end of the month.")]
    said = [
        _("**{clients}** valuable clients are at risk; they bring {contribution}, {of_value} of the value.")
    ]
    if has(facts, "clients_change"):
        said.append(_("That is {clients_change} against the month before."))
    if _value(facts, "dormant"):
        said.append(_("{dormant} clients keep assets without having traded for a year."))
    return said


def _units(facts: Facts) -> list[str]:
    if not has(facts, "best", "average"):
        return [_("No branch has a total score for the month.")]
    said = [_("{branches} branches reach {average} points on average; **{best}** leads with {best_total}.")]
    if facts["best"] != facts["last"]:
        said.append(_("{last} is last with {last_total}; {low} branches stay below 60 points."))
    if _value(facts, "improved"):
        said.append(_("{improved} branches improved on the month before."))
    return said


def _service(facts: Facts) -> list[str]:
    said = [_("{contacts} contacts took {minutes} minutes.")]
    if has(facts, "contacts_change", "cost"):
        said = [
            _(
                "{contacts} contacts ({contacts_change} against the month before) took {minutes} "
                "minutes and cost {cost}."
            )
        ]
    said.append(
        _(
            "{cases} cases were opened and {resolved} resolved; {complaints} were complaints "
            "({complaints_change})."
        )
    )
    if has(facts, "satisfaction"):
        said.append(_("Clients gave {satisfaction} of 5 for the service."))
    return said


DRAFTS: dict[str, Callable[[Facts], list[str]]] = {
    "movement": _movement,
    "segments": _segments,
    "migration": _migration,
    "concentration": _concentration,
    "at_risk": _at_risk,
    "units": _units,
    "service": _service,
}
