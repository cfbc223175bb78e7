"""The lines of the access matrix for what was added to the desk; see matrix.py for signs and callers."""

DESK = """
GET   /desk/recordings/{recording_own}/         - + - + + - - + - - -
GET   /desk/recordings/{recording_next}/        0 0 0 0 + - - + - - -
GET   /desk/settings/targets/                   - + - + + - - - - - -
POST  /desk/settings/targets/                   - + - + + - - - - - -
POST  /desk/settings/targets/{goal_own}/withdraw/   - + - + + - - - - - -
POST  /desk/settings/targets/{goal_next}/withdraw/  - 0 - 0 + - - - - - -
POST  /desk/settings/targets/{goal_firm}/withdraw/  - - - - - - - - - - -
"""

DESK_API = """GET   /api/v1/level-targets/                    - + - + + - + + - - -   + + +
POST  /api/v1/level-targets/                    - + - + + - - - - - -   + + +
"""
