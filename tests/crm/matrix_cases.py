"""The lines of the access matrix for cases and complaints; see matrix.py for the signs and the callers."""

CASES = """
GET   /cases/                                   + + + + + + - + - - -
GET   /cases/board/                             + + + + + + - + - - -
GET   /cases/new/                               + + + + + + - - - - -
GET   /cases/new/?client={next}                 0 0 0 0 + + - - - - -
POST  /cases/new/?client={own}                  + + + + + + - - - - -
GET   /cases/{case_own}/                        + + + + + + - + - - -
GET   /cases/{case_next}/                       0 0 0 0 + + - + - - -
GET   /cases/{complaint_own}/                   + + + + + + - + - - -
GET   /cases/{complaint_next}/                  0 0 0 0 + + - + - - -
GET   /cases/{about_lead}/                      + 0 + + + + - + - - -
POST  /cases/{about_lead}/note/                 + 0 + + + + - - - - -
POST  /cases/{about_lead}/evidence/             + 0 + + + + - + - - -
GET   /cases/{case_own}/edit/                   + + + + + + - - - - -
POST  /cases/{case_own}/edit/                   + + + + + + - - - - -
POST  /cases/{case_next}/edit/                  0 0 0 0 + + - - - - -
POST  /cases/{case_own}/note/                   + + + + + + - - - - -
POST  /cases/{case_next}/note/                  0 0 0 0 + + - - - - -
POST  /cases/{case_own}/files/                  + + + + + + - - - - -
POST  /cases/{case_next}/files/                 0 0 0 0 + + - - - - -
GET   /cases/{case_own}/files/{file_own}/       + + + + + + - + - - -
GET   /cases/{case_next}/files/{file_next}/     0 0 0 0 + + - + - - -
GET   /cases/{about_lead}/files/{file_about}/   + 0 + + + + - + - - -
POST  /cases/{case_own}/give/                   - + - + + - - - - - -
POST  /cases/{complaint_own}/decide/            - + - + + - - - - - -
POST  /cases/{case_own}/nothing/                0 0 0 0 0 0 - - - - -
POST  /cases/{complaint_own}/evidence/          + + + + + + - + - - -
POST  /cases/{complaint_next}/evidence/         0 0 0 0 + + - + - - -
POST  /cases/{case_own}/evidence/               0 0 0 0 0 0 - 0 - - -
GET   /cases/complaints/                        + + + + + + - + - - -
POST  /cases/complaints/register/               - - - - - - - + - - -
GET   /cases/incidents/                         + + + + + + - + - - -
POST  /cases/incidents/                         - + - + + - - - - - -
GET   /cases/incidents/{incident}/              + + + + + + - + - - -
POST  /cases/incidents/{incident}/propose/      - + - + + - - - - - -
GET   /cases/settings/                          - - - - - - - - - - -
GET   /cases/settings/complaint/                - - - - - - - - - - -
POST  /cases/settings/complaint/                - - - - - - - - - - -
GET   /cases/of-client/{own}/                   + + + + + + - + - - -
GET   /cases/of-client/{next}/                  0 0 0 0 + + - + - - -
GET   /cases/of-conversation/{talk_own}/        + + + + + + - + - - -
GET   /cases/of-conversation/{talk_next}/       0 0 0 0 + + - + - - -
POST  /cases/of-conversation/{talk_own}/        0 0 0 0 0 0 - - - - -
GET   /views/of/cases/                          + + + + + + - + - - -
GET   /views/of/complaints/                     + + + + + + - + - - -
"""
CASES_API = """
GET   /api/v1/cases/                            + + + + + + - + - - -   + + +
POST  /api/v1/cases/                            + + + + + + - - - - -   + + +
GET   /api/v1/cases/{case_own}/                 + + + + + + - + - - -   + + 0
GET   /api/v1/cases/{case_next}/                0 0 0 0 + + - + - - -   + 0 +
GET   /api/v1/cases/{about_lead}/               + 0 + + + + - + - - -   + + 0
GET   /api/v1/cases/{case_own}/clocks/          + + + + + + - + - - -   + + 0
GET   /api/v1/cases/{case_next}/clocks/         0 0 0 0 + + - + - - -   + 0 +
POST  /api/v1/cases/{case_own}/notes/           + + + + + + - - - - -   + + 0
POST  /api/v1/cases/{case_next}/notes/          0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/cases/{case_own}/state/           + + + + + + - - - - -   + + 0
POST  /api/v1/cases/{case_next}/state/          0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/cases/{case_own}/owner/           + + + + + + - - - - -   + + 0
POST  /api/v1/cases/{case_next}/owner/          0 0 0 0 + + - - - - -   + 0 +
POST  /api/v1/cases/{case_own}/steps/           + + + + + + - - - - -   + + 0
POST  /api/v1/cases/{case_next}/steps/          0 0 0 0 + + - - - - -   + 0 +
GET   /api/v1/cases/{case_own}/files/           + + + + + + - + - - -   + + 0
GET   /api/v1/cases/{case_next}/files/          0 0 0 0 + + - + - - -   + 0 +
POST  /api/v1/cases/{case_own}/files/           + + + + + + - - - - -   + + 0
POST  /api/v1/cases/{case_next}/files/          0 0 0 0 + + - - - - -   + 0 +
GET   /api/v1/cases/{case_own}/files/{file_own}/    + + + + + + - + - - -   + + 0
GET   /api/v1/cases/{case_next}/files/{file_next}/  0 0 0 0 + + - + - - -   + 0 +
GET   /api/v1/cases/{about_lead}/files/{file_about}/  + 0 + + + + - + - - -   + + 0
GET   /api/v1/complaints/                       + + + + + + - + - - -   + + +
GET   /api/v1/complaints/register/              - - - - - - - + - - -   + - -
GET   /api/v1/complaints/register/file/         - - - - - - - + - - -   + - -
"""
