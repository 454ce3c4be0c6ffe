"""Penalty rows by a seed: clean ones, and ones that are wrong in many columns. Made once, kept in benchmarks/data/."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from benchmarks.common import DATA
from chengxin.values.identifiers import USCC_ALPHABET, organisation_check_character, uscc_check_character

SUBJECTS = 500_000
RECEIVED = date(2026, 3, 10)
SENDER = ("11370215MXFAK0X145", "青岛市即墨区市场监督管理局")
EMPTY = [
    *("CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ", "CF_XDR_SYDW", "CF_XDR_SHZZ", "CF_FR_ZJLX", "CF_FR_ZJHM"),
    *("CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_NR_WFFF", "CF_NR_ZKDX", "BZ"),
]


def subject_codes(count: int) -> list[str]:
    """Codes of the series MXFA…, which no office issues."""
    codes = []
    for number in range(count):
        tail, rest = "", number
        for _ in range(4):
            rest, digit = divmod(rest, 31)
            tail = USCC_ALPHABET[digit] + tail
        body = f"MXFA{tail}"
        seventeen = f"91370215{body}{organisation_check_character(body)}"
        codes.append(seventeen + uscc_check_character(seventeen))
    return codes


def penalties(first: int, count: int, codes: list[str], all_wrong: bool = False) -> pl.DataFrame:
    """`count` rows of the 30 fields as text, numbered from `first`."""
    rng = np.random.default_rng(first + 7)
    who = rng.integers(0, len(codes), count)
    back = rng.integers(0, 7, count)
    days = [(RECEIVED - timedelta(days=int(d))) for d in back]
    fines = rng.integers(5, 5000, count) / 100
    frame = pl.DataFrame(
        {
            "CF_XDR_MC": [f"即墨示例第{n}号新材料有限公司" for n in who],
            "CF_XDR_LB": ["法人及非法人组织"] * count,
            "CF_XDR_SHXYM": [codes[n] for n in who],
            "CF_FRDB": ["测试甲"] * count,
            "CF_WSH": [f"即市监处罚〔2026〕第{first + i:08}号" for i in range(count)],
            "CF_WFXW": ["销售超过保质期的食品"] * count,
            "CF_SY": [
                f"经查，当事人在其经营场所销售超过保质期的食品{q}件，货值金额{q * 7}元，违反食品安全法的规定，事实清楚，证据确凿。"
                for q in rng.integers(1, 900, count)
            ],
            "CF_YJ": ["《中华人民共和国食品安全法》第一百二十四条第一款第五项"] * count,
            "CF_CFLB": ["罚款"] * count,
            "CF_NR": [f"罚款{f}万元" for f in fines],
            "CF_NR_FK": [str(f) for f in fines],
            "CF_JDRQ": [d.strftime("%Y/%m/%d") for d in days],
            "CF_YXQ": [d.replace(year=d.year + 1).strftime("%Y/%m/%d") for d in days],
            "CF_GSJZQ": [d.replace(year=d.year + 1).strftime("%Y/%m/%d") for d in days],
            "CF_CFJG": [SENDER[1]] * count,
            "CF_CFJGDM": [SENDER[0]] * count,
            "CF_SJLY": [SENDER[1]] * count,
            "CF_SJLYDM": [SENDER[0]] * count,
            **{name: pl.repeat(None, count, dtype=pl.String, eager=True) for name in EMPTY},
        }
    )
    return frame.with_columns(_wrong()) if all_wrong else frame


def _wrong() -> list[pl.Expr]:
    return [
        pl.col("CF_XDR_SHXYM").str.replace(r".$", "I"),
        pl.lit("2025-02-30").alias("CF_JDRQ"),
        pl.lit("03/04/2025").alias("CF_YXQ"),
        pl.lit("半万").alias("CF_NR_FK"),
        pl.lit("训诫").alias("CF_CFLB"),
        pl.concat_str("CF_SY", pl.lit("联系电话13800001111")).alias("CF_SY"),
        pl.lit(None, dtype=pl.String).alias("CF_YJ"),
        pl.lit("11370215MXFAK0X220").alias("CF_SJLYDM"),
    ]


def dirty_rows(rows: int = 3_000) -> pl.DataFrame:
    """Clean rows and, in turn, rows with one kind of dirt that can be mended or that one of the sixteen rules tells."""
    clean = penalties(0, rows, subject_codes(1_000))
    code, decided, name = pl.col("CF_XDR_SHXYM"), pl.col("CF_JDRQ"), pl.col("CF_XDR_MC")
    wide = code.str.replace_many(list("0123456789"), list("０１２３４５６７８９"))
    empty = pl.lit(None, dtype=pl.String)
    dirt = [
        name.add("\u3000"), pl.concat_str(pl.lit(" \u00a0"), name).alias("CF_XDR_MC"), name.str.replace("即墨", "即\u200b墨"),
        code.str.to_lowercase(), wide, code.str.replace(r"^(.{8})", "${1}-"), decided.str.replace_all("/", "-"),
        code.str.replace(r".$", "I"), pl.lit("2025/02/30").alias("CF_JDRQ"), pl.lit("2026/04/01").alias("CF_JDRQ"),
        pl.lit("2020/01/01").alias("CF_YXQ"), pl.lit("不处罚").alias("CF_CFLB"), pl.lit("半万").alias("CF_NR_FK"),
        empty.alias("CF_NR_FK"), empty.alias("CF_YJ"), pl.lit("\u3000").alias("CF_SY"), pl.lit("甲" * 201).alias("CF_XDR_MC"),
    ]  # fmt: skip
    turn = pl.int_range(pl.len()) % (4 * len(dirt))
    for place, one in enumerate(dirt):
        target = one.meta.output_name()
        clean = clean.with_columns(pl.when(turn == 4 * place).then(one).otherwise(pl.col(target)).alias(target))
    return clean


def penalty_csv(rows: int, all_wrong: bool = False, first: int = 0, subjects: int = SUBJECTS) -> Path:
    """A CSV of `rows` penalties of `subjects`, numbered from `first`; made on first use, in pieces, so that it fits in memory."""
    of = f"-{first}-of-{subjects}" if (first, subjects) != (0, SUBJECTS) else ""
    path = DATA / f"penalty-{'wrong-' if all_wrong else ''}{rows}{of}.csv"
    if path.exists():
        return path
    codes = subject_codes(min(subjects, rows))
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as stream:
        for done in range(0, rows, 200_000):
            piece = penalties(first + done, min(200_000, rows - done), codes, all_wrong)
            piece.write_csv(stream, include_header=done == 0)
    fresh.replace(path)
    return path


def permit_workbook(rows: int) -> Path:
    """A workbook of `rows` permits × 28 columns."""
    path = DATA / f"permit-{rows}.xlsx"
    if path.exists():
        return path
    codes = subject_codes(min(20_000, rows))
    heads = [
        "XK_XDR_MC",
        "XK_XDR_LB",
        "XK_XDR_SHXYM",
        "XK_XDR_GSZC",
        "XK_XDR_ZZJG",
        "XK_XDR_SWDJ",
        "XK_XDR_SYDW",
        "XK_XDR_SHZZ",
        "XK_FRDB",
        "XK_FR_ZJLX",
        "XK_FR_ZJHM",
        "XK_XDR_ZJLX",
        "XK_XDR_ZJHM",
        "XK_XKWS",
        "XK_WSH",
        "XK_XKLB",
        "XK_XKZS",
        "XK_XKBH",
        "XK_NR",
        "XK_JDRQ",
        "XK_YXQZ",
        "XK_YXQZI",
        "XK_XKJG",
        "XK_XKJGDM",
        "XK_ZT",
        "XK_LYDW",
        "XK_LYDWDM",
        "BZ",
    ]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        day_format = book.add_format({"num_format": "yyyy/mm/dd"})
        sheet.write_row(0, 0, heads)
        end = date(2099, 12, 31)
        for line in range(1, rows + 1):
            who = line % len(codes)
            texts = {
                0: f"即墨示例第{who}号商贸有限公司",
                1: "法人及非法人组织",
                2: codes[who],
                8: "测试甲",
                13: "准予行政许可决定书",
            }
            texts |= {14: f"即审准字〔2026〕第{line:06}号", 15: "普通", 16: "食品经营许可证", 17: f"JM{line:08}"}
            texts |= {
                18: "准予从事许可范围内的经营活动",
                22: SENDER[1],
                23: SENDER[0],
                24: "1",
                25: SENDER[1],
                26: SENDER[0],
            }
            for column, text in texts.items():
                sheet.write_string(line, column, text)
            for column, day in ((19, RECEIVED), (20, RECEIVED), (21, end)):
                sheet.write_datetime(line, column, day, day_format)
    return path
