"""What OpenAPI says of every route: how to sign in, which scope is needed, and how errors look."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from core.api.permissions import ANY_CALLER, requirement
from core.registry import api_scopes

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
PROBLEM_ANSWER = {
    "description": "Problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "The same key and body get the first answer again (72 hours); another body gets 422.",
}


class Bearer(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.ClientCredentials"
    name = "client_credentials"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        scope = requirement(auto_schema.view, auto_schema.method, api=True)
        return {self.name: [scope] if scope and scope != ANY_CALLER else []}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        scopes = {name: str(text) for name, text in api_scopes().items()}
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/o/token/", "scopes": scopes}}}


class Session(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.SignedInSession"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def add_problems(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Puts the problem answer and, on POST, the idempotency header into every operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            operation.get("responses", {})["default"] = PROBLEM_ANSWER
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return result
