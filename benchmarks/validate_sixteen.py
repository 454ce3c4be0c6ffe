"""(a) Sixteen rules with two check characters on 1 M rows: against a bare scan, pandera on Polars, frictionless."""

import dataclasses
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import polars as pl

from benchmarks.common import in_turn, one, table, verdict
from benchmarks.data import RECEIVED, dirty_rows, penalty_csv
from chengxin.flow.judge import Setting, judge
from chengxin.intake.read import read_here
from chengxin.intake.receive import start_ahead
from chengxin.intake.received import Bounds, Chunk, Order
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Rule
from chengxin.validation.scene import Scene
from chengxin.validation.validate import validate_rows
from chengxin.values.identifiers import is_uscc, uscc_valid
from chengxin.values.text import INVISIBLE_CLASS

REQUIRED = ["CF_XDR_MC", "CF_WSH", "CF_SY", "CF_YJ", "CF_NR"]
SIXTEEN = [
    *((f"penalty.{name}.required") for name in REQUIRED),
    *(
        "penalty.CF_XDR_SHXYM.uscc",
        "penalty.CF_CFJGDM.uscc",
        "penalty.CF_XDR_LB.code_list",
        "penalty.CF_CFLB.code_list",
    ),
    *("penalty.CF_JDRQ.date_unreadable", "penalty.CF_YXQ.date_unreadable", "penalty.valid-until-after-decision"),
    *(
        "penalty.decided-not-future",
        "penalty.CF_NR_FK.money_unreadable",
        "penalty.CF_XDR_MC.max_length",
        "penalty.fine-amount",
    ),
]
PARTIES = ["法人及非法人组织", "自然人", "个体工商户"]
KINDS = [
    "警告",
    "通报批评",
    "罚款",
    "没收违法所得",
    "没收非法财物",
    "暂扣许可证件",
    "吊销许可证件",
    "责令停产停业",
    "其他",
]


def scan(arguments: list[str]) -> str:
    """The limit: read every column and count its empty cells."""
    counts = pl.scan_csv(arguments[0], infer_schema=False).select(pl.all().null_count()).collect()
    return str(counts.width)


def _scene() -> Scene:
    catalogue = load_catalogue(RECEIVED)
    resource = catalogue.resource("penalty")
    rules: tuple[Rule, ...] = tuple(r for r in resource.rules if r.id in SIXTEEN)
    assert len(rules) == 16
    return Scene(catalogue, dataclasses.replace(resource, rules=rules), RECEIVED)


ORDER = Order("penalty", RECEIVED, token_key=b"k" * 32, bounds=Bounds.command_line())


def chengxin(arguments: list[str]) -> str:
    """Ours, in one process like its peers: what the reading process does with a file, without its cap and its digest."""
    scene = _scene()
    accepted = found = 0
    for event in read_here(Path(arguments[0]), ORDER, scene.catalogue):
        if isinstance(event, Chunk):
            judged = validate_rows(event.frame, event.marks, scene, traits=event.traits)
            accepted += judged.accepted.height
            found += judged.findings.height
    return f"{accepted} accepted, {found} findings"


def as_received(arguments: list[str]) -> str:
    """Ours as a file arrives: a capped process, the digest, accepted rows in Parquet."""
    start_ahead(1)
    scene = _scene()
    catalogue = dataclasses.replace(scene.catalogue, resources={**scene.catalogue.resources, "penalty": scene.resource})
    with tempfile.TemporaryDirectory(dir=Path(arguments[0]).parent) as folder:
        done = judge(Path(arguments[0]), Setting(catalogue, ORDER), Path(folder))
    return f"{done.accepted} accepted, {done.rejected} to mend"


def _normalised(frame: pl.DataFrame) -> pl.DataFrame:
    """What Chengxin does to every cell, as a few lines of Polars: no invisible characters, no outer spaces, empty is null,
    codes in capitals without spaces, hyphens and full-width forms."""
    code = pl.col("CF_XDR_SHXYM", "CF_CFJGDM", "CF_SJLYDM").str.normalize("NFKC").str.to_uppercase()
    return frame.with_columns(
        pl.all().str.replace_all(INVISIBLE_CLASS, "").str.strip_chars().replace("", None)
    ).with_columns(code.str.replace_all(r"[ \-'’‘`\"\t]", ""))


def _by_pandera(frame: pl.DataFrame) -> tuple[pl.DataFrame, set[int]]:
    """The typed rows that the same sixteen rules let pass, and the places of those that they don't, all reasons told (lazy)."""
    import pandera.polars as pa

    def day(column: str) -> pl.Expr:
        text = pl.col(column)
        return pl.coalesce(text.str.to_date("%Y/%m/%d", strict=False), text.str.to_date("%Y-%m-%d", strict=False))

    def uscc(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col(data.key).map_batches(uscc_valid, return_dtype=pl.Boolean))

    def dated(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(day(data.key).is_not_null())

    def order(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((day("CF_YXQ") >= day("CF_JDRQ")).fill_null(True))

    def past(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((day("CF_JDRQ") <= RECEIVED).fill_null(True))

    def fined(data: pa.PolarsData) -> pl.LazyFrame:
        fine = pl.col("CF_CFLB").str.contains("罚款", literal=True)
        return data.lazyframe.select((~fine | pl.col("CF_NR_FK").is_not_null()).fill_null(True))

    checks: dict[str, list[pa.Check]] = {
        "CF_XDR_MC": [pa.Check.str_length(0, 200)],
        "CF_XDR_SHXYM": [pa.Check(uscc)],
        "CF_CFJGDM": [pa.Check(uscc)],
        "CF_XDR_LB": [pa.Check.isin(PARTIES)],
        "CF_CFLB": [pa.Check.isin(KINDS)],
        "CF_JDRQ": [pa.Check(dated)],
        "CF_YXQ": [pa.Check(dated)],
        "CF_NR_FK": [pa.Check.str_matches(r"^\d{1,12}(\.\d{1,6})?$")],
    }
    names = list(dict.fromkeys([*REQUIRED, *checks]))
    columns = {n: pa.Column(pl.String, checks.get(n, []), nullable=n not in REQUIRED) for n in names}
    schema = pa.DataFrameSchema(columns, checks=[pa.Check(order), pa.Check(past), pa.Check(fined)])
    sound, wrong = frame, set[int]()
    try:
        sound = schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as told:
        wrong = set(told.failure_cases["index"].drop_nulls().to_list())
        sound = frame.with_row_index("_at").filter(~pl.col("_at").is_in(list(wrong))).drop("_at")
    typed = sound.with_columns(
        day("CF_JDRQ"), day("CF_YXQ"), day("CF_GSJZQ"), pl.col("CF_NR_FK").cast(pl.Decimal(18, 6))
    )
    return typed, wrong


def pandera(arguments: list[str]) -> str:
    """pandera on Polars: normalised alike, typed columns, the same sixteen rules, all reasons."""
    typed, _ = _by_pandera(_normalised(pl.read_csv(arguments[0], infer_schema=False)))
    return f"{typed.height} valid"


def agree() -> None:
    """Both say the same of rows with every kind of dirt that the sixteen rules and the normalising are about."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dirty.csv"
        dirty_rows().write_csv(path)
        scene = _scene()
        chunks = [e for e in read_here(path, ORDER, scene.catalogue) if isinstance(e, Chunk)]
        ours = [validate_rows(c.frame, c.marks, scene, traits=c.traits).accepted for c in chunks]
        theirs, wrong = _by_pandera(_normalised(pl.read_csv(path, infer_schema=False)))
    mine = pl.concat(ours)
    columns = [n for n in theirs.columns if n in mine.columns]
    assert wrong and mine.select(columns).equals(theirs.select(pl.col(n).cast(mine.schema[n]) for n in columns))


def frictionless(arguments: list[str]) -> str:
    """frictionless with the same sixteen rules (on a part of the rows; its time grows in line with them)."""
    from frictionless import Check, Checklist, Schema, errors, system, validate

    class Cross(Check):
        Errors = [errors.RowConstraintError]  # noqa: RUF012 - the library's own form

        def validate_row(self, row):  # type: ignore[no-untyped-def]
            ends, decided = row["CF_YXQ"], row["CF_JDRQ"]
            wrong = []
            if ends and decided and ends < decided:
                wrong.append("order")
            if decided and decided > RECEIVED:
                wrong.append("future")
            if "罚款" in (row["CF_CFLB"] or "") and row["CF_NR_FK"] is None:
                wrong.append("fine")
            wrong += [c for c in ("CF_XDR_SHXYM", "CF_CFJGDM") if row[c] and not is_uscc(row[c])]
            for note in wrong:
                yield errors.RowConstraintError.from_row(row, note=note)

    with Path(arguments[0]).open(encoding="utf-8") as stream:
        header = stream.readline().strip().split(",")
    special = {
        "CF_JDRQ": {"type": "date", "format": "%Y/%m/%d"},
        "CF_YXQ": {"type": "date", "format": "%Y/%m/%d"},
        "CF_NR_FK": {"type": "number"},
        "CF_XDR_LB": {"type": "string", "constraints": {"enum": PARTIES}},
        "CF_CFLB": {"type": "string", "constraints": {"enum": KINDS}},
        "CF_XDR_MC": {"type": "string", "constraints": {"required": True, "maxLength": 200}},
    }
    required = {"constraints": {"required": True}}
    fields = [
        {"name": n, "type": "string", **(required if n in REQUIRED else {}), **special.get(n, {})} for n in header
    ]
    system.trusted = True  # an absolute path of our own
    schema, checklist = Schema.from_descriptor({"fields": fields}), Checklist(checks=[Cross()])
    report = validate(arguments[0], schema=schema, checklist=checklist, limit_errors=10**9)
    return f"valid: {report.valid}"


def main() -> None:
    """Print the table."""
    agree()
    rows, few = 1_000_000, 50_000
    big, small = str(penalty_csv(rows)), str(penalty_csv(few))
    found = in_turn(__file__, {"scan": [big], "chengxin": [big], "as received": [big], "pandera": [big]}, rounds=5)
    slow = in_turn(__file__, {"frictionless": [small]}, rounds=1)["frictionless"]
    rates = {name: rows / m.wall for name, m in found.items()} | {"frictionless": few / slow.wall}
    ours = rates["chengxin"]
    bars = {
        "scan": verdict(ours / rates["scan"], 0.30),
        "chengxin": "",
        "as received": f"{rates['as received'] / rates['scan']:.2f} of the scan, with cap, digest and Parquet",
        "pandera": verdict(ours / rates["pandera"], 1.5),
        "frictionless": verdict(ours / rates["frictionless"], 20),
    }
    measured = found | {"frictionless": slow}
    table(
        "(a) Sixteen rules, 1 M rows × 30 columns",
        ["", "rows/s", "peak MB", "told", "Chengxin is"],
        [[n, f"{rates[n]:,.0f}", f"{m.peak:,.0f}", m.told, bars[n]] for n, m in measured.items()],
    )


if __name__ == "__main__":
    candidates = {
        "scan": scan,
        "chengxin": chengxin,
        "as received": as_received,
        "pandera": pandera,
        "frictionless": frictionless,
    }
    if "pandera" in sys.argv:
        import pandera.polars  # like the other libraries it is there before the clock starts
    if not one(candidates):
        main()
