"""Rules are of a kind that the validation knows, look at fields that are there, and say what they mean."""

import re
from collections.abc import Iterator, Mapping

from chengxin.standards.derive import with_derived_rules
from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain, listed
from chengxin.standards.lint.shape import kind_of
from chengxin.values.errors import Said

FIELD_PARAMETERS = ("other", "text", "class", "list")
# What a sentence of a rule may be filled with (validation/findings.py).
PLACEHOLDERS = frozenset(
    ("title", "value", "limit", "limit_en", "other", "other_value", "expected", "reason", "reason_en", "resource")
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def kinds_are_known(book: Book) -> Iterator[Complaint]:
    """Every rule, written or derived from a field, is of a kind the validation knows and has a sentence."""
    for file, resource in book.resources.items():
        for rule in with_derived_rules(resource).rules:
            if rule.kind not in book.rule_kinds:
                known = listed(sorted(book.rule_kinds))
                yield complain(
                    file,
                    rule.id,
                    "unknown-rule-kind",
                    f"没有规则种类 {rule.kind}；有：{known}",
                    f"no kind of rule {rule.kind}; known: {known}",
                )
            elif rule.message is None and rule.kind not in book.messages:
                yield complain(
                    file,
                    rule.id,
                    "no-message",
                    f"messages/ 中没有 {rule.kind} 的句子",
                    f"no sentence for {rule.kind} in messages/",
                )


def fields_are_known(book: Book) -> Iterator[Complaint]:
    """A rule and its parameters name fields of the resource."""
    for file, resource in book.resources.items():
        for rule in resource.rules:
            named = [rule.field, *(rule.params.get(p) for p in FIELD_PARAMETERS)]
            for name in named:
                if name is not None and name not in resource.by_name:
                    yield complain(file, rule.id, "unknown-field", f"没有数据项 {name}", f"no field {name}")


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))


def _plain(names: set[str]) -> set[str]:
    return {n.removesuffix("_en") for n in names}


def sentences_can_be_filled(book: Book) -> Iterator[Complaint]:
    """Placeholders of rules' sentences are known ones, and both languages use the same."""
    for file, data in book.raw.items():
        if kind_of(file) == "messages" and isinstance(data, Mapping):
            for key in data or {}:
                if key in book.messages:
                    yield from _sentence(file, str(key), book.messages[key], key in book.rule_kinds)
    for file, resource in book.resources.items():
        for rule in resource.rules:
            if rule.message is not None:
                yield from _sentence(file, rule.id, rule.message, True)


def _sentence(file: str, place: str, said: Said, of_rule: bool) -> Iterator[Complaint]:
    zh, en = _placeholders(said.zh), _placeholders(said.en)
    unknown = sorted((zh | en) - PLACEHOLDERS) if of_rule else []
    if unknown:
        known = listed(sorted(PLACEHOLDERS))
        yield complain(
            file,
            place,
            "unknown-placeholder",
            f"占位符 {listed(unknown)} 不认识；可用：{known}",
            f"unknown placeholder {listed(unknown)}; known: {known}",
        )
    if not of_rule and _plain(zh) != _plain(en):
        differ = listed(sorted(_plain(zh) ^ _plain(en)))
        yield complain(
            file,
            place,
            "unknown-placeholder",
            f"两种文字的占位符不同：{differ}",
            f"the languages have different placeholders: {differ}",
        )


CHECKS = [kinds_are_known, fields_are_known, sentences_can_be_filled]
