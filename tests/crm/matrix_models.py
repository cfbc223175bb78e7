"""The lines of the access matrix for the model workbench; see matrix.py for the signs and the callers."""

MODELS = """
GET   /segments/models/                         - - - - - - + + - - -
POST  /segments/models/new/                     - - - - - - + - - - -
GET   /segments/models/compare/?left={model_draft}&right={model_draft} - - - - - - + + - - -
GET   /segments/models/versions/1/              - - - - - - + + - - -
GET   /segments/models/trials/{model_trial}/    - - - - - - + + - - -
GET   /segments/models/drafts/{model_draft}/    - - - - - - + + - - -
GET   /segments/models/drafts/999999999/        - - - - - - 0 0 - - -
GET   /segments/models/drafts/{model_draft}/edit/ - - - - - - + - - - -
POST  /segments/models/drafts/{model_draft}/edit/ - - - - - - + - - - -
POST  /segments/models/drafts/{model_draft}/try/what-if/ - - - - - - + + - - -
POST  /segments/models/drafts/{model_draft}/try/nothing/ - - - - - - 0 0 - - -
POST  /segments/models/drafts/{model_draft}/do/propose/ - - - - - - + - - - -
POST  /segments/models/drafts/{model_draft}/do/send-back/ - - - - - - + + - - -
POST  /segments/models/drafts/{model_draft}/do/publish/ - - - - - - + + - - -
POST  /segments/models/drafts/{model_draft}/do/discard/ - - - - - - + - - - -
POST  /segments/models/drafts/{model_draft}/do/nothing/ - - - - - - 0 0 - - -
GET   /scorecards/trials/{model_trial}/         - - - - - - + + - - -
"""
MODELS_API = """
GET   /api/v1/models/                           - - - + + - + + - - -   + + +
GET   /api/v1/models/1/                         - - - + + - + + - - -   + + +
GET   /api/v1/model-drafts/                     - - - - - - + + - - -   + + +
POST  /api/v1/model-drafts/                     - - - - - - + - - - -   - - -
GET   /api/v1/model-drafts/{model_draft}/       - - - - - - + + - - -   + 0 0
PUT   /api/v1/model-drafts/{model_draft}/       - - - - - - + - - - -   - - -
DELETE /api/v1/model-drafts/{model_draft}/      - - - - - - + - - - -   - - -
GET   /api/v1/model-drafts/{model_draft}/trials/what-if/ - - - - - - + + - - -   + 0 0
POST  /api/v1/model-drafts/{model_draft}/trials/what-if/ - - - - - - + + - - -   - - -
POST  /api/v1/model-drafts/{model_draft}/trials/nothing/ - - - - - - 0 0 - - -   - - -
POST  /api/v1/model-drafts/{model_draft}/propose/ - - - - - - + - - - -   - - -
POST  /api/v1/model-drafts/{model_draft}/send-back/ - - - - - - + + - - -   - - -
POST  /api/v1/model-drafts/{model_draft}/publish/ - - - - - - + + - - -   - - -
POST  /api/v1/model-drafts/{model_draft}/nothing/ - - - - - - 0 0 - - -   - - -
GET   /api/v1/model-trials/{model_trial}/       - - - - - - + + - - -   + 0 0
GET   /api/v1/model-trials/{model_trial}/scorecards/ - - - - - - + + - - -   + 0 0
"""
