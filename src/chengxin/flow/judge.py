"""One file through receive and validate, in bounded memory: verbs 1 and 2 of the way.

Chunks are judged one after another; accepted rows and findings go to Parquet parts at once. What needs the whole file
(the same decision twice) is decided at the end from the rows' key hashes, and only the parts concerned are written again.
"""

import dataclasses
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from chengxin.intake.receive import receive
from chengxin.intake.received import Chunk, Note, Order, Part, Receipt, Received
from chengxin.standards.load import Catalogue
from chengxin.validation.findings import no_findings
from chengxin.validation.keys import SCHEMA as KEYS
from chengxin.validation.keys import repeated
from chengxin.validation.registration import Registration
from chengxin.validation.scene import Scene
from chengxin.validation.validate import Judged, repeat_findings, validate_rows, whole_findings

Tell = Callable[[Received, int], None]  # called after each chunk with the number of findings so far


@dataclass(frozen=True)
class Sender:
    """Who sends: code, name where known, and the resources it is listed for (None: no list at hand)."""

    code: str
    name: str | None = None
    resources: frozenset[str] | None = None


@dataclass(frozen=True)
class Setting:
    """What is known before any file is opened."""

    catalogue: Catalogue
    order: Order
    sender: Sender | None = None
    registration: Registration | None = None
    confirmed_codes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What came of a file. received = accepted + rejected + duplicate + held, always."""

    receipt: Receipt
    parts: tuple[Part, ...]
    notes: tuple[Note, ...]
    received: int
    accepted: int
    rejected: int
    duplicate: int
    held: int
    folder: Path

    def accepted_rows(self) -> pl.LazyFrame:
        """The accepted rows with typed columns, and `part`; empty if none."""
        files = sorted((self.folder / "accepted").glob("*.parquet"))
        return pl.scan_parquet(files) if files else pl.LazyFrame({"part": [], "row": []})

    def findings(self) -> pl.LazyFrame:
        """All findings, in the order of parts and chunks."""
        files = sorted((self.folder / "findings").glob("*.parquet"))
        return pl.scan_parquet(files) if files else no_findings().lazy()


@dataclass
class _Part:
    """One written part of the accepted rows: which table and rows it holds."""

    path: Path
    table: int
    first: int
    last: int


@dataclass
class _Run:
    """What grows while chunks pass."""

    folder: Path
    setting: Setting
    scenes: list[Scene] = dataclasses.field(default_factory=list)
    names: list[str] = dataclasses.field(default_factory=list)
    keys: list[pl.DataFrame] = dataclasses.field(default_factory=list)
    written: list[_Part] = dataclasses.field(default_factory=list)
    received: int = 0
    rejected: int = 0
    held: int = 0
    findings: int = 0
    parts: dict[str, int] = dataclasses.field(default_factory=dict)
    writer: ThreadPoolExecutor = dataclasses.field(default_factory=lambda: ThreadPoolExecutor(1))
    writing: deque[Future[None]] = dataclasses.field(default_factory=deque)

    def write(self, kind: str, frame: pl.DataFrame) -> Path:
        """Write one Parquet part beside the judging (two at a time) and give its path."""
        self.parts[kind] = self.parts.get(kind, 0) + 1
        path = self.folder / kind / f"{self.parts[kind]:06}.parquet"
        while len(self.writing) > 1:
            self.writing.popleft().result()
        self.writing.append(
            self.writer.submit(frame.write_parquet, path, compression="zstd", compression_level=1, statistics=False)
        )
        return path

    def finish_writing(self) -> None:
        """Wait until all parts are written; a failure to write is raised here."""
        while self.writing:
            self.writing.popleft().result()

    def note_findings(self, frame: pl.DataFrame, part: str) -> None:
        """Keep findings, each with the name of its part."""
        if frame.height:
            self.findings += frame.height
            self.write("findings", frame.with_columns(pl.lit(part).alias("part")))


def judge(path: Path, setting: Setting, folder: Path, tell: Tell | None = None) -> Outcome:
    """Receive and validate one file; results go to `folder` (made if absent, must be empty). Raises Refused."""
    for kind in ("accepted", "findings"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    run = _Run(folder, setting)
    with run.writer, receive(path, setting.order, setting.catalogue) as received:
        for chunk in received.chunks():
            _judge_chunk(run, chunk, received.parts)
            if tell:
                tell(received, run.findings)
        run.finish_writing()
        duplicate = _settle_repeats(run)
        run.finish_writing()
        return Outcome(
            receipt=received.receipt,
            parts=tuple(received.parts),
            notes=tuple(received.notes),
            received=run.received,
            accepted=run.received - run.rejected - run.held - duplicate,
            rejected=run.rejected,
            duplicate=duplicate,
            held=run.held,
            folder=folder,
        )


def scene_for(part: Part, setting: Setting) -> Scene:
    """The scene in which the rows of one part are judged."""
    sender = setting.sender
    return Scene(
        catalogue=setting.catalogue,
        resource=setting.catalogue.resource(setting.order.resource),
        day=setting.order.day,
        sender_code=sender.code if sender else None,
        sender_name=sender.name if sender else None,
        may_report=sender.resources if sender else None,
        registration=setting.registration,
        confirmed_codes=setting.confirmed_codes,
        headings={h.field: h.text for h in part.headings if h.field},
        units={h.field: h.unit for h in part.headings if h.field and h.unit},
        missing=tuple(part.missing),
    )


def _table(run: _Run, name: str, parts: list[Part]) -> int:
    if name not in run.names:
        part = next(p for p in parts if p.name == name)
        run.names.append(name)
        run.scenes.append(scene_for(part, run.setting))
        run.note_findings(whole_findings(run.scenes[-1], part.heading_row), name)
    return run.names.index(name)


def _judge_chunk(run: _Run, chunk: Chunk, parts: list[Part]) -> None:
    table = _table(run, chunk.part, parts)
    judged: Judged = validate_rows(chunk.frame, chunk.marks, run.scenes[table], table)
    run.received += judged.received
    run.rejected += judged.rejected
    run.held += judged.held
    run.keys.append(judged.keys)
    run.note_findings(judged.findings, chunk.part)
    if judged.accepted.height:
        rows = judged.accepted["row"]
        path = run.write("accepted", judged.accepted.select(pl.lit(chunk.part).alias("part"), pl.all()))
        run.written.append(_Part(path, table, int(rows.min()), int(rows.max())))  # type: ignore[arg-type]


def _settle_repeats(run: _Run) -> int:
    """Findings for rows that repeat a decision; takes them out of the accepted parts. Returns the number of duplicates."""
    keys = pl.concat(run.keys) if run.keys else pl.DataFrame(schema=KEYS)
    run.keys.clear()
    repeats = repeated(keys)
    if repeats.is_empty():
        return 0
    for (table,), group in repeats.group_by("part", maintain_order=True):
        run.note_findings(repeat_findings(group, run.scenes[int(str(table))]), run.names[int(str(table))])
    removed = {"same_row_twice": 0, "same_key_twice": 0}
    for part in run.written:
        here = repeats.filter((pl.col("part") == part.table) & pl.col("row").is_between(part.first, part.last))
        if here.is_empty():
            continue
        rows = pl.read_parquet(part.path)
        gone = rows.select("row").join(here, on="row").get_column("kind")
        for kind, count in gone.value_counts().iter_rows():
            removed[kind] += count
        if len(gone):
            rows.join(here, on="row", how="anti").write_parquet(part.path, compression="zstd", compression_level=1)
    run.rejected += removed["same_key_twice"]
    return removed["same_row_twice"]
