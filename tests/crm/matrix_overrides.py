"""The lines of the access matrix for tiers given by hand and for figures of segments; see matrix.py."""

OVERRIDES = """
GET   /segments/overrides/                      - - - + + - + + - - -
GET   /segments/overrides/{override_own}/       - - - + + - + + - - -
GET   /segments/overrides/{override_next}/      - - - 0 + - + + - - -
POST  /segments/overrides/{override_own}/approve/    - - - - - - + + - - -
POST  /segments/overrides/{override_next}/approve/   - - - 0 - - + + - - -
POST  /segments/overrides/{override_own}/decline/    - - - - - - + + - - -
POST  /segments/overrides/{override_own}/withdraw/   - - - + + - + + - - -
POST  /segments/overrides/{override_next}/withdraw/  - - - 0 + - + + - - -
POST  /segments/overrides/{override_own}/nothing/    - - - 0 0 - 0 0 - - -
GET   /segments/clients/{own}/override/         + + + + + + + + - - -
GET   /segments/clients/{near}/override/        + + 0 + + + + + - - -
GET   /segments/clients/{next}/override/        0 0 0 0 + + + + - - -
POST  /segments/clients/{own}/override/propose/      - - - + + - + - - - -
POST  /segments/clients/{next}/override/propose/     - - - 0 + - + - - - -
GET   /views/of/tier-overrides/                 - - - + + - + + - - -
GET   /scorecards/overrides/                    - - + + + - + + - - -
GET   /segments/history/                        - - - + + - + + - - -
GET   /segments/history/?unit=branch:1002       - - - 0 + - + + - - -
GET   /segments/cohorts/                        - - - + + - + + - - -
GET   /segments/cohorts/?manager=NOBODY         - - - 0 0 - + + - - -
GET   /segments/cells/                          - - - + + - + + - - -
GET   /segments/file/                           - - - + + - + + - - -
GET   /segments/file/?unit=branch:1002          - - - 0 + - + + - - -
"""
OVERRIDES_API = """
GET   /api/v1/scorecards/override-effect/?period=2026-01   - - + + + - + + - - -   + + +
GET   /api/v1/segment-figures/tiers/            - - - + + - + + - - -   + + +
GET   /api/v1/segment-figures/tiers/?unit=branch:1002   - - - 0 + - + + - - -   + 0 +
GET   /api/v1/segment-figures/cohorts/          - - - + + - + + - - -   + + +
GET   /api/v1/segment-figures/cells/            - - - + + - + + - - -   + + +
GET   /api/v1/tier-overrides/                   - - - + + - + + - - -   + + +
POST  /api/v1/tier-overrides/                   - - - + + - + - - - -   - - -
GET   /api/v1/tier-overrides/effect/            - - - + + - + + - - -   + + +
GET   /api/v1/tier-overrides/{override_own}/    - - - + + - + + - - -   + + 0
GET   /api/v1/tier-overrides/{override_next}/   - - - 0 + - + + - - -   + 0 +
POST  /api/v1/tier-overrides/{override_own}/approve/    - - - - - - + + - - -   - - -
POST  /api/v1/tier-overrides/{override_own}/decline/    - - - - - - + + - - -   - - -
POST  /api/v1/tier-overrides/{override_own}/withdraw/   - - - + + - + + - - -   - - -
POST  /api/v1/tier-overrides/{override_own}/nothing/    - - - 0 0 - 0 0 - - -   - - -
"""
