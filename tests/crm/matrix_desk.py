"""The lines of the access matrix for what was added to the desk; see matrix.py for signs and callers."""

DESK = """
GET   /desk/recordings/{recording_own}/         - + - + + - - + - - -
GET   /desk/recordings/{recording_next}/        0 0 0 0 + - - + - - -
GET   /desk/settings/targets/                   - + - + + - - - - - -
POST  /desk/settings/targets/                   - + - + + - - - - - -
POST  /desk/settings/targets/{goal_own}/withdraw/   - + - + + - - - - - -
POST  /desk/settings/targets/{goal_next}/withdraw/  - 0 - 0 + - - - - - -
POST  /desk/settings/targets/{goal_firm}/withdraw/  - - - - - - - - - - -
GET   /desk/surveys/                            + + + + + + - + - - -
GET   /desk/surveys/of/{talk_own}/              + + + + + + - + - - -
GET   /desk/surveys/of/{talk_next}/             0 0 0 0 + + - + - - -
GET   /desk/settings/surveys/                   - + - + + - - - - - -
POST  /desk/settings/surveys/                   - - - - - - - - - - -
GET   /desk/settings/surveys/{rule_survey}/     - - - - - - - - - - -
POST  /desk/settings/surveys/{rule_survey}/     - - - - - - - - - - -
GET   /desk/settings/surveys/999999999/         - 0 - 0 0 - - - - - -
"""

DESK_API = """GET   /api/v1/survey-rules/                     - + - + + - - - - - -   + + +
POST  /api/v1/survey-rules/                     - - - - - - - - - - -   + - -
GET   /api/v1/survey-rules/{rule_survey}/       - + - + + - - - - - -   + + +
PATCH /api/v1/survey-rules/{rule_survey}/       - - - - - - - - - - -   + - -
GET   /api/v1/surveys/                          + + + + + + - + - - -   + + +
GET   /api/v1/level-targets/                    - + - + + - + + - - -   + + +
POST  /api/v1/level-targets/                    - + - + + - - - - - -   + + +
"""
