"""The lines of the access matrix for the API; see matrix.py for the signs and the callers."""

API = """
                                                A L M B R H V C O D N   f o x
GET   /api/v1/schema/                           + + + + + + + + + + +   + + +
GET   /api/v1/units/                            + + + + + + + + + + +   + + +
GET   /api/v1/units/1001/                       + + 0 + + + + + + + +   + + 0
GET   /api/v1/units/1002/                       0 0 0 0 + + + + + + +   + 0 +
GET   /api/v1/units/HQ/                         0 0 0 0 0 + + + + + +   + 0 0
GET   /api/v1/people/                           - - - - - - - + - + -   + + +
GET   /api/v1/events/                           - - - - - - - - - - -   + + +
GET   /api/v1/people/{person}/                  - - - - - - - + - + -   + + 0

GET   /api/v1/clients/                          + + + + + + + + - - -   + + +
GET   /api/v1/clients/{own}/                    + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{near}/                   + + 0 + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/                   0 0 0 0 + + + + - - -   + 0 +
GET   /api/v1/clients/{far}/                    0 0 0 0 0 + + + - - -   + 0 0

GET   /api/v1/clients/{own}/consents/           + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/consents/          0 0 0 0 + + + + - - -   + 0 +
POST  /api/v1/clients/{own}/consents/           + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/consents/          0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/clients/{own}/contact-stop/       + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/contact-stop/      0 0 0 0 + + - - - - -   + 0 +
GET   /api/v1/clients/{own}/contact-points/     + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/contact-points/    0 0 0 0 + + + + - - -   + 0 +
POST  /api/v1/clients/{own}/contact-points/     + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/contact-points/    0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/clients/{own}/contact-points/{point_own}/end/    + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/contact-points/{point_next}/end/  0 0 0 0 + + - - - - -   + 0 +
GET   /api/v1/clients/{own}/relations/          + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/relations/         0 0 0 0 + + + + - - -   + 0 +
POST  /api/v1/clients/{own}/relations/          + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/relations/         0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/clients/{own}/relations/{relation_own}/end/      + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/relations/{relation_next}/end/    0 0 0 0 + + - - - - -   + 0 +
GET   /api/v1/clients/{own}/suitability/        + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/suitability/       0 0 0 0 + + + + - - -   + 0 +
GET   /api/v1/clients/{own}/risk-warnings/      + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/risk-warnings/     0 0 0 0 + + + + - - -   + 0 +
POST  /api/v1/clients/{own}/risk-warnings/      + + + + + + - - - - -   + + 0
POST  /api/v1/clients/{next}/risk-warnings/     0 0 0 0 + + - - - - -   + 0 +

GET   /api/v1/service-levels/                   - + - + + - + + - - -   + + +
GET   /api/v1/conversations/                    + + + + + + - + - - -   + + +
GET   /api/v1/conversations/{talk_own}/         + + + + + + - + - - -   + + 0
GET   /api/v1/conversations/{talk_next}/        0 0 0 0 + + - + - - -   + 0 +
GET   /api/v1/deliveries/                       + + + + + + - + - - -   + + +
POST  /api/v1/deliveries/                       + + + + + + - - - - -   + + +
GET   /api/v1/deliveries/{delivery_own}/        + + + + + + - + - - -   + + 0
GET   /api/v1/deliveries/{delivery_next}/       0 0 0 0 + + - + - - -   + 0 +
GET   /api/v1/scripts/                          + + + + + + - - - - -   + + +
GET   /api/v1/scripts/{script}/                 + + + + + + - - - - -   + + +
GET   /api/v1/scripts/nothing/                  0 0 0 0 0 0 - - - - -   0 0 0
GET   /api/v1/interactions/                     + + + + + + - + - - -   + + +
POST  /api/v1/interactions/                     + + + + + + - - - - -   + + +
POST  /api/v1/interactions/batch/               + + + + + + - - - - -   + + +
POST  /api/v1/interactions/{contact_own}/corrections/    - + - - - - - - - - -   + + 0
POST  /api/v1/interactions/{contact_next}/corrections/   - 0 - - - - - - - - -   + 0 +

GET   /api/v1/feed-packages/                    - - - - - - - + + - -   + + +
POST  /api/v1/feed-packages/                    - - - - - - - - + - -   + - -
GET   /api/v1/feed-packages/{package}/          - - - - - - - + + - -   + 0 0
GET   /api/v1/feed-packages/{package}/quarantine/    - - - - - - - + + - -   + 0 0
POST  /api/v1/quarantined-rows/{row}/release/   - - - - - - - - + - -   + - -
POST  /api/v1/quarantined-rows/{row}/correct/   - - - - - - - - + - -   + - -

GET   /api/v1/scores/                           - - - + + - + + - - -   + + +
GET   /api/v1/scores/?unit=branch:1002          - - - 0 + - + + - - -   + 0 +
GET   /api/v1/tier-migrations/                  - - - + + - + + - - -   + + +
GET   /api/v1/models/1/breakpoints/             - - - + + - + + - - -   + + +
GET   /api/v1/models/999/breakpoints/           - - - 0 0 - 0 0 - - -   0 0 0
GET   /api/v1/clients/{own}/handovers/          + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{near}/handovers/         + + 0 + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/handovers/         0 0 0 0 + + + + - - -   + 0 +
POST  /api/v1/clients/{own}/handovers/          - + - + + - - - - - -   + + 0
POST  /api/v1/clients/{next}/handovers/         - 0 - 0 + - - - - - -   + 0 +
POST  /api/v1/clients/{own}/handovers/{handover}/cancel/    - + - + + - - - - - -   + + 0
POST  /api/v1/clients/{next}/handovers/{handover}/cancel/   - 0 - 0 0 - - - - - -   0 0 0
GET   /api/v1/prospects/                        + + + + + + - - - - -   + + +
POST  /api/v1/prospects/                        + + + + + + - - - - -   + + +
GET   /api/v1/prospects/{prospect}/             + + + + + + - - - - -   + + 0
POST  /api/v1/prospects/{prospect}/stage/       + + + + + + - - - - -   + + 0
POST  /api/v1/prospects/{own}/stage/            0 0 0 0 0 0 - - - - -   0 0 0
PATCH /api/v1/clients/{own}/                    + + + + + + - - - - -   + + 0
PATCH /api/v1/clients/{next}/                   0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/clients/{own}/reveal/             + + + + + + - + - - -   - - -
POST  /api/v1/clients/{next}/reveal/            0 0 0 0 + + - + - - -   - - -
GET   /api/v1/clients/{own}/history/            + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/history/           0 0 0 0 + + + + - - -   + 0 +
GET   /api/v1/clients/{own}/looks/              - + - + + - - + - - -   - - -
GET   /api/v1/clients/{next}/looks/             - 0 - 0 + - - + - - -   - - -
GET   /api/v1/clients/duplicates/               - + - + + - - - - - -   - - -
POST  /api/v1/clients/duplicates/{pair}/dismiss/ - + - + + - - - - - -   - - -
GET   /api/v1/clients/merges/                   - + - + + - - - - - -   - - -
POST  /api/v1/clients/merges/                   - + - + + - - - - - -   - - -
GET   /api/v1/clients/merges/{merge}/           - + - + + - - - - - -   - - -
POST  /api/v1/clients/merges/{merge}/approve/   - - - + + - - + - - -   - - -
POST  /api/v1/clients/merges/{merge}/reject/    - + 0 + + - 0 + - - -   - - -
POST  /api/v1/clients/merges/{merge}/undo/      - + - + + - - - - - -   - - -

GET   /api/v1/clients/{own}/score/              + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/score/             0 0 0 0 + + + + - - -   + 0 +
GET   /api/v1/clients/{own}/months/             + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{near}/months/            + + 0 + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/months/            0 0 0 0 + + + + - - -   + 0 +
GET   /api/v1/clients/{own}/events/             + + + + + + + + - - -   + + 0
GET   /api/v1/clients/{near}/events/            + + 0 + + + + + - - -   + + 0
GET   /api/v1/clients/{next}/events/            0 0 0 0 + + + + - - -   + 0 +

GET   /api/v1/scorecards/                       - - + + + - + + - - -   + + +
GET   /api/v1/scorecards/{card_own}/            - - 0 + + - + + - - -   + + 0
GET   /api/v1/scorecards/{card_next}/           - - 0 0 + - + + - - -   + 0 +
GET   /api/v1/scorecards/{card_mine}/           - - + + + - + + - - -   + + 0
GET   /api/v1/scorecards/{card_own}/clients/?number=E    - - 0 + + - + + - - -   + + 0
GET   /api/v1/scorecards/{card_next}/clients/?number=E   - - 0 0 + - + + - - -   + 0 +
GET   /api/v1/kpi-targets/                      - - + + + - + + - - -   + + +
PUT   /api/v1/kpi-targets/                      - - - + + - + - - - -   + + +
POST  /api/v1/kpi-targets/{target}/approve/     - - - - - - + - - - -   - - -
POST  /api/v1/kpi-targets/{target}/reject/      - - - - - - + - - - -   - - -

GET   /api/v1/runs/                             - - - - - - + + + + -   + + +
POST  /api/v1/runs/                             - - - - - - - - + + -   + + +
GET   /api/v1/runs/{run}/                       - - - - - - + + + + -   + + +
"""
