"""What scorecards add to the house."""

from core.files.stored import context_of
from core.lists import ListSource
from core.page_panels import PagePanel
from core.registry import MenuEntry, Module, SealedTable, TrialPart, Worklist
from kpis.actions.report_mail import letter
from kpis.bulk import SIGN_OFFS
from kpis.lists.appeals import AppealList
from kpis.lists.contributions import ContributionList, contributing
from kpis.lists.proposals import ProposalList
from kpis.lists.signing import SignOffList, sign_off_rows
from kpis.queries import appeals, proposals, waiting
from kpis.queries.rewards import count_waiting_runs
from kpis.queries.schemes import count_waiting
from kpis.recompute.trial import try_cards


def _(text: str) -> str:
    """Marks a msgid; it is translated when shown."""
    return text


MODULE = Module(
    name="kpis",
    menu=[
        MenuEntry("analysis", "Scorecards", "kpis:scorecard", "gauge", "kpis.view", 110),
        MenuEntry("analysis", "League table", "kpis:league", "trophy", "kpis.view", 120),
        MenuEntry("analysis", _("Sign-off"), "kpis:sign_offs", "signature", "kpis.view", 125),
        MenuEntry("analysis", _("Client analysis"), "reports:list", "book-open-text", "reports.view", 127),
        MenuEntry("analysis", "Targets", "kpis:targets", "target", "kpis.targets", 130),
        MenuEntry("analysis", _("Scheme"), "kpis:schemes", "scale", "kpis.view", 132),
        MenuEntry("analysis", _("What-if"), "kpis:what_if", "flask-conical", "kpis.schemes", 134),
        MenuEntry("analysis", _("Rewards"), "kpis:rewards", "coins", "kpis.view", 136),
    ],
    worklists=[
        Worklist(
            _("Scorecards to confirm"),
            "kpis:sign_offs",
            "stage=waiting",
            "signature",
            "kpis.confirm",
            63,
            waiting.to_confirm,
        ),
        Worklist(
            _("Scorecards to sign"),
            "kpis:sign_offs",
            "stage=confirmed",
            "signature",
            "kpis.sign",
            64,
            waiting.to_sign,
        ),
        Worklist(
            _("Revisions of scorecards to adopt"),
            "kpis:sign_offs",
            "stage=adopting",
            "history",
            "kpis.adopt",
            65,
            waiting.to_adopt,
        ),
        Worklist(
            _("Proposals to answer"),
            "reports:proposals",
            "state=open",
            "lightbulb",
            "proposals.answer",
            66,
            proposals.waiting,
        ),
        Worklist(
            _("Appeals against scorecards to answer"),
            "kpis:appeals",
            "state=lodged",
            "message-square-warning",
            "kpis.appeals_answer",
            66,
            appeals.to_answer,
        ),
        Worklist(
            _("Adjustments of scorecards to approve"),
            "kpis:appeals",
            "state=adjusting",
            "scale",
            "kpis.adopt",
            67,
            appeals.to_approve,
        ),
        Worklist(
            _("Drafts of the scheme that wait for approval"),
            "kpis:schemes",
            "",
            "scale",
            "kpis.schemes_approve",
            62,
            count_waiting,
        ),
        Worklist(
            _("Rewards that wait for approval"),
            "kpis:rewards",
            "",
            "coins",
            "rewards.approve",
            66,
            count_waiting_runs,
        ),
    ],
    lists=[
        ListSource("kpis.view", "kpis:sign_offs", SignOffList, sign_off_rows),
        ListSource("kpis.view", "kpis:appeals", AppealList, appeals.listed),
        ListSource("kpis.view", "kpis:contributions", ContributionList, contributing, "pk"),
        ListSource("reports.view", "reports:proposals", ProposalList, proposals.listed),
    ],
    bulk_deeds={"sign-offs": SIGN_OFFS},
    mails={"report": letter},
    notice_kinds={
        "proposals": _("Proposals of client analysis reports"),
        "reports": _("Client analysis reports"),
        "reward": _("Others decided on rewards that I proposed"),
        "scheme": _("Others decided on a draft of the scheme that I proposed"),
        "scorecard_appeal": _("Appeals against scorecards that I lodged or have to act on"),
        "sign_off": _(
            "Scorecards wait for my confirmation or signature, are late, or were revised after signing"
        ),
    },
    event_types=[
        "scorecard.signed",
        "scorecard.adopted",
        "scorecard.revised",
        "report.released",
        "proposal.accepted",
        "proposal.declined",
        "proposal.done",
    ],
    page_panels=[
        PagePanel("segmentation.overrides", "overridden-cards", "kpis:overridden", "kpis.view", 10),
    ],
    trial_parts=[
        TrialPart("cards", "Scorecards under the draft", "kpis:trial_cards", "models.view", try_cards, 10),
    ],
    sealed=[
        SealedTable("kpis.AppealFile", ["secret"], ["key"], lambda row, _column: context_of(row["key"])),
    ],
    api_scopes={
        "scorecards:read": "Read scorecards and the clients behind them",
        "targets:write": "Set floors and targets",
        "reports:read": "Read client analysis reports",
    },
)
