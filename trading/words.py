"""What the codes of the feeds mean, in the reader's language."""

from django.utils.translation import gettext as _


def income_words() -> dict[str, str]:
    """Kinds of incomes.csv."""
    return {
        "margin_interest": _("Margin interest"),
        "cash_spread": _("Interest spread on cash"),
        "product_fee": _("Product fee"),
        "trailing_fee": _("Trailing fee"),
        "advisory_fee": _("Advisory fee"),
        "other": _("Other income"),
    }
