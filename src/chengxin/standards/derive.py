"""The rules that follow from a field's own description, so that no resource has to spell them out."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from chengxin.standards.model import Field, Resource, Rule, Severity

# Kind of field → the rules every such field has: (kind of rule, severity, parameters).
_BY_KIND: dict[str, list[tuple[str, Severity, dict[str, Any]]]] = {
    "uscc": [("uscc", "reject", {}), ("uscc_inner", "warn", {}), ("uscc_kind", "warn", {})],
    "organisation_code": [("organisation_code", "reject", {})],
    "registration_number": [("registration_number", "warn", {})],
    "identity": [
        ("identity_shape", "reject", {}),
        ("identity_birth", "reject", {}),
        ("identity_check", "reject", {}),
        ("identity_minor", "reject", {}),
    ],
    "date": [
        ("date_unreadable", "reject", {}),
        ("date_ambiguous", "reject", {}),
        ("date_range", "reject", {}),
    ],
    "money": [("money_unreadable", "reject", {}), ("money_range", "reject", {}), ("money_scale", "reject", {})],
    "code": [("code_list", "reject", {})],
    "flag": [("flag_unreadable", "reject", {})],
    "year": [("year_unreadable", "reject", {})],
}
# What was mended is told: kind of field → kinds of telling.
_TOLD = {
    "uscc": ("told_code_form",),
    "organisation_code": ("told_code_form",),
    "registration_number": ("told_code_form",),
    "number": ("told_spaces",),
    "document": ("told_spaces",),
    "date": ("told_date",),
    "money": ("told_money",),
    "code": ("told_code_value",),
    "text": ("told_spaces",),
    "name": ("told_spaces",),
}
# A length check says nothing where the kind already fixes the form.
_NO_LENGTH = ("uscc", "organisation_code", "identity", "date", "money", "code", "year", "flag")
_NUMBERS = ("identity_shape", "identity_birth", "identity_check", "identity_minor")
_CODES = ("uscc", "organisation_code", "registration_number", "number", "document", "identity")


def _of_field(field: Field) -> Iterator[tuple[str, Severity, dict[str, Any]]]:
    if field.constraints.required:
        yield "required", "reject", {}
    if field.required_for:
        yield "required_for", "reject", {"subjects": list(field.required_for)}
    if field.constraints.maxLength and field.kind not in _NO_LENGTH:
        yield "max_length", "reject" if field.length_seen else "warn", {"limit": field.constraints.maxLength}
    yield from _BY_KIND.get(field.kind, [])
    for told in _TOLD.get(field.kind, ()):
        yield told, "warn", {}
    if field.fill:
        yield "told_filled", "warn", {}
    if field.kind in _CODES:
        yield "digits_lost", "reject", {}
        yield "number_cell", "warn", {}
    if field.kind not in ("date", "money", "flag", "year", "identity"):
        yield "told_invisible", "warn", {}
        yield "private_use", "reject", {}
        yield "garbled", "reject", {}
        yield "identity_inside", "reject", {}
    yield "cell_error", "reject", {}
    yield "formula_without_value", "reject", {}
    yield "cell_too_long", "reject", {}
    if field.kind == "text" and not field.private:
        yield "forbidden_content", "reject", {}
        yield "secret_marking", "reject", {}
        if field.disclosure == "public":
            yield "telephone_inside", "reject", {}


# Facts about a whole row that any resource may meet: (kind, severity).
_OF_ROW: list[tuple[str, Severity]] = [
    ("row_too_wide", "reject"),
    ("row_too_long", "reject"),
    ("quote_unclosed", "reject"),
    ("bytes_undecodable", "reject"),
    ("not_an_object", "reject"),
    ("name_twice", "reject"),
    ("row_hidden", "warn"),
    ("row_not_data", "warn"),
    ("same_row_twice", "warn"),
    ("same_key_twice", "reject"),
]


def with_derived_rules(resource: Resource) -> Resource:
    """The resource with its written rules first and the derived ones after them; a written rule replaces its twin."""
    written = {(r.kind, r.field) for r in resource.rules}
    derived = [
        Rule(
            id=f"{resource.name}.{field.name}.{kind}",
            kind=kind,
            # A number that only serves a check and is not kept does not cost the row.
            severity=severity if field.confidence == "high" and not (field.drop and kind in _NUMBERS) else "warn",
            clause=field.clause or resource.clause,
            field=field.name,
            confidence=field.confidence,
            params=params,
        )
        for field in resource.fields
        for kind, severity, params in _of_field(field)
        if (kind, field.name) not in written
    ]
    rows = [
        Rule(id=f"{resource.name}.{kind}", kind=kind, severity=severity, clause=resource.clause)
        for kind, severity in _OF_ROW
        if (kind, None) not in written
    ]
    return dataclasses.replace(resource, rules=(*resource.rules, *derived, *rows))
