"""The lines of the access matrix for quality inspection; see matrix.py for the signs and the callers.

{inspected} is a result of agent_1001, {inspected_next} one of 1002; both by HQ. {waiting} is one of 1001.
"""

QUALITY = """
GET   /quality/                                 + + + + + + - + - - -
GET   /quality/figures/                         - + - + + - - + - - -
GET   /quality/plans/                           - + - + + - - + - - -
GET   /quality/plans/new/                       - + - + + - - - - - -
POST  /quality/plans/new/                       - + - + + - - - - - -
GET   /quality/plans/{plan_own}/                - + - + + - - + - - -
GET   /quality/plans/{plan_next}/               - 0 - 0 + - - + - - -
GET   /quality/plans/{plan_own}/edit/           - + - + + - - - - - -
POST  /quality/plans/{plan_own}/edit/           - + - + + - - - - - -
POST  /quality/plans/{plan_next}/edit/          - 0 - 0 + - - - - - -
POST  /quality/plans/{plan_own}/draw/           - + - + + - - - - - -
POST  /quality/plans/{plan_next}/draw/          - 0 - 0 + - - - - - -
GET   /quality/forms/new/                       - + - + + - - - - - -
POST  /quality/forms/new/                       - + - + + - - - - - -
GET   /quality/forms/calls/                     - + - + + - - - - - -
POST  /quality/forms/calls/                     - + - + + - - - - - -
GET   /quality/forms/nothing/                   - 0 - 0 0 - - - - - -
GET   /quality/calibrations/                    + + + + + + - + - - -
GET   /quality/calibrations/new/                - + - + + - - - - - -
POST  /quality/calibrations/new/                - + - + + - - - - - -
GET   /quality/calibrations/{calibration}/      0 + 0 + + 0 - + - - -
GET   /quality/{inspected}/                     + + 0 + + 0 - + - - -
GET   /quality/{inspected_next}/                0 0 0 0 + 0 - + - - -
POST  /quality/{waiting}/take/                  - + - + + - - - - - -
POST  /quality/{inspected_next}/take/           - 0 - 0 + - - - - - -
POST  /quality/{waiting}/score/                 - + - + + - - - - - -
POST  /quality/{inspected_next}/score/          - 0 - 0 + - - - - - -
POST  /quality/{inspected}/appeal/              + + 0 + + 0 - - - - -
POST  /quality/{inspected_next}/appeal/         0 0 0 0 + 0 - - - - -
POST  /quality/{appealed}/appeal/answer/        - + - + + - - - - - -
POST  /quality/{inspected_next}/appeal/answer/  - 0 - 0 0 - - - - - -
GET   /interactions/{contact_own}/inspected/    + + + + + + - + - - -
GET   /interactions/{contact_next}/inspected/   0 0 0 0 + + - + - - -
"""
QUALITY_API = """
GET   /api/v1/inspections/                      + + + + + + - + - - -   + + +
GET   /api/v1/inspections/{inspected}/          + + 0 + + 0 - + - - -   + + 0
GET   /api/v1/inspections/{inspected_next}/     0 0 0 0 + 0 - + - - -   + 0 +
GET   /api/v1/quality-figures/                  - + - + + - - + - - -   + + +
"""
