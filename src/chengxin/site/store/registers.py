"""The store of the way: looks up what is there, stages change sets part by part, and makes them visible as one."""

import contextlib
import fcntl
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from chengxin.flow.store import SEALED, Occasion
from chengxin.registers.changes import CURRENT
from chengxin.site.keys import Keys, seal, unseal
from chengxin.site.store import journal, log, names
from chengxin.site.store.bulk import STEP, Schema, chosen, on_postgres, rows_where, tell_planner
from chengxin.site.store.counted import Tally
from chengxin.site.store.known import Known, asked_for
from chengxin.site.store.models import ChangeSet, Fingerprint, Head, PersonKey
from chengxin.site.store.staged import LIVING, Staged
from chengxin.values.clock import legal_today

_LOCK = 0x6368656E6778  # the writer's advisory lock
BORN = ("subject", "namegram", "saidagain")  # tables whose rows only begin
_DATA_KEY = 32
_MANY = 5_000  # events after which PostgreSQL should look at its tables again


@dataclass
class SiteStore:
    """The registers in Django's database. One writer at a time; readers never wait.

    `known`: all subjects in memory, where a large file will ask for many; let go as soon as they change.
    """

    folder: Path
    keys: Keys
    known: Known | None = None
    staged: Staged | None = None  # what is being written now

    @property
    def digest_key(self) -> bytes:
        """For telling contents and natural keys apart."""
        return hmac.digest(self.keys.token, b"digest", "sha256")

    def subjects(self, numbers: pl.Series) -> pl.DataFrame:
        """See `flow.store.Store`."""
        if self.known is None or (self.staged and self.staged.subjects_changed):
            self._quiet()
            return asked_for(numbers)
        found = self.known.led_to(numbers)
        others = numbers.filter(~numbers.is_in(found["asked"].implode()))
        if others.is_empty():
            return found
        self._quiet()
        return pl.concat([found, asked_for(others)])

    def persons(self, tokens: pl.Series) -> pl.DataFrame:
        """See `flow.store.Store`."""
        if tokens.is_empty():
            return pl.DataFrame(schema={"id": pl.String, "token": pl.String})
        self._quiet()
        sql = _PERSONS.format(chosen=chosen(tokens, "text"))
        return rows_where(sql, {"id": pl.String, "token": pl.String})

    def current(self, keys: pl.Series, sender: str) -> pl.DataFrame:
        """See `flow.store.Store`."""
        if keys.is_empty():
            return pl.DataFrame(schema=CURRENT)
        if self.staged is None:
            return rows_where(_CURRENT.format(chosen=chosen(keys, "uuid")), CURRENT, (sender,))
        self.staged.make_seen(keys)
        found = rows_where(_CURRENT.format(chosen=chosen(keys, "uuid")), CURRENT, (sender,))
        self.staged.write_behind()
        return found

    def current_of(self, resource: str, sender: str) -> Iterator[pl.DataFrame]:
        """See `flow.store.Store`: whole versions, in parts by id."""
        self._quiet()
        last = "0" * 32
        while True:
            part = rows_where(_WHOLE, WHOLE, (resource, sender, last, STEP // 4))
            if part.is_empty():
                return
            yield part
            last = str(part["id"][-1])

    def fingerprints(self, subjects: pl.Series) -> pl.DataFrame:
        """See `flow.store.Store`."""
        schema = {"subject": pl.String, "fingerprint": pl.String}
        if subjects.is_empty() or (self.staged and not self.staged.fingerprints):
            return pl.DataFrame(schema=schema)
        self._quiet()
        return rows_where(_FINGERPRINTS.format(chosen=chosen(subjects, "uuid")), schema)

    def log_indexes(self, about: pl.Series) -> pl.DataFrame:
        """See `flow.store.Store`."""
        schema = {"about": pl.String, "previous": pl.Int64}
        if about.is_empty():
            return pl.DataFrame(schema=schema)
        self._quiet()
        found = rows_where(_INDEXES.format(chosen=chosen(about, "uuid")), schema)
        return found.sort("previous").unique("about", keep="last")

    def seal(self, persons: pl.Series, ids: pl.Series, contents: pl.Series) -> pl.Series:
        """See `flow.store.Store`. A person without a key gets one."""
        self._quiet()
        data = {person: self._data_key(person) for person in persons.unique().to_list()}
        rows = zip(persons.to_list(), ids.to_list(), contents.to_list(), strict=True)
        return pl.Series([sealed_text(data[p], text, row) for p, row, text in rows], dtype=pl.String)

    def carried(self, persons: pl.Series, before: pl.Series, ids: pl.Series, contents: pl.Series) -> pl.Series:
        """See `flow.store.Store`. What was erased stays as it is: nobody can read it, under any row."""
        self._quiet()
        rows = zip(persons.to_list(), before.to_list(), ids.to_list(), contents.to_list(), strict=True)
        return pl.Series([self._bound_anew(*row) for row in rows], dtype=pl.String)

    def _bound_anew(self, person: str, before: str, now: str, content: str) -> str:
        if not content.startswith(SEALED) or not PersonKey.objects.filter(subject=person).exists():
            return content
        key = self._data_key(person)
        return sealed_text(key, opened_text(key, content, before), now)

    def _data_key(self, person: str) -> bytes:
        known = PersonKey.objects.filter(subject=person).first()
        if known:
            return self.keys.unwrap(bytes(known.wrapped), known.wrapped_by, f"person-key {person}")
        fresh = secrets.token_bytes(_DATA_KEY)
        wrapped, by = self.keys.wrap(fresh, f"person-key {person}")
        PersonKey.objects.create(subject=person, wrapped=wrapped, wrapped_by=by)
        return fresh

    @contextlib.contextmanager
    def begin(self, occasion: Occasion, at_once: bool = False) -> Iterator[Staged]:
        """See `flow.store.Store`. On PostgreSQL one transaction; on SQLite steps that others can write between.

        `at_once`: one transaction there too, as befits a change set of few events that takes no time to work out.
        """
        with self.writing() as committed:
            number = committed + 1
            if self.known and self.known.number != number - 1:
                self.known = None
            outer = transaction.atomic() if at_once or on_postgres() else contextlib.nullcontext()
            staged = Staged(number, Fingerprint.objects.filter(until=None).exists(), Tally(number, legal_today()))
            self.staged = staged
            try:
                with outer:
                    _look_up_by_index()
                    _announce(occasion, number)
                    yield staged
                    staged.flush()
                    _show(staged)
            except BaseException:
                staged.close()
                recover(Head.objects.get().committed)
                raise
            finally:
                staged.close()
                self.staged = None
            log.include(self.folder, self.keys, number, {number: staged.leaves})
            if staged.after:
                staged.after()
            if staged.events > _MANY:
                tell_planner()

    def _quiet(self) -> None:
        """Wait until the connection is free: it serves one thread at a time."""
        if self.staged:
            self.staged.wait()

    def settle(self) -> None:
        """Put right what a crash left or other words of names ask for, unless somebody writes now; costs two reads if nothing."""
        head = Head.objects.get()
        if (
            not names.kept_up(head)
            or head.included < head.committed
            or ChangeSet.objects.filter(number__gt=head.committed).exists()
        ):
            with contextlib.suppress(BlockingIOError), self.writing(wait=False):
                pass

    @contextlib.contextmanager
    def writing(self, wait: bool = True) -> Iterator[int]:
        """Be the only writer of the registers; first put right what a crash left, and say so. Gives the last change set.

        Raises BlockingIOError if another writes and this one shall not `wait`.
        """
        with _locked(self.folder, wait):
            (self.folder / log.UNFINISHED).unlink(missing_ok=True)
            head = Head.objects.get()
            journal.taken_back(self.folder, recover(head.committed))
            if head.included < head.committed:
                journal.logged(self.folder, log.include(self.folder, self.keys, head.committed))
            names.keep_up(head)
            yield head.committed


def sealed_text(key: bytes, text: str, row: str) -> str:
    """A person's content under that person's key, bound to its row, as text."""
    return SEALED + seal(key, text.encode(), f"record {row}").hex()


def opened_text(key: bytes, content: str, row: str) -> str:
    """The text that `sealed_text` sealed for this row."""
    return unseal(key, bytes.fromhex(content.removeprefix(SEALED)), f"record {row}").decode()


def recover(committed: int) -> list[ChangeSet]:
    """Take back what was staged after the change set `committed` and never shown; gives it. Only the writer may call it."""
    left = list(ChangeSet.objects.filter(number__gt=committed).select_related("submission"))
    if not left:
        return []
    with connection.cursor() as cursor:
        for name in LIVING:
            cursor.execute(f"DELETE FROM store_{name} WHERE since > %s", [committed])  # noqa: S608
            cursor.execute(f"UPDATE store_{name} SET until = NULL WHERE until > %s", [committed])  # noqa: S608
        for name in BORN:
            cursor.execute(f"DELETE FROM store_{name} WHERE since > %s", [committed])  # noqa: S608
        cursor.execute("DELETE FROM store_event WHERE change_set > %s", [committed])
        cursor.execute("DELETE FROM store_waiting WHERE change_set > %s", [committed])
    ChangeSet.objects.filter(number__gt=committed).delete()
    return left


def _look_up_by_index() -> None:
    """Pages are read from memory or a solid disk: looking up by index is cheaper than the planner's defaults have it."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL random_page_cost = 1.1")


def _announce(occasion: Occasion, number: int) -> None:
    ChangeSet.objects.create(
        number=number,
        kind=occasion.kind,
        actor=occasion.actor,
        reason=occasion.reason,
        item=occasion.item,
        authority=occasion.authority,
        submission_id=occasion.submission,
        known_on=occasion.known_on,
        known_at=timezone.now(),
    )


def _show(staged: Staged) -> None:
    with transaction.atomic():
        ChangeSet.objects.filter(number=staged.number).update(events=staged.events)
        if staged.finish:
            staged.finish()
        staged.tally.write()
        Head.objects.update(committed=staged.number)


@contextlib.contextmanager
def _locked(folder: Path, wait: bool) -> Iterator[None]:
    """An advisory lock that ends with its holder, however that ends. Raises BlockingIOError."""
    with (folder / "writer.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if on_postgres():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_lock(%s)", [_LOCK])
                if cursor.fetchone() == (False,):
                    raise BlockingIOError
        try:
            yield
        finally:
            if on_postgres():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


_PERSONS = """
SELECT i.subject, i.value FROM {chosen} c JOIN store_identifier i ON i.value = c.key AND i.until IS NULL WHERE i.kind = 'person'
"""
# CROSS JOIN: SQLite looks for the key first, not through all that the few change sets said again.
_CURRENT = """
SELECT r.key, r.id, r.version, r.digest, r.state, r.source_order, r.sender, r.authority_code, r.said_in,
       EXISTS (SELECT 1 FROM store_saidagain a CROSS JOIN store_changeset s
               WHERE a.key = r.key AND s.number = a.since AND s.authority = %s AND s.undone_in IS NULL)
FROM {chosen} c JOIN store_record r ON r.key = c.key AND r.until IS NULL
"""
_FINGERPRINTS = """
SELECT f.subject, f.value FROM {chosen} c JOIN store_fingerprint f ON f.subject = c.key AND f.until IS NULL
"""
_INDEXES = """
SELECT e.about, s.first_index + e.place FROM {chosen} c JOIN store_event e ON e.about = c.key
JOIN store_changeset s ON s.number = e.change_set WHERE s.first_index IS NOT NULL
"""
WHOLE: Schema = {
    "id": pl.String,
    "key": pl.String,
    "version": pl.Int32,
    "resource": pl.String,
    "subject": pl.String,
    "state": pl.String,
    "document": pl.String,
    "list": pl.String,
    "authority": pl.String,
    "authority_code": pl.String,
    "source": pl.String,
    "sender": pl.String,
    "decided_on": pl.Date,
    "severity": pl.String,
    "adverse": pl.Boolean,
    "published": pl.Boolean,
    "draft": pl.Boolean,
    "last_day": pl.Date,
    "clause": pl.String,
    "content": pl.String,
    "digest": pl.String,
    "source_order": pl.Int64,
    "withheld": pl.String,
    "said_in": pl.Int32,
}
_WHOLE = f"""
SELECT {", ".join(WHOLE)} FROM store_record WHERE until IS NULL AND resource = %s AND sender = %s AND id > %s ORDER BY id LIMIT %s
"""  # noqa: S608 - names of ours
