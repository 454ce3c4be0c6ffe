"""How what a record holds reads: units for amounts, titles for lists. The one spelling, for pages and reports."""

from functools import lru_cache
from typing import Any

from chengxin.standards.load import Catalogue
from chengxin.standards.model import Field
from chengxin.values.errors import Said

_YES_NO = {True: Said("是", "yes"), False: Said("否", "no")}
# What is said of a record whose kind, or whose rule, the catalogue is not sure of yet.
DRAFT = (
    Said("说明", "note"),
    Said("目录尚未确认这类信息，不对外使用", "the catalogue has not confirmed this kind: not used outwards"),
)
# What a heading or the lines that every record has say already.
SAID_ALREADY = (
    "subject_code",
    "subject_name",
    "subject_kind",
    "document",
    "source_name",
    "source_code",
    "authority_name",
    "person_number",  # stands as a token, which tells a reader nothing
)


def value_of(field: Field, value: Any, catalogue: Catalogue) -> Any:
    """A value with its unit, in words; of a code what it stands for."""
    if field.kind == "code" and field.codes and isinstance(value, str):
        codes = catalogue.code_list(field.codes)
        said = [codes.said(one) for one in (value.split(field.separator) if field.separator else [value])]
        return Said("、".join(one.zh for one in said), ", ".join(one.en for one in said))
    if isinstance(value, bool):
        return _YES_NO[value]
    if field.kind == "money":
        plain = amount(value)
        return plain if "万元" in field.title else Said(f"{plain} 万元", f"{plain} × 10,000 yuan")
    return value


def amount(value: Any) -> str:
    """An amount without the zeros that say nothing."""
    return str(value).rstrip("0").rstrip(".") if "." in str(value) else str(value)


@lru_cache(maxsize=512)
def list_title(name: str | None, catalogue: Catalogue) -> Said | None:
    """What a list of the catalogue is called."""
    entry = catalogue.tables["lists"]["lists"].get(name)
    return Said(entry["title"]["zh"], entry["title"]["en"]) if entry else None
