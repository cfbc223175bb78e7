"""The lines of the access matrix for worklists and the service plan; see matrix.py."""

DUE = """
GET   /worklists/                               + + + + + + - + - - -
GET   /worklists/{due_own}/                     + + + + + + - + - - -
GET   /worklists/{due_next}/                    0 0 0 0 + + - + - - -
GET   /worklists/{due_own}/call/                + + + + + + - - - - -
GET   /worklists/{due_next}/call/               0 0 0 0 + + - - - - -
POST  /worklists/{due_own}/call/                + + + + + + - - - - -
POST  /worklists/{due_next}/call/               0 0 0 0 + + - - - - -
POST  /worklists/{due_own}/log/                 + + + + + + - - - - -
POST  /worklists/{due_next}/log/                0 0 0 0 + + - - - - -
POST  /worklists/{due_own}/put-off/             + + + + + + - - - - -
POST  /worklists/{due_next}/put-off/            0 0 0 0 + + - - - - -
POST  /worklists/{due_own}/close/               + + + + + + - - - - -
POST  /worklists/{due_next}/close/              0 0 0 0 + + - - - - -
POST  /worklists/{due_own}/task/                + + + + + + - - - - -
POST  /worklists/{due_next}/task/               0 0 0 0 + + - - - - -
POST  /worklists/{due_own}/reopen/1/            + + + + + + - - - - -
POST  /worklists/{due_next}/reopen/1/           0 0 0 0 + + - - - - -
GET   /worklists/clients/{own}/                 + + + + + + - + - - -
GET   /worklists/clients/{near}/                + + 0 + + + - + - - -
GET   /worklists/clients/{next}/                0 0 0 0 + + - + - - -
GET   /worklists/plan/                          + + + + + + + + - - -
GET   /worklists/plan/edit/                     - - - - - - + - - - -
POST  /worklists/plan/edit/                     - - - - - - + - - - -
GET   /worklists/plan/suggestions/              - - - - - - + - - - -
POST  /worklists/plan/suggestions/              - - - - - - + - - - -
POST  /worklists/plan/do/propose/               - - - - - - + - - - -
POST  /worklists/plan/do/send-back/             - - - - - - + + - - -
POST  /worklists/plan/do/publish/               - - - - - - + + - - -
POST  /worklists/plan/do/nothing/               0 0 0 0 0 0 0 0 - - -
GET   /worklists/plan/kept/                     + + + + + + + + - - -
GET   /worklists/plan/kept/?unit=1002           0 0 0 0 + + + + - - -
GET   /worklists/plan/kept/xlsx/                + + + + + + + + - - -
GET   /views/of/due/                            + + + + + + - + - - -
"""
DUE_API = """
GET   /api/v1/due-contacts/                     + + + + + + - + - - -   + + +
GET   /api/v1/service-plans/                    + + + + + + + + - - -   + + +
POST  /api/v1/service-plans/                    - - - - - - + - - - -   - - -
GET   /api/v1/service-plans/1/                  + + + + + + + + - - -   + + +
PUT   /api/v1/service-plans/1/                  - - - - - - + - - - -   - - -
POST  /api/v1/service-plans/1/propose/          - - - - - - + - - - -   - - -
POST  /api/v1/service-plans/1/send-back/        - - - - - - + + - - -   - - -
POST  /api/v1/service-plans/1/publish/          - - - - - - + + - - -   - - -
POST  /api/v1/service-plans/1/nothing/          0 0 0 0 0 0 0 0 - - -   - - -
GET   /api/v1/service-plans/kept/               + + + + + + + + - - -   + + +
"""
