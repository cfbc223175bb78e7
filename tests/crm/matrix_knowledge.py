"""The lines of the access matrix for articles; see matrix.py for the signs and the callers.

{article} is for everybody, {article_next} for 1002; {feedback} was told of the first.
"""

KNOWLEDGE = """
GET   /knowledge/                               + + + + + + - + - - -
GET   /knowledge/suggested/?article_q=x         + + + + + + - + - - -
GET   /knowledge/beside/1/                      + + + + + + - + - - -
GET   /knowledge/new/                           + + - + + + - - - - -
POST  /knowledge/new/                           + + - + + + - - - - -
GET   /knowledge/{article}/                     + + + + + + - + - - -
GET   /knowledge/{article_next}/                0 0 0 0 + 0 - + - - -
GET   /knowledge/{article}/edit/                + + - + + + - - - - -
GET   /knowledge/{article_next}/edit/           0 0 - 0 + 0 - - - - -
POST  /knowledge/{article}/edit/                + + - + + + - - - - -
POST  /knowledge/{article}/files/               + + - + + + - - - - -
POST  /knowledge/{article_next}/files/          0 0 - 0 + 0 - - - - -
GET   /knowledge/{article}/files/{file_article}/            + + + + + + - + - - -
GET   /knowledge/{article_next}/files/{file_article_next}/  0 0 0 0 + 0 - + - - -
POST  /knowledge/{article}/files/{file_article}/off/            + + - + + + - - - - -
POST  /knowledge/{article_next}/files/{file_article_next}/off/  0 0 - 0 + 0 - - - - -
POST  /knowledge/{article}/vote/                + + + + + + - + - - -
POST  /knowledge/{article_next}/vote/           0 0 0 0 + 0 - + - - -
POST  /knowledge/{article}/used/                + + + + + + - + - - -
POST  /knowledge/{article_next}/used/           0 0 0 0 + 0 - + - - -
POST  /knowledge/{article}/report/              + + + + + + - + - - -
POST  /knowledge/{article_next}/report/         0 0 0 0 + 0 - + - - -
POST  /knowledge/{article}/report/{feedback}/settle/       - + - + + - - + - - -
POST  /knowledge/{article_next}/report/{feedback}/settle/  0 0 0 0 0 0 - 0 - - -
POST  /knowledge/{article}/owner/               - + - + + - - + - - -
POST  /knowledge/{article_next}/owner/          - 0 - 0 + - - + - - -
POST  /knowledge/{article}/propose/             + + - + + + - - - - -
POST  /knowledge/{article}/publish/             - + - + + - - + - - -
POST  /knowledge/{article_next}/withdraw/       0 0 0 0 + 0 - + - - -
"""
KNOWLEDGE_API = """
GET   /api/v1/articles/                         + + + + + + - + - - -   + + +
GET   /api/v1/articles/search/?q=x              + + + + + + - + - - -   + + +
GET   /api/v1/articles/{article}/               + + + + + + - + - - -   + + +
GET   /api/v1/articles/{article_next}/          0 0 0 0 + 0 - + - - -   + 0 +
GET   /api/v1/articles/{article}/files/{file_article}/            + + + + + + - + - - -   + + +
GET   /api/v1/articles/{article_next}/files/{file_article_next}/  0 0 0 0 + 0 - + - - -   + 0 +
"""
