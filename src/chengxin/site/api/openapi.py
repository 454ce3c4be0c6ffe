"""The OpenAPI 3.1 document, derived from the operations and shapes: JSON Schema 2020-12 is what OpenAPI 3.1 speaks."""

import re
from functools import lru_cache
from typing import Any

import msgspec

from chengxin.site.api.operations import JSON, OPERATIONS, Operation
from chengxin.site.api.problems import KINDS, MEDIA_TYPE
from chengxin.site.api.shapes import Problem
from chengxin.values.errors import Said

VERSION = "1.0"
BASE = "/api/v1"
_ABOUT = Said(
    "报送、核查和公开档案。规则、问题代码和文字与工作台、批注表相同；自然人只能由有权机关凭用途和案件逐个查询。",
    "Submissions, checks and public files. Rules, codes and words are those of the desks and the annotated workbook; people "
    "are asked about singly, by those entitled, for a purpose and a case.",
)
# Families of operations, by the first part of their path.
_FAMILIES = {
    "submissions": Said("报送：文件或若干行，回执，问题", "Files or rows, their receipts and findings"),
    "jobs": Said("较大的报送：进度和结果", "Large submissions: progress and what came of them"),
    "checks": Said("决定前核查，附回执", "Checks before a decision, with receipts"),
    "subjects": Said("公开档案", "Public files"),
    "changes": Said("变动：取更新，确认已应用", "Changes: take what is new, confirm what was applied"),
    "snapshots": Said("快照：整类信息", "Snapshots: whole resources"),
    "reports": Said("信用报告：按编号核验", "Credit reports: verify by number"),
}
# What every operation may answer, and every one with a key.
_ALWAYS = ("too-many", "method", "broken", "key-in-address")
_KEYED = ("no-key", "wrong-key")
_TAKING = ("bad-json", "body", "media-type", "too-large")
_CODE = "91370215MXFA000158"  # of a series that no office issues
_PLACES: dict[str, dict[str, str]] = {
    "number": {"type": "string", "pattern": "^[0-9A-Za-z-]{20,60}$"},
    "code": {"type": "string", "pattern": "^[0-9A-Za-z]{6,32}$"},
    "receipt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "job": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "submission": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "resource": {"type": "string", "pattern": "^[a-z_]{1,40}$"},
}


def shapes() -> list[type]:
    """All shapes that operations take or give."""
    found: dict[type, None] = {Problem: None}
    for one in OPERATIONS:
        found |= dict.fromkeys(s for s in (one.takes, one.form, *(g for g, _ in one.gives.values())) if s)
    return list(found)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole document."""
    schemas, components = msgspec.json.schema_components(shapes(), ref_template="#/components/schemas/{name}")
    refs = dict(zip(shapes(), schemas, strict=True))
    for form in {one.form for one in OPERATIONS if one.form}:
        components[form.__name__] = _with_file(components[form.__name__])
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, refs)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "诚信 公共信用信息平台 Chengxin",
            "version": VERSION,
            "description": _both(_ABOUT),
            "contact": {"name": "信用主管部门 credit office"},
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "tags": [{"name": name, "description": _both(said)} for name, said in _FAMILIES.items()],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "cx_…"}},
        },
    }


def _both(said: Said) -> str:
    return f"{said.zh}\n\n{said.en}"


def _operation(one: Operation, refs: dict[type, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": one.view.__name__,
        "tags": [one.path.split("/")[1]],
        "summary": f"{one.said.zh} {one.said.en}",
        "description": _both(one.about),
        "parameters": list(_parameters(one)),
        "responses": _responses(one, refs),
        "security": [{"key": []}] if one.with_key else [],
    }
    content: dict[str, Any] = {}
    if one.takes:
        content[JSON] = {"schema": refs[one.takes]} | ({"example": one.example} if one.example else {})
    if one.form:
        content["multipart/form-data"] = {"schema": refs[one.form]}
    if content:
        told["requestBody"] = {"required": True, "content": content}
    return told


def _with_file(form: dict[str, Any]) -> dict[str, Any]:
    """The fields of a form, which take no others, and the file."""
    file = {"type": "string", "format": "binary"}
    return form | {"properties": {**form["properties"], "file": file}, "required": [*form["required"], "file"]}


def _parameters(one: Operation) -> Any:
    for name in re.findall(r"\{(\w+)\}", one.path):
        example = {"example": _CODE} if name == "code" else {}
        yield {"name": name, "in": "path", "required": True, "schema": _PLACES[name]} | example
    for name, (schema, said) in one.query.items():
        yield {"name": name, "in": "query", "schema": schema, "description": _both(said)}
    for name, (schema, said) in one.headers.items():
        yield {"name": name, "in": "header", "schema": schema, "description": _both(said)}


def codes_of(one: Operation) -> list[str]:
    """The codes of the problems that an operation may answer with."""
    takes = _TAKING if one.takes or one.form else ()
    return [*dict.fromkeys((*one.refusals, *takes, *(_KEYED if one.with_key else ()), *_ALWAYS))]


def _responses(one: Operation, refs: dict[type, Any]) -> dict[str, Any]:
    limits = {name: {"schema": {"type": "string"}} for name in ("RateLimit", "RateLimit-Policy")}
    told: dict[str, Any] = {}
    for status, (shape, said) in one.gives.items():
        told[str(status)] = {"description": _both(said), "headers": limits}
        if shape or (one.file and status == 200):
            told[str(status)]["content"] = ({JSON: {"schema": refs[shape]}} if shape else {}) | (
                {one.file: {}} if one.file else {}
            )
    problem = {MEDIA_TYPE: {"schema": refs[Problem]}}
    by_status: dict[int, list[str]] = {}
    for code in codes_of(one):
        by_status.setdefault(KINDS[code].status, []).append(f"`{code}` {KINDS[code].title.zh} {KINDS[code].title.en}")
    for status, lines in sorted(by_status.items()):
        told[str(status)] = {"description": "\n\n".join(lines), "content": problem}
    return told
