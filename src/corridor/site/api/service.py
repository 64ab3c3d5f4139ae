"""The API itself: its routes, who may call, how refusals look, and the document that says so."""

import json
from functools import lru_cache
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from pydantic import TypeAdapter

from ..core.errors import Refused
from ..core.middleware import refused_program
from .answering import PrintableJson, refusal_of
from .idempotency import HEADER, WRITES
from .routes import about, contacts, introductions, leads, listings, matches
from .shapes import Problem
from .tokens import Bearer

ROOT = "/api/v1/"
REFUSALS = {
    "400": "The address holds what no address may, or the request broke off",
    "401": "No token, or one that has ended",
    "403": "Seen, but not the caller's to do",
    "404": "There is none, or the caller may not see it",
    "409": "Not in this state, or someone else was faster; nothing was done",
    "413": "The body is larger than 2 MB",
    "422": "What was sent is not right; `fields` says where and what would be",
    "429": "Too often; try again after `Retry-After` seconds",
}


class Api(NinjaAPI):
    """Ninja's, with operations named as their functions are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function: stable, and what generated clients call the method."""
        return operation.view_func.__name__


api = Api(
    title="Corridor",
    version="1",
    description="走廊 · 要素对接平台。The same actions, queries and visibility as the pages; docs/api.md.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    auth=Bearer(),
    parser=PrintableJson(),
)
for _routes in (about, listings, matches, introductions, leads, contacts):
    api.add_router("", _routes.router)


@api.exception_handler(Refused)
def _refused(_request: HttpRequest, error: Refused) -> HttpResponse:
    return refused_program(error)


@api.exception_handler(AuthenticationError)
@api.exception_handler(ValidationError)
@api.exception_handler(HttpError)
@api.exception_handler(RequestDataTooBig)
@api.exception_handler(RawPostDataException)
@api.exception_handler(UnreadablePostError)
def _misread(_request: HttpRequest, error: Exception) -> HttpResponse:
    return refused_program(refusal_of(error))


@lru_cache(maxsize=1)
def document() -> str:
    """The OpenAPI document: every operation with its refusals, writes with their key."""
    said: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))
    parts = said["components"]
    parts["schemas"]["Problem"] = TypeAdapter(Problem).json_schema()
    parts["responses"] = {status: _refusal(meaning) for status, meaning in REFUSALS.items()}
    parts["responses"]["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    parts["parameters"] = {HEADER: _KEY}
    for path in said["paths"].values():
        for method, operation in path.items():
            for status in REFUSALS:
                operation["responses"][status] = {"$ref": f"#/components/responses/{status}"}
            if method.upper() in WRITES and contacts.router.tags != operation["tags"]:
                operation["parameters"].append({"$ref": f"#/components/parameters/{HEADER}"})
    _close(said)
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _close(said: dict[str, Any]) -> None:
    """Leave out shapes that only hold parameters; let the others have no more than they name."""
    text, schemas = json.dumps(said), said["components"]["schemas"]
    for name in list(schemas):
        if f'"#/components/schemas/{name}"' not in text:
            del schemas[name]
        elif "properties" in schemas[name]:
            schemas[name]["additionalProperties"] = False


def _refusal(meaning: str) -> dict[str, Any]:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {"description": meaning, "content": {"application/json": problem}}


_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "The same write with the same key is done once and answered twice, for 30 days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
}
