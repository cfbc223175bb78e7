"""The lines of the access matrix for the API of lists, bulk deeds, files and imports; see matrix.py."""

BULK = """
GET   /api/v1/lists/                            + + + + + + + + + + +   + + +
POST  /api/v1/lists/clients/bulk/tag/           - + - + + - - - - - -   - - -
POST  /api/v1/lists/clients/bulk/hand_over/     - + - + + - - - - - -   - - -
POST  /api/v1/lists/clients/bulk/nothing/       0 0 0 0 0 0 0 0 0 0 0   - - -
POST  /api/v1/lists/clients/exports/            + + + + + + + + - - -   + + +
POST  /api/v1/lists/nothing/exports/            0 0 0 0 0 0 0 0 - - -   0 0 0
GET   /api/v1/bulk-runs/                        + + + + + + + + + + +   - - -
GET   /api/v1/bulk-runs/{bulk}/                 0 + 0 0 0 0 0 0 0 0 0   - - -
POST  /api/v1/bulk-runs/{bulk}/preview/         0 + 0 0 0 0 0 0 0 0 0   - - -
POST  /api/v1/bulk-runs/{bulk}/start/           0 + 0 0 0 0 0 0 0 0 0   - - -
POST  /api/v1/bulk-runs/{bulk}/undo/            0 + 0 0 0 0 0 0 0 0 0   - - -
POST  /api/v1/bulk-runs/{bulk}/go-on/           0 + 0 0 0 0 0 0 0 0 0   - - -
GET   /api/v1/bulk-runs/{bulk}/report/          0 + 0 0 0 0 0 0 0 0 0   - - -
GET   /api/v1/exports/                          + + + + + + + + - - -   + + +
GET   /api/v1/exports/to-decide/                - - - - - - - + - - -   - - -
GET   /api/v1/exports/{export}/                 + 0 0 0 0 0 0 0 - - -   0 0 0
POST  /api/v1/exports/{export}/decide/          - - - - - - - + - - -   - - -
GET   /api/v1/exports/{export}/file/            + 0 0 0 0 0 0 0 - - -   0 0 0
GET   /api/v1/clients/imports/                  - + - + + - - - - - -   + + +
POST  /api/v1/clients/imports/                  - + - + + - - - - - -   + + +
GET   /api/v1/clients/imports/{import}/         - 0 - + 0 - - - - - -   0 0 0
POST  /api/v1/clients/imports/{import}/mapping/ - 0 - + 0 - - - - - -   0 0 0
POST  /api/v1/clients/imports/{import}/start/   - 0 - + 0 - - - - - -   0 0 0
POST  /api/v1/clients/imports/{import}/undo/    - 0 - + 0 - - - - - -   0 0 0
GET   /api/v1/clients/imports/{import}/rows/    - 0 - + 0 - - - - - -   0 0 0
GET   /api/v1/clients/imports/{import}/failed/  - 0 - + 0 - - - - - -   0 0 0
"""
