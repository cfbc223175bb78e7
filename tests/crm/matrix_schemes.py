"""The lines of the access matrix for the scheme and what is tried and paid by it; see matrix.py."""

SCHEMES = """
GET   /scorecards/schemes/                      - - + + + - + + - - -
GET   /scorecards/schemes/1/                    - - + + + - + + - - -
GET   /scorecards/schemes/99/                   - - 0 0 0 - 0 0 - - -
POST  /scorecards/schemes/new/                  - - - - - - + - - - -
GET   /scorecards/schemes/drafts/{draft}/       - - 0 0 0 - + + - - -
POST  /scorecards/schemes/drafts/{draft}/       - - 0 0 0 - + - - - -
POST  /scorecards/schemes/drafts/{draft}/propose/    - - 0 0 0 - + - - - -
POST  /scorecards/schemes/drafts/{draft}/take-back/  - - 0 0 0 - + - - - -
POST  /scorecards/schemes/drafts/{draft}/discard/    - - 0 0 0 - + - - - -
POST  /scorecards/schemes/drafts/{draft}/publish/    - - 0 0 0 - + + - - -
POST  /scorecards/schemes/drafts/{draft}/decline/    - - 0 0 0 - + + - - -
POST  /scorecards/schemes/drafts/{draft}/nothing/    - - 0 0 0 - 0 0 - - -
GET   /scorecards/what-if/                      - - + + + - + + - - -
GET   /scorecards/what-if/?base=draft:{draft}   - - 0 0 0 - + + - - -
GET   /scorecards/what-if/xlsx/                 - - + + + - + + - - -
GET   /scorecards/targets/grid/                 - - - + + - + - - - -
GET   /scorecards/targets/grid/xlsx/            - - - + + - + - - - -
POST  /scorecards/targets/grid/preview/         - - - + + - + - - - -
POST  /scorecards/targets/grid/set/             - - - + + - + - - - -
POST  /scorecards/targets/grid/faults/          - - - + + - + - - - -
GET   /scorecards/targets/history/              - - - + + - + - - - -
GET   /scorecards/targets/history/?unit=branch:1002  - - - 0 + - + - - - -
POST  /scorecards/targets/answer/approve/       - - - - - - + - - - -
POST  /scorecards/targets/answer/reject/        - - - - - - + - - - -
POST  /scorecards/targets/answer/nothing/       - - - - - - 0 - - - -
GET   /scorecards/rewards/                      - - + + + - + + - - -
POST  /scorecards/rewards/                      - - - - - - + - - - -
GET   /scorecards/rewards/units/                - - + + + - + + - - -
GET   /scorecards/rewards/units/?unit=branch:1002    - - 0 0 0 - 0 0 - - -
GET   /scorecards/rewards/file/csv/             - - + + + - + + - - -
GET   /scorecards/rewards/file/pdf/             - - 0 0 0 - 0 0 - - -
POST  /scorecards/rewards/{pool}/approve/       - - 0 0 0 - + + - - -
POST  /scorecards/rewards/{pool}/decline/       - - 0 0 0 - + + - - -
POST  /scorecards/rewards/{pool}/nothing/       - - 0 0 0 - 0 0 - - -
"""
SCHEMES_API = """
GET   /api/v1/rewards/entries/                  - - + + + - + + - - -   + + +
GET   /api/v1/rewards/runs/                     - - + + + - + + - - -   - - -
POST  /api/v1/rewards/runs/                     - - - - - - + - - - -   - - -
POST  /api/v1/rewards/runs/{pool}/approve/      - - 0 0 0 - + + - - -   - - -
POST  /api/v1/rewards/runs/{pool}/nothing/      - - 0 0 0 - 0 0 - - -   - - -
PUT   /api/v1/kpi-targets/bulk/                 - - - + + - + - - - -   + + +
GET   /api/v1/scorecards/what-if/?period=2025-12    - - + + + - + + - - -   + + +
GET   /api/v1/kpi-schemes/                      - - + + + - + + - - -   + + +
GET   /api/v1/kpi-schemes/1/                    - - + + + - + + - - -   + + +
GET   /api/v1/kpi-schemes/drafts/               - - + + + - + + - - -   - - -
POST  /api/v1/kpi-schemes/drafts/               - - - - - - + - - - -   - - -
GET   /api/v1/kpi-schemes/drafts/{draft}/       - - 0 0 0 - + + - - -   - - -
PUT   /api/v1/kpi-schemes/drafts/{draft}/       - - - - - - + - - - -   - - -
POST  /api/v1/kpi-schemes/drafts/{draft}/propose/    - - 0 0 0 - + - - - -   - - -
POST  /api/v1/kpi-schemes/drafts/{draft}/publish/    - - 0 0 0 - + + - - -   - - -
POST  /api/v1/kpi-schemes/drafts/{draft}/nothing/    - - 0 0 0 - 0 0 - - -   - - -
"""
