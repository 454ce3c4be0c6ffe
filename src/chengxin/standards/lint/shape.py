"""The shape of each file: known keys, needed keys, dates that are dates, both languages, values of the right type."""

import dataclasses
import types
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.model import Article, CodeList, CodeValue, Constraints, Field, Law, Resource, Rule
from chengxin.values.errors import Said

OVERLAY_KEYS = ("resource", "aliases", "reporters", "domains", "retention", "withhold")
SCHEMA_KEYS = ("fields", "primaryKey", "missingValues")
CASE_KEYS = ("day", "sender", "registration", "base", "cases", "source", "note")
# What a rule may say beside its own keys. One list, so that no slip of the pen makes a rule that sees nothing.
PARAMETERS = (
    *("other", "text", "class", "list", "contains", "equals", "words", "working_days", "above"),
    *("limit", "subjects", "minimum", "maximum", "months", "states"),
)
# Entries of tables: (table, key) → (needed keys, further known keys). `since` only where it is heeded.
ENTRIES: dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("severity", "classes"): (
        ("label", "published", "min_months", "max_months", "clause", "confidence"),
        ("source",),
    ),
    ("lists", "lists"): (
        (
            "title",
            "kind",
            "serious",
            "body",
            "basis",
            "subjects",
            "grounds",
            "term",
            "early_exit",
            "source",
            "confidence",
        ),
        ("body_words", "measures", "note"),
    ),
    ("measures", "kinds"): (("title", "class", "source", "confidence"), ()),
    ("measures", "measures"): (
        (
            "kind",
            "of",
            "what",
            "term",
            "months",
            "body",
            "clause",
            "since",
            "lists",
            "subjects",
            "source",
            "confidence",
        ),
        ("until", "note"),
    ),
    ("categories", "categories"): (
        ("title", "subjects", "editions", "source", "confidence"),
        ("clause",),
    ),
    ("calendar", "years"): ((), ("notice", "source", "holidays", "makeup_days", "note")),
    ("disclosure", "classes"): (("title", "channels", "clause"), ()),
    ("forbidden", "categories"): (
        ("title", "applies_to", "clause", "headings", "words"),
        ("harmless", "confidence"),
    ),
    ("matters", "matters"): (("title", "clause", "source", "confidence"), ("since", "until")),
    ("purposes", "purposes"): (
        ("title", "view", "readers", "needs", "clause", "source", "confidence"),
        ("since", "until", "used_in"),
    ),
    ("reports", "forms"): (
        ("form", "title", "since", "clause", "rows", "subjects", "source", "confidence", "chapters"),
        ("until", "years", "uses", "says"),
    ),
    ("reports", "absent"): (("title",), ()),
    ("reports", "uses"): (("title",), ()),
    ("reports", "shares"): (("days", "clause", "source", "confidence"), ()),
    ("reports", "labels"): (("title", "resources"), ("listed",)),
    ("reports", "advice"): (("text", "clause", "resources"), ()),
    ("reports", "domains"): (("title", "bodies"), ()),
}

BEHAVIOUR_KEYS = ("phrases", "harmless", "confidence")
WORD_LISTS = (
    "words",
    "headings",
    "harmless",
    "phrases",
    "basis",
    "subjects",
    "readers",
    "used_in",
    "bodies",
    "resources",
)


def kind_of(file: str) -> str:
    """law, messages, codes, cases, resource (of the nation), overlay (of a lower layer) or table."""
    folder, _, name = file.rpartition("/")
    if folder in ("laws", "messages"):
        return {"laws": "law"}.get(folder, folder)
    if folder == "cn/codes":
        return "codes"
    if folder.endswith("/resources"):
        if name.endswith(".cases.yaml"):
            return "cases"
        return "resource" if folder == "cn/resources" else "overlay"
    return "table"


def is_said(value: Any) -> bool:
    """True for a mapping that holds a text in both languages and nothing else."""
    return (
        isinstance(value, Mapping) and set(value) == {"zh", "en"} and all(str(v or "").strip() for v in value.values())
    )


def of_file(file: str, data: Any) -> Iterator[Complaint]:
    """All complaints about the shape of one file."""
    checks = {
        "law": _laws,
        "messages": _messages,
        "codes": _codes,
        "resource": _resource,
        "overlay": _overlay,
        "cases": _cases,
        "table": _table,
    }
    yield from checks[kind_of(file)](file, data)


def keys(
    file: str, place: str, data: Any, needed: tuple[str, ...], known: tuple[str, ...] | list[str]
) -> Iterator[Complaint]:
    """Complaints about unknown and missing keys of one mapping."""
    if not isinstance(data, Mapping):
        yield complain(file, place, "wrong-type", "这里应为键值对", "a mapping is needed here")
        return
    for key in data:
        if key not in known and key not in needed:
            names = listed([*dict.fromkeys((*needed, *known))])
            yield complain(
                file, place, "unknown-key", f"未知的键 {key}；可用：{names}", f"unknown key {key}; known: {names}"
            )
    for key in needed:
        if key not in data:
            yield complain(file, place, "missing-key", f"缺少键 {key}", f"missing key {key}")


def _value(kind: type, file: str, place: str, data: Any, without: tuple[str, ...] = ()) -> Iterator[Complaint]:
    """Complaints about a mapping that is to become a frozen `kind`; the parts in `without` are looked at elsewhere."""
    of = [f for f in dataclasses.fields(kind) if f.name not in without]
    needed = tuple(f.name for f in of if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING)
    rest = {k: v for k, v in data.items() if k not in without} if isinstance(data, Mapping) else data
    yield from keys(file, place, rest, needed, [f.name for f in of])
    if isinstance(rest, Mapping):
        hints = get_type_hints(kind)
        for key, value in rest.items():
            if key in hints:
                yield from _fitting(file, f"{place}.{key}" if place else str(key), hints[key], value)


def _fitting(file: str, place: str, hint: Any, value: Any) -> Iterator[Complaint]:
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if any(fits(option, value) for option in options):
        return
    if Said in options:
        yield complain(file, place, "two-languages", "需要 zh 与 en 两种文字", "needs both `zh` and `en`")
    elif date in options:
        yield complain(
            file, place, "not-a-date", f"不是日期：{value}（写成 2026-04-01）", f"not a date: {value} (like 2026-04-01)"
        )
    else:
        words = " | ".join(_named(o) for o in options)
        yield complain(
            file, place, "wrong-type", f"{value!r} 不合要求，应为 {words}", f"{value!r} does not fit, needed: {words}"
        )


def _named(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return listed(get_args(hint))
    return getattr(hint, "__name__", str(hint)) if not get_args(hint) else str(hint)


def fits(hint: Any, value: Any) -> bool:
    """True if a value as YAML gives it can become the type `hint`."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or hint is Said:
        return hint is Any or is_said(value)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        return isinstance(value, list) and all(fits(inner[0], v) for v in value)
    if origin is dict:
        return isinstance(value, Mapping) and all(fits(inner[1], v) for v in value.values())
    if hint is float:
        return type(value) in (int, float)
    return type(value) is hint or (hint is type(None) and value is None)


def _each(data: Any, file: str, place: str) -> list[Any]:
    return data if isinstance(data, list) else []


def _is_list(file: str, place: str, data: Any) -> Iterator[Complaint]:
    if not isinstance(data, list):
        yield complain(file, place, "wrong-type", "这里应为列表", "a list is needed here")


def _laws(file: str, data: Any) -> Iterator[Complaint]:
    yield from _is_list(file, "", data or [])
    for entry in _each(data, file, ""):
        place = str(entry.get("id", "?")) if isinstance(entry, Mapping) else "?"
        yield from _value(Law, file, place, entry, ("articles",))
        articles = entry.get("articles") if isinstance(entry, Mapping) else None
        if not isinstance(articles, Mapping):
            yield complain(
                file, place, "missing-key", "缺少键 articles（至少 all）", "missing key articles (`all` at least)"
            )
            continue
        for number, gist in articles.items():
            if not isinstance(gist, str):
                yield from _value(Article, file, f"{place}.articles.{number}", gist)


def _messages(file: str, data: Any) -> Iterator[Complaint]:
    if not isinstance(data or {}, Mapping):
        yield complain(file, "", "wrong-type", "这里应为键值对", "a mapping is needed here")
        return
    for key, value in (data or {}).items():
        yield from _fitting(file, str(key), Said, value)


def _codes(file: str, data: Any) -> Iterator[Complaint]:
    yield from _value(CodeList, file, "", data, ("values",))
    values = data.get("values") if isinstance(data, Mapping) else None
    yield from _is_list(file, "values", values)
    for entry in _each(values, file, "values"):
        yield from _value(
            CodeValue, file, f"values.{entry.get('label', '?')}" if isinstance(entry, Mapping) else "values", entry
        )


def _resource(file: str, data: Any) -> Iterator[Complaint]:
    if not isinstance(data, Mapping):
        yield complain(file, "", "wrong-type", "这里应为键值对", "a mapping is needed here")
        return
    yield from _value(
        Resource, file, "", {k: v for k, v in data.items() if k not in ("schema", "rules")}, ("fields", "rules")
    )
    if "fields" in data:
        yield complain(
            file,
            "fields",
            "unknown-key",
            "未知的键 fields；数据项写在 schema.fields",
            "unknown key fields; they stand in schema.fields",
        )
    schema = data.get("schema")
    yield from keys(file, "schema", schema, ("fields",), SCHEMA_KEYS)
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    yield from _is_list(file, "schema.fields", fields)
    for entry in _each(fields, file, "schema.fields"):
        yield from _field(file, entry)
    rules = data.get("rules") or []
    yield from _is_list(file, "rules", rules)
    for entry in _each(rules, file, "rules"):
        yield from _rule(file, entry)


def _field(file: str, data: Any) -> Iterator[Complaint]:
    place = str(data.get("name", "?")) if isinstance(data, Mapping) else "?"
    given = {"disclosure": "public", **data} if isinstance(data, Mapping) else data
    yield from _value(Field, file, place, given, ("constraints",))
    if isinstance(data, Mapping) and "constraints" in data:
        yield from _value(Constraints, file, f"{place}.constraints", data["constraints"])


def _rule(file: str, data: Any) -> Iterator[Complaint]:
    place = str(data.get("id", "?")) if isinstance(data, Mapping) else "?"
    if isinstance(data, Mapping):
        own = {f.name for f in dataclasses.fields(Rule)} - {"params"}
        for key in data:
            if key not in own and key not in PARAMETERS:
                names = listed([*sorted(own), *PARAMETERS])
                yield complain(
                    file, place, "unknown-key", f"未知的键 {key}；可用：{names}", f"unknown key {key}; known: {names}"
                )
        data = {k: v for k, v in data.items() if k in own}
    yield from _value(Rule, file, place, data, ("params",))


# Types of the parts of an overlay and of a case. Which keys may stand in an overlay is a question of law: layers.py.
_OVERLAY_TYPES: dict[str, Any] = {
    "resource": str,
    "aliases": dict[str, tuple[str, ...]],
    "withhold": tuple[str, ...],
    "reporters": tuple[str, ...],
    "domains": tuple[str, ...],
    "retention": dict[str, Any],
}
_CASE_TYPES: dict[str, Any] = {
    "name": str,
    "with": dict[str, Any],
    "hits": tuple[str, ...],
    "misses": tuple[str, ...],
    "column": str,
    "day": date,
    "sender": dict[str, str],
    "may_report": tuple[str, ...],
    "note": str,
}


def _typed(file: str, place: str, data: Mapping[Any, Any], hints: Mapping[str, Any]) -> Iterator[Complaint]:
    for key, value in data.items():
        if key in hints:
            yield from _fitting(file, f"{place}.{key}" if place else str(key), hints[key], value)


def _overlay(file: str, data: Any) -> Iterator[Complaint]:
    if not isinstance(data, Mapping):
        yield complain(file, "", "wrong-type", "这里应为键值对", "a mapping is needed here")
        return
    yield from _typed(file, "", data, _OVERLAY_TYPES)


def _cases(file: str, data: Any) -> Iterator[Complaint]:
    yield from keys(file, "", data, ("base", "cases"), CASE_KEYS)
    if not isinstance(data, Mapping):
        return
    yield from _typed(file, "", data, {"base": dict[str, Any], "sender": dict[str, str], "day": date})
    yield from _is_list(file, "cases", data.get("cases"))
    for entry in _each(data.get("cases"), file, "cases"):
        place = str(entry.get("name", "?")) if isinstance(entry, Mapping) else "?"
        yield from keys(file, place, entry, ("name", "hits"), list(_CASE_TYPES))
        yield from _typed(file, place, entry if isinstance(entry, Mapping) else {}, _CASE_TYPES)


def _table(file: str, data: Any) -> Iterator[Complaint]:
    if not isinstance(data, Mapping):
        yield complain(file, "", "wrong-type", "这里应为键值对", "a mapping is needed here")
        return
    stem = file.rpartition("/")[2].removesuffix(".yaml")
    for (table, key), (needed, known) in ENTRIES.items():
        if stem == table and file.startswith("cn/"):
            entries = data.get(key)
            yield from keys(file, key, entries, (), list(entries) if isinstance(entries, Mapping) else ())
            for name, entry in entries.items() if isinstance(entries, Mapping) else ():
                yield from keys(file, f"{key}.{name}", entry, needed, known)
    if stem == "forbidden":
        yield from keys(file, "behaviours", data.get("behaviours"), ("clause", "words"), BEHAVIOUR_KEYS)
    yield from _words(file, "", data)
    yield from _dates(file, "", data)


def _words(file: str, place: str, data: Any) -> Iterator[Complaint]:
    """Lists of words are lists of texts wherever they stand in a table, and lists of days lists."""
    if not isinstance(data, Mapping):
        return
    for key, value in data.items():
        inner = f"{place}.{key}" if place else str(key)
        if key in WORD_LISTS and not fits(tuple[str, ...], value):
            yield complain(file, inner, "wrong-type", "这里应为文字的列表", "a list of texts is needed here")
        if key in ("holidays", "makeup_days") and value is not None and not isinstance(value, list):
            yield complain(file, inner, "wrong-type", "这里应为日期的列表", "a list of days is needed here")
        if key == "title" and not is_said(value):
            yield complain(file, inner, "two-languages", "需要 zh 与 en 两种文字", "needs both `zh` and `en`")
        yield from _words(file, inner, value)


def _dates(file: str, place: str, data: Any) -> Iterator[Complaint]:
    """`since` and `until` are dates wherever they stand in a table."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            inner = f"{place}.{key}" if place else str(key)
            if key in ("since", "until", "decided_before") and value is not None and type(value) is not date:
                yield complain(
                    file,
                    inner,
                    "not-a-date",
                    f"不是日期：{value}（写成 2026-04-01）",
                    f"not a date: {value} (like 2026-04-01)",
                )
            yield from _dates(file, inner, value)
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _dates(file, f"{place}[{position}]", value)
