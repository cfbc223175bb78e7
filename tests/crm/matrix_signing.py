"""The lines of the access matrix for the sign-off of scorecards and appeals; see matrix.py."""

SIGNING = """
GET   /scorecards/sign-off/                          - - + + + - + + - - -
GET   /scorecards/sign-off/?period=2025-12           - - + + + - + + - - -
GET   /scorecards/sign-off/terms/                    - - - - - - + - - - -
POST  /scorecards/sign-off/terms/                    - - - - - - + - - - -
GET   /scorecards/{card_own}/sign-off/               - - 0 + + - + + - - -
GET   /scorecards/{card_next}/sign-off/              - - 0 0 + - + + - - -
GET   /scorecards/{card_mine}/sign-off/              - - + + + - + + - - -
POST  /scorecards/{card_own}/sign-off/confirm/       - - 0 + + - + - - - -
POST  /scorecards/{card_mine}/sign-off/confirm/      - - - + + - + - - - -
POST  /scorecards/{card_next}/sign-off/confirm/      - - 0 0 + - + - - - -
POST  /scorecards/{card_own}/sign-off/take-back/     - - 0 + + - + - - - -
POST  /scorecards/{card_own}/sign-off/sign/          - - 0 - - - + - - - -
POST  /scorecards/{card_own}/sign-off/nothing/       - - 0 0 0 - 0 0 - - -
GET   /scorecards/{card_own}/differences/            - - 0 + + - + + - - -
GET   /scorecards/{card_next}/differences/           - - 0 0 + - + + - - -
GET   /scorecards/appeals/                           - - + + + - + + - - -
GET   /scorecards/{card_own}/appeal/                 - - - + + - - - - - -
GET   /scorecards/{card_next}/appeal/                - - - 0 + - - - - - -
POST  /scorecards/{card_own}/appeal/                 - - - + + - - - - - -
GET   /scorecards/appeals/{appeal_own}/              - - 0 + + - + + - - -
GET   /scorecards/appeals/{appeal_next}/             - - 0 0 + - + + - - -
GET   /scorecards/appeals/{appeal_own}/files/00000000-0000-4000-8000-000000000000/   - - 0 0 0 - 0 0 - - -
POST  /scorecards/appeals/{appeal_own}/withdraw/     - - 0 + + - - - - - -
POST  /scorecards/appeals/{appeal_own}/accept/       - - 0 - - - + - - - -
POST  /scorecards/appeals/{appeal_own}/decline/      - - 0 - - - + - - - -
POST  /scorecards/appeals/{appeal_next}/decline/     - - 0 0 - - + - - - -
POST  /scorecards/appeals/{appeal_own}/approve/      - - 0 - - - 0 0 - - -
POST  /scorecards/appeals/{appeal_own}/nothing/      - - 0 0 0 - 0 0 - - -
GET   /views/of/scorecard-appeals/                   - - + + + - + + - - -
GET   /views/of/sign-offs/                           - - + + + - + + - - -
"""
SIGNING_API = """
GET   /api/v1/scorecards/frozen/                     - - + + + - + + - - -   + + +
GET   /api/v1/scorecards/{card_own}/sign-off/        - - 0 + + - + + - - -   + + 0
GET   /api/v1/scorecards/{card_next}/sign-off/       - - 0 0 + - + + - - -   + 0 +
GET   /api/v1/scorecards/{card_own}/differences/     - - 0 0 0 - 0 0 - - -   0 0 0
POST  /api/v1/scorecards/{card_own}/sign-off/confirm/    - - 0 + + - + - - - -   - - -
POST  /api/v1/scorecards/{card_own}/sign-off/sign/   - - 0 - - - + - - - -   - - -
GET   /api/v1/scorecard-appeals/                     - - + + + - + + - - -   + + +
POST  /api/v1/scorecard-appeals/                     - - - + + - - - - - -   - - -
GET   /api/v1/scorecard-appeals/{appeal_own}/        - - 0 + + - + + - - -   + + 0
GET   /api/v1/scorecard-appeals/{appeal_next}/       - - 0 0 + - + + - - -   + 0 +
POST  /api/v1/scorecard-appeals/{appeal_own}/withdraw/   - - 0 + + - - - - - -   - - -
POST  /api/v1/scorecard-appeals/{appeal_own}/decline/    - - 0 - - - + - - - -   - - -
POST  /api/v1/scorecard-appeals/{appeal_own}/nothing/    - - 0 0 0 - 0 0 - - -   - - -
POST  /api/v1/scorecards/{card_own}/sign-off/nothing/    - - 0 0 0 - 0 0 - - -   - - -
"""
