"""Play several years in order: what each department sends on which day, and what must be in the registers on any day.

Registrations come first, then everything else under the names and codes that are registered by then. Files have an order,
the one in which their senders made them; some arrive after a later one, and some are sent twice.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from chengxin.standards.load import load_catalogue
from chengxin.values.days import EPOCH
from chengxin.world.book import Book
from chengxin.world.district import District
from chengxin.world.filed import Filed, filed, files_of, in_files
from chengxin.world.lives import RENAMED, Lives, make_lives, registrations
from chengxin.world.make import MAKERS, Progress, World, check_place, finished, written
from chengxin.world.meant import as_rows
from chengxin.world.messages import messages
from chengxin.world.subjects import day_number, make_subjects
from chengxin.world.truth import RECORDS, SUBJECTS, Model

# Of a department and resource: few and large enough that a district of some thousand subjects is taken in within a minute.
FILES_AT_LEAST, FILES_A_YEAR, ROWS_PER_FILE = 2, 6, 120
TWICE = 0.03  # files that are sent once more
_Arrival = tuple[Filed, dict[str, Any]]


def make_history(
    seed: int, subjects: int, years: int, out: Path, today: date, progress: Progress | None = None
) -> World:
    """Write `years` years of the district of `seed` up to `today` into `out`, as `make_world` does for one day.

    The manifest is in the order of play and has `mode` and `order`; `world.truth.truth_on` tells the truth of any day. The same
    arguments give the same bytes. Raises Refused as `make_world`.
    """
    check_place(subjects, out)
    rng, first = np.random.default_rng(seed), day_number(today) - 365 * years
    lives = make_lives(rng, make_subjects(rng, subjects, today, RENAMED), first, day_number(today))
    district = District(
        rng, today, load_catalogue(today), lives.register, years, FILES_AT_LEAST, FILES_A_YEAR, ROWS_PER_FILE
    )
    played = _numbered(_all(district, lives))
    (out / "files").mkdir(parents=True, exist_ok=True)
    truths, lines = [], []
    total = sum(part.files.height for part in played)
    for part in played:
        for truth, line in written(district, part.resource, part.frame, part.files, out):
            truths.append(truth)
            lines.append(line)
            if progress:
                progress(len(lines), total, str(line["file"]))
    for name, table in zip((SUBJECTS, RECORDS), _played(played).tables(), strict=True):
        table.write_parquet(out / name)
    return finished(out, district.subjects, pl.concat(truths), _schedule(district, pl.DataFrame(lines), played))


def _all(district: District, lives: Lives) -> list[Filed]:
    """What is sent of every resource; registration first, since the others write what is registered by then."""
    found: list[Filed] = []
    book = Book(lives, pl.DataFrame())
    for name, maker in MAKERS.items():
        if not district.sends(name):
            continue
        resource = district.catalogue.resource(name)
        sent = registrations(district, lives) if name == "registration" else maker(district)
        if not sent:
            continue
        said = messages(district, resource, sent)
        files = files_of(district, resource, said)
        said = in_files(said, files)
        if name != "registration":
            said = book.written_in(district, resource, said)
        found.append(filed(district, resource, said, files))
        if name == "registration":
            book = Book(lives, _played(_numbered(found)).tables()[0])
    return found


def _numbered(parts: list[Filed]) -> list[Filed]:
    """The files with their `order`: that in which their senders made them, registrations first on each day."""
    marked = [
        part.files.with_columns(part=n, later=pl.lit(part.resource.nature != "registration"))
        for n, part in enumerate(parts)
    ]
    every = pl.concat(marked).sort("received", "later", "part", "file")
    every = every.with_columns(pl.int_range(1, pl.len() + 1).alias("order")).sort("file")
    own = [every.filter(pl.col("part") == n).drop("part", "later", "rows") for n in range(len(parts))]
    return [Filed(p.resource, p.frame, p.meant, files) for p, files in zip(parts, own, strict=True)]


def _arrivals(parts: list[Filed]) -> list[_Arrival]:
    """The files as they come: by day, registrations first, those that were overtaken last."""
    every = [(part, file) for part in parts for file in part.files.iter_rows(named=True)]

    def place(arrival: _Arrival) -> tuple[date, bool, bool, int]:
        part, file = arrival
        return file["came"], part.resource.nature != "registration", file["came"] != file["received"], file["order"]

    return sorted(every, key=place)


def _played(parts: list[Filed]) -> Model:
    model = Model()
    said = [as_rows(p.resource, p.accepted(), p.files).partition_by("_file", as_dict=True) for p in parts]
    rows = {id(part): frames for part, frames in zip(parts, said, strict=True)}
    for part, file in _arrivals(parts):
        found = rows[id(part)].get((file["file"],))
        model.play({**file, "resource": part.resource.name}, [] if found is None else found.to_dicts())
    return model


def _schedule(district: District, lines: pl.DataFrame, parts: list[Filed]) -> pl.DataFrame:
    """The manifest: what comes, in the order of play; a few files come once more some weeks later."""
    arrivals = _arrivals(parts)
    came = pl.DataFrame({"order": [f["order"] for _, f in arrivals], "came": [f["came"] for _, f in arrivals]})
    lines = came.join(lines, on="order", how="left", maintain_order="left")
    twice = lines.filter(pl.Series(district.rng.random(lines.height) < TWICE))
    after = twice["came"].dt.epoch("d").to_numpy() + district.rng.integers(10, 60, twice.height)
    working = district.working_days[np.searchsorted(district.working_days, after)].tolist()
    days = pl.Series("came", [EPOCH + timedelta(days=day) for day in working], dtype=pl.Date)
    again = twice.with_columns(days).filter(pl.col("came") <= district.today)
    every = pl.concat([lines, again]).sort("came", maintain_order=True)
    return every.with_columns(pl.col("came").cast(pl.String).alias("received_on"))
