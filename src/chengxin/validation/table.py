"""From a raw chunk to the mended table that the checks look at."""

from functools import partial

import polars as pl

from chengxin.intake.received import ANYTHING, Traits
from chengxin.standards.model import Field
from chengxin.validation.kinds import ROW, subject_kind_of
from chengxin.validation.looks import DASHED, MONEY, SLASHED, Wanted, few_looks, first_look, second_look, wanted
from chengxin.validation.mend import Mended, clean_column, finish_column
from chengxin.validation.names import flag, hint, raw
from chengxin.validation.registration import with_registration
from chengxin.validation.scene import Scene
from chengxin.values.series import FEW

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


SAMPLE = 1_000  # rows that tell whether a column repeats few values


def _nothing(of: Field, height: int) -> Mended:
    """A column that did not arrive or holds nothing."""
    text = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    unknown = pl.Series([None], dtype=pl.Boolean).new_from_index(0, height)
    facts = {"sound": unknown, "inner": unknown} if of.kind == "uscc" else {}
    return Mended(text.cast(TYPES.get(of.kind, pl.String)), text, facts=facts)


def _looked(frame: pl.DataFrame, arrived: list[Field], scene: Scene, traits: Traits) -> pl.DataFrame:
    """`first_look` at every column that needs it. A column of few cells or of few distinct values is looked at by those first."""
    want = scene.once(
        ("wanted", traits),
        lambda: {f.name: wanted(f, scene.asked, scene.catalogue, traits) for f in scene.resource.fields},
    )
    asked = {f.name: want[f.name] for f in arrived}
    if frame.height < FEW:
        return pl.DataFrame([mask for name, want in asked.items() for mask in few_looks(frame[name], want)])
    if frame.height > SAMPLE:
        asked = _not_clean(frame, asked)
    return frame.select([look for name, want in asked.items() for look in _looks(name, want, scene)])


def _not_clean(frame: pl.DataFrame, asked: dict[str, Wanted]) -> dict[str, Wanted]:
    """The columns of a long frame that may want cleaning: not told otherwise by their shortest cell or few distinct values."""
    shortest = frame.select(pl.col(name).str.len_bytes().min() for name in asked).row(0)
    clean = {
        name
        for (name, want), size in zip(asked.items(), shortest, strict=True)
        if (_few_are_clean(frame[name], want) if want.costly else (size or 0) > want.longest_void)
    }
    return {name: want for name, want in asked.items() if name not in clean}


def _few_are_clean(values: pl.Series, want: Wanted) -> bool:
    if values.head(SAMPLE).n_unique() > SAMPLE // 2:
        return False
    looked = values.unique().to_frame().select(first_look(values.name, want))
    return not any(looked[name].any() for name in looked.columns)


def _looks(name: str, want: Wanted, scene: Scene) -> list[pl.Expr]:
    return scene.once(("first", name, want), lambda: first_look(name, want))


def _quick(texts: pl.DataFrame, arrived: list[Field], scene: Scene) -> pl.DataFrame:
    """`second_look` at every column; the form of dates is told by the first one, of few rows both are tried."""

    def look(of: Field) -> list[pl.Expr]:
        form = None
        if of.kind == "date" and texts.height >= FEW:
            form = SLASHED if "/" in str(texts[of.name].first(ignore_nulls=True)) else DASHED
        return scene.once(("second", of.name, form), lambda: second_look(of, scene.catalogue, form))

    return texts.select([one for of in arrived for one in look(of)])


def _mended(frame: pl.DataFrame, scene: Scene, traits: Traits) -> dict[str, Mended]:
    """All columns that arrived with something in them, in two looks: clean, then type."""
    catalogue = scene.catalogue
    filled = {name for name in frame.columns if frame[name].null_count() < frame.height}
    arrived = [f for f in scene.resource.fields if f.name in filled and f.kind != "identity"]
    looked = _looked(frame, arrived, scene, traits)
    columns = {f.name: clean_column(frame[f.name], f, scene.asked, catalogue, looked) for f in arrived}
    quick = _quick(pl.DataFrame([column.text.alias(name) for name, column in columns.items()]), arrived, scene)
    for of in arrived:
        finish_column(columns[of.name], of, catalogue, quick, scene.units.get(of.name))
    for of in scene.resource.fields:
        if of.kind == "identity" and of.name in frame.columns:
            columns[of.name] = Mended(frame[of.name], frame[of.name])
    return columns


def mended_table(frame: pl.DataFrame, marks: pl.DataFrame, scene: Scene, traits: Traits = ANYTHING) -> pl.DataFrame:
    """`frame` (row, one String column per field that arrived) with typed columns, texts, flags and registry facts.

    Columns: `row`; per field `F` typed and `F!` the text; `F?` the state of an identity number; `F~kind`, `F~kind=`.
    """
    columns: list[pl.Series] = [frame["row"]]
    mended = _mended(frame, scene, traits)
    for of in scene.resource.fields:
        done = mended.get(of.name) or scene.once(
            ("nothing", of.name, frame.height), partial(_nothing, of, frame.height)
        )
        columns += [done.values.alias(of.name), done.text.alias(raw(of.name))]
        for kind, (mask, said) in done.met.items():
            columns.append(mask.alias(flag(of.name, kind)))
            if said is not None:
                columns.append(said.cast(pl.String).alias(hint(of.name, kind)))
        columns += [fact.alias(flag(of.name, name)) for name, fact in done.facts.items()]
        if f"{of.name}?" in frame.columns:
            columns.append(frame[f"{of.name}?"])
    table = _filled(_with_marks(pl.DataFrame(columns), marks), scene)
    code, name = scene.resource.role("subject_code"), scene.resource.role("subject_name")
    if scene.registration is not None and code and name and scene.resource.nature != "registration":
        table = with_registration(table, scene.registration, code, name)
    return table


def _with_marks(table: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    if marks.is_empty():
        return table
    inside = marks.filter(~pl.col("mark").is_in(OUTSIDE))
    for (name, mark), group in inside.group_by("field", "mark"):
        where = str(name) if name is not None else ROW
        said = group.select("row", pl.col("detail").alias(hint(where, str(mark)))).unique("row")
        table = table.join(
            said.with_columns(pl.lit(True).alias(flag(where, str(mark)))), on="row", how="left", maintain_order="left"
        )
        table = table.with_columns(pl.col(flag(where, str(mark))).fill_null(False))
    return table


def _filled(table: pl.DataFrame, scene: Scene) -> pl.DataFrame:
    """Empty cells that the sender or the code answers for certain are filled, and that is told."""
    changes: list[pl.Expr] = []
    for of in scene.resource.fields:
        answer = _answer(of, scene) if of.fill and table[raw(of.name)].null_count() else None
        if answer is None:
            continue
        empty = pl.col(raw(of.name)).is_null() & answer.is_not_null()
        changes += [
            pl.when(empty).then(answer).otherwise(pl.col(of.name)).alias(of.name),
            pl.when(empty).then(answer).otherwise(pl.col(raw(of.name))).alias(raw(of.name)),
            empty.alias(flag(of.name, "told_filled")),
            answer.alias(hint(of.name, "told_filled")),
        ]
        if of.kind == "uscc":
            changes += [(pl.col(flag(of.name, fact)) | empty).alias(flag(of.name, fact)) for fact in ("sound", "inner")]
    return table.with_columns(changes) if changes else table


def _answer(of: Field, scene: Scene) -> pl.Expr | None:
    if of.fill == "sender_code" and scene.sender_code:
        return pl.lit(scene.sender_code)
    if of.fill == "sender_name" and scene.sender_name:
        return pl.lit(scene.sender_name)
    code = scene.resource.role("subject_code")
    if of.fill == "subject_kind" and code:
        return pl.when(pl.col(code).str.contains(r"^[0-9A-Z]{18}$")).then(subject_kind_of(pl.col(code), scene))
    return None
