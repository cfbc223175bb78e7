"""The lines of the access matrix for campaigns; see matrix.py for the signs and the callers."""

CAMPAIGNS = """
GET   /campaigns/                               + + + + + + - + - - -
GET   /campaigns/new/                           - + - + + - - - - - -
POST  /campaigns/new/                           - + - + + - - - - - -
GET   /campaigns/{campaign_own}/                + + + + + + - + - - -
GET   /campaigns/{campaign_next}/               0 0 0 0 + + - + - - -
GET   /campaigns/{campaign_own}/edit/           - + - + + - - - - - -
POST  /campaigns/{campaign_own}/edit/           - + - + + - - - - - -
GET   /campaigns/{campaign_next}/edit/          - 0 - 0 + - - - - - -
GET   /campaigns/{campaign_own}/members/        + + + + + + - + - - -
GET   /campaigns/{campaign_next}/members/       0 0 0 0 + + - + - - -
GET   /campaigns/{campaign_own}/work/           + + + + + + - - - - -
GET   /campaigns/{campaign_next}/work/          0 0 0 0 + + - - - - -
POST  /campaigns/{campaign_own}/work/{campaign_member}/ + + + + + + - - - - -
POST  /campaigns/{campaign_next}/work/{campaign_member}/ 0 0 0 0 0 0 - - - - -
POST  /campaigns/{campaign_own}/people/         - + - + + - - - - - -
POST  /campaigns/{campaign_next}/people/        - 0 - 0 + - - - - - -
POST  /campaigns/{campaign_own}/leave-out/      - + - + + - - - - - -
POST  /campaigns/{campaign_next}/leave-out/     - 0 - 0 + - - - - - -
GET   /campaigns/{campaign_done}/result.xlsx    + + + + + + - + - - -
GET   /campaigns/{campaign_done_next}/result.xlsx 0 0 0 0 + + - + - - -
GET   /campaigns/{campaign_done}/result.pdf     + + + + + + - + - - -
GET   /campaigns/{campaign_done_next}/result.pdf 0 0 0 0 + + - + - - -
POST  /campaigns/{campaign_own}/approve/        - + - + + - - - - - -
POST  /campaigns/{campaign_next}/approve/       - 0 - 0 + - - - - - -
POST  /campaigns/{campaign_own}/do/pause/       - + - + + - - - - - -
POST  /campaigns/{campaign_next}/do/pause/      - 0 - 0 + - - - - - -
GET   /campaigns/exclusions/                    + + + + + + - + - - -
GET   /campaigns/exclusions/new/                - + - + + - - + - - -
POST  /campaigns/exclusions/new/                - + - + + - - + - - -
"""
CAMPAIGNS_API = """
GET   /api/v1/campaigns/                        + + + + + + - + - - -   + + +
GET   /api/v1/campaigns/{campaign_own}/         + + + + + + - + - - -   + + 0
GET   /api/v1/campaigns/{campaign_next}/        0 0 0 0 + + - + - - -   + 0 +
GET   /api/v1/campaigns/{campaign_own}/members/ + + + + + + - + - - -   + + 0
GET   /api/v1/campaigns/{campaign_next}/members/ 0 0 0 0 + + - + - - -   + 0 +
POST  /api/v1/campaigns/{campaign_own}/members/{own}/calls/ + + + + + + - - - - -   + + 0
POST  /api/v1/campaigns/{campaign_next}/members/{next}/calls/ 0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/campaigns/                        - + - + + - - - - - -   + + +
PATCH /api/v1/campaigns/{campaign_own}/         - + - + + - - - - - -   + + 0
PATCH /api/v1/campaigns/{campaign_next}/        - 0 - 0 + - - - - - -   + 0 +
POST  /api/v1/campaigns/{campaign_own}/members/ - + - + + - - - - - -   + + 0
POST  /api/v1/campaigns/{campaign_next}/members/ - 0 - 0 + - - - - - -   + 0 +
POST  /api/v1/campaigns/{campaign_own}/approve/ - + - + + - - - - - -   - - -
POST  /api/v1/campaigns/{campaign_next}/approve/ - 0 - 0 + - - - - - -   - - -
POST  /api/v1/campaigns/{campaign_own}/pause/   - + - + + - - - - - -   + + 0
POST  /api/v1/campaigns/{campaign_next}/pause/  - 0 - 0 + - - - - - -   + 0 +
GET   /api/v1/contact-exclusions/               + + + + + + - + - - -   + + +
POST  /api/v1/contact-exclusions/               - + - + + - - + - - -   + + +
POST  /api/v1/contact-exclusions/{campaign_never}/end/  - + - + + - - + - - -   + + 0
POST  /api/v1/contact-exclusions/{campaign_never_next}/end/ - 0 - 0 + - - + - - -   + 0 +
"""
