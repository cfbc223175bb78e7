"""The lines of the access matrix for cards beside each other; see matrix.py."""

COMPARED = """
GET /scorecards/compare/?period=2025-12&unit=branch:1001  - - 0 + + - + + - - -
GET /scorecards/compare/?period=2025-12&unit=branch:1001&other=branch:1002  - - 0 0 + - + + - - -
GET /scorecards/{card_own}/why/  - - 0 + + - + + - - -
GET /scorecards/{card_mine}/why/  - - + + + - + + - - -
GET /scorecards/{card_next}/why/  - - 0 0 + - + + - - -
GET /scorecards/{card_own}/differing/?not={card_own}&number=E  - - 0 + + - + + - - -
GET /scorecards/{card_own}/differing/?not={card_next}&number=E  - - 0 0 + - + + - - -
GET /scorecards/{card_own}/needs-action/  - - 0 + + - + + - - -
GET /scorecards/{card_next}/needs-action/  - - 0 0 + - + + - - -
GET /scorecards/{card_own}/attention/?kind=lost  - - 0 + + - + + - - -
GET /scorecards/{card_next}/attention/?kind=lost  - - 0 0 + - + + - - -
GET /scorecards/{card_mine}/attention/?kind=dropping  - - + + + - + + - - -
GET /scorecards/league/pdf/?period=2025-12  - - + + + - + + - - -
GET /scorecards/contributions/?card={card_own}&tier=V2  - - 0 + + - + + - - -
GET /scorecards/contributions/?card={card_next}&tier=V2  - - 0 0 + - + + - - -
GET /scorecards/contributions/sum/?card={card_own}&tier=V2  - - 0 + + - + + - - -
GET /scorecards/contributions/sum/?card={card_next}&tier=V2  - - 0 0 + - + + - - -
GET /scorecards/{card_own}/contributions/{own}/?tier=V2  - - 0 + + - + + - - -
GET /scorecards/{card_next}/contributions/{next}/?tier=V2  - - 0 0 + - + + - - -
GET /scorecards/{card_own}/contributions/{next}/?tier=V2  - - 0 0 + - + + - - -
POST /scorecards/targets/return/  - - - 0 0 - 0 - - - -
"""
COMPARED_API = """
GET /api/v1/scorecards/compare/?from={card_own}&to={card_own}  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/compare/?from={card_own}&to={card_next}  - - 0 0 + - + + - - -  + 0 0
GET /api/v1/scorecards/compare/clients/?from={card_own}&to={card_own}&number=E  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/compare/clients/?from={card_next}&to={card_own}&number=E  - - 0 0 + - + + - - -  + 0 0
GET /api/v1/scorecards/{card_own}/contributions/?tier=V2  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/{card_next}/contributions/?tier=V2  - - 0 0 + - + + - - -  + 0 +
GET /api/v1/scorecards/{card_own}/contribution-sum/?tier=V2  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/{card_next}/contribution-sum/?tier=V2  - - 0 0 + - + + - - -  + 0 +
GET /api/v1/scorecards/{card_own}/contributions/{own}/?tier=V2  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/{card_own}/contributions/{next}/?tier=V2  - - 0 0 + - + + - - -  + 0 0
GET /api/v1/scorecards/league/?period=2025-12  - - + + + - + + - - -  + + +
GET /api/v1/scorecards/{card_own}/tree/  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/{card_next}/tree/  - - 0 0 + - + + - - -  + 0 +
GET /api/v1/scorecards/{card_own}/attention/  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/{card_next}/attention/  - - 0 0 + - + + - - -  + 0 +
GET /api/v1/scorecards/{card_own}/attention/clients/?kind=lost  - - 0 + + - + + - - -  + + 0
GET /api/v1/scorecards/{card_next}/attention/clients/?kind=lost  - - 0 0 + - + + - - -  + 0 +
POST /api/v1/kpi-targets/return/  - - - + + - + - - - -  + + +
"""
