"""Registration: one row for each subject, sent by the office that registers its kind."""

import numpy as np
import polars as pl

from chengxin.world.decisions import KINDS, NO_END, frame_of, in_ten_thousands, iso
from chengxin.world.district import District, Indexes, Parcel
from chengxin.world.roster import Department, reporters
from chengxin.world.subjects import day_number, day_series

# Who registers which kind of subject: beginning of the department's document numbers → prefixes of codes.
REGISTRARS = {
    "即市监": ("91", "92", "93"),
    "即民": ("51", "52"),
    "即编办": ("11", "12"),
    "即农": ("N2",),
    "即司": ("31",),
}
TYPES = {
    "91": "企业", "92": "个体工商户", "93": "农民专业合作社", "11": "机关", "12": "事业单位",
    "51": "社会团体", "52": "民办非企业单位", "N2": "集体经济组织", "31": "执业机构",
}  # fmt: skip


def parcels(district: District) -> list[Parcel]:
    """The register as it is sent: a full file of each registrar, some working days ago."""
    made = []
    for department in reporters("registration"):
        prefixes = list(REGISTRARS[department.short])
        index = np.flatnonzero(district.subjects["prefix"].is_in(prefixes).to_numpy())
        if len(index):
            made.append(Parcel(department, "registration", rows_of(district, department, index)))
    return made


def rows_of(district: District, department: Department, index: Indexes) -> pl.DataFrame:
    """The rows of these subjects as their registrar sends them on the last working day."""
    count = len(index)
    took = district.subjects[index.tolist()]
    place = int(np.searchsorted(district.working_days, day_number(district.today), side="right")) - 1
    sent = np.full(count, district.working_days[place], dtype=np.int64)
    began = district.began[index]
    approved = np.minimum(began + (district.rng.random(count) < 0.3) * district.rng.integers(0, 2000, count), sent)
    approved = np.where(took["status_on"].is_null().to_numpy(), approved, np.minimum(approved, district.ended[index]))
    sole = (took["kind"] == "sole_trader").to_numpy()
    firm = took["prefix"].is_in(["91", "93"]).to_numpy()
    capital = district.rng.choice([3, 10, 50, 100, 100, 200, 500, 1000], size=count) * 10_000
    head = took["representative"].to_list()
    data = {
        "DJ_MC": took["name"],
        "DJ_CYM": took["former_names"],
        "DJ_LB": [KINDS[k] for k in took["kind"].to_list()],
        "DJ_LX": [TYPES[p] for p in took["prefix"].to_list()],
        "DJ_TYSHXYDM": took["code"],
        "DJ_CYDM": took["former_codes"],
        "DJ_FRDB": [None if s else h for h, s in zip(head, sole, strict=True)],
        "DJ_JYZ": [h if s else None for h, s in zip(head, sole, strict=True)],
        "DJ_ZS": _addresses(district, took),
        "DJ_XZQH": ["370215"] * count,
        "DJ_HYDM": took["industry"],
        "DJ_JYFW": took.select(
            "一般项目：" + pl.col("industry_name") + "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
        ).to_series(),
        "DJ_ZCZB": [in_ten_thousands(y) if f else None for y, f in zip(capital.tolist(), firm, strict=True)],
        "DJ_CLRQ": iso(began),
        "DJ_HZRQ": iso(approved),
        "DJ_YYQXZ": [NO_END if f else None for f in firm],
        "DJ_ZT": took["status"],
        "DJ_ZTRQ": took["status_on"].dt.strftime("%Y-%m-%d"),
        "DJ_DJJG": [department.name] * count,
        "DJ_DJJGDM": [department.code] * count,
        "DJ_SJLY": [department.name] * count,
        "DJ_SJLYDM": [department.code] * count,
    }
    hidden = {
        "_index": pl.Series(index),
        "_decided": day_series("_decided", approved),
        "_received": day_series("_received", sent),
    }
    return frame_of(data, hidden)


def _addresses(district: District, took: pl.DataFrame) -> pl.Series:
    number = pl.Series("n", district.rng.integers(1, 400, took.height)).cast(pl.String)
    return (
        took.with_columns(number)
        .select("山东省青岛市即墨区" + pl.col("street") + "示例路" + pl.col("n") + "号")
        .to_series()
    )
