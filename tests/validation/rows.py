"""Made rows: the good row of a resource with faults of all kinds put in, as intake would hand them over."""

from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from chengxin.intake.received import MARKS_SCHEMA
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Field, Resource
from chengxin.values.text import IDENTITY_MASK
from tests.conftest import cases_of, frame_of, text

LOOSE = ["", " ", "\u200b", " {} ", "{}\u200b", "{}\n", "\u3000{}", "{}\ue001", "{}\ufffd", "长" * 5001, IDENTITY_MASK]
BY_KIND: dict[str, list[str | None]] = {
    "uscc": [
        *(
            "91370215MXFAK00148",
            "91370215mxfak00148",
            "９１370215MXFAK00148",
            "91370215MXFAK00149",
            "92370215MXFAK1T469",
        ),
        *("91370215MXFAK00223", "91370215MXFAK9019Q", "91370215MXFAK9027K", "11370215MXFAK0X145", "11370215MXFAK0Y969"),
        *(
            "54370215MXFAK24T42",
            "91370215MXFAK0O148",
            "3702822800001",
            "370282001234561",
            "MXFAK0014",
            "00000000000000000X",
        ),
        *(
            "91370215MXFAK0015B",
            "- -",
            "无",
            "91370215-MXFAK0014-8",
            "D1370215MXFAK00148",
            "9137021５",
            "12440300MB2C92173E",
        ),
    ],
    "organisation_code": ["MXFAK0014", "MXFAK001-4", "mxfak0014", "MXFAK0015", "无", "123"],
    "registration_number": ["3702822800001", "370282280000012", "110000000000015", "37028228", "—"],
    "number": ["12345", "无", "1234567890123456", " 12"],
    "document": ["即市监处罚〔2026〕13号", " 即市监处罚〔2026〕12号", "即市监罚字"],
    "name": [
        *(
            "即墨示例图澜口腔门诊有限公司",
            "即墨示例阳晨塑胶有限公司",
            "即墨示例远帆(山东)贸易有限公司",
            "即墨示例远帆（山东）贸易有限公司",
        ),
        *(
            "即墨示例旧港仓储有限公司",
            "即墨示例安华环保设备店",
            "没有登记过的示例公司",
            "青岛市即墨区示例水务局",
            "青岛市即墨区市场监督管理局",
            "测试乙",
            "名" * 201,
        ),
    ],
    "date": [
        *(
            "2026-03-05",
            "2026/3/5",
            "2026年3月5日",
            "20260305",
            "46086",
            "二〇二六年三月五日",
            "03/04/2026",
            "26-03-05",
            "2026-02-30",
        ),
        *(
            "2026-03-11",
            "2026-02-26",
            "2026-02-28",
            "2026-03-10",
            "2026-04-08",
            "2026-04-09",
            "2026-04-20",
            "2024-06-30",
            "2026-02-27",
            "2026-02-13",
            "2020-01-01",
            "2029-04-15",
            "2027-03-05",
            "2027-03-06",
            "长期",
            "9999-12-31",
        ),
        *("1949-09-30", "2099-12-31", "2100-01-01", "去年", "无", "2026-03-05 08:00:00", "2026-04-15"),
    ],
    "money": [
        *(
            "0",
            "0.5",
            "5000",
            "3000",
            "999.999999",
            "1000",
            "5000元",
            "0.5万元",
            "1,000",
            "-1",
            "1e99",
            "0.1234567",
            "半万",
            "-",
            "５",
            "0.30",
            "12",
        ),
    ],
    "flag": ["是", "否", "true", "0", "也许", "无"],
    "year": ["2025", "2025年", "去年"],
    "text": [
        *(
            "罚款人民币5000元",
            "罚款5,000元，没收3000元",
            "罚款0.5万元",
            "罚款1000万元",
            "没收违法所得3000元",
            "当事人系佛教徒",
            "当事人患有糖尿病",
        ),
        *("机密★一年", "联系电话13800001111", "其个人收入若干", "尊重宗教信仰自由", "无", "已改正", "=1+1", "{title}"),
    ],
}
# What is only met where several cells change together: role or field → text.
TOGETHER: list[dict[str, str | None]] = [
    {"subject_code": "91370215MXFAK9019Q", "subject_name": "即墨示例远帆(山东)贸易有限公司"},
    {"subject_code": "91370215MXFAK9027K", "subject_name": "即墨示例旧港仓储有限公司"},
    {"subject_code": "91370215MXFAK9027K", "decided_on": "2024-06-30"},
    {"subject_code": "92370215MXFAK1T469", "subject_name": "即墨示例安华环保设备店"},
    {"subject_code": None, "subject_name": "即墨示例图澜口腔门诊有限公司"},
    {"CF_NR_FK": "0", "CF_CFLB": "警告"},
    {"CF_NR_FK": "0", "CF_CFLB": "罚款；没收违法所得", "CF_NR_WFFF": "0"},
]
STATES = ("ok", "shape", "birth", "check", "minor", "other")
UNREAD = ("cell_error", "formula_without_value", "cell_too_long")
CODE_KINDS = ("uscc", "organisation_code", "registration_number", "number", "document", "identity")


@dataclass(frozen=True)
class Made:
    """A row: field → text, `states` of identity numbers, `marks` (field or None, kind)."""

    cells: dict[str, str | None]
    states: dict[str, str] = field(default_factory=dict)
    marks: frozenset[tuple[str | None, str]] = frozenset()


def of_code(of: Field) -> list[str | None]:
    codes = load_catalogue(cases_once("penalty")["day"]).code_list(of.codes or "")
    known = list(codes.spellings)
    together = [f"{known[0]}；{known[-1]}", f"{known[0]},{known[2]}", f"{known[-1]}、{known[0]}"]
    return [
        *known,
        *together,
        "没有这一项",
        "其他-另有规定",
        f" {known[0]}",
        "无",
        "罚款；没收违法所得",
        "罚款、吊销许可证件",
    ]


def texts_of(of: Field, base: str | None) -> list[str | None]:
    """What may stand in a cell of this field: nothing, texts of its kind (twice as often), the good text spoilt."""
    known = of_code(of) if of.kind == "code" else BY_KIND[of.kind]
    return [None, *known, *known, *(shape.format(base or "样例") for shape in LOOSE)]


@lru_cache
def cases_once(name: str) -> dict[str, Any]:
    """The cases of a resource, read once."""
    return cases_of(name)


def base_of(name: str) -> dict[str, str | None]:
    return {key: text(value) for key, value in cases_once(name)["base"].items()}


def _marks(resource: Resource) -> list[tuple[str | None, str]]:
    plain = [f for f in resource.fields if f.kind != "identity"]
    cells = [(f.name, kind) for f in plain for kind in UNREAD]
    numbers = [(f.name, kind) for f in plain if f.kind in CODE_KINDS for kind in ("number_cell", "digits_lost")]
    return [(None, "row_too_wide"), (None, "bytes_undecodable"), (None, "quote_unclosed"), *cells, *numbers]


def _made(resource: Resource, faults: dict[str, str | None], marks: list[tuple[str | None, str]]) -> Made:
    """The good row with these texts (or states of an identity number) and marks."""
    cells, states = dict(base_of(resource.name)), {}
    for name, value in faults.items():
        of = resource.by_name[name]
        if of.kind == "identity":
            states[name] = str(value)
            cells[name] = None if of.drop else f"token-{value}"
        else:
            cells[name] = value
    for at, kind in marks:
        if at and kind in UNREAD:
            cells[at] = None
    return Made(cells, states, frozenset(marks))


def _choices(resource: Resource) -> dict[str, list[str | None]]:
    base = base_of(resource.name)
    return {f.name: list(STATES) if f.kind == "identity" else texts_of(f, base.get(f.name)) for f in resource.fields}


@st.composite
def made_rows(draw: st.DrawFn, resource: Resource, with_marks: bool = True) -> Made:
    """One row with none to six faults, for Hypothesis: it shrinks to the smallest row that fails."""
    choices = _choices(resource)
    names = draw(st.lists(st.sampled_from(sorted(choices)), max_size=6, unique=True))
    faults = {name: draw(st.sampled_from(choices[name])) for name in names}
    marks = draw(st.lists(st.sampled_from(_marks(resource)), max_size=1)) if with_marks else []
    return _made(resource, faults, marks)


def many_rows(resource: Resource, count: int, seed: int, with_marks: bool = True) -> list[Made]:
    """Many rows of the same kind at once, always the same for the same seed."""
    chance, choices, marks = Random(seed), _choices(resource), _marks(resource)
    rows = []
    for _ in range(count):
        names = chance.sample(sorted(choices), chance.randint(0, 6))
        marked = [chance.choice(marks)] if with_marks and chance.random() < 0.25 else []
        faults = {name: chance.choice(choices[name]) for name in names}
        if chance.random() < 0.15:
            together = {resource.roles.get(k, k): v for k, v in chance.choice(TOGETHER).items()}
            faults |= {k: v for k, v in together.items() if k in resource.by_name}
        for at, _ in marked:  # a cell that the reader marked is seldom the good one
            if at:
                faults[at] = chance.choice(choices[at])
        rows.append(_made(resource, faults, marked))
    return rows


def handed_over(rows: list[Made], resource: Resource) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Frame and marks as intake hands them over; rows are numbered from 2."""
    frame = frame_of([r.cells for r in rows], resource)
    frame = frame.with_columns(
        pl.Series(f"{of.name}?", [r.states.get(of.name) for r in rows], dtype=pl.String)
        for of in resource.fields
        if of.kind == "identity"
    )
    marks: list[Any] = [
        (n, name, kind, "1.2E+17") for n, r in enumerate(rows, start=2) for name, kind in sorted(r.marks, key=str)
    ]
    return frame, pl.DataFrame(marks, schema=MARKS_SCHEMA, orient="row")
