"""By which line the client of a case is written to."""

from cases.models import Case
from interactions.models import Line

# By which lines a case of a channel is answered, best first.
WAYS = {
    "email": ("email",),
    "wecom": ("wecom",),
    "wechat": ("wechat",),
    "chat": ("chat",),
    "sms": ("sms",),
    "phone": ("sms",),
    "visit": ("sms",),
}


def line_for(case: Case) -> Line | None:
    """The line by which the client of the case can be written to; None where there is none."""
    if case.client is None:
        return None
    adapters = WAYS.get(case.channel, ("email", "sms"))
    lines = Line.objects.filter(active=True, adapter__in=adapters).order_by("code")
    return next(iter(sorted(lines, key=lambda line: adapters.index(line.adapter))), None)


def about_of(case: Case) -> str:
    """What surveys call it."""
    return f"case:{case.pk}"
