"""What the client page shows of trading: holdings and balances, trades by day, suitability of products."""

from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients.actions.suitability import record_risk_warning
from clients.models import Client
from clients.queries.suitability import assessment_of, warnings_given
from clients.suitability import Answer, Initiator
from clients.views import visible_client
from core.errors import Conflict
from core.fragments import fragment
from core.keyset import InvalidCursor, Page, paginate
from staff.access import PersonRequest, needs
from trading.charts import holdings_donut
from trading.deals import incomes_of, trade_months, trades_of
from trading.forms import FitForm, RiskWarningForm
from trading.models import Trade
from trading.positions import positions_of
from trading.suitability import Fit, fit, product_named, products_like
from trading.words import income_words

TRADES = 50
MONTHS = 12
TONES = {Answer.MATCH: "ok", Answer.WARN: "warn", Answer.PROHIBIT: "bad"}


@require_GET
@needs("clients.view")
def holdings(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    positions = positions_of(client)
    context = {"client": client, "positions": positions, "donut": holdings_donut(positions)}
    return render(request, "trading/client_holdings.html", context)


@require_GET
@needs("clients.view")
def trades(request: PersonRequest, client_no: str) -> HttpResponse:
    """Sums by month, and the trades themselves by day, of one `month` or of all; `cursor` pages back."""
    client, month = visible_client(request, client_no), _month(request)
    ordering = ("-traded_on", "-traded_at", "-trade_no", "-feed_day")
    page = _page(request, trades_of(client, month), ordering)
    cursor = request.GET.get("cursor", "")
    context = {
        "client": client,
        "month": month,
        "days": _by_day(page.rows),
        "next": page.next,
        "months": [] if cursor else trade_months(client, MONTHS, month),
        "first": not cursor,
    }
    return render(request, f"trading/client_trade{'s' if not cursor else '_days'}.html", context)


@require_GET
@needs("clients.view")
def incomes(request: PersonRequest, client_no: str) -> HttpResponse:
    """What was earned beside commissions, of one `month` or of all; `cursor` pages back."""
    client, month = visible_client(request, client_no), _month(request)
    page, words = _page(request, incomes_of(client, month), ("-feed_day", "-income_no")), income_words()
    rows = [(income, words.get(income.kind, income.kind)) for income in page.rows]
    context = {"client": client, "month": month, "rows": rows, "next": page.next}
    return render(request, "trading/client_incomes.html", context)


def _page(request: PersonRequest, rows: QuerySet, ordering: tuple[str, ...]) -> Page:
    """The rows at the cursor of the address; from the first one where it can't be used."""
    cursor = request.GET.get("cursor", "")
    try:
        return paginate(rows, ordering, size=TRADES, cursor=cursor, tie=("client_id",))
    except InvalidCursor:
        return paginate(rows, ordering, size=TRADES, tie=("client_id",))


def _month(request: PersonRequest) -> date | None:
    """First day of the month the address names as 2026-07; None without one, 404 for anything else."""
    asked = request.GET.get("month", "")
    try:
        return date.fromisoformat(f"{asked}-01") if asked else None
    except ValueError as error:
        raise Http404 from error


@require_GET
@needs("clients.view")
def suitability(request: PersonRequest, client_no: str) -> HttpResponse:
    """The assessment, the question, and the warnings given."""
    client = visible_client(request, client_no)
    return render(request, "trading/client_suitability.html", _panel(request, client))


@require_GET
@needs("clients.view")
def answer(request: PersonRequest, client_no: str) -> HttpResponse:
    """Products like what is typed, each with its verdict."""
    client = visible_client(request, client_no)
    form = FitForm(request.GET)
    fits: list[Fit] = []
    if form.is_valid():
        who, today = Initiator(form.cleaned_data["initiated_by"]), timezone.localdate()
        fits = [fit(client, product, who, today) for product in products_like(form.cleaned_data["product"])]
    return fragment(request, "trading/client_fits.html", _fits(request, client, fits, form.data))


@require_POST
@needs("clients.edit")
def warn(request: PersonRequest, client_no: str) -> HttpResponse:
    """Records that the client was warned of a product's risk."""
    client = visible_client(request, client_no)
    form = RiskWarningForm(request.POST)
    product = product_named(request.POST.get("product", ""))
    if product is None or not form.is_valid():
        return fragment(
            request, "trading/client_suitability.html", _panel(request, client, form, product), 422
        )
    try:
        record_risk_warning(
            actor=request.user, client=client, product_code=product.code, product_name=product.name,
            product_level=product.risk_level, **form.cleaned_data,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error)
    except Conflict as refusal:
        form.add_error(None, refusal.message)
    failed = bool(form.errors)
    context = _panel(request, client, form if failed else None, product if failed else None)
    return fragment(
        request, "trading/client_suitability.html", {**context, "saved": not failed}, 422 if failed else 200
    )


def _panel(
    request: PersonRequest, client: Client, form: RiskWarningForm | None = None, product: Any = None
) -> dict[str, Any]:
    assessment, today = assessment_of(client), timezone.localdate()
    return {
        "client": client,
        "assessment": assessment,
        "holds": assessment.holds_on(today),
        "reminder": assessment.reminder(today),
        "ask": FitForm(),
        "warning_form": form,
        "product": product,
        "warnings": warnings_given(client)[:20],
        "may_edit": request.user.may("clients.edit"),
    }


def _fits(request: PersonRequest, client: Client, fits: list[Fit], asked: Any) -> dict[str, Any]:
    return {
        "client": client,
        "fits": [(one, TONES[one.verdict.answer], RiskWarningForm(product=one.product.code)) for one in fits],
        "asked": asked.get("product", "").strip(),
        "may_edit": request.user.may("clients.edit"),
    }


def _by_day(rows: list[Trade]) -> list[tuple[Any, list[Trade]]]:
    return [(day, list(trades)) for day, trades in groupby(rows, key=lambda row: row.traded_on)]
