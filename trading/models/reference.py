"""Products and the exchange's calendar."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """A product clients hold, with its newest values; ProductRecord keeps what was told when."""

    class Family(models.TextChoices):
        EQUITY_FUND = "equity_fund", _("Equity fund")
        BOND_FUND = "bond_fund", _("Bond fund")
        MONEY_FUND = "money_fund", _("Money market fund")
        PRIVATE_FUND = "private_fund", _("Private fund")
        STRUCTURED_NOTE = "structured_note", _("Structured note")
        ASSET_MANAGEMENT = "asset_management", _("Asset management plan")
        ADVISORY = "advisory", _("Investment advisory")

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200, blank=True)
    family = models.CharField(max_length=20, choices=Family.choices, blank=True)
    risk_level = models.CharField(max_length=2, blank=True)
    told_on = models.DateField()
    told_version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return self.code


class ProductRecord(models.Model):
    """What a feed told of a product on a trade date (the day's highest version); as of D: told_on <= D."""

    pk = models.CompositePrimaryKey("product_id", "told_on")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="records")
    told_on = models.DateField()
    told_version = models.IntegerField(default=1)
    name = models.CharField(max_length=200, blank=True)
    family = models.CharField(max_length=20, blank=True)
    risk_level = models.CharField(max_length=2, blank=True)


class TradingDay(models.Model):
    """A calendar day and whether the exchange (XSHG) trades on it, cached from its published calendar."""

    day = models.DateField(primary_key=True)
    is_open = models.BooleanField()


class CalendarOverride(models.Model):
    """A day the published calendar has wrong, or does not reach yet; wins over it."""

    day = models.DateField(primary_key=True)
    is_open = models.BooleanField()
    reason = models.CharField(max_length=200)


class BusinessSession(models.Model):
    """Part of a trading day that counts as business time of a kind, from a day on.

    All sessions of a kind with the latest from_date up to a day hold on that day; a day that is told anew is
    told whole. Times are of Asia/Shanghai.
    """

    class Hours(models.TextChoices):
        TRADING = "trading", _("Trading hours")
        WORKING = "working", _("Working hours")

    hours = models.CharField(max_length=7, choices=Hours.choices)
    from_date = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["hours", "from_date", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["hours", "from_date", "opens"], name="business_session_once"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="business_session_has_length"),
        ]
