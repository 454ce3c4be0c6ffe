"""What the catalogue holds, as frozen values. Field names are the keys of the YAML; nothing else is allowed there."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from chengxin.standards.readers import Kind, Need, Reader, View
from chengxin.values.errors import Said

Confidence = Literal["high", "medium", "low"]
SubjectKind = Literal["organisation", "sole_trader", "person"]
Severity = Literal["reject", "warn"]

FIELD_KINDS = (
    "text",  # free text
    "name",  # of an organisation or person
    "uscc",  # GB 32100-2015
    "organisation_code",  # GB 11714-1997
    "registration_number",  # GS 15-2006
    "number",  # any other code: kept as text
    "document",  # number of an official document
    "identity_type",
    "identity",  # number of a person's paper: tokenised in intake, never in a frame
    "date",
    "money",  # 万元, six decimals
    "code",  # from a code list
    "flag",  # yes or no
    "year",
)


@dataclass(frozen=True)
class Article:
    """One article of an instrument, in our own words."""

    zh: str
    en: str = ""


@dataclass(frozen=True)
class Law:
    """An instrument: statute, rule, policy document or standard. `articles["all"]` stands for the whole of it."""

    id: str
    title: Said
    number: str | None
    issuer: str
    kind: str
    effective: date
    articles: dict[str, Article]
    source: str
    confidence: Confidence
    repealed: date | None = None
    replaced_by: str | None = None

    def in_force(self, day: date) -> bool:
        """True from the effective day up to the day before the repeal."""
        return self.effective <= day and (self.repealed is None or day < self.repealed)


@dataclass(frozen=True)
class Clause:
    """A reference `law:article` that was resolved."""

    law: Law
    article: str

    @property
    def reference(self) -> str:
        """The reference as it stands in the catalogue."""
        return f"{self.law.id}:{self.article}"

    @property
    def zh(self) -> str:
        """How a clerk reads it: 《名称》第几条."""
        return f"《{self.law.title.zh}》" + ("" if self.article == "all" else f"第{self.article}条")

    @property
    def en(self) -> str:
        """How an English reader reads it."""
        return self.law.title.en + ("" if self.article == "all" else f", Art. {self.article}")


@dataclass(frozen=True)
class CodeValue:
    """One value of a code list. `label` is what is stored and shown; `code` and `aliases` may arrive instead."""

    label: str
    en: str = ""
    code: str | None = None
    aliases: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class CodeList:
    """A closed list of values. `open_tail` allows `其他-<text>`."""

    name: str
    title: Said
    values: tuple[CodeValue, ...]
    source: str
    confidence: Confidence
    stores: Literal["label", "code"] = "label"
    open_tail: str | None = None
    clause: str | None = None

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every spelling that may arrive → the stored value."""
        known: dict[str, str] = {}
        for value in self.values:
            stored = value.code if self.stores == "code" and value.code else value.label
            for spelling in (value.label, value.code, *value.aliases):
                if spelling:
                    known.setdefault(spelling, stored)
        return known

    def said(self, stored: str) -> Said:
        """A stored value as a reader is told it; with its code where what the code means is not sure."""
        value = next((v for v in self.values if stored == (v.code if self.stores == "code" else v.label)), None)
        if value is None:
            return Said(stored, stored)
        told = Said(value.label, value.en or value.label)
        sure = self.stores == "label" or self.confidence == "high"
        return told if sure else Said(f"{stored}（{told.zh}）", f"{stored} ({told.en})")

    @cached_property
    def stored(self) -> tuple[str, ...]:
        """The values as they are kept."""
        return tuple(dict.fromkeys(self.spellings.values()))


@dataclass(frozen=True)
class Constraints:
    """The part of a Frictionless field that says what may stand in it."""

    required: bool = False
    maxLength: int | None = None  # noqa: N815 - Frictionless spelling
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Field:
    """One column of a resource: a Frictionless field plus what credit law adds to it."""

    name: str
    title: str
    title_en: str
    type: str
    kind: str
    disclosure: str
    constraints: Constraints = Constraints()
    required_for: tuple[SubjectKind, ...] = ()
    codes: str | None = None
    separator: str | None = None  # several values in one cell
    aliases: tuple[str, ...] = ()
    misspellings: tuple[str, ...] = ()
    private: bool = False  # the value never appears in a finding
    drop: bool = False  # serves a check at intake and is not kept
    extension: bool = False  # not in the standard form, asked for by later rules
    fill: Literal["sender_code", "sender_name", "subject_kind"] | None = None  # what an empty cell may be filled from
    placeholder: str | None = None  # stands for "has no code yet"
    length_seen: bool = False  # the length was read in a source; otherwise it only warns
    category: str | None = None  # of content, so that a forbidden one can be refused
    description: str = ""
    clause: str | None = None
    confidence: Confidence = "high"


@dataclass(frozen=True)
class Rule:
    """One rule: a kind the engine knows, the fields it looks at, the clause it rests on, and what it says."""

    id: str
    kind: str
    severity: Severity
    clause: str
    field: str | None = None
    since: date | None = None
    until: date | None = None
    confidence: Confidence = "high"
    message: Said | None = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    def in_force(self, day: date) -> bool:
        """True if the rule is to be applied on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Resource:
    """One information resource (信息类) of the catalogue, as it stands on a day."""

    name: str
    version: date
    title: Said
    description: Said
    category: str
    subjects: tuple[SubjectKind, ...]
    clause: str
    confidence: Confidence
    polarity: Literal["basic", "adverse", "good", "neutral"]
    nature: Literal["record", "registration", "list"]
    disclosure: str
    areas: tuple[str, ...]
    domains: tuple[str, ...]
    roles: dict[str, str]
    natural_key: tuple[str, ...]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    source: str
    since: date | None = None
    until: date | None = None
    severity: str | None = None
    makes_subjects: bool = False  # a new code in it makes a subject; elsewhere an unknown code waits for a human
    retention: dict[str, Any] = dataclasses.field(default_factory=dict)
    reporters: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their code."""
        return {f.name: f for f in self.fields}

    @property
    def draft(self) -> bool:
        """True if its facts are not of high confidence: visible, can be dry-run, binds nobody (design 1.6)."""
        return self.confidence != "high"

    def role(self, name: str) -> str | None:
        """The code of the field that plays a role (`subject_code`, `decided_on`, …), if the resource has it."""
        return self.roles.get(name)


@dataclass(frozen=True)
class Matter:
    """In which work of a department something is checked."""

    name: str
    title: Said
    clause: str
    confidence: Confidence
    source: str
    since: date | None = None
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """True from `since` to `until`, both inclusive, unless it is a draft."""
        begun = (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
        return begun and self.confidence == "high"


@dataclass(frozen=True)
class Purpose:
    """What non-public information may be read for: by whom, on which ground, and what each kind of subject takes."""

    name: str
    title: Said
    view: View
    readers: frozenset[Reader]
    needs: dict[Kind, Need]
    clause: str
    confidence: Confidence
    source: str
    since: date | None = None
    until: date | None = None
    used_in: tuple[str, ...] = ()  # matters

    @property
    def draft(self) -> bool:
        """True if its facts are not of high confidence: it is visible and nothing may be read for it (design 1.6)."""
        return self.confidence != "high"

    def in_force(self, day: date) -> bool:
        """True from `since` to `until`, both inclusive."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
