"""The API's description: the OpenAPI document, and a page that shows it without any script.

The usual documentation pages load from other sites, which our content policy forbids and an
installation without internet could not show.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import HTMLResponse, JSONResponse, Response

from trex_app.api.contract import PROBLEM_MODELS, SECURITY_SCHEMES
from trex_app.api.problems import kinds, title_of

DESCRIPTION = (
    "Guided journeys, one step at a time: start answers the first step, transition takes its "
    "answers and answers the next one. The backend decides every step. Every error is an RFC 9457 "
    "problem document with a code for programs and a message for people."
)
FRAMEWORK_SCHEMAS = ("HTTPValidationError", "ValidationError")

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 52rem; margin: 0 auto; padding: 1.5rem; }
h2 { margin-top: 3rem; } h3 { margin: 2rem 0 0; } p { margin: 0.5rem 0; }
code, pre { font: 0.875rem/1.45 ui-monospace, monospace; }
h3 code { font-size: 1rem; font-weight: 600; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8886; border-radius: 0.5rem; }
table { border-collapse: collapse; } td, th { padding: 0.25rem 0.75rem 0.25rem 0;
  text-align: left; vertical-align: top; }
summary { cursor: pointer; }
"""
PAGE_POLICY = (
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; style-src "
    f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)

router = APIRouter(include_in_schema=False)


@router.get("/api/openapi.json")
async def openapi_document(request: Request) -> JSONResponse:
    """The OpenAPI 3.1 document."""
    return JSONResponse(request.app.openapi())


@router.get("/api/docs")
async def documentation_page(request: Request) -> Response:
    """The same for people."""
    page = _page(request.app.openapi())
    return HTMLResponse(page, headers={"content-security-policy": PAGE_POLICY})


def openapi_of(api: FastAPI) -> dict[str, Any]:
    """Describe the API as it is: our problem documents, in place of the framework's own errors."""
    document = get_openapi(
        title=api.title, version=api.version, description=DESCRIPTION, routes=api.routes
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    for operation in _operations(document):
        _drop_framework_errors(operation["responses"])
    _, problems = models_json_schema(
        [(model, "serialization") for model in PROBLEM_MODELS],
        ref_template="#/components/schemas/{model}",
    )
    schemas |= problems["$defs"]
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _drop_framework_errors(responses: dict[str, Any]) -> None:
    unprocessable = json.dumps(responses.get("422", {}))
    if FRAMEWORK_SCHEMAS[0] in unprocessable:
        del responses["422"]


def _page(document: dict[str, Any]) -> str:
    known = document["components"]["schemas"]
    operations = "".join(
        _operation_html(path, method, operation, known)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = "".join(_schema_html(name, schema) for name, schema in known.items())
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{escape(document['info']['description'])}</p>"
        '<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>'
        f"<h2>Operations</h2>{operations}<h2>Problems</h2>{_problems_html()}"
        f"<h2>Schemas</h2>{schemas}</main></body></html>"
    )


def _operation_html(
    path: str, method: str, operation: dict[str, Any], schemas: dict[str, Any]
) -> str:
    parameters = "".join(
        f"<li><code>{escape(parameter['name'])}</code> ({escape(parameter['in'])}): "
        f"{escape(parameter.get('description', ''))}</li>"
        for parameter in operation.get("parameters", [])
    )
    return (
        f'<section id="{escape(operation["operationId"])}">'
        f"<h3><code>{method.upper()} {escape(path)}</code></h3>"
        f"<p>{escape(operation['summary'])}. {escape(operation.get('description', ''))}</p>"
        f"<ul>{parameters}</ul>{_body_html(operation, schemas)}{_answers_html(operation)}</section>"
    )


def _body_html(operation: dict[str, Any], schemas: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    name = _schema_name(content.get("application/json", {}).get("schema", {}))
    if not name:
        return ""
    examples = "".join(_json_html(example) for example in schemas[name].get("examples", []))
    return f'<p>Body: <a href="#schema-{name}"><code>{name}</code></a></p>{examples}'


def _answers_html(operation: dict[str, Any]) -> str:
    responses = operation["responses"]
    success = min(responses)  # 200; 204 where there is nothing to say
    answer = responses[success].get("content", {}).get("application/json", {})
    example = _details_html("Answer", answer["example"]) if "example" in answer else ""
    rows = "".join(
        f"<tr><th>{escape(status)}</th><td>{escape(response['description'])}</td></tr>"
        for status, response in responses.items()
        if status != success
    )
    table = f"<details><summary>Problems</summary><table>{rows}</table></details>" if rows else ""
    return example + table


def _schema_name(schema: dict[str, Any]) -> str:
    choices = [schema, *schema.get("anyOf", [])]
    reference = next((choice["$ref"] for choice in choices if "$ref" in choice), "")
    return escape(reference.rpartition("/")[2])


def _schema_html(name: str, schema: Any) -> str:
    return f'<div id="schema-{escape(name)}">{_details_html(name, schema)}</div>'


def _details_html(title: str, value: Any) -> str:
    return f"<details><summary>{escape(title)}</summary>{_json_html(value)}</details>"


def _json_html(value: Any) -> str:
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"


def _problems_html() -> str:
    rows = "".join(
        f'<tr id="problem-{escape(code)}"><th><code>{escape(code)}</code></th><td>{status}</td>'
        f"<td>{escape(title_of(code))}: {escape(message)}</td></tr>"
        for status, code, message in kinds()
    )
    return f"<table>{rows}</table>"
