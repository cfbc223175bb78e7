"""The lines of the access matrix for saved segments; see matrix.py.

{segment_firm} is the value analyst's and the firm's, {segment_own} the agent's alone, {segment_next} is
shared with 1002, {segment_away} was put away by the agent.
"""

SEGMENTS = """
GET   /segments/saved/                          + + + + + + + + - - -
GET   /segments/saved/new/                      + + + + + + + - - - -
POST  /segments/saved/new/                      + + + + + + + - - - -
POST  /segments/saved/count/                    + + + + + + + - - - -
GET   /segments/saved/{segment_firm}/           + + + + + + + + - - -
GET   /segments/saved/{segment_own}/            + 0 0 0 0 0 0 0 - - -
GET   /segments/saved/{segment_next}/           0 0 0 0 + + + + - - -
GET   /segments/saved/{segment_next}/now/       0 0 0 0 + + + + - - -
GET   /segments/saved/{segment_next}/moves/     0 0 0 0 + + + + - - -
GET   /segments/saved/{segment_firm}/edit/      0 0 0 0 0 0 + - - - -
GET   /segments/saved/{segment_own}/edit/       + 0 0 0 0 0 0 - - - -
POST  /segments/saved/{segment_next}/edit/      0 0 0 0 + 0 + - - - -
POST  /segments/saved/{segment_next}/past/      0 0 0 0 + 0 + - - - -
POST  /segments/saved/{segment_own}/archive/    + 0 0 0 0 0 0 - - - -
POST  /segments/saved/{segment_next}/archive/   0 0 0 0 + 0 + - - - -
POST  /segments/saved/{segment_away}/restore/   + 0 0 0 0 0 0 - - - -
POST  /segments/saved/{segment_own}/restore/    0 0 0 0 0 0 0 - - - -
GET   /views/of/segments/                       + + + + + + + + - - -
"""
SEGMENTS_API = """
GET     /api/v1/segments/                         + + + + + + + + - - -   + + +
POST    /api/v1/segments/                         + + + + + + + - - - -   + + +
GET     /api/v1/segments/{segment_firm}/          + + + + + + + + - - -   + + +
GET     /api/v1/segments/{segment_own}/           + 0 0 0 0 0 0 0 - - -   0 0 0
GET     /api/v1/segments/{segment_next}/          0 0 0 0 + + + + - - -   + 0 +
PUT     /api/v1/segments/{segment_firm}/          - - - - - - + - - - -   + - -
PUT     /api/v1/segments/{segment_next}/          0 0 0 0 + - + - - - -   + 0 +
DELETE  /api/v1/segments/{segment_own}/           + 0 0 0 0 0 0 - - - -   0 0 0
DELETE  /api/v1/segments/{segment_next}/          0 0 0 0 + - + - - - -   + 0 +
GET     /api/v1/segments/{segment_next}/members/  0 0 0 0 + + + + - - -   + 0 +
GET     /api/v1/segments/{segment_next}/moves/    0 0 0 0 + + + + - - -   + 0 +
GET     /api/v1/segments/{segment_next}/trend/    0 0 0 0 + + + + - - -   + 0 +
POST    /api/v1/segments/{segment_next}/past-closes/ 0 0 0 0 + - + - - - -   + 0 +
GET     /api/v1/segment-fields/                   + + + + + + + + - - -   + + +
POST    /api/v1/segment-counts/                   + + + + + + + + - - -   + + +
"""
