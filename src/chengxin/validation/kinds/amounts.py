"""Kinds about amounts in 万元."""

from decimal import Decimal

import polars as pl

from chengxin.standards.model import Rule
from chengxin.validation.amounts import PLAIN_YUAN, stated_amounts
from chengxin.validation.kinds.check import Check, field_of, kind, most, shown_value
from chengxin.validation.names import raw
from chengxin.validation.scene import Scene
from chengxin.values.series import nowhere, put

# A text that may state an amount in Chinese numerals: looked at whatever the number in the column.
_NUMERAL_YUAN = "[零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖十百千拾佰仟][元圆]"
# An amount before 元 in one form: no separators and spaces, narrow digits, no idle decimals.
_ONE_FORM = (
    dict.fromkeys(", \u3000", "")
    | {chr(0xFF10 + digit): str(digit) for digit in range(10)}
    | {".00元": "元", ".0元": "元", ".00圆": "元", ".0圆": "元", "圆": "元"}
)


def _in_wan(amount: Decimal) -> Decimal:
    return amount * 10_000


def in_yuan(amount: Decimal | None, text: str | None) -> bool:
    """True if the text states just this number of plain 元 and nowhere this number of 万元."""
    if amount is None or not text:
        return False
    stated = stated_amounts(text)
    return any(s.plain and s.yuan == amount for s in stated) and not any(s.yuan == _in_wan(amount) for s in stated)


def not_stated(amount: Decimal | None, text: str | None) -> bool:
    """True if the text nowhere states this amount of 万元."""
    return amount is not None and not any(s.yuan == _in_wan(amount) for s in stated_amounts(text or ""))


def _suggestion(name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Float64) / 10_000).round(6).cast(pl.String)


@kind("money_unit")
def _money_unit(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, text = field_of(rule), raw(str(rule.params["text"]))

    def look(rows: pl.Series) -> pl.Series:
        """The text is read only where it may give the same number in yuan: digits before 元, or Chinese numerals."""
        table = rows.struct.unnest()
        written = pl.concat_str(pl.col(raw(name)).str.replace(r"\.0+$", ""), pl.lit("元"))
        plain = pl.col(text).str.replace_many(_ONE_FORM)
        same = plain.str.contains(written, literal=True) | pl.col(text).str.contains(_NUMERAL_YUAN)
        near = table.select(((pl.col(name) >= 1) & same).fill_null(False)).to_series()
        verdict = [in_yuan(amount, words) for amount, words in table.filter(near).select(name, text).iter_rows()]
        return put(nowhere(near), near, pl.Series(verdict, dtype=pl.Boolean))

    small = most(name, lambda amount: amount < 1)

    def idle(table: pl.DataFrame) -> bool:
        return small(table) or not table[text].str.contains(PLAIN_YUAN).any()

    mask = pl.struct(name, raw(name), text).map_batches(look, return_dtype=pl.Boolean)
    return Check(rule, mask, {"value": shown_value(rule, scene)}, _suggestion(name), idle=idle)


@kind("money_unlikely")
def _money_unlikely(rule: Rule, scene: Scene, columns: frozenset[str]) -> Check | None:
    name, text, bound = field_of(rule), raw(str(rule.params["text"])), int(rule.params["above"])

    refused = any(r.kind == "money_unit" and r.field == name and r.in_force(scene.day) for r in scene.resource.rules)

    def unlikely(amount: Decimal | None, words: str | None) -> bool:
        return not_stated(amount, words) and not (refused and in_yuan(amount, words))

    def look(rows: pl.Series) -> pl.Series:
        table = rows.struct.unnest()
        large = (table[name] >= bound).fill_null(False)
        verdict = [unlikely(amount, words) for amount, words in table.filter(large).select(name, text).iter_rows()]
        return put(nowhere(large), large, pl.Series(verdict, dtype=pl.Boolean))

    mask = pl.struct(name, text).map_batches(look, return_dtype=pl.Boolean)
    return Check(
        rule,
        mask,
        {"value": shown_value(rule, scene)},
        _suggestion(name),
        idle=most(name, lambda amount: amount < bound),
    )
