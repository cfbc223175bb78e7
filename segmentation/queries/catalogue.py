"""The fields that a saved segment may ask for, in the groups and the order in which they are offered."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters import FLAGS, STAGES
from clients.models import Client, Tag
from clients.suitability import CLIENT_LEVELS
from core.templatetags.ui import tier_names
from segmentation.rules import Field, Kind, Source
from segmentation.rules.fields import Choices
from segmentation.words import matrix_words
from staff.models import Unit
from trading.models import Product

SCORED = "score_row__"  # the row of the last night
STANDS = "standing__"  # the same for everybody, as lists read it
CLOSE = "close__"  # the row of a month close


def _branches() -> Choices:
    return _units(Unit.Kind.BRANCH)


def _regions() -> Choices:
    return _units(Unit.Kind.REGION)


def _units(kind: str) -> Choices:
    return [(code, name) for code, name in Unit.objects.filter(kind=kind).values_list("code", "name")]


def _tags() -> Choices:
    return [(name, name) for name in Tag.objects.values_list("name", flat=True)]


def _tiers() -> Choices:
    return list(tier_names().items())


def _matrix() -> Choices:
    return list(matrix_words().items())


def _levels() -> Choices:
    return [(level, level) for level in CLIENT_LEVELS]


def _sexes() -> Choices:
    return [("F", pgettext_lazy("sex", "Female")), ("M", pgettext_lazy("sex", "Male"))]


def _investors() -> Choices:
    return [
        ("ordinary", _("Ordinary investor")),
        ("professional_a", _("Professional investor A")),
        ("professional_b", _("Professional investor B")),
        ("professional_c", _("Professional investor C")),
    ]


def _kinds() -> Choices:
    return Client.Kind.choices


def _statuses() -> Choices:
    return Client.Status.choices


def _families() -> Choices:
    return Product.Family.choices


def _record(key: str, kind: Kind, words: object, live: str = "", choices: object = None) -> Field:
    return Field(key, Source.RECORD, kind, words, live, "", choices)  # type: ignore[arg-type]


def _score(key: str, kind: Kind, words: object, choices: object = None, *, stands: bool = False) -> Field:
    live = f"{STANDS if stands else SCORED}{key}"
    return Field(key, Source.SCORE, kind, words, live, f"{CLOSE}{key}", choices)  # type: ignore[arg-type]


def _behaviour(key: str, kind: Kind, words: object, choices: object = None) -> Field:
    return Field(key, Source.BEHAVIOUR, kind, words, choices=choices)  # type: ignore[arg-type]


FIELDS = (
    _record("branch", Kind.CHOICE, _("Branch"), "branch__code", _branches),
    _record("region", Kind.CHOICE, _("Region"), "branch__parent__code", _regions),
    _record("manager_no", Kind.TEXT, _("Manager number"), "manager_no"),
    _record("kind", Kind.CHOICE, _("Kind"), "kind", _kinds),
    _record("status", Kind.CHOICE, _("Status"), "status", _statuses),
    _record("opened_on", Kind.DATE, _("Opened on"), "opened_on"),
    _record("age", Kind.AGE, _("Age"), "birth_date"),
    _record("sex", Kind.CHOICE, _("Sex"), "sex", _sexes),
    _record("risk_level", Kind.CHOICE, _("Risk level"), "risk_level", _levels),
    _record("risk_assessed_on", Kind.DATE, _("Risk assessed on"), "risk_assessed_on"),
    _record("investor_class", Kind.CHOICE, _("Investor class"), "investor_class", _investors),
    _record("id_expires_on", Kind.DATE, _("Identity document valid to"), "id_expires_on"),
    _record("callback_passed_on", Kind.DATE, _("Callback passed on"), "callback_passed_on"),
    _record("outside_assets", Kind.MONEY, _("Declared assets elsewhere"), "declared_outside_assets"),
    _record("tags", Kind.SET, _("Tags"), choices=_tags),
    _score("tier", Kind.CHOICE, _("Tier"), _tiers, stands=True),
    _score("tier_since", Kind.DATE, _("Tier since"), stands=True),
    _score("score", Kind.NUMBER, _("Score"), stands=True),
    _score("provisional", Kind.YES_NO, _("Score is provisional")),
    _score("current", Kind.NUMBER, _("Current value")),
    _score("potential", Kind.NUMBER, _("Potential")),
    _score("loyalty", Kind.NUMBER, _("Loyalty")),
    _score("matrix", Kind.CHOICE, _("Current value and potential"), _matrix, stands=True),
    _score("stage", Kind.CHOICE, _("Stage"), lambda: STAGES, stands=True),
    _score("flags", Kind.SET, _("Flags"), lambda: FLAGS, stands=True),
    _score("contribution_12m", Kind.MONEY, _("Contribution, 12 months")),
    _score("contribution_3m_x4", Kind.MONEY, _("Contribution, last 3 months × 4")),
    _score("assets_avg_3m", Kind.MONEY, _("Average assets, 3 months")),
    _score("assets_end", Kind.MONEY, _("Assets")),
    _score("net_inflow_ratio", Kind.RATIO, _("Net inflow over average assets")),
    _score("recency_days", Kind.NUMBER, _("Days since the last trade")),
    _score("active_months_12m", Kind.NUMBER, _("Months with trades, of 12")),
    _score("turnover_12m", Kind.MONEY, _("Turnover, 12 months")),
    _score("product_families", Kind.NUMBER, _("Product families held")),
    _score("tenure_years", Kind.NUMBER, _("Years with the firm")),
    _score("complaints_12m", Kind.NUMBER, _("Substantiated complaints")),
    Field(
        "last_trade_on", Source.BEHAVIOUR, Kind.DATE, _("Last trade"), f"{STANDS}last_trade_on",
        f"{CLOSE}last_trade_on",
    ),
    _behaviour("contact", Kind.EVENT, _("Contact with the client")),
    _behaviour("complaint", Kind.EVENT, _("Complaint received")),
    _behaviour("families", Kind.SET, _("Holds products of"), _families),
    _behaviour("contribution", Kind.SUM, _("Contribution, %(months)s months")),
    _behaviour("assets", Kind.AVERAGE, _("Average assets, %(months)s months")),
    _behaviour("turnover", Kind.SUM, _("Turnover, %(months)s months")),
    _behaviour("trades", Kind.SUM, _("Trades, %(months)s months")),
    _behaviour("inflow", Kind.SUM, _("Inflow, %(months)s months")),
    _behaviour("outflow", Kind.SUM, _("Outflow, %(months)s months")),
    _behaviour("service_cost", Kind.SUM, _("Service cost, %(months)s months")),
    _behaviour("became_effective", Kind.EVENT, _("Became an effective client")),
    _behaviour("was_lost", Kind.EVENT, _("Lost as a client")),
    _behaviour("was_reactivated", Kind.EVENT, _("Reactivated")),
)  # fmt: skip
CATALOGUE = {field.key: field for field in FIELDS}


def choice_words(field: Field) -> dict[str, str]:
    """What a field's codes are called in the reader's language."""
    return {code: str(words) for code, words in field.choices()} if field.choices else {}


def source_words() -> dict[str, str]:
    return {
        Source.RECORD: str(_("Client record")),
        Source.SCORE: str(_("Score and tier")),
        Source.BEHAVIOUR: str(_("Behaviour")),
    }
