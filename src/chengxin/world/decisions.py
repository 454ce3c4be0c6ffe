"""Permits and penalties: decisions with a number, a day, a legal basis and a content that agrees with its amounts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chengxin.world.district import District, Indexes, Parcel
from chengxin.world.naming import Words, filled, only
from chengxin.world.roster import Department, reporters
from chengxin.world.subjects import Days, day_series
from chengxin.world.tables import Row, column, shares, table

NO_END = "2099-12-31"
CLASSES_SINCE = "2026-04-01"
KINDS = {"organisation": "法人及非法人组织", "sole_trader": "个体工商户"}
PERMITS_PER_SUBJECT = 0.35  # a year
PENALTIES_PER_SUBJECT = 0.05  # a year


@dataclass(frozen=True)
class Decisions:
    """Decisions before they have words: what kind, when, sent when, about whom (-1: a natural person)."""

    department: Department
    kinds: list[Row]
    kind: Indexes
    decided: Days
    received: Days
    subject: Indexes

    def of_kind(self, name: str) -> Words:
        """A column of the table of kinds, for each decision."""
        return column(self.kinds, name)[self.kind]


def draft(district: District, department: Department, resource: str, kinds: list[Row], count: int) -> Decisions:
    """`count` decisions of a department (a few less where nobody fits), in the order of their days."""
    rng = district.rng
    receipts = district.receipts(count, resource)
    received = np.sort(receipts[rng.integers(0, len(receipts), count)])
    decided = district.decided(received)
    kind = rng.choice(len(kinds), size=count, p=shares(kinds, "weight"))
    subject = np.full(count, -2, dtype=np.int64)
    for number, row in enumerate(kinds):
        rows = np.flatnonzero(kind == number)
        subject[rows] = _parties(district, row, decided[rows])
    order = np.lexsort((decided, received))
    order = order[subject[order] > -2]
    return Decisions(department, kinds, kind[order], decided[order], received[order], subject[order])


def _parties(district: District, kind: Row, days: Days) -> Indexes:
    eligible = district.in_areas(kind["areas"])
    if kind.get("firms") == "1":
        eligible = eligible[district.column("prefix", eligible) == "91"]
    chosen = district.choose(eligible, days)
    chosen[chosen < 0] = -2
    if float(kind.get("person") or 0):
        chosen[district.rng.random(len(days)) < float(kind["person"])] = -1
    return chosen


def parcels(district: District, resource: str, yearly: float) -> list[Parcel]:
    """All decisions of a resource over all years, by department."""
    rows = list(table(f"{resource[:-1]}ies" if resource.endswith("y") else f"{resource}s"))
    total = district.subjects.height * yearly * district.years
    weight = sum(float(row["weight"]) for row in rows)
    made = []
    for department in reporters(resource):
        kinds = [row for row in rows if row["department"] == department.name]
        count = max(1, round(total * sum(float(row["weight"]) for row in kinds) / weight))
        decisions = draft(district, department, resource, kinds, count)
        if len(decisions.kind):
            write = _permit_rows if resource == "permit" else _penalty_rows
            made.append(Parcel(department, resource, write(district, decisions)))
    return made


def hidden(district: District, decisions: Decisions) -> dict[str, pl.Series]:
    """The columns every frame of records carries beside its fields; their names begin with an underscore."""
    return {
        "_index": pl.Series(decisions.subject),
        "_decided": day_series("_decided", decisions.decided),
        "_received": day_series("_received", decisions.received),
    }


def party(district: District, decisions: Decisions, prefix: str) -> dict[str, Iterable[str | None]]:
    """The columns of the party, with the prefix of the form (`XK_` or `CF_`); a natural person has paper and number."""
    subject = decisions.subject
    person = subject == -1
    names, numbers = district.people
    who = district.rng.integers(0, len(names), len(subject))

    def either(of_subject: Words, of_person: Words | None) -> list[str | None]:
        words = of_subject.copy()
        words[person] = None if of_person is None else of_person[person]
        return list(words)

    kind = np.array([KINDS[k] for k in district.column("kind", subject)], dtype=object)
    # Some departments also send the representative's paper: it serves a check and is not kept.
    head_paper = ~person & (sum(map(ord, decisions.department.short)) % 3 == 0)
    card = ["身份证"] * len(subject)
    return {
        f"{prefix}XDR_MC": either(district.column("name", subject), names[who]),
        f"{prefix}XDR_LB": either(kind, np.full(len(subject), "自然人", dtype=object)),
        f"{prefix}XDR_SHXYM": either(district.column("code", subject), None),
        f"{prefix}XDR_GSZC": either(district.column("former_codes", subject), None),
        f"{prefix}FRDB": either(district.column("representative", subject), None),
        f"{prefix}FR_ZJLX": only(card, head_paper),
        f"{prefix}FR_ZJHM": only(district.column("representative_number", subject), head_paper),
        f"{prefix}XDR_ZJLX": only(card, person),
        f"{prefix}XDR_ZJHM": only(numbers[who], person),
    }


def document_numbers(stems: Words, decided: Days) -> list[str]:
    """Numbers like 即市监处罚〔2025〕第00123号: counted per stem and year in the order of the days."""
    frame = pl.DataFrame({"stem": pl.Series(stems, dtype=pl.String), "year": day_series("d", decided).dt.year()})
    count = pl.col("stem").cum_count().over("stem", "year").cast(pl.String).str.zfill(5)
    return frame.select(pl.format("{}〔{}〕第{}号", "stem", "year", count)).to_series().to_list()


def iso(days: Days) -> pl.Series:
    """Day numbers as YYYY-MM-DD."""
    return day_series("d", days).dt.strftime("%Y-%m-%d")


def words_of(district: District, decisions: Decisions, pattern: str, **more: Words) -> Words:
    """A column of the kinds with its places filled from the party's street, trade and industry."""
    subject = decisions.subject
    parts = {name: district.column(name, subject) for name in ("street", "trade")}
    return filled(decisions.of_kind(pattern), industry=district.column("industry_name", subject), **parts, **more)


def _permit_rows(district: District, decisions: Decisions) -> pl.DataFrame:
    department, count = decisions.department, len(decisions.kind)
    certificate = decisions.of_kind("certificate")
    starts = day_series("s", decisions.decided)
    years = pl.Series(decisions.of_kind("years"), dtype=pl.String)
    ends = pl.DataFrame({"s": starts, "y": years + "y"}).select(
        pl.when(pl.col("y") == "2099y")
        .then(pl.lit(NO_END))
        .otherwise(pl.col("s").dt.offset_by(pl.col("y")).dt.offset_by("-1d").dt.strftime("%Y-%m-%d"))
    )
    serial = pl.int_range(1, count + 1, eager=True).cast(pl.String).str.zfill(7)
    number = pl.Series([f"{ord(department.short[-1]) % 1000:03d}"] * count) + starts.dt.year().cast(pl.String) + serial
    data = party(district, decisions, "XK_") | {
        "XK_XKWS": decisions.of_kind("document"),
        "XK_WSH": document_numbers(decisions.of_kind("number"), decisions.decided),
        "XK_XKLB": decisions.of_kind("kind"),
        "XK_XKZS": only(certificate, certificate != ""),
        "XK_XKBH": [n if c else None for n, c in zip(number, certificate, strict=True)],
        "XK_NR": words_of(district, decisions, "content"),
        "XK_JDRQ": starts.dt.strftime("%Y-%m-%d"),
        "XK_YXQZ": starts.dt.strftime("%Y-%m-%d"),
        "XK_YXQZI": ends.to_series(),
        "XK_XKJG": [department.name] * count,
        "XK_XKJGDM": [department.code] * count,
        "XK_ZT": ["1"] * count,
        "XK_LYDW": [department.name] * count,
        "XK_LYDWDM": [department.code] * count,
    }
    return frame_of(data, hidden(district, decisions))


def frame_of(data: Mapping[str, Iterable[str | None]], more: dict[str, pl.Series]) -> pl.DataFrame:
    """Fields as text (empty text becomes null) beside the hidden columns."""
    text = [pl.Series(name, list(values), dtype=pl.String) for name, values in data.items()]
    return pl.DataFrame([*text, *(series.alias(name) for name, series in more.items())])


def yuan_text(yuan: int) -> str:
    """An amount as a decision writes it: 5000元, 3万元."""
    return f"{yuan // 10000}万元" if yuan and yuan % 10000 == 0 else f"{yuan}元"


def in_ten_thousands(yuan: int) -> str | None:
    """An amount in 万元 as the form wants it, without trailing zeros; nothing for zero."""
    return f"{yuan / 10000:.6f}".rstrip("0").rstrip(".") if yuan else None


def _amounts(district: District, kinds: list[Row], kind: Indexes) -> NDArray[np.int64]:
    """Fines in yuan between the bounds of the kind, log-uniform, rounded as offices round them."""
    low, high = (np.array([float(row[name]) for row in kinds])[kind] for name in ("low", "high"))
    free = low == 0
    raw = np.exp(district.rng.uniform(np.log(np.maximum(low, 100)), np.log(np.maximum(high, 101))))
    step = np.select([raw < 1_000, raw < 10_000, raw < 100_000], [50, 500, 1_000], 10_000)
    yuan = np.maximum(np.round(raw / step) * step, 50).astype(np.int64)
    # A kind without a lower bound is often closed with a warning alone.
    yuan[free & (district.rng.random(len(kind)) < 0.5)] = 0
    yuan[high == 0] = 0
    return np.asarray(yuan)


def _penalty_rows(district: District, decisions: Decisions) -> pl.DataFrame:
    rng, department, count = district.rng, decisions.department, len(decisions.kind)
    fine = _amounts(district, decisions.kinds, decisions.kind)
    gains = np.where(decisions.of_kind("gains") == "1", rng.integers(40, 30_000, count), 0)
    categories, content = _contents(district, decisions, fine, gains)
    began = np.where(decisions.subject < 0, 0, district.began[decisions.subject])
    act = np.maximum(decisions.decided - rng.integers(12, 150, count), began)
    day = day_series("d", act).dt.strftime("%Y年%-m月%-d日").to_numpy()
    how_many = rng.integers(2, 40, count).astype(str).astype(object)
    licence = decisions.of_kind("licence")
    data = party(district, decisions, "CF_") | {
        "CF_WSH": document_numbers(np.full(count, department.short + "处罚", dtype=object), decisions.decided),
        "CF_WFXW": decisions.of_kind("act"),
        "CF_SY": words_of(district, decisions, "facts", day=day, n=how_many),
        "CF_YJ": decisions.of_kind("basis"),
        "CF_CFLB": categories,
        "CF_NR": filled(content, n=how_many),
        "CF_NR_FK": [in_ten_thousands(y) for y in fine.tolist()],
        "CF_NR_WFFF": [in_ten_thousands(y) for y in gains.tolist()],
        "CF_NR_ZKDX": [f"{w}（编号{100000 + n}）" if w else None for n, w in enumerate(licence)],
        "CF_JDRQ": iso(decisions.decided),
        "CF_CFJG": [department.name] * count,
        "CF_CFJGDM": [department.code] * count,
        "CF_SJLY": [department.name] * count,
        "CF_SJLYDM": [department.code] * count,
        "X_CX_LX": ["一般程序"] * count,
        "X_FJ_GZ": ["是"] * count,
        "X_QW_ZX": ["否"] * count,
        "act_ended_on": iso(act),
    }
    return frame_of(data, hidden(district, decisions)).with_columns(_ends(district, decisions))


def _contents(
    district: District, decisions: Decisions, fine: NDArray[np.int64], gains: NDArray[np.int64]
) -> tuple[list[str], Words]:
    """Categories joined by ；and the content that says the same with its amounts."""
    kinds, contents = [], []
    columns = (decisions.of_kind(name) for name in ("categories", "order", "licence"))
    for categories, order, licence, yuan, gain in zip(*columns, fine.tolist(), gains.tolist(), strict=True):
        said = {
            "罚款": f"罚款{yuan_text(yuan)}",
            "没收违法所得": f"没收违法所得{gain}元",
            "吊销许可证件": f"吊销{licence}",
            "没收非法财物": "",
        }
        listed = [c for c in categories.split("；") if c != "罚款" or yuan]
        parts = [order] * bool(order) + [said.get(c, c) for c in listed]
        parts = [part for part in parts if part]
        kinds.append("；".join(listed))
        contents.append(
            "；".join(f"{n}.{p}" for n, p in enumerate(parts, 1)) + "。" if len(parts) > 1 else f"{parts[0]}。"
        )
    return kinds, np.array(contents, dtype=object)


def _ends(district: District, decisions: Decisions) -> list[pl.Expr]:
    """Class of severity, end of publicity by class, and the day until which the decision is valid."""
    usual = pl.Series(decisions.of_kind("severity"), dtype=pl.String)
    day, new = pl.col("_decided"), pl.col("CF_JDRQ") >= CLASSES_SINCE
    given = pl.Series(
        only(decisions.of_kind("severity"), district.rng.random(len(decisions.kind)) < 0.9), dtype=pl.String
    )
    year, three = (day.dt.offset_by(span).dt.strftime("%Y-%m-%d") for span in ("12mo", "36mo"))
    now = pl.when(given == "严重").then(three).when(given == "一般").then(year)
    return [
        pl.when(new).then(given).alias("X_SX_DJ"),
        pl.when(new).then(now).when(usual == "严重").then(three).otherwise(year).alias("CF_GSJZQ"),
        pl.when(usual == "严重").then(pl.lit(NO_END)).otherwise(three).alias("CF_YXQ"),
    ]
