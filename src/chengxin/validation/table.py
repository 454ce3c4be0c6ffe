"""From a raw chunk to the mended table that the checks look at."""

import polars as pl

from chengxin.standards.model import Field
from chengxin.validation.kinds import ROW, subject_kind_of
from chengxin.validation.mend import MONEY, Mended, flag, hint, looks, mend_column, raw
from chengxin.validation.registration import with_registration
from chengxin.validation.scene import Scene

TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "date": pl.Date,
    "money": MONEY,
    "flag": pl.Boolean,
    "year": pl.Int32,
}
OUTSIDE = ("row_hidden", "row_not_data")  # marks of rows that are not in the frame


def kept_fields(scene: Scene) -> list[Field]:
    """The fields that are kept after validation, in the order of the standard."""
    return [f for f in scene.resource.fields if not f.drop]


def _mended(frame: pl.DataFrame, looked: pl.DataFrame, of: Field, scene: Scene) -> Mended:
    if of.kind == "identity":
        values = frame[of.name] if of.name in frame.columns else pl.repeat(None, frame.height, dtype=pl.String, eager=True)
        return Mended(values, values)
    if of.name not in frame.columns:
        nothing = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
        unknown = nothing.cast(pl.Boolean)
        facts = {"sound": unknown, "inner": unknown} if of.kind == "uscc" else {}
        return Mended(nothing.cast(TYPES.get(of.kind, pl.String)), nothing, facts=facts)
    odd, loose = looked[flag(of.name, "odd")], looked[flag(of.name, "loose")]
    return mend_column(frame[of.name], of, scene.catalogue, odd, loose, scene.units.get(of.name))


def mended_table(frame: pl.DataFrame, marks: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """`frame` (row, one String column per field that arrived) with typed columns, texts, flags and registry facts.

    Columns: `row`; per field `F` typed and `F!` the text; `F?` the state of an identity number; `F~kind`, `F~kind=`.
    """
    columns: list[pl.Series] = [frame["row"]]
    arrived = [f for f in scene.resource.fields if f.name in frame.columns and f.kind != "identity"]
    looked = looks(frame, arrived, scene.catalogue)
    for of in scene.resource.fields:
        done = _mended(frame, looked, of, scene)
        columns += [done.values.alias(of.name), done.text.alias(raw(of.name))]
        for kind, (mask, said) in done.met.items():
            columns.append(mask.alias(flag(of.name, kind)))
            if said is not None:
                columns.append(said.cast(pl.String).alias(hint(of.name, kind)))
        columns += [fact.alias(flag(of.name, name)) for name, fact in done.facts.items()]
        if f"{of.name}?" in frame.columns:
            columns.append(frame[f"{of.name}?"])
    table = _with_marks(pl.DataFrame(columns), marks)
    table = _filled(table, scene)
    code, name = scene.resource.role("subject_code"), scene.resource.role("subject_name")
    if scene.registration is not None and code and name and scene.resource.nature != "registration":
        table = with_registration(table, scene.registration, code, name)
    return table


def _with_marks(table: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    inside = marks.filter(~pl.col("mark").is_in(OUTSIDE))
    for (name, mark), group in inside.group_by("field", "mark"):
        where = str(name) if name is not None else ROW
        said = group.select("row", pl.col("detail").alias(hint(where, str(mark)))).unique("row")
        table = table.join(said.with_columns(pl.lit(True).alias(flag(where, str(mark)))), on="row", how="left", maintain_order="left")
        table = table.with_columns(pl.col(flag(where, str(mark))).fill_null(False))
    return table


def _filled(table: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """Empty cells that the sender or the code answers for certain are filled, and that is told."""
    for of in scene.resource.fields:
        answer = _answer(of, scene)
        if answer is None:
            continue
        empty = pl.col(raw(of.name)).is_null() & answer.is_not_null()
        table = table.with_columns(
            pl.when(empty).then(answer).otherwise(pl.col(of.name)).alias(of.name),
            pl.when(empty).then(answer).otherwise(pl.col(raw(of.name))).alias(raw(of.name)),
            empty.alias(flag(of.name, "told_filled")),
            answer.alias(hint(of.name, "told_filled")),
        )
    return table


def _answer(of: Field, scene: Scene) -> pl.Expr | None:
    if of.fill == "sender_code" and scene.sender_code:
        return pl.lit(scene.sender_code)
    if of.fill == "sender_name" and scene.sender_name:
        return pl.lit(scene.sender_name)
    code = scene.resource.role("subject_code")
    if of.fill == "subject_kind" and code:
        return pl.when(pl.col(code).str.contains(r"^[0-9A-Z]{18}$")).then(subject_kind_of(pl.col(code), scene))
    return None
