"""Forms of credit reports as the catalogue has them (cn/reports.yaml): chapters, domains, uses, advice, as of its day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from chengxin.standards.load import Catalogue, build
from chengxin.standards.model import Confidence
from chengxin.standards.readers import Kind
from chengxin.values.errors import Refused, Said

FILE = "reports.yaml"


@dataclass(frozen=True)
class Chapter:
    """One chapter: which resources fill it; `absent` names kinds that the catalogue has no resource for."""

    seq: str
    title: Said
    resources: tuple[str, ...]
    absent: tuple[str, ...] = ()
    counted: Said | None = None  # what its number is called on the first page
    by_domain: bool = False  # only what bodies of the chosen domains decided
    in_force: bool = False  # what was in force in the period, whenever it was decided; else what was decided in it
    category: str | None = None  # the class of the catalogue that it is, where a form goes by classes
    advice: bool = False


@dataclass(frozen=True)
class Form:
    """One version of a form of report. `years`: the longest period that may be chosen; None: no period is asked for.

    `uses`: what it may be ordered for, none: anything; `says`: names of the texts that each report of it has.
    """

    name: str
    form: str
    title: Said
    since: date
    clause: str
    rows: Literal["published", "held"]  # which of what the gate lets out; `reports.compose` knows the words
    subjects: tuple[str, ...]
    source: str
    confidence: Confidence
    chapters: tuple[Chapter, ...]
    until: date | None = None
    years: int | None = None
    uses: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        """True from `since` to `until`, both inclusive, unless it is a draft."""
        begun = self.since <= day and (self.until is None or day <= self.until)
        return begun and self.confidence == "high"

    @property
    def by_domain(self) -> bool:
        """True if domains are chosen for it."""
        return any(chapter.by_domain for chapter in self.chapters)

    @property
    def resources(self) -> tuple[str, ...]:
        """Names of all resources that it shows."""
        return tuple(name for chapter in self.chapters for name in chapter.resources)

    def of(self, kind: Kind) -> bool:
        """True if it can be about this kind of subject."""
        return kind.value in self.subjects


@dataclass(frozen=True)
class Domain:
    """A field of government: bodies whose name holds one of the words."""

    name: str
    title: Said
    bodies: tuple[str, ...]

    def holds(self, body: str) -> bool:
        """True if the body of this name belongs here."""
        return any(word in body for word in self.bodies)


@dataclass(frozen=True)
class Label:
    """A label of the first page: one of these resources, or one of `listed` that names a list."""

    title: Said
    resources: tuple[str, ...]
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Advice:
    """What the subject may do where it has one of these; with no resources: always."""

    text: Said
    clause: str
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Sharing:
    """How a subject may show a report to others: for how many days at most, the first and the last included."""

    days: int
    clause: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class _Titled:
    title: Said


@dataclass(frozen=True, eq=False)
class Forms:
    """All that the catalogue says about reports."""

    forms: tuple[Form, ...]
    absent: dict[str, Said]
    uses: dict[str, Said]
    labels: tuple[Label, ...]
    advice: tuple[Advice, ...]
    texts: dict[str, Said]
    domains: dict[str, Domain]
    shares: dict[str, Sharing]

    @property
    def link(self) -> Sharing | None:
        """How a report is shown by a link; None where the catalogue has no such rule, or one that is a draft."""
        found = self.shares.get("link")
        return found if found and found.confidence == "high" else None

    def on(self, day: date) -> dict[str, Form]:
        """The forms that may be issued on a day, by what they are."""
        return {f.form: f for f in sorted(self.forms, key=lambda f: f.since) if f.in_force(day)}

    def issued(self, form: str, day: date) -> Form:
        """The version of a form that is issued on a day. Raises Refused if there is none."""
        known = self.on(day)
        if form not in known:
            names = "、".join(f"{k}（{f.title.zh}）" for k, f in known.items())
            zh = f"{day} 没有可出具的报告格式“{form}”。可选：{names or '无'}。"
            raise Refused("no-form", Said(zh, f"No form {form!r} on {day}. Known: {', '.join(known) or 'none'}."))
        return known[form]


def form_from(name: str, data: Mapping[str, Any]) -> Form:
    """One version of a form from its YAML mapping. Raises Refused."""
    where = f"{FILE}:{name}"
    chapters = tuple(build(Chapter, c, f"{where}.chapters") for c in data.get("chapters") or ())
    return build(Form, {k: v for k, v in data.items() if k != "chapters"}, where, name=name, chapters=chapters)


def forms_from(data: Mapping[str, Any]) -> Forms:
    """The whole table. Raises Refused, naming the place."""

    def titles(key: str) -> dict[str, Said]:
        return {n: build(_Titled, e, f"{FILE}:{key}.{n}").title for n, e in (data.get(key) or {}).items()}

    return Forms(
        forms=tuple(form_from(name, entry) for name, entry in (data.get("forms") or {}).items()),
        absent=titles("absent"),
        uses=titles("uses"),
        labels=tuple(build(Label, e, f"{FILE}:labels.{n}") for n, e in (data.get("labels") or {}).items()),
        advice=tuple(build(Advice, e, f"{FILE}:advice.{n}") for n, e in (data.get("advice") or {}).items()),
        texts={n: Said(str(t["zh"]), str(t["en"])) for n, t in (data.get("texts") or {}).items()},
        shares={n: build(Sharing, e, f"{FILE}:shares.{n}") for n, e in (data.get("shares") or {}).items()},
        domains={n: build(Domain, e, f"{FILE}:domains.{n}", name=n) for n, e in (data.get("domains") or {}).items()},
    )


@lru_cache(maxsize=64)
def report_forms(catalogue: Catalogue) -> Forms:
    """What this catalogue says about reports."""
    return forms_from(catalogue.tables["reports"])
