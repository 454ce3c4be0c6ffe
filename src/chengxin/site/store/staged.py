"""A change set while it is written, part by part; on PostgreSQL one part is written while the next is worked out."""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chengxin.flow.store import Step
from chengxin.site.store import names
from chengxin.site.store.bulk import STEP, chosen, on_postgres, pieces, put_rows, rows_where, tell_planner
from chengxin.site.store.counted import Tally

LIVING = ("subjectfact", "identifier", "record", "merge", "fingerprint")  # tables whose rows end
SAID = ("record", "subjectfact")  # tables whose rows know which change set said them first
_MANY = 5_000  # events after which PostgreSQL should look at its tables again
_GROWN = 4  # times as many events until it looks once more


@dataclass
class Staged:
    """A change set that is being written; see `flow.store.ChangeSet`.

    A part that only adds records may wait (`stage`) until the next part has looked up what is there (`make_seen`); then it
    is written by a second thread on the same connection (`write_behind`), which nobody else may use before `wait`.
    """

    number: int
    fingerprints: bool  # whether anything at all is known that must not come back
    tally: Tally  # what it does to the counts
    events: int = 0
    leaves: list[bytes] = field(default_factory=list)
    again: int = 0  # what it said again, so far
    told: int = 0  # events when the planner last heard of them
    finish: Callable[[], None] | None = None  # run where it becomes visible, in the same transaction
    after: Callable[[], None] | None = None  # run once it is visible, before anybody else may write
    subjects_changed: bool = False  # what was known of subjects before is out of date
    _waiting: Step | None = None
    _writing: Future[None] | None = None
    _second: ThreadPoolExecutor | None = None

    def stage(self, step: Step) -> None:
        """Take one part: rows begin with this change set, closed ones end with it."""
        self.subjects_changed = self.subjects_changed or bool(len(step.tables.get("subjectfact", ())))
        if self._waiting is None and on_postgres() and _only_adds_records(step):
            self._waiting = step
            return
        self.flush()
        self._write(step)

    def make_seen(self, keys: pl.Series) -> None:
        """Make what was staged under these keys visible to a look-up."""
        self.wait()
        if self._waiting and self._waiting.tables["record"]["key"].is_in(keys.implode()).any():
            self.flush()

    def write_behind(self) -> None:
        """Begin to write the part that waits."""
        step, self._waiting = self._waiting, None
        if step is None:
            return
        self._second = self._second or ThreadPoolExecutor(1, "chengxin-write")
        shared = connections["default"]
        shared.inc_thread_sharing()
        self._writing = self._second.submit(self._behind, shared, step)

    def wait(self) -> None:
        """Until nothing is being written; what failed there fails here."""
        writing, self._writing = self._writing, None
        if writing:
            try:
                writing.result()
            finally:
                connections["default"].dec_thread_sharing()

    def flush(self) -> None:
        """Write all that was staged."""
        self.wait()
        step, self._waiting = self._waiting, None
        if step:
            self._write(step)

    def close(self) -> None:
        """Let nothing more be written. What failed in the second thread was said, or is taken back by whoever calls this."""
        self._waiting = None
        with contextlib.suppress(Exception):
            self.wait()
        if self._second:
            self._second.shutdown()

    def _behind(self, shared: BaseDatabaseWrapper, step: Step) -> None:
        connections["default"] = shared  # this thread's name for the one connection
        self._write(step)

    def _write(self, step: Step) -> None:
        with transaction.atomic():
            for name, ids in step.closed.items():
                self._close(name, ids)
            for name, rows in step.tables.items():
                self._put(name, rows, step)
            placed = step.events.with_row_index("place", self.events).with_columns(
                pl.lit(self.number, dtype=pl.Int32).alias("change_set")
            )
            for piece in pieces(placed, STEP):
                put_rows("store_event", piece)
        self.fingerprints = self.fingerprints or bool(step.tables.get("fingerprint", pl.DataFrame()).height)
        self.events += step.events.height
        self.leaves.append(step.leaves)
        if on_postgres() and self.events > _MANY and self.events >= _GROWN * self.told:
            tell_planner()  # a change set grows while it looks things up, and the planner must know
            self.told = self.events

    def _close(self, name: str, ids: pl.Series) -> None:
        if ids.is_empty():
            return
        if name == "record":
            self.tally.ending(ids)
        if name == "subjectfact":
            self.tally.unnaming(ids)
        _close(name, ids, self.number)

    def _put(self, name: str, rows: pl.DataFrame, step: Step) -> None:
        if rows.is_empty():
            return None
        rows = rows.with_columns(pl.lit(self.number, dtype=pl.Int32).alias("since"))
        if name == "namegram":
            born = step.tables.get("subject")
            return names.put(rows, pl.Series(dtype=pl.String) if born is None else born["id"])
        if name == "identifier":
            rows = _not_there(rows)
        if name == "saidagain":
            rows = rows.with_columns(pl.int_range(self.again, self.again + rows.height, dtype=pl.Int32).alias("place"))
            self.again += rows.height
        if name in SAID and "said_in" not in rows.columns:
            rows = rows.with_columns(pl.col("since").alias("said_in"))
        if name in LIVING:
            late = pl.when("late").then(self.number) if "late" in rows.columns else pl.lit(None)
            rows = rows.with_columns(late.cast(pl.Int32).alias("until")).drop("late", strict=False)
        if name == "record":
            self.tally.begun(rows)
            rows = rows.drop("kind", strict=False)  # the subject's: it stands in its own table
        if name == "subjectfact":
            self.tally.named(rows, step.tables.get("subject"))
        return put_rows(f"store_{name}", rows)


def _only_adds_records(step: Step) -> bool:
    others = sum(rows.height for name, rows in step.tables.items() if name != "record")
    return "record" in step.tables and others + sum(map(len, step.closed.values())) == 0


def _close(name: str, ids: pl.Series, number: int) -> None:
    column = "subject" if name == "subjectfact" else "id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE store_{name} SET until = %s WHERE until IS NULL AND {column} IN (SELECT key FROM {chosen(ids, 'uuid')} AS c)",  # noqa: S608
            [number],
        )


def _not_there(rows: pl.DataFrame) -> pl.DataFrame:
    """Identifiers that lead nowhere yet."""
    known = rows_where(_KNOWN.format(chosen=chosen(rows["value"], "text")), {"value": pl.String})
    return rows.join(known, on="value", how="anti", maintain_order="left")


_KNOWN = "SELECT i.value FROM {chosen} c JOIN store_identifier i ON i.value = c.key AND i.until IS NULL"
