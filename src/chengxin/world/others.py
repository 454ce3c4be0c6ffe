"""The other resources: registration, lists, honours, promises, contracts, grades, debtors, professions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chengxin.standards.model import Resource
from chengxin.world.decisions import KINDS, document_numbers, frame_of, in_ten_thousands, iso
from chengxin.world.district import District, Indexes, Parcel
from chengxin.world.naming import Words
from chengxin.world.roster import Department, reporters
from chengxin.world.subjects import Days, day_series
from chengxin.world.tables import Row, column, shares, table

Values = dict[str, Iterable[str | None]]
Bools = NDArray[np.bool_]
# Rows of a resource over three years for each subject of the district.
PER_SUBJECT = {
    "abnormal": 0.04,
    "serious_list": 0.0008,
    "honour": 0.012,
    "commitment": 0.30,
    "contract_performance": 0.012,
    "credit_grade": 0.12,
    "tax_grade_a": 0.05,
    "judgment_debtor": 0.004,
    "profession": 0.012,
}


@dataclass(frozen=True)
class Entries:
    """Entries of one department before they have words: which kind, when, about whom (-1: a natural person)."""

    district: District
    resource: Resource
    department: Department
    kinds: list[Row]
    kind: Indexes
    decided: Days
    received: Days
    subject: Indexes

    def said(self, name: str) -> Words:
        """A column of the table of kinds, for each entry."""
        return column(self.kinds, name)[self.kind]

    def some(self, share: float) -> Bools:
        """True for about that share of the entries."""
        return self.district.rng.random(len(self.kind)) < share

    def until(self) -> list[str | None]:
        """The day on which each ends: so many years after it was decided."""
        years = pl.Series(self.said("days"), dtype=pl.String) + "y"
        ends = pl.DataFrame({"day": day_series("day", self.decided), "years": years})
        return ends.select(pl.col("day").dt.offset_by(pl.col("years")).dt.strftime("%Y-%m-%d")).to_series().to_list()

    def after(self, most: int, share: float) -> list[str | None]:
        """For a share of the entries a day after the decision and not after the receipt; nothing for the rest."""
        rng = self.district.rng
        day = self.decided + rng.integers(0, most, len(self.decided))
        return [d if ok else None for d, ok in zip(iso(day), self.some(share) & (day <= self.received), strict=True)]


def parcels(district: District, name: str) -> list[Parcel]:
    """All entries of a resource, by department."""
    resource, rows = district.catalogue.resource(name), [row for row in table("records") if row["resource"] == name]
    total = district.subjects.height * PER_SUBJECT[name] * district.years / 3
    weight = sum(float(row["weight"]) for row in rows)
    made = []
    for department in reporters(name):
        kinds = [row for row in rows if row["department"] == department.name]
        count = max(1, round(total * sum(float(row["weight"]) for row in kinds) / weight))
        entries = _entries(district, resource, department, kinds, count)
        if len(entries.kind):
            made.append(Parcel(department, name, _frame(entries)))
    return made


def _entries(district: District, resource: Resource, department: Department, kinds: list[Row], count: int) -> Entries:
    rng = district.rng
    receipts = district.receipts(count, resource.name)
    received = np.sort(receipts[rng.integers(0, len(receipts), count)])
    # No term of seven working days binds these; a file tells of what happened in the months before.
    within = 7 if any(rule.kind == "lateness" for rule in resource.rules) else 60
    decided = district.decided(received, within)
    kind = rng.choice(len(kinds), size=count, p=shares(kinds, "weight"))
    subject = np.full(count, -2, dtype=np.int64)
    for number, row in enumerate(kinds):
        rows = np.flatnonzero(kind == number)
        subject[rows] = _about(district, row, decided[rows])
    keep = subject > -2
    if "year" in resource.roles or resource.name == "credit_grade":
        keep &= _first_of_year(subject, decided)
    order = np.lexsort((decided, received))
    order = order[keep[order]]
    return Entries(district, resource, department, kinds, kind[order], decided[order], received[order], subject[order])


def _about(district: District, kind: Row, days: Days) -> Indexes:
    if not kind["prefixes"]:
        return np.full(len(days), -1, dtype=np.int64)
    eligible = district.in_areas(kind["areas"])
    fits = np.isin(district.column("prefix", eligible).astype(str), kind["prefixes"].split(";"))
    chosen = district.choose(eligible[fits], days)
    return np.where(chosen < 0, -2, chosen)


def _first_of_year(subject: Indexes, decided: Days) -> Bools:
    """A grade is given once a year."""
    frame = pl.DataFrame({"s": subject, "y": day_series("d", decided).dt.year()})
    return frame.select(pl.struct("s", "y").is_first_distinct()).to_series().to_numpy()


def _frame(entries: Entries) -> pl.DataFrame:
    data = _by_role(entries) | WORDS[entries.resource.name](entries)
    index = entries.subject
    hidden = {
        "_index": pl.Series(index),
        "_decided": day_series("_decided", entries.decided),
        "_received": day_series("_received", entries.received),
    }
    return frame_of(data, hidden)


def _by_role(entries: Entries) -> Values:
    """What every resource has under its own name: party, number, day, body, sender. Found by role."""
    district, department, subject = entries.district, entries.department, entries.subject
    count, person = len(subject), subject == -1
    names, numbers = district.people
    # A person has a profession once: as many persons as rows, in the order of the pool.
    who = np.arange(count) % len(names)

    def of(column_name: str, instead: Words | None = None) -> list[str | None]:
        words = district.column(column_name, subject).copy()
        words[person] = None if instead is None else instead[person]
        return list(words)

    kinds = [KINDS[k] for k in district.column("kind", subject)]
    values: Values = {
        "subject_name": of("name", names[who]),
        "subject_kind": ["自然人" if p else k for k, p in zip(kinds, person, strict=True)],
        "subject_code": of("code"),
        "registration_number": of("former_codes"),
        "person_paper": ["身份证" if p else None for p in person],
        "person_number": [n if p else None for n, p in zip(numbers[who], person, strict=True)],
        "decided_on": iso(entries.decided),
        "authority_name": [department.name] * count,
        "authority_code": [department.code] * count,
        "source_name": [department.name] * count,
        "source_code": [department.code] * count,
    }
    if entries.resource.role("document"):
        values["document"] = document_numbers(entries.said("stem"), entries.decided)
    roles = entries.resource.roles
    return {roles[role]: cells for role, cells in values.items() if role in roles}


def _abnormal(e: Entries) -> Values:
    removed = e.after(60, 0.5)
    gone = ["已履行公示义务或重新取得联系，申请移出" if day else None for day in removed]
    body = [e.department.name if day else None for day in removed]
    return {
        "YC_MLLX": e.said("kind"),
        "YC_LRYY": e.said("content"),
        "YC_YCRQ": removed,
        "YC_YCYY": gone,
        "YC_YCJG": body,
    }


def _serious(e: Entries) -> Values:
    sole = e.district.column("prefix", e.subject) == "92"
    heads = [None if s else head for s, head in zip(sole, e.district.column("representative", e.subject), strict=True)]
    act = np.maximum(e.decided - e.district.rng.integers(40, 300, len(e.kind)), e.district.began[e.subject])
    texts: Values = {
        "YZ_FRDB": heads,
        "YZ_MDLX": e.said("kind"),
        "YZ_LRSY": e.said("content"),
        "YZ_LRYJ": e.said("more"),
    }
    return texts | {"YZ_YXQ": e.until(), "act_ended_on": iso(act), "YZ_XFGZ": ["是"] * len(e.kind)}


def _honour(e: Entries) -> Values:
    lists = [kind or None for kind in e.said("kind")]
    level = np.where(e.some(0.2), "市级", "区（市）级")
    return {
        "RY_RYMC": e.said("content"),
        "RY_MDLX": lists,
        "RY_JB": level,
        "RY_NR": e.said("more"),
        "RY_YXQ": e.until(),
    }


def _commitment(e: Entries) -> Values:
    broken = e.after(60, 0.03)
    kept = np.where(e.some(0.7), "全部履行", "未到期")
    state = ["未履行" if day else str(usual) for day, usual in zip(broken, kept, strict=True)]
    return {
        "CN_CNLX": e.said("kind"),
        "CN_CNSX": e.said("more"),
        "CN_CNNR": e.said("content"),
        "CN_YXQ": e.until(),
        "CN_WNZR": ["违反承诺的，依法承担相应责任，承诺及履行情况记入信用档案"] * len(e.kind),
        "CN_SFGS": ["是"] * len(e.kind),
        "CN_LXZT": state,
        "CN_WNRQ": broken,
        "CN_WNQK": ["核查发现未按承诺补正" if day else None for day in broken],
    }


def _contract(e: Entries) -> Values:
    yuan = (
        np.round(np.exp(e.district.rng.uniform(np.log(30_000), np.log(6_000_000), len(e.kind))) / 1000).astype(np.int64)
        * 1000
    )
    broken = e.after(60, 0.04)
    state = [
        ("违约" if day else str(usual))
        for day, usual in zip(broken, np.where(e.some(0.6), "履行完毕", "正在履行"), strict=True)
    ]
    about = [f"{what}，合同价款{amount}元" for what, amount in zip(e.said("more"), yuan.tolist(), strict=True)]
    papers = document_numbers(e.said("stem") + "违认", e.decided)
    return {
        "HT_HTMC": e.said("content"),
        "HT_HTLX": e.said("kind"),
        "HT_HTNR": about,
        "HT_JE": [in_ten_thousands(y) for y in yuan.tolist()],
        "HT_LXQX": e.until(),
        "HT_LXZT": state,
        "HT_WYSX": ["未按合同约定期限交付" if day else None for day in broken],
        "HT_RDWS": [paper if day else None for paper, day in zip(papers, broken, strict=True)],
        "HT_RDRQ": broken,
    }


def _grade(e: Entries) -> Values:
    grade = e.district.rng.choice(np.array(list("ABCD"), dtype=object), size=len(e.kind), p=[0.35, 0.45, 0.17, 0.03])
    return {"PJ_PJLX": e.said("kind"), "PJ_PJJG": grade, "PJ_YXQ": e.until()}


def _tax(e: Entries) -> Values:
    year = day_series("d", e.decided).dt.year() - 1
    return {"NS_PJND": year.cast(pl.String), "NS_XYJB": e.said("kind")}


def _debtor(e: Entries) -> Values:
    years = day_series("d", e.decided).dt.year().to_list()
    filed = np.maximum(e.decided - e.district.rng.integers(60, 400, len(e.kind)), e.district.began[e.subject])
    filed_years = day_series("d", filed).dt.year().to_list()
    done = np.where(e.some(0.25), "部分未履行", "全部未履行")
    numbered = list(enumerate(zip(years, filed_years, strict=True), 1))
    part = [("部分" if "部分" in word else "无") for word in done]
    return {
        "SX_SF": ["山东"] * len(e.kind),
        "SX_YJWH": [f"（{before}）鲁示0215民初{n:05d}号" for n, (_, before) in numbered],
        "SX_YJDW": [e.department.name] * len(e.kind),
        "SX_AH": [f"（{before}）鲁示0215执{n:05d}号" for n, (_, before) in numbered],
        "SX_LARQ": iso(filed),
        "SX_YW": e.said("more"),
        "SX_LXQK": done,
        "SX_XWJT": e.said("content"),
        "SX_QX": e.until(),
        "SX_YLX": part,
        "SX_WLX": ["全部" if p == "无" else "其余部分" for p in part],
    }


def _profession(e: Entries) -> Values:
    numbers = [f"{300_000_000 + n}" for n in range(len(e.kind))]
    return {"ZY_ZYLB": e.said("kind"), "ZY_ZSBH": numbers, "ZY_YXQ": e.until(), "ZY_ZT": ["有效"] * len(e.kind)}


WORDS: dict[str, Callable[[Entries], Values]] = {
    "abnormal": _abnormal,
    "serious_list": _serious,
    "honour": _honour,
    "commitment": _commitment,
    "contract_performance": _contract,
    "credit_grade": _grade,
    "tax_grade_a": _tax,
    "judgment_debtor": _debtor,
    "profession": _profession,
}
