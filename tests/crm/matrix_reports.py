"""The lines of the access matrix for client analysis reports; see matrix.py for the signs and the callers."""

REPORTS = """
GET   /reports/                                 - + - + + - + + - - -
POST  /reports/mail/                            - + - + + - + + - - -
POST  /reports/draft/                           - + - - - - + - - - -
GET   /reports/{report_out}/                    - 0 - 0 0 - + + - - -
GET   /reports/{report_draft}/                  - 0 - 0 0 - + 0 - - -
GET   /reports/{report_out}/xlsx/               - 0 - 0 0 - + + - - -
GET   /reports/{report_out}/pdf/                - 0 - 0 0 - + + - - -
GET   /reports/{report_draft}/pdf/              - 0 - 0 0 - + 0 - - -
POST  /reports/{report_draft}/refresh/          - 0 - - - - + - - - -
POST  /reports/{report_draft}/deed/submit/      - 0 - - - - + - - - -
POST  /reports/{report_draft}/deed/nothing/     - 0 - - - - 0 - - - -
GET   /reports/{report_draft}/sections/service/     - 0 - - - - + - - - -
POST  /reports/{report_draft}/sections/service/     - 0 - - - - + - - - -
GET   /reports/{report_draft}/sections/nothing/     - 0 - - - - 0 - - - -
GET   /reports/{report_draft}/sections/service/texts/   - 0 - - - - + - - - -
GET   /reports/{report_draft}/proposals/new/    - 0 - - - - + - - - -
POST  /reports/{report_draft}/proposals/new/    - 0 - - - - + - - - -
GET   /reports/proposals/                       - + - + + - + + - - -
GET   /reports/proposals/{proposal_own}/        - + - + + - + + - - -
GET   /reports/proposals/{proposal_next}/       - 0 - 0 + - + + - - -
GET   /reports/proposals/{proposal_draft}/      - 0 - 0 0 - + 0 - - -
GET   /reports/proposals/{proposal_own}/clients/    0 + 0 + + 0 + + - - -
GET   /reports/proposals/{proposal_next}/clients/   0 0 0 0 + 0 + + - - -
GET   /reports/proposals/{proposal_draft}/edit/     - 0 - - - - + - - - -
POST  /reports/proposals/{proposal_draft}/edit/     - 0 - - - - + - - - -
POST  /reports/proposals/{proposal_own}/accept/     - - - + + - - - - - -
POST  /reports/proposals/{proposal_next}/accept/    - 0 - 0 + - - - - - -
POST  /reports/proposals/{proposal_own}/decline/    - - - + + - - - - - -
POST  /reports/proposals/{proposal_own}/done/       - - - + + - - - - - -
POST  /reports/proposals/{proposal_draft}/drop/     - 0 - 0 0 - + 0 - - -
POST  /reports/proposals/{proposal_own}/nothing/    - 0 - 0 0 - 0 0 - - -
"""
REPORTS_API = """
GET   /api/v1/client-reports/                   - + - + + - + + - - -   + + +
GET   /api/v1/client-reports/{report_out}/      - 0 - 0 0 - + + - - -   + 0 0
GET   /api/v1/client-reports/{report_draft}/    - 0 - 0 0 - + 0 - - -   0 0 0
GET   /api/v1/report-proposals/                 - + - + + - + + - - -   + + +
GET   /api/v1/report-proposals/{proposal_own}/  - + - + + - + + - - -   + + 0
GET   /api/v1/report-proposals/{proposal_next}/ - 0 - 0 + - + + - - -   + 0 +
GET   /api/v1/report-proposals/{proposal_draft}/    - 0 - 0 0 - + 0 - - -   0 0 0
POST  /api/v1/report-proposals/{proposal_own}/decline/    - - - + + - - - - - -   - - -
POST  /api/v1/report-proposals/{proposal_next}/decline/   - 0 - 0 + - - - - - -   - - -
POST  /api/v1/report-proposals/{proposal_own}/nothing/    - 0 - 0 0 - 0 0 - - -   - - -
"""
