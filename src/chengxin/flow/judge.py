"""One file through receive and validate, in bounded memory: verbs 1 and 2 of the way.

The process that reads the file also judges its rows, chunk after chunk: nothing but counts comes back over the pipe.
Accepted rows, findings and key hashes go to Parquet parts at once. What needs the whole file (the same decision twice) is
decided at the end from the hashes, and only the parts concerned are written again.
"""

import dataclasses
import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec
import polars as pl

from chengxin.intake.receive import receive, unanswered
from chengxin.intake.received import Ask, Chunk, Event, Note, Order, Part, Progress, Question, Receipt, Received, Result
from chengxin.standards.load import Catalogue
from chengxin.validation.findings import no_findings
from chengxin.validation.keys import no_keys, repeated, twice
from chengxin.validation.registration import Asked, Registers
from chengxin.validation.scene import Scene
from chengxin.validation.validate import repeat_findings, validate_rows, whole_findings

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
    registration: Registers | None = None
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


class _Part(msgspec.Struct, frozen=True):
    """One written part of the accepted rows: which table and rows it holds."""

    number: int
    table: int
    first: int
    last: int


class _Tally(msgspec.Struct):
    """What the reading process says at its end."""

    received: int = 0
    rejected: int = 0
    held: int = 0
    findings: int = 0
    written: list[_Part] = msgspec.field(default_factory=list)
    parts: dict[str, int] = msgspec.field(default_factory=dict)  # kind of result → files written


class _Writer:
    """Writes results as Parquet parts beside the judging, two at a time."""

    def __init__(self, folder: Path, parts: dict[str, int]) -> None:
        self._folder, self.parts = folder, parts
        self._pool, self._writing = ThreadPoolExecutor(1), deque[Future[None]]()

    def write(self, kind: str, frame: pl.DataFrame) -> int:
        """Write one part and give its number."""
        number = self.parts[kind] = self.parts.get(kind, 0) + 1
        while len(self._writing) > 1:
            self._writing.popleft().result()
        path = part_path(self._folder, kind, number)
        self._writing.append(self._pool.submit(_write, frame, path))
        return number

    def finish(self) -> None:
        """Wait until all parts are written; a failure to write is raised here."""
        while self._writing:
            self._writing.popleft().result()
        self._pool.shutdown()


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Raises OSError if the disk does not take it, which Polars wraps into words of its own."""
    try:
        frame.write_parquet(path, compression="zstd", compression_level=1, statistics=False)
    except pl.exceptions.ComputeError as error:
        if not (code := re.search(r"\(os error (\d+)\)", str(error))):
            raise
        raise OSError(int(code[1]), os.strerror(int(code[1])), str(path)) from error


def part_path(folder: Path, kind: str, number: int) -> Path:
    """Where a part of the results lies: kinds are accepted, findings and keys."""
    return folder / kind / f"{number:06}.parquet"


@dataclass(frozen=True)
class _Judging:
    """The work on a file's rows that is done in the reading process; what it came to lies in `folder`.

    `asks`: the registers are asked for what a chunk names, of the process that has them.
    """

    setting: Setting
    folder: Path
    asks: bool

    def __call__(self, events: Iterator[Event], ask: Ask) -> Iterator[Event]:
        """Judge the chunks, tell the rest on; see `intake.received.Through`."""
        tally, setting = _Tally(), self.setting
        if self.asks:
            asked = Asked(lambda c, f: ask(Question({"codes": c.to_list(), "folds": f.to_list()})))
            setting = dataclasses.replace(setting, registration=asked)
        run = _Run(setting, tally, _Writer(self.folder, tally.parts))
        for event in events:
            if isinstance(event, Chunk):
                run.judge(event)
                continue
            if isinstance(event, Part):
                run.begin(event)
            yield dataclasses.replace(event, findings=tally.findings) if isinstance(event, Progress) else event
        run.writer.finish()
        yield Result(msgspec.json.encode(tally).decode())


@dataclass
class _Run:
    """What grows while chunks pass."""

    setting: Setting
    tally: _Tally
    writer: _Writer
    scenes: dict[str, tuple[int, Scene]] = dataclasses.field(default_factory=dict)
    alike: dict[tuple[object, ...], Scene] = dataclasses.field(default_factory=dict)

    def begin(self, part: Part) -> None:
        """A table begins. Tables with the same headings share one scene and what was worked out for it."""
        key = (part.headings, part.missing)
        if key not in self.alike:
            self.alike[key] = scene_for(part, self.setting)
        scene = self.alike[key]
        self.scenes[part.name] = len(self.scenes), scene
        self._note(whole_findings(scene, part.heading_row), part.name)

    def judge(self, chunk: Chunk) -> None:
        """Judge a chunk and write what came of it."""
        table, scene = self.scenes[chunk.part]
        judged = validate_rows(chunk.frame, chunk.marks, scene, table, chunk.traits)
        self.tally.received += judged.received
        self.tally.rejected += judged.rejected
        self.tally.held += judged.held
        self._note(judged.findings, chunk.part)
        if judged.keys.height:
            self.writer.write("keys", judged.keys)
        if judged.accepted.height:
            rows = judged.accepted["row"]
            number = self.writer.write("accepted", judged.accepted.select(pl.lit(chunk.part).alias("part"), pl.all()))
            self.tally.written.append(_Part(number, table, int(rows.min()), int(rows.max())))  # type: ignore[arg-type]

    def _note(self, findings: pl.DataFrame, part: str) -> None:
        if findings.height:
            self.tally.findings += findings.height
            self.writer.write("findings", findings.with_columns(pl.lit(part).alias("part")))


def judge(path: Path, setting: Setting, folder: Path, tell: Tell | None = None) -> Outcome:
    """Receive and validate one file; results go to `folder` (made if absent, must be empty). Raises Refused."""
    for kind in ("accepted", "findings", "keys"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    registers, work = setting.registration, _Judging(setting, folder, asks=False)
    answer: Ask = unanswered
    if isinstance(registers, Asked):
        work = _Judging(dataclasses.replace(setting, registration=None), folder, asks=True)
        answer = _answering(registers)
    with receive(path, setting.order, setting.catalogue, work, answer) as received:
        tally = msgspec.json.decode(
            received.result(lambda p: tell(received, p.findings) if tell else None), type=_Tally
        )
        twice, again = _settle_repeats(tally, received.parts, setting, folder)
        rejected = tally.rejected + again
        return Outcome(
            receipt=received.receipt,
            parts=tuple(received.parts),
            notes=tuple(received.notes),
            received=tally.received,
            accepted=tally.received - rejected - tally.held - twice,
            rejected=rejected,
            duplicate=twice,
            held=tally.held,
            folder=folder,
        )


def _answering(registers: Asked) -> Ask:
    def answer(question: Question) -> pl.DataFrame:
        codes, folds = (pl.Series(question.about[name], dtype=pl.String) for name in ("codes", "folds"))
        return registers.ask(codes, folds)

    return answer


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


def _keys_twice(paths: list[Path]) -> pl.DataFrame:
    """The key hashes that stand more than once in all parts: looked for by one column, so that ten million rows fit."""
    hashes = pl.concat([pl.Series("key", [], pl.UInt64), *(pl.read_parquet(p, columns=["key"])["key"] for p in paths)])
    wanted = pl.col("key").is_in(twice(hashes).implode())
    return pl.concat([no_keys(), *(pl.read_parquet(p).filter(wanted) for p in paths)])


def _settle_repeats(tally: _Tally, parts: list[Part], setting: Setting, folder: Path) -> tuple[int, int]:
    """Findings for rows that repeat a decision; takes them out of the accepted parts. Returns how many rows were the same
    row twice, and how many said one decision in two ways."""
    repeats = repeated(_keys_twice(sorted((folder / "keys").iterdir())))
    writer = _Writer(folder, tally.parts)
    for (table,), group in repeats.group_by("part", maintain_order=True):
        part = parts[int(str(table))]
        findings = repeat_findings(group, scene_for(part, setting), [p.name for p in parts]).with_columns(
            pl.lit(part.name).alias("part")
        )
        writer.write("findings", findings)
    removed = {"same_row_twice": 0, "same_key_twice": 0}
    for piece in tally.written if repeats.height else ():
        here = repeats.filter((pl.col("part") == piece.table) & pl.col("row").is_between(piece.first, piece.last))
        if here.is_empty():
            continue
        path = part_path(folder, "accepted", piece.number)
        rows = pl.read_parquet(path)
        gone = rows.select("row").join(here, on="row").get_column("kind")
        for kind, count in gone.value_counts().iter_rows():
            removed[kind] += count
        if len(gone):
            _write(rows.join(here, on="row", how="anti"), path)
    writer.finish()
    return removed["same_row_twice"], removed["same_key_twice"]
