"""Who may do what where: one line for every route, method and place, written down by hand.

`+` allowed, `-` visible but not allowed (403), `0` not visible (404). People in the columns:

    A agent_1001  L team_lead_1001  M manager_1001a  B branch_manager_1001  R region_manager_r1  H agent_hq
    V value_analyst  C compliance  O operator  D administrator  N analyst

and other systems, each with every scope: f at headquarters, o at 1001, x at 1002 (API only).

Places: {own} is a client of 1001 and of M1001A, {near} of 1001 and another manager, {next} of 1002 in the
same region, {far} of 1005 in another region.
"""

from dataclasses import dataclass

from tests.crm.matrix_api import API as OLDER_API
from tests.crm.matrix_bulk import BULK
from tests.crm.matrix_campaigns import CAMPAIGNS, CAMPAIGNS_API
from tests.crm.matrix_cases import CASES, CASES_API
from tests.crm.matrix_clients import CLIENTS
from tests.crm.matrix_compared import COMPARED, COMPARED_API
from tests.crm.matrix_desk import DESK, DESK_API
from tests.crm.matrix_due import DUE, DUE_API
from tests.crm.matrix_knowledge import KNOWLEDGE, KNOWLEDGE_API
from tests.crm.matrix_models import MODELS, MODELS_API
from tests.crm.matrix_outreach import NOTICES, OUTREACH, OUTREACH_API
from tests.crm.matrix_overrides import OVERRIDES, OVERRIDES_API
from tests.crm.matrix_quality import QUALITY, QUALITY_API
from tests.crm.matrix_reports import REPORTS, REPORTS_API
from tests.crm.matrix_schemes import SCHEMES, SCHEMES_API
from tests.crm.matrix_segments import SEGMENTS, SEGMENTS_API
from tests.crm.matrix_sign_in import PUBLIC as SIGN_IN_PUBLIC
from tests.crm.matrix_sign_in import SIGN_IN
from tests.crm.matrix_signing import SIGNING, SIGNING_API

PEOPLE = {
    "A": "agent_1001",
    "L": "team_lead_1001",
    "M": "manager_1001a",
    "B": "branch_manager_1001",
    "R": "region_manager_r1",
    "H": "agent_hq",
    "V": "value_analyst",
    "C": "compliance",
    "O": "operator",
    "D": "administrator",
    "N": "analyst",
}
SYSTEMS = {"f": ("HQ",), "o": ("1001",), "x": ("1002",)}

# Without a sign-in, for everyone.
PUBLIC = """
GET   /healthz
GET   /readyz
GET   /live/
GET   /sign-in/
POST  /language/
POST  /theme/
POST  /o/token/
POST  /api/v1/channels/hotline/events
GET   /api/v1/no-such-address/
GET   /unsubscribe/made-up/
GET   /survey/made-up/
POST  /survey/made-up/
GET   /calendar/made-up/tasks.ics
"""

PAGES = """
                                                A L M B R H V C O D N
GET   /                                         + + + + + + + + + + +
POST  /sign-out/                                + + + + + + + + + + +
GET   /password/                                + + + + + + + + + + +
POST  /password/                                + + + + + + + + + + +
GET   /jobs/                                    + + + + + + + + + + +
GET   /jobs/shared/                             + + + + + + + + + + +
POST  /jobs/{job}/cancel/                       0 0 0 0 0 0 0 0 + 0 0
GET   /api/v1/docs/                             + + + + + + + + + + +

GET   /views/rail/                              + + + + + + + + + + +
GET   /views/of/clients/                        + + + + + + + + - - -
GET   /views/of/audit/                          - - - - - - - + - - -
POST  /views/of/clients/keep/                   + + + + + + + + - - -
POST  /views/{view}/                            + 0 0 0 0 0 0 0 0 0 0
POST  /views/{view}/remove/                     + 0 0 0 0 0 0 0 0 0 0
POST  /views/{view}/restore/                    + 0 0 0 0 0 0 0 0 0 0
POST  /views/{view}/up/                         + 0 0 0 0 0 0 0 0 0 0
POST  /bulk/of/clients/tag/                     - + - + + - - - - - -
GET   /bulk/run/{bulk}/                         0 + 0 0 0 0 0 0 0 0 0
POST  /bulk/run/{bulk}/                         0 + 0 0 0 0 0 0 0 0 0
POST  /bulk/run/{bulk}/undo/                    0 + 0 0 0 0 0 0 0 0 0
POST  /bulk/run/{bulk}/go-on/                   0 + 0 0 0 0 0 0 0 0 0
GET   /bulk/run/{bulk}/report/                  0 + 0 0 0 0 0 0 0 0 0
GET   /exports/                                 + + + + + + + + - - -
GET   /exports/new/clients/                     + + + + + + + + - - -
POST  /exports/new/clients/                     + + + + + + + + - - -
GET   /exports/new/people/                      - - - - - - - + - - -
POST  /exports/{export}/decide/                 - - - - - - - + - - -
GET   /exports/{export}/file/                   + 0 0 0 0 0 0 0 - - -

GET   /people/                                  - - - - - - - + - + -
GET   /people/new/                              - - - - - - - - - + -
POST  /people/new/                              - - - - - - - - - + -
GET   /people/{person}/                         - - - - - - - + - + -
GET   /people/999999999/                        - - - - - - - 0 - 0 -
POST  /people/{person}/edit/                    - - - - - - - - - + -
POST  /people/{person}/roles/                   - - - - - - - - - + -
POST  /people/{person}/roles/{role}/end/        - - - - - - - - - + -
POST  /people/{person}/password/                - - - - - - - - - + -
GET   /units/                                   - - - - - - - + - + -
GET   /units/new/                               - - - - - - - - - + -
POST  /units/new/                               - - - - - - - - - + -
GET   /units/1001/                              - - - - - - - - - + -
POST  /units/1001/                              - - - - - - - - - + -
GET   /api-clients/                             - - - - - - - - - + -
POST  /api-clients/                             - - - - - - - - - + -
POST  /api-clients/{system}/remove/             - - - - - - - - - + -
GET   /audit/                                   - - - - - - - + - - -
"""
PUBLIC += SIGN_IN_PUBLIC
PAGES += (
    CLIENTS
    + NOTICES
    + OUTREACH
    + CAMPAIGNS
    + DUE
    + OVERRIDES
    + SCHEMES
    + SIGNING
    + SEGMENTS
    + REPORTS
    + COMPARED
    + KNOWLEDGE
    + CASES
    + QUALITY
    + DESK
    + MODELS
    + SIGN_IN
    + """
GET   /palette/                                 + + + + + + + + + + +

GET   /interactions/                            + + + + + + - + - - -
GET   /interactions/log/{own}/                  + + + + + + - - - - -
POST  /interactions/log/{own}/                  + + + + + + - - - - -
GET   /interactions/log/{near}/                 + + 0 + + + - - - - -
POST  /interactions/log/{near}/                 + + 0 + + + - - - - -
POST  /interactions/log/{next}/                 0 0 0 0 + + - - - - -
POST  /interactions/log/{far}/                  0 0 0 0 0 + - - - - -
GET   /interactions/{contact_own}/correct/      - + - - - - - - - - -
POST  /interactions/{contact_own}/correct/      - + - - - - - - - - -
POST  /interactions/{contact_next}/correct/     - 0 - - - - - - - - -

GET   /desk/                                    + + + + + + - - - - -
GET   /desk/conversations/{talk_own}/           + + + + + + - - - - -
GET   /desk/conversations/{talk_next}/          0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/take/      + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/take/     0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/client/    + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/client/   0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/wrap-up/   + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/wrap-up/  0 0 0 0 + + - - - - -
GET   /desk/conversations/{talk_own}/said/      + + + + + + - - - - -
GET   /desk/conversations/{talk_next}/said/     0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/reply/     + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/reply/    0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/note/      + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/note/     0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/draft/     + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/draft/    0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/look/      + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/look/     0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/transfer/  + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/transfer/ 0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/snooze/    + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/snooze/   0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/verify/    + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/verify/   0 0 0 0 + + - - - - -
POST  /desk/conversations/{talk_own}/give/      - + - + + - - - - - -
POST  /desk/conversations/{talk_next}/give/     - 0 - 0 + - - - - - -
POST  /desk/conversations/{talk_own}/links/{link_own}/end/ + + + + + + - - - - -
POST  /desk/conversations/{talk_next}/links/{link_next}/end/ 0 0 0 0 + + - - - - -
GET   /desk/files/{file_own}/                   + + + + + + - - - - -
GET   /desk/files/{file_next}/                  0 0 0 0 + + - - - - -
GET   /desk/write/{own}/                        + + + + + + - - - - -
GET   /desk/write/{next}/                       0 0 0 0 + + - - - - -
POST  /desk/write/{own}/                        + + + + + + - - - - -
POST  /desk/write/{next}/                       0 0 0 0 + + - - - - -
GET   /desk/sent/                               + + + + + + - - - - -
GET   /desk/pop/                                + + + + + + - - - - -
POST  /desk/presence/                           + + + + + + - - - - -
GET   /desk/wall/                               - + - + + - + + - - -
GET   /desk/wall/now/                           - + - + + - + + - - -
GET   /desk/levels/                             - + - + + - + + - - -
GET   /desk/day/                                + + + + + + - - - - -
GET   /desk/recordings/                         - + - - - - - - - - -
POST  /desk/recordings/                         - + - - - - - - - - -
GET   /desk/recordings/of/{talk_own}/           + + + + + + - + - - -
GET   /desk/recordings/of/{talk_next}/          0 0 0 0 + + - + - - -

GET   /desk/settings/                           + + + + + + - - - - -
GET   /desk/settings/rules/                     - + - + + - - - - - -
GET   /desk/settings/rules/new/                 - + - + + - - - - - -
POST  /desk/settings/rules/new/                 - + - + + - - - - - -
GET   /desk/settings/rules/try/                 - + - + + - - - - - -
GET   /desk/settings/rules/{rule_own}/          - + - + + - - - - - -
POST  /desk/settings/rules/{rule_own}/          - + - + + - - - - - -
POST  /desk/settings/rules/{rule_own}/switch/   - + - + + - - - - - -
POST  /desk/settings/rules/{rule_own}/move/     - + - + + - - - - - -
GET   /desk/settings/rules/{rule_next}/         - - - - + - - - - - -
POST  /desk/settings/rules/{rule_next}/         - - - - + - - - - - -
POST  /desk/settings/rules/{rule_next}/switch/  - - - - + - - - - - -
POST  /desk/settings/rules/{rule_firm}/         - - - - - - - - - - -
POST  /desk/settings/rules/{rule_firm}/move/    - - - - - - - - - - -
GET   /desk/settings/rules/999999999/           - 0 - 0 0 - - - - - -
GET   /desk/settings/skills/                    - + - + + - - - - - -
GET   /desk/settings/skills/new/                - + - + + - - - - - -
POST  /desk/settings/skills/new/                - + - + + - - - - - -
GET   /desk/settings/skills/{skill}/            - + - + + - - - - - -
POST  /desk/settings/skills/{skill}/            - + - + + - - - - - -
GET   /desk/settings/skills/people/{person}/    - + - + + - - - - - -
POST  /desk/settings/skills/people/{person}/    - + - + + - - - - - -
GET   /desk/settings/skills/people/{person_next}/   - 0 - 0 + - - - - - -
GET   /desk/settings/replies/                   + + + + + + - - - - -
GET   /desk/settings/replies/new/               + + + + + + - - - - -
POST  /desk/settings/replies/new/               + + + + + + - - - - -
GET   /desk/settings/replies/{reply_own}/       + + + + + + - - - - -
POST  /desk/settings/replies/{reply_own}/       - + - + + - - - - - -
GET   /desk/settings/replies/{reply_next}/      0 0 0 0 + + - - - - -
POST  /desk/settings/replies/{reply_next}/      0 0 0 0 + - - - - - -
GET   /desk/settings/replies/{reply_agent}/     + 0 0 0 0 0 - - - - -
POST  /desk/settings/replies/{reply_agent}/     + 0 0 0 0 0 - - - - -
POST  /desk/settings/replies/{reply_own}/retire/    - + - + + - - - - - -
POST  /desk/settings/replies/{reply_agent}/retire/  + 0 0 0 0 0 - - - - -
GET   /desk/settings/thresholds/                - + - + + - - - - - -
POST  /desk/settings/thresholds/                - - - - - - - - - - -
POST  /desk/settings/thresholds/999999999/withdraw/     - 0 - 0 0 - - - - - -
POST  /desk/settings/thresholds/{threshold}/withdraw/   - - - - - - - - - - -
GET   /desk/settings/lines/                     - - - - - - - - - + -
GET   /desk/settings/lines/new/                 - - - - - - - - - + -
POST  /desk/settings/lines/new/                 - - - - - - - - - + -
GET   /desk/settings/lines/{line_own}/          - - - - - - - - - + -
POST  /desk/settings/lines/{line_own}/          - - - - - - - - - + -
GET   /desk/settings/lines/999999999/           - - - - - - - - - 0 -
POST  /desk/settings/lines/{line_own}/renew/    - - - - - - - - - + -
POST  /desk/settings/lines/{line_own}/switch/   - - - - - - - - - + -
GET   /desk/settings/parked/                    - - - - - - - - - + -
POST  /desk/settings/parked/again/              - - - - - - - - - + -

GET   /scripts/                                 + + + + + + - - - - -
GET   /scripts/for/?category=complaint          + + + + + + - - - - -
GET   /scripts/new/                             - + - + + - - - - - -
POST  /scripts/new/                             - + - + + - - - - - -
GET   /scripts/{script}/                        + + + + + + - - - - -
GET   /scripts/nothing/                         0 0 0 0 0 0 - - - - -
GET   /scripts/{script}/edit/                   - + - + + - - - - - -
POST  /scripts/{script}/edit/                   - + - + + - - - - - -
POST  /scripts/{script}/approve/                - + - + + - - - - - -

GET   /feeds/                                   - - - - - - - + + - -
POST  /feeds/                                   - - - - - - - - + - -
GET   /feeds/{package}/                         - - - - - - - + + - -
GET   /feeds/999999999/                         - - - - - - - 0 0 - -
GET   /feeds/quarantine/                        - - - - - - - + + - -
GET   /feeds/quarantine/download/               - - - - - - - + + - -
GET   /feeds/quarantine/{row}/                  - - - - - - - + + - -
POST  /feeds/quarantine/{row}/                  - - - - - - - - + - -
POST  /feeds/quarantine/{row}/release/          - - - - - - - - + - -

GET   /segments/                                - - - + + - + + - - -
GET   /segments/?unit=branch:1001               - - - + + - + + - - -
GET   /segments/?unit=branch:1002               - - - 0 + - + + - - -
GET   /segments/?unit=firm                      - - - 0 0 - + + - - -
GET   /segments/clients/{own}/score/            + + + + + + + + - - -
GET   /segments/clients/{near}/score/           + + 0 + + + + + - - -
GET   /segments/clients/{next}/score/           0 0 0 0 + + + + - - -
GET   /segments/clients/{own}/trend/            + + + + + + + + - - -
GET   /segments/clients/{next}/trend/           0 0 0 0 + + + + - - -
GET   /segments/clients/{own}/months/           + + + + + + + + - - -
GET   /segments/clients/{near}/months/          + + 0 + + + + + - - -
GET   /segments/clients/{next}/months/          0 0 0 0 + + + + - - -
GET   /segments/clients/{own}/tiers/            + + + + + + + + - - -
GET   /segments/clients/{near}/tiers/           + + 0 + + + + + - - -
GET   /segments/clients/{next}/tiers/           0 0 0 0 + + + + - - -

GET   /scorecards/                              - - + + + - + + - - -
GET   /scorecards/?unit=branch:1001             - - 0 + + - + + - - -
GET   /scorecards/?unit=branch:1002             - - 0 0 + - + + - - -
GET   /scorecards/?unit=region:R1               - - 0 0 + - + + - - -
GET   /scorecards/?unit=firm                    - - 0 0 0 - + + - - -
GET   /scorecards/?unit=manager:M1001A          - - + + + - + + - - -
GET   /scorecards/?unit=manager:M1001B          - - 0 + + - + + - - -
GET   /scorecards/league/                       - - + + + - + + - - -
GET   /scorecards/{card_own}/clients/?number=E  - - 0 + + - + + - - -
GET   /scorecards/{card_next}/clients/?number=E - - 0 0 + - + + - - -
GET   /scorecards/{card_mine}/clients/?number=E - - + + + - + + - - -
GET   /scorecards/{card_own}/xlsx/              - - 0 + + - + + - - -
GET   /scorecards/{card_next}/xlsx/             - - 0 0 + - + + - - -
GET   /scorecards/{card_own}/pdf/               - - 0 + + - + + - - -
GET   /scorecards/{card_next}/pdf/              - - 0 0 + - + + - - -
GET   /scorecards/targets/                      - - - + + - + - - - -
POST  /scorecards/targets/                      - - - + + - + - - - -
POST  /scorecards/targets/{target}/approve/     - - - - - - + - - - -
POST  /scorecards/targets/{target}/reject/      - - - - - - + - - - -

GET   /runs/                                    - - - - - - + + + + -
POST  /runs/                                    - - - - - - - - + + -
GET   /runs/{run}/                              - - - - - - + + + + -
"""
)

API = (
    OLDER_API
    + OUTREACH_API
    + CAMPAIGNS_API
    + KNOWLEDGE_API
    + CASES_API
    + BULK
    + QUALITY_API
    + DESK_API
    + DUE_API
    + OVERRIDES_API
    + SCHEMES_API
    + SIGNING_API
    + SEGMENTS_API
    + MODELS_API
    + REPORTS_API
    + COMPARED_API
)

# Lists, searches and counts that name clients; each caller meets exactly the clients below.
LISTS = (
    "/clients/?size=200",
    "/clients/?q=C00000",
    "/palette/?q=C00000",
    "/interactions/?size=200",
    "/api/v1/clients/",
    "/api/v1/clients/?q=C00000",
    "/api/v1/interactions/",
    "/api/v1/scores/",
)
SEEN = {
    "A": ("own", "near"),
    "L": ("own", "near"),
    "M": ("own",),
    "B": ("own", "near"),
    "R": ("own", "near", "next"),
    "H": ("own", "near", "next", "far"),
    "V": ("own", "near", "next", "far"),
    "C": ("own", "near", "next", "far"),
    "O": (),
    "D": (),
    "N": (),
    "f": ("own", "near", "next", "far"),
    "o": ("own", "near"),
    "x": ("next",),
}


@dataclass(frozen=True)
class Line:
    """A method on a place, and what each caller gets."""

    method: str
    path: str
    cells: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def lines(table: str) -> list[Line]:
    """The table's lines; its first names the columns."""
    head, *rest = [row.split() for row in table.strip("\n").splitlines() if row.strip()]
    return [Line(method, path, dict(zip(head, cells, strict=True))) for method, path, *cells in rest]


def public_lines() -> list[Line]:
    return [Line(*row.split(), {}) for row in PUBLIC.split("\n") if row]  # type: ignore[call-arg]
