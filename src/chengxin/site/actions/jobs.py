"""Jobs: long work that is begun at a desk and done by a worker, step by step; closing the page loses nothing.

The row of a job is the truth; a task of the queue only says that a worker shall look at it. Whoever works on a job holds a
lock on a file, which ends with its process however that ends: so a job whose worker was killed is known and taken up again.
"""

import contextlib
import fcntl
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from chengxin.flow.states import JobState
from chengxin.intake.received import Received
from chengxin.site.folder import Site, site_here
from chengxin.site.store.models import Job
from chengxin.values.errors import Refused, Said

MOST_TRIES = 3  # so that a file on which workers die is not begun for ever
_OLD = 86_400  # seconds after which the lock of a job that is gone goes too
STOPPABLE = ("check", "mend", "send", "list", "issue")  # steps that may be stopped
PATIENCE = 5.0  # seconds that a worker waits for another one to let go of a job
_EACH = 1.0  # seconds between two words about progress
_DIED = Said(
    "处理这个文件时程序三次中断，已停止。请联系信用办。", "Work on this file broke off three times; it was given up."
)
_BROKEN = Said(
    "处理时出错，未保存任何内容。请重试；仍出错请联系信用办。", "Something went wrong; nothing was recorded. Try again."
)
_BUSY = (JobState.WAITING.value, JobState.RUNNING.value)


class Stopped(Exception):  # noqa: N818 - somebody asked for it
    """The job was asked to stop."""


@dataclass
class Telling:
    """Tells a job's page how far it is; called by `judge` after each chunk. Raises Stopped once somebody asked to stop."""

    job: Job
    last: float = field(default=0.0)

    def __call__(self, received: Received, findings: int) -> None:
        """Write progress down, at most once a second."""
        if time.monotonic() - self.last < _EACH:
            return
        self.last = time.monotonic()
        now = received.progress
        told = {"done": now.done, "total": now.total, "rows": now.rows, "findings": findings}
        self._write(told)

    def writing(self, rows: int, findings: int) -> None:
        """Say that all rows were read and results are being written."""
        self._write({"done": 1, "total": 1, "rows": rows, "findings": findings, "writing": True})

    def counting(self, done: int, total: int, stops: bool = True) -> None:
        """Say how many of how many are done, at most once a second. `stops`: here it may be stopped."""
        if stops or time.monotonic() - self.last >= _EACH:
            self.last = time.monotonic()
            self._write({"done": done, "total": total}, stops)

    def _write(self, told: dict[str, Any], stops: bool = True) -> None:
        going = Job.objects.filter(id=self.job.id, stop=False)
        if not going.update(progress=told, changed_at=timezone.now()) and stops:
            raise Stopped


Step = Callable[[Site, Job, Telling], None]
STEPS: dict[str, Step] = {}


def step(name: str) -> Callable[[Step], Step]:
    """Registers what a worker does for a step of a job. It may run again after a crash, so it must not double anything."""

    def registered(work: Step) -> Step:
        STEPS[name] = work
        return work

    return registered


def begin(job: Job, name: str) -> None:
    """Let a worker do a step of the job; with the caller's own changes, all or nothing."""
    with transaction.atomic():
        job.step, job.state, job.stop, job.tries, job.progress = name, JobState.WAITING.value, False, 0, {}
        job.changed_at = timezone.now()
        job.save()
        run.enqueue(job.id.hex)


def stop(job: Job) -> None:
    """Ask a job to stop: at once if it still waits, else before its next chunk. A step that records is not stopped."""
    Job.objects.filter(id=job.id, state__in=_BUSY, step__in=STOPPABLE).update(stop=True)
    Job.objects.filter(id=job.id, state=JobState.WAITING.value, stop=True).update(state=JobState.STOPPED.value)


@task()
def run(identity: str) -> None:
    """What a worker does with a job; never raises, so that nothing of a file gets into the queue's own tables."""
    site = site_here()
    with _mine(site, identity) as job:
        if job is None:
            return
        if job.stop:
            _end(job, JobState.STOPPED)
            return
        if job.tries >= MOST_TRIES:
            _end(job, JobState.FAILED, _DIED)
            return
        Job.objects.filter(id=job.id).update(
            state=JobState.RUNNING.value, tries=F("tries") + 1, changed_at=timezone.now()
        )
        try:
            STEPS[job.step](site, job, Telling(job))
        except Stopped:
            _end(job, JobState.STOPPED)
        except Refused as refusal:
            _end(job, JobState.REFUSED, refusal.said, refusal.code)
        except Exception as error:
            _log(job, error)
            _end(job, JobState.FAILED, _BROKEN)


def done(job: Job, state: JobState, **changes: Any) -> None:
    """A step ended well."""
    Job.objects.filter(id=job.id).update(state=state.value, changed_at=timezone.now(), **changes)


def take_up(site: Site) -> int:
    """Let jobs go on that nobody works on although they should be: their worker was killed. Gives how many."""
    ready = DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)
    waiting = {args["args"][0] for args in ready if args.get("args")}
    again = 0
    for job in Job.objects.filter(state__in=_BUSY):
        if job.id.hex in waiting:
            continue
        with _locked(site, job.id.hex) as free:
            if free:
                run.enqueue(job.id.hex)
                again += 1
    return again


def prune(site: Site) -> None:
    """Forget ended jobs when what was kept for them is past its days, and the queue's own ended tasks after a day."""
    before = timezone.now() - timedelta(days=site.about.keep_days)
    Job.objects.filter(changed_at__lt=before).exclude(state__in=_BUSY).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - timedelta(days=1)).delete()
    known = {i.hex for i in Job.objects.values_list("id", flat=True)}
    for path in (site.folder / "jobs").glob("*"):
        if path.name not in known and path.stat().st_mtime < time.time() - _OLD:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _mine(site: Site, identity: str) -> Iterator[Job | None]:
    """The job, if it is still to be done and nobody else works on it, for as long as the block lasts.

    Another worker may be at the end of the step before: it is waited for a little.
    """
    with _locked(site, identity, PATIENCE) as free:
        jobs = Job.objects.select_related("authority", "submission")
        yield jobs.filter(id=identity, state__in=_BUSY).first() if free else None


@contextlib.contextmanager
def _locked(site: Site, identity: str, patience: float = 0.0) -> Iterator[bool]:
    folder = site.folder / "jobs"
    folder.mkdir(exist_ok=True, mode=0o700)
    until = time.monotonic() + patience
    with (folder / identity).open("w") as stream:
        while not (free := _lock(stream)) and time.monotonic() < until:
            time.sleep(0.1)
        yield free


def _lock(stream: IO[str]) -> bool:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end(job: Job, state: JobState, said: Said | None = None, code: str = "") -> None:
    result = {**job.result, "said": [said.zh, said.en], "code": code} if said else job.result
    done(job, state, result=result)


def _log(job: Job, error: Exception) -> None:
    """Where it broke, without the error's own words, which may hold what stands in a file."""
    where = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger("chengxin").error("job %s, step %s: %s\n%s", job.id.hex, job.step, type(error).__name__, where)
