"""Kinds about amounts in 万元."""

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.kinds.check import Check, field_of, kind, shown_value
from chengxin.validation.mend import nowhere, put, raw
from chengxin.validation.scene import Scene


@kind("money_unit")
def _money_unit(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, text = field_of(rule), raw(str(rule.params["text"]))
    limit = float(rule.params["unlikely_above"])
    amount = pl.col(name).cast(pl.Float64)
    said, unit = _said_amount(pl.col(text), list(rule.params["words"]))
    same_in_yuan = (said == amount) & (unit == "元")
    confirmed = (said == amount) & (unit == "万元")

    def look(rows: pl.Series) -> pl.Series:
        """The text is read only where the amount could be yuan: the same number stands before 元, or it is very large."""
        table = rows.struct.unnest()
        written = pl.concat_str(pl.col(raw(name)).str.replace(r"\.0+$", ""), pl.lit("元"))
        plain = pl.col(text).str.replace_all(",", "")
        near = table.select(
            ((amount >= 1) & (plain.str.contains(written, literal=True) | (amount >= limit))).fill_null(False)
        ).to_series()
        verdict = table.filter(near).select(
            (same_in_yuan | ((amount >= limit) & ~confirmed.fill_null(False))).fill_null(False)
        )
        return put(nowhere(near), near, verdict.to_series())

    mask = pl.struct(name, raw(name), text).map_batches(look, return_dtype=pl.Boolean)
    same = same_in_yuan.fill_null(False)
    zh = (
        pl.when(same).then(pl.lit("内容中写的是同数的元")).otherwise(pl.lit("数额异常；若确为此数，请在内容中写明金额"))
    )
    unusual = "unusually large; if it is right, state the amount in the content"
    en = pl.when(same).then(pl.lit("the text gives the same number in yuan")).otherwise(pl.lit(unusual))
    parts = {"value": shown_value(rule, scene), "reason": zh, "reason_en": en}
    return Check(rule, mask, parts, (amount / 10_000).cast(pl.String))


def _said_amount(text: pl.Expr, words: list[str]) -> tuple[pl.Expr, pl.Expr]:
    """The first amount that a text states after one of `words`: its number and its unit (元 or 万元)."""
    pattern = rf"(?:{'|'.join(words)})[^\d，。；;]*(\d[\d,]*(?:\.\d+)?)\s*(万?元)"
    number = text.str.extract(pattern, 1).str.replace_all(",", "").cast(pl.Float64, strict=False)
    return number, text.str.extract(pattern, 2)
