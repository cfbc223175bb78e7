"""The lines of the access matrix for notices and outreach; see matrix.py for the signs and the callers."""

NOTICES = """
GET   /notices/                                 + + + + + + + + + + +
GET   /notices/count/                           + + + + + + + + + + +
GET   /notices/bell/                            + + + + + + + + + + +
POST  /notices/read/                            + + + + + + + + + + +
POST  /notices/unread/                          + + + + + + + + + + +
GET   /notices/settings/                        + + + + + + + + + + +
POST  /notices/settings/                        + + + + + + + + + + +
POST  /notices/{notice}/                        + 0 0 0 0 0 0 0 0 0 0
"""
OUTREACH = """
GET   /callbacks/                               + + - + + + - + - - -
POST  /callbacks/next/                          + + - + + + - - - - -
GET   /callbacks/list/                          + + - + + + - + - - -
GET   /callbacks/draws/2000/                    + + - + + + - + - - -
GET   /callbacks/{callback_own}/                + + - + + + - + - - -
GET   /callbacks/{callback_next}/               0 0 - 0 + + - + - - -
POST  /callbacks/{callback_own}/                + + - + + + - - - - -
POST  /callbacks/{callback_next}/               0 0 - 0 + + - - - - -
POST  /callbacks/{callback_own}/take/           + + - + + + - - - - -
POST  /callbacks/{callback_next}/take/          0 0 - 0 + + - - - - -
POST  /callbacks/{callback_own}/back/           + + - + + + - - - - -
POST  /callbacks/{callback_next}/back/          0 0 - 0 + + - - - - -
POST  /callbacks/{callback_own}/draft/          + + - + + + - - - - -
POST  /callbacks/{callback_next}/draft/         0 0 - 0 + + - - - - -
GET   /callbacks/programmes/                    + + - + + + - + - - -
GET   /callbacks/programmes/yearly/             + + - + + + - + - - -
GET   /callbacks/programmes/yearly/edit/        - - - - - - - - - - -
POST  /callbacks/programmes/yearly/edit/        - - - - - - - - - - -
POST  /callbacks/programmes/yearly/do/approve/  - - - - - - - + - - -
POST  /callbacks/programmes/yearly/do/retire/   - - - - - - - - - - -
GET   /tasks/                                   + + + + + + - + - - -
GET   /tasks/new/                               + + + + + + - - - - -
POST  /tasks/new/                               + + + + + + - - - - -
GET   /tasks/quick/                             + + + + + + - - - - -
POST  /tasks/quick/                             + + + + + + - - - - -
GET   /tasks/home/                              + + + + + + - + - - -
GET   /tasks/calendar/                          + + + + + + - + - - -
GET   /tasks/calendar/address/                  + + + + + + - + - - -
POST  /tasks/calendar/address/                  + + + + + + - + - - -
POST  /tasks/calendar/address/revoke/           + + + + + + - + - - -
GET   /tasks/clients/{own}/                     + + + + + + - + - - -
GET   /tasks/clients/{near}/                    + + 0 + + + - + - - -
GET   /tasks/clients/{next}/                    0 0 0 0 + + - + - - -
POST  /tasks/clients/{own}/add/                 + + + + + + - - - - -
POST  /tasks/clients/{next}/add/                0 0 0 0 + + - - - - -
GET   /tasks/{task_own}/                        + + + + + + - + - - -
GET   /tasks/{task_next}/                       0 0 0 0 + + - + - - -
GET   /tasks/{task_mine}/                       + + 0 + + 0 - + - - -
GET   /tasks/{task_own}/edit/                   + + + + + + - - - - -
POST  /tasks/{task_own}/edit/                   + + + + + + - - - - -
POST  /tasks/{task_next}/edit/                  0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/comment/                + + + + + + - - - - -
POST  /tasks/{task_next}/comment/               0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/steps/                  + + + + + + - - - - -
POST  /tasks/{task_next}/steps/                 0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/steps/1/                + + + + + + - - - - -
POST  /tasks/{task_next}/steps/1/               0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/undo/2/                 + + + + + + - - - - -
POST  /tasks/{task_next}/undo/2/                0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/take-back/              + + + + + + - - - - -
POST  /tasks/{task_next}/take-back/             0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/do/done/                + + + + + + - - - - -
POST  /tasks/{task_next}/do/done/               0 0 0 0 + + - - - - -
POST  /tasks/{task_own}/do/assign/              - + + + + - - - - - -
POST  /tasks/{task_own}/do/nothing/             0 0 0 0 0 0 - - - - -
GET   /tasks/plans/                             + + + + + + - + - - -
GET   /tasks/plans/new/                         - + - + + - - - - - -
POST  /tasks/plans/new/                         - + - + + - - - - - -
POST  /tasks/plans/start/                       + + + + + + - - - - -
GET   /tasks/plans/{taskplan}/                      + + + + + + - + - - -
GET   /tasks/plans/{taskplan_next}/                 0 0 0 0 + + - + - - -
GET   /tasks/plans/{taskplan}/edit/                 - + - + + - - - - - -
POST  /tasks/plans/{taskplan}/edit/                 - + - + + - - - - - -
GET   /tasks/plans/{taskplan_next}/edit/            - 0 - 0 + - - - - - -
POST  /tasks/plans/{taskplan}/retire/               - + - + + - - - - - -
POST  /tasks/plans/{taskplan_next}/retire/          - 0 - 0 + - - - - - -
POST  /tasks/plans/runs/{planrun}/cancel/      + + + + + + - - - - -
POST  /tasks/plans/runs/{planrun_next}/cancel/ 0 0 0 0 + + - - - - -
"""
OUTREACH_API = """
GET   /api/v1/tasks/                            + + + + + + - + - - -   + + +
POST  /api/v1/tasks/                            + + + + + + - - - - -   + + +
GET   /api/v1/tasks/{task_own}/                 + + + + + + - + - - -   + + 0
GET   /api/v1/tasks/{task_next}/                0 0 0 0 + + - + - - -   + 0 +
PATCH /api/v1/tasks/{task_own}/                 + + + + + + - - - - -   + + 0
PATCH /api/v1/tasks/{task_next}/                0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/tasks/{task_own}/done/            + + + + + + - - - - -   + + 0
POST  /api/v1/tasks/{task_next}/done/           0 0 0 0 + + - - - - -   + 0 +
GET   /api/v1/callbacks/                        + + - + + + - + - - -   + + +
GET   /api/v1/callbacks/{callback_own}/         + + - + + + - + - - -   + + 0
GET   /api/v1/callbacks/{callback_next}/        0 0 - 0 + + - + - - -   + 0 +
GET   /api/v1/callback-progress/                + + - + + + - + - - -   + + +
GET   /api/v1/callback-draws/                   + + - + + + - + - - -   + + +
"""
