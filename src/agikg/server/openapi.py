"""The OpenAPI 3.1 description of the JSON API, made from the declarations that check requests. Knows operations; no HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from agikg._version import __version__
from agikg.model.record import Record
from agikg.server.operations import OPERATIONS, Operation, query_operation
from agikg.server.parameters import Parameter

if TYPE_CHECKING:
    from agikg.kg import KnowledgeGraph

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["status", "message"],
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string", "description": "what failed, on which input, what was expected"},
                "hint": {"type": ["string", "null"], "description": "what to do next"},
                "candidates": {
                    "type": "array",
                    "description": "for names: what is near, or what it can mean",
                    "items": {"type": "object", "properties": {"id": {"type": "string"}, "label": {"type": "string"}}},
                },
            },
        }
    },
}
_FAILURES = {
    "400": "a parameter is unknown, missing, or not what is declared",
    "404": "a name that means nothing here; candidates are near it",
    "406": "only JSON can be had",
    "413": "the body is larger than the server reads",
    "414": "the address is longer than the server reads",
    "415": "the body is not JSON",
    "422": "a name that means several things, or something of which the graph knows nothing to reckon with",
    "429": "too much work asked for at once; Retry-After says when to come back",
    "503": "busy, or a limit was hit",
    "504": "it took longer than the server allows",
}
_INFO = (
    "What the command line answers, as JSON: the same objects as `--format json`, with the same options. Read-only. "
    "Every object carries the hash of the snapshot it was made from; answers have an ETag that changes with snapshot, request and day."
)


def describe(kg: KnowledgeGraph) -> dict[str, Any]:
    """The whole description: every operation, and every named query with the parameters of its header."""
    queries = [found for name in kg.queries if (found := query_operation(kg, name)) is not None]
    schemas: dict[str, Any] = {"Error": _ERROR, **_lists(kg)}
    paths = {f"/api/{operation.name}": _path(operation, schemas) for operation in (*OPERATIONS, *queries)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "agikg", "version": __version__, "summary": "China's AGI value chain, with evidence", "description": _INFO},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas, "responses": {status: _failure(text) for status, text in _FAILURES.items()}},
    }


def _lists(kg: KnowledgeGraph) -> dict[str, Any]:
    """The closed lists of the graph that parameters refer to: their words as they are in this snapshot."""
    catalog = kg.catalog
    words: dict[str, list[str]] = {name: [concept["key"] for concept in catalog.concepts(name)] for name in ("layers", "modalities")}
    words["sources"] = [source.id for source in kg.sources()]
    words |= {"predicates": list(catalog.predicates), "classes": list(catalog.classes)}
    return {f"list.{name}": {"type": "string", "enum": rows} for name, rows in words.items()}


def _schema(parameter: Parameter, *, body: bool) -> dict[str, Any]:
    schema = parameter.schema(body=body)
    if parameter.listed:
        one = {"$ref": f"#/components/schemas/list.{parameter.listed}"}
        return {**schema, "items": one} if parameter.many else one
    return schema


def _path(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "summary": operation.summary,
        "tags": ["queries" if "/" in operation.name else "reading"],
        "responses": {
            "200": {"description": "the result", "content": {"application/json": {"schema": _result(operation, schemas)}}},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _FAILURES},
        },
    }
    name = operation.name.replace("/", "_").replace("-", "_")
    get: dict[str, Any] = {"operationId": name, **shared, "parameters": [_query(parameter) for parameter in operation.parameters]}
    get["responses"] = shared["responses"] | {"304": {"description": "not changed since the ETag given"}}
    if not operation.posts:
        return {"get": get}
    content = {"application/json": {"schema": _body(operation)}}
    return {"get": get, "post": {"operationId": f"{name}_post", **shared, "requestBody": {"required": True, "content": content}}}


def _query(parameter: Parameter) -> dict[str, Any]:
    found = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "required": parameter.required,
        "schema": _schema(parameter, body=False),
    }
    return found | ({"style": "form", "explode": True} if parameter.many else {})


def _body(operation: Operation) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [parameter.name for parameter in operation.parameters if parameter.required],
        "properties": {parameter.name: {"description": parameter.help, **_member(parameter)} for parameter in operation.parameters},
    }


def _member(parameter: Parameter) -> dict[str, Any]:
    """A member of a body: null is as good as left out."""
    schema = _schema(parameter, body=True)
    return schema if parameter.required else {"anyOf": [schema, {"type": "null"}]}


def _result(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    refs = [{"$ref": _register(kind, schemas)} for kind in operation.returns]
    one = refs[0] if len(refs) == 1 else {"anyOf": refs}
    return {"type": "array", "items": one} if operation.listing else one


def _register(kind: type[Record], schemas: dict[str, Any]) -> str:
    """Puts a record's schema, and those it refers to, among the components."""
    if kind.__name__ not in schemas:
        # pydantic describes the field; JSON drops the underscore that keeps it from being a keyword.
        text = json.dumps(kind.model_json_schema()).replace("#/$defs/", "#/components/schemas/").replace('"from_"', '"from"')
        whole = json.loads(text)
        schemas.update(whole.pop("$defs", {}))
        schemas[kind.__name__] = whole
    return f"#/components/schemas/{kind.__name__}"


def _failure(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
