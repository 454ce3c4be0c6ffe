"""Jobs: a worker of its own process, killed and begun again; nothing lost, nothing doubled, nothing told that is in a file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.site.conftest import Cast, Stranger, fined, registered
from tests.site.work import as_csv, checked, landed, text, upload, work

FINE = fined(1, "示例字〔2026〕1号")


def worker(folder: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "chengxin.cli.main", "worker", "--site", str(folder), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ.copy())


def many(n: int) -> bytes:
    head, line = as_csv([FINE]).decode().splitlines()
    return "\n".join([head, *(line.replace("示例字〔2026〕1号", f"示例字〔2026〕{i}号") for i in range(n))]).encode()


def test_a_worker_of_its_own_process_checks_and_sends(stranger: Stranger, cast: Cast) -> None:
    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    out, _ = worker(stranger.desk.site.folder, "--once").communicate(timeout=60)
    assert "确认报送 1 行" in text(cast("clerk").get(address)), out.decode()


def test_the_server_keeps_a_worker_beside_it_and_takes_it_along(stranger: Stranger, cast: Cast) -> None:
    from chengxin.cli.worker import worker_beside
    from chengxin.site.store.models import Job

    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    with worker_beside(stranger.desk.site.folder):
        until = time.monotonic() + 60
        while Job.objects.get().state != "checked" and time.monotonic() < until:
            time.sleep(0.1)
    assert "确认报送 1 行" in text(cast("clerk").get(address))
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for c in children for pid in c.read_text().split()]
    assert not any(b"worker" in command for command in commands)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Job, Submission

    address = upload(cast("clerk"), "penalty", many(20_000))
    for step in ("check", "send"):
        if step == "send":
            cast("clerk").post(f"{address}queren/")
        running = worker(stranger.desk.site.folder)
        while Job.objects.get().state == "waiting":
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert (Job.objects.get().state, Job.objects.get().step) == ("running", step)
        assert "进行中" in text(cast("clerk").get(address))
        out, _ = worker(stranger.desk.site.folder, "--once").communicate(timeout=120)
        assert "接着做" in out.decode()
    assert landed(cast("clerk"), address).startswith("/bumen/pici/")
    assert Submission.objects.count() == 1
    assert list((stranger.desk.site.folder / "work").glob("*")) == []  # what was in the clear is gone


def test_a_file_on_which_workers_die_is_given_up(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import jobs, uploads  # noqa: F401 - the steps that one is put in place of

    def dies(*_: Any) -> None:
        raise SystemExit

    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    with monkeypatch.context() as patched:
        patched.setitem(jobs.STEPS, "check", dies)
        for _ in range(jobs.MOST_TRIES):
            work()
            jobs.take_up(stranger.desk.site)
    work()
    assert "三次中断" in text(cast("clerk").get(address))
    assert jobs.take_up(stranger.desk.site) == 0


def test_a_job_that_somebody_works_on_is_not_begun_twice(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import jobs

    monkeypatch.setattr(jobs, "PATIENCE", 0.0)
    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    identity = address.split("/")[3]
    with jobs._locked(stranger.desk.site, identity) as free:
        assert free
        work()
        assert "排队等候" in text(cast("clerk").get(address))
        assert jobs.take_up(stranger.desk.site) == 0
    assert jobs.take_up(stranger.desk.site) == 1
    work()
    assert "确认报送 1 行" in text(cast("clerk").get(address))


def test_a_job_can_be_stopped_before_and_while_it_runs(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    from chengxin.intake.received import Progress
    from chengxin.site.actions import jobs, uploads  # noqa: F401 - the steps that one is put in place of

    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    assert "停止" in text(cast("clerk").get(address))
    cast("clerk").post(f"{address}tingzhi/")
    work()
    assert "已停止" in text(cast("clerk").get(address))

    def asked_meanwhile(site: Any, job: Any, tell: jobs.Telling) -> None:
        told: Any = SimpleNamespace(progress=Progress(50, 200, 12_400))
        tell(told, 37)
        page = text(cast("clerk").get(f"/bumen/renwu/{job.id.hex}/"))
        assert "已检查 12,400 行，发现 37 处" in page and "25%" in page
        cast("clerk").post(f"/bumen/renwu/{job.id.hex}/tingzhi/")
        tell.last = 0
        tell(told, 38)
        raise AssertionError("it went on")

    monkeypatch.setitem(jobs.STEPS, "check", asked_meanwhile)
    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    work()
    page = text(cast("clerk").get(address))
    assert "已停止" in page and "没有保存任何内容" in page


def test_what_breaks_tells_nothing_of_the_file(
    stranger: Stranger, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django_tasks_db.models import DBTaskResult

    from chengxin.site.actions import jobs, uploads  # noqa: F401 - the steps that one is put in place of

    words = "canary 5f1c"  # of a cell, as libraries put them into their errors

    def breaks(*_: Any) -> None:
        raise RuntimeError(words)

    monkeypatch.setitem(jobs.STEPS, "check", breaks)
    address = upload(cast("clerk"), "penalty", as_csv([FINE]))
    work()
    assert "处理时出错" in text(cast("clerk").get(address))
    assert "RuntimeError" in caplog.text and "canary" not in caplog.text
    assert "canary" not in str(list(DBTaskResult.objects.values()))


def test_old_jobs_are_forgotten_with_what_was_kept_for_them(stranger: Stranger, cast: Cast) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from chengxin.site.actions import jobs
    from chengxin.site.store.models import Job, Kept

    checked(cast("clerk"), "penalty", [FINE])
    Job.objects.update(changed_at=timezone.now() - timedelta(days=31))
    jobs.prune(stranger.desk.site)
    assert not Job.objects.exists() and not Kept.objects.exists()


def test_a_review_is_a_job_and_is_not_done_twice(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.actions import jobs
    from chengxin.site.store.models import ChangeSet, Job

    stranger.desk.send("registration", [registered(1)])
    address, _ = checked(cast("clerk"), "penalty", [FINE])
    cast("clerk").post(f"{address}queren/")
    work()
    identity = landed(cast("clerk"), address).split("/")[3]
    cast("reviewer").post(f"/bumen/shencha/{identity}/", {"do": "sign", "looked": "yes"})
    work()
    before = ChangeSet.objects.count()
    job = Job.objects.get(step="review")
    jobs.begin(job, "review")  # as after a crash between the recording and the word that it is done
    work()
    assert (ChangeSet.objects.count(), Job.objects.get(step="review").state) == (before, "done")
