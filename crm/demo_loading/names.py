"""What the people of the demo's companies call them, kept by hand: 沪华信 for 上海华信盛贸易有限公司."""

from clients.actions.editing import edit_client
from clients.models import Client
from crm.demo.names import BRANCHES
from crm.demo_loading.asked import ACTOR

PLACES = {
    "上海": "沪", "杭州": "杭", "南京": "宁", "深圳": "深", "广州": "穗", "厦门": "厦", "长沙": "湘",
    "北京": "京", "天津": "津", "成都": "蓉",
}  # fmt: skip


def make_short_names() -> int:
    """Gives companies their short names, unless an earlier start has; returns how many."""
    companies = Client.objects.filter(kind=Client.Kind.INSTITUTION, short_name="").select_related("branch")
    named = [(company, short) for company in companies.order_by("pk") if (short := short_name(company.name))]
    for company, short in named:
        edit_client(actor=ACTOR, client=company, values={"short_name": short}, version=company.version)
    return len(named)


def short_name(name: str) -> str:
    """The city's one-character name and the company's first word; '' for names that begin otherwise."""
    for city in {branch.city for branch in BRANCHES}:
        if name.startswith(city):
            return PLACES[city] + name[len(city) : len(city) + 2]
    return ""
