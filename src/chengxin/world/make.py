"""Make a district: its register, what 31 departments send over three years, and the truth about every row of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Resource
from chengxin.values.errors import Refused, Said
from chengxin.world import others, registration
from chengxin.world.codes import MOST_SUBJECTS
from chengxin.world.decisions import PENALTIES_PER_SUBJECT, PERMITS_PER_SUBJECT, parcels
from chengxin.world.dirt import clean, soiled
from chengxin.world.district import District, Parcel
from chengxin.world.files import Sheet, write
from chengxin.world.forms import FORMS, SUFFIX, form_for, heading_words
from chengxin.world.later import with_habits, with_later_rows
from chengxin.world.roster import write_authorities
from chengxin.world.subjects import PUBLIC_COLUMNS, make_subjects

Progress = Callable[[int, int, str], None]
FEWEST_SUBJECTS = 10
MAKERS: dict[str, Callable[[District], list[Parcel]]] = {
    # Registration first: the others need to know whose registration is sure to be accepted.
    "registration": registration.parcels,
    "permit": lambda district: parcels(district, "permit", PERMITS_PER_SUBJECT),
    "penalty": lambda district: parcels(district, "penalty", PENALTIES_PER_SUBJECT),
    **{name: partial(others.parcels, name=name) for name in others.PER_SUBJECT},
}


@dataclass(frozen=True)
class World:
    """Where a made-up district lies and how large it is. `rows` counts the rows of data of each resource."""

    out: Path
    authorities: Path
    manifest: Path
    files: Path
    truth: Path
    subjects: Path
    rows: dict[str, int]
    subject_count: int
    file_count: int
    faulty: int


def make_world(seed: int, subjects: int, out: Path, today: date, progress: Progress | None = None) -> World:
    """Write the district of `seed` with `subjects` subjects as of `today` into `out` (made if it is not there).

    The same arguments give the same bytes. `progress(done, total, file)` is called after each file. Refused: fewer
    than 10 subjects or more than there are codes; a folder that already holds something else than a district.
    """
    check_place(subjects, out)
    rng = np.random.default_rng(seed)
    catalogue = load_catalogue(today)
    register = make_subjects(rng, subjects, today)
    district = District(rng, today, catalogue, register)
    (out / "files").mkdir(parents=True, exist_ok=True)
    truths, manifest, registered = [], [], frozenset[str]()
    prepared: list[tuple[Resource, pl.DataFrame, pl.DataFrame]] = []
    for name, maker in MAKERS.items():
        if not district.sends(name):
            continue
        resource = catalogue.resource(name)
        sent = maker(district)
        if not sent:  # in a hamlet nobody may have been fined
            continue
        frame, files = _prepared(district, resource, sent, registered)
        if name == "registration":
            code = resource.roles["subject_code"]
            registered = frozenset(frame.filter(pl.col("_fault").is_null())[code].to_list())
        prepared.append((resource, frame, files))
    total = sum(files.height for _, _, files in prepared)
    for resource, frame, files in prepared:
        for truth, line in written(district, resource, frame, files, out):
            truths.append(truth)
            manifest.append(line)
            if progress:
                progress(len(manifest), total, str(line["file"]))
    return finished(out, register, pl.concat(truths), pl.DataFrame(manifest))


def check_place(subjects: int, out: Path) -> None:
    """Refuse an impossible size and a folder that holds something else; remove the files of an older district."""
    if subjects < FEWEST_SUBJECTS:
        raise Refused(
            "world-too-small",
            Said(
                f"示例区至少 {FEWEST_SUBJECTS} 个主体。", f"A made-up district has at least {FEWEST_SUBJECTS} subjects."
            ),
        )
    if subjects > MOST_SUBJECTS:
        raise Refused(
            "world-too-large",
            Said(
                f"示例区最多 {MOST_SUBJECTS:,} 个主体。", f"A made-up district has at most {MOST_SUBJECTS:,} subjects."
            ),
        )
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.csv").exists():
        raise Refused(
            "world-folder-in-use",
            Said(f"目录 {out} 中有其他文件，请另选空目录。", f"{out} holds other files; choose an empty folder."),
        )
    for old in (out / "files").glob("*") if out.is_dir() else ():
        old.unlink()


def _prepared(
    district: District, resource: Resource, sent: list[Parcel], registered: frozenset[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All rows of a resource with their file, form and faults; and its files."""
    frames: list[pl.DataFrame] = []
    files: list[pl.DataFrame] = []
    for parcel in sent:
        rows, own = _filed(parcel, sum(f.height for f in files))
        frames.append(rows)
        files.append(own)
    table = pl.concat(files)
    frame = with_later_rows(district, resource, pl.concat(frames, how="diagonal"), table)
    frame = soiled(district, resource, clean(with_habits(resource, frame)), registered)
    return frame.sort("_file", "_order", maintain_order=True), table


def _filed(parcel: Parcel, first: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A parcel's rows by file: one file for each day of sending, in the department's forms by turns."""
    days = parcel.rows.group_by("_received").len().sort("_received")
    forms = [form_for(parcel.department.forms, turn, rows) for turn, rows in enumerate(days["len"].to_list())]
    files = days.select(
        pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("file"),
        pl.lit(parcel.department.code).alias("authority"),
        pl.lit(parcel.department.short).alias("short"),
        pl.col("_received").alias("received"),
    ).with_columns(pl.Series("form", forms, dtype=pl.String))
    numbers = files.select(
        pl.col("received").alias("_received"), pl.col("file").alias("_file"), pl.col("form").alias("_form")
    )
    rows = parcel.rows.join(numbers, on="_received", how="left", maintain_order="left")
    return rows.with_columns(pl.lit(parcel.department.code).alias("_authority")), files


def written(
    district: District, resource: Resource, frame: pl.DataFrame, files: pl.DataFrame, out: Path
) -> Iterator[tuple[pl.DataFrame, dict[str, Any]]]:
    """Write every file of a resource; gives the truth about its rows and its line in the manifest."""
    parts = {part["_file"][0]: part for part in frame.partition_by("_file", maintain_order=True)}
    for file in files.iter_rows(named=True):
        rows, form = parts[file["file"]], FORMS[file["form"]]
        name = f"{resource.name}-{file['short']}-{file['received']}.{SUFFIX[form.container]}"
        sheet = _sheet(district, resource, rows, file)
        members = write(sheet, out / "files" / name)
        line: dict[str, Any] = {
            "file": f"files/{name}",
            "resource": resource.name,
            "authority": file["authority"],
            "received_on": str(file["received"]),
            "encoding": form.encoding,
            "kind": form.container,
            "rows": rows.height,
            **{name: file[name] for name in ("mode", "order") if name in file},
        }
        yield _truth(district, resource, rows, line | {"first": form.first_row}, members), line


def _sheet(district: District, resource: Resource, rows: pl.DataFrame, file: dict[str, Any]) -> Sheet:
    form = FORMS[file["form"]]
    there = {
        c
        for c in rows.columns
        if not c.startswith("_") and (form.headings == "code" or rows[c].null_count() < rows.height)
    }
    fields = [f for f in resource.fields if f.name in there or f.constraints.required]
    cells = rows.select(
        pl.col(f.name) if f.name in rows.columns else pl.lit(None, pl.String).alias(f.name) for f in fields
    )
    # Departments don't keep to the order of the form; each has its own, whatever the file.
    if form.headings != "title":
        moved = np.random.default_rng(sum(map(ord, file["short"]))).uniform(0, 6, len(fields))
        order = np.argsort(np.arange(len(fields)) + moved).tolist()
        fields = [fields[n] for n in order]
    kept = {"digits_lost": "number", "cell_error": "error"}
    faults = zip(rows["_fault"].to_list(), rows["_field"].to_list(), strict=True)
    marked = [(n, fault, field) for n, (fault, field) in enumerate(faults) if fault]
    return Sheet(
        title=f"{resource.title.zh}信息报送表（测试数据）",
        form=form,
        fields=fields,
        headings=heading_words(district.rng, resource, fields, form.headings),
        cells=cells.select(f.name for f in fields),
        odd={(n, field): kept[fault] for n, fault, field in marked if fault in kept},
        hidden=frozenset(n for n, fault, _ in marked if fault == "row_hidden"),
        day=file["received"],
    )


def _truth(
    district: District,
    resource: Resource,
    rows: pl.DataFrame,
    line: dict[str, Any],
    members: list[tuple[str | None, int]],
) -> pl.DataFrame:
    """The truth about each row, under the number a clerk sees."""
    index = rows["_index"].to_numpy()
    code = pl.Series(list(district.column("code", index)), dtype=pl.String)
    return pl.DataFrame(
        {
            "file": [line["file"]] * rows.height,
            "member": pl.Series([m for m, count in members for _ in range(count)], dtype=pl.String),
            "row": [line["first"] + n for _, count in members for n in range(count)],
            "resource": [resource.name] * rows.height,
            "authority": [line["authority"]] * rows.height,
            "subject_code": code.zip_with(pl.Series(index >= 0), pl.Series([None], dtype=pl.String)),
            "expect": rows["_expect"],
            "fault": rows["_fault"],
            "rules": rows["_rules"],
            "field": rows["_field"],
        }
    )


def finished(out: Path, register: pl.DataFrame, truth: pl.DataFrame, manifest: pl.DataFrame) -> World:
    """Write what tells of the files: roster, truth, register, manifest. A file may stand in the manifest twice."""
    once = manifest.unique("file", maintain_order=True)
    counts = once.group_by("resource", maintain_order=True).agg(pl.col("rows").sum())
    world = World(
        out=out,
        authorities=out / "authorities.csv",
        manifest=out / "manifest.csv",
        files=out / "files",
        truth=out / "truth.parquet",
        subjects=out / "subjects.parquet",
        rows=dict(counts.iter_rows()),
        subject_count=register.height,
        file_count=once.height,
        faulty=int(truth["fault"].is_not_null().sum()),
    )
    write_authorities(world.authorities)
    truth.write_parquet(world.truth)
    register.select(PUBLIC_COLUMNS).write_parquet(world.subjects)
    history = [name for name in ("mode", "order") if name in manifest.columns]
    manifest.select("file", "resource", "authority", "received_on", "encoding", "kind", "rows", *history).write_csv(
        world.manifest
    )
    return world
