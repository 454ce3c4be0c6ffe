"""Fields, roles, keys and headings of a resource agree with each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.lint.shape import kind_of
from chengxin.standards.model import FIELD_KINDS, Resource
from chengxin.values.text import fold_heading

# Frictionless type that each kind of field has; every other kind is text.
TYPES = {"date": ("date",), "money": ("number",), "flag": ("boolean",), "year": ("year", "integer")}
SUBJECT = "@subject"


def kinds_and_types(book: Book) -> Iterator[Complaint]:
    """The kind is one we know, and the Frictionless type says the same."""
    for file, resource in book.resources.items():
        for field in resource.fields:
            if field.kind not in FIELD_KINDS:
                known = listed(FIELD_KINDS)
                yield complain(
                    file,
                    field.name,
                    "unknown-field-kind",
                    f"没有数据项种类 {field.kind}；有：{known}",
                    f"no kind of field {field.kind}; known: {known}",
                )
                continue
            wanted = TYPES.get(field.kind, ("string",))
            if field.type not in wanted:
                yield complain(
                    file,
                    field.name,
                    "type-disagrees",
                    f"{field.kind} 的 type 应为 {listed(wanted)}，不是 {field.type}",
                    f"type of {field.kind} is {listed(wanted)}, not {field.type}",
                )


def code_lists_exist(book: Book) -> Iterator[Complaint]:
    """A field of kind `code` names a code list that is there; other kinds name none."""
    for file, resource in book.resources.items():
        for field in resource.fields:
            if field.kind == "code" and field.codes is None:
                yield complain(file, field.name, "no-code-list", "kind: code 须写 codes", "kind: code needs `codes`")
            elif field.codes is not None and field.codes not in book.codes:
                known = listed(sorted(book.codes))
                yield complain(
                    file,
                    field.name,
                    "no-code-list",
                    f"没有代码表 {field.codes}；有：{known}",
                    f"no code list {field.codes}; known: {known}",
                )
            elif field.codes is not None and field.kind != "code":
                yield complain(
                    file,
                    field.name,
                    "type-disagrees",
                    "有 codes 的数据项 kind 应为 code",
                    "a field with `codes` is of kind code",
                )


def names_are_used_once(book: Book) -> Iterator[Complaint]:
    """Field codes and rule ids are unique."""
    ids: dict[str, str] = {}
    for file, resource in book.resources.items():
        for name, count in Counter(f.name for f in resource.fields).items():
            if count > 1:
                yield complain(
                    file,
                    name,
                    "field-twice",
                    f"数据项 {name} 写了 {count} 次",
                    f"field {name} stands there {count} times",
                )
        for rule, count in Counter(r.id for r in resource.rules).items():
            elsewhere = ids.get(rule, resource.name)
            if count > 1 or elsewhere != resource.name:
                yield complain(file, rule, "rule-twice", f"规则编号 {rule} 用了两次", f"rule id {rule} is used twice")
            ids[rule] = resource.name


def roles_and_keys_name_fields(book: Book) -> Iterator[Complaint]:
    """Roles, the natural key and the retention's start name fields that are there."""
    for file, resource in book.resources.items():
        for role, name in resource.roles.items():
            if name not in resource.by_name:
                yield complain(file, f"roles.{role}", "role-without-field", f"没有数据项 {name}", f"no field {name}")
        for name in resource.natural_key:
            if name != SUBJECT and name not in resource.by_name:
                yield complain(file, "natural_key", "key-without-field", f"没有数据项 {name}", f"no field {name}")
        if not resource.natural_key:
            yield complain(file, "natural_key", "key-without-field", "自然键不能为空", "the natural key is empty")
        start = resource.retention.get("from")
        if start is not None and str(start) not in resource.roles and str(start) not in resource.by_name:
            yield complain(
                file, "retention.from", "role-without-field", f"没有角色或数据项 {start}", f"no role or field {start}"
            )


def _headings(book: Book, file: str, resource: Resource) -> Iterator[tuple[str, str, str]]:
    """(file, heading, field) of a resource with what the lower layers add."""
    for field in resource.fields:
        for text in (field.name, field.title, *field.aliases, *field.misspellings):
            yield file, text, field.name
    for lower, data in book.raw.items():
        if kind_of(lower) == "overlay" and lower not in book.misshaped and data.get("resource") == resource.name:
            for name, texts in (data.get("aliases") or {}).items():
                yield from ((lower, str(t), str(name)) for t in texts or ())


def headings_lead_to_one_field(book: Book) -> Iterator[Complaint]:
    """No heading, folded as intake folds it, is claimed by two fields."""
    for file, resource in book.resources.items():
        claimed: dict[str, str] = {}
        for where, text, name in _headings(book, file, resource):
            first = claimed.setdefault(fold_heading(text), name)
            if first != name:
                yield complain(
                    where,
                    name,
                    "alias-twice",
                    f"“{text}”同时指向 {first} 和 {name}",
                    f"“{text}” leads to both {first} and {name}",
                )


def _named(book: Book, resource: Resource) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """(place, code of the complaint, value, table in which the value must stand) of everything that names an entry."""
    yield "category", "unknown-category", resource.category, book.entries("categories", "categories")
    classes = book.entries("disclosure", "classes")
    yield "disclosure", "unknown-class", resource.disclosure, classes
    for field in resource.fields:
        yield field.name, "unknown-class", field.disclosure, classes
    for part, values in (("areas", resource.areas), ("domains", resource.domains)):
        yield from ((part, "unknown-class", value, book.entries("domains", part)) for value in values)
    yield from (("lists", "unknown-class", value, book.entries("lists", "lists")) for value in resource.lists)


def classes_are_known(book: Book) -> Iterator[Complaint]:
    """Category, disclosure class, areas, domains and lists are ones that the tables hold."""
    for file, resource in book.resources.items():
        for place, code, value, table in _named(book, resource):
            if table and value not in table:  # without the table there is already a complaint about the table
                known = listed(list(table))
                yield complain(file, place, code, f"没有 {value}；有：{known}", f"no {value}; known: {known}")


CHECKS = [
    kinds_and_types,
    code_lists_exist,
    names_are_used_once,
    roles_and_keys_name_fields,
    headings_lead_to_one_field,
    classes_are_known,
]
