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
GET   /views/of/sign-offs/                           - - + + + - + + - - -
"""
SIGNING_API = """
GET   /api/v1/scorecards/frozen/                     - - + + + - + + - - -   + + +
GET   /api/v1/scorecards/{card_own}/sign-off/        - - 0 + + - + + - - -   + + 0
GET   /api/v1/scorecards/{card_next}/sign-off/       - - 0 0 + - + + - - -   + 0 +
POST  /api/v1/scorecards/{card_own}/sign-off/confirm/    - - 0 + + - + - - - -   - - -
POST  /api/v1/scorecards/{card_own}/sign-off/sign/   - - 0 - - - + - - - -   - - -
POST  /api/v1/scorecards/{card_own}/sign-off/nothing/    - - 0 0 0 - 0 0 - - -   - - -
"""
