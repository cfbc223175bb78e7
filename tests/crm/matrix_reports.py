"""The lines of the access matrix for client analysis reports; see matrix.py for the signs and the callers."""

REPORTS = """
GET   /reports/                                 - + - + + - + + - - -
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
"""
REPORTS_API = """
GET   /api/v1/client-reports/                   - + - + + - + + - - -   + + +
GET   /api/v1/client-reports/{report_out}/      - 0 - 0 0 - + + - - -   + 0 0
GET   /api/v1/client-reports/{report_draft}/    - 0 - 0 0 - + 0 - - -   0 0 0
"""
