"""Large submissions by API: taken with 202, done by the desks' worker, told at their address; equal under one key."""

import json
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.site.conftest import NUMBER, OTHER, Cast, Stranger, fined, registered
from tests.site.programs import Program, problem, program
from tests.site.work import as_csv, text, work

ROWS = [fined(1, f"示例字〔2026〕{n}号") for n in range(1, 9)]


@pytest.fixture
def ours(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program of a site that judges at once only what is tiny."""
    from chengxin.site.folder import site_here

    stranger.desk.send("registration", [registered(n) for n in (1, 2)])
    tiny = msgspec.structs.replace(site_here().about, at_once=600)
    site = type(site_here())(site_here().folder, tiny, site_here().keys)
    monkeypatch.setattr("chengxin.site.api.submissions.site_here", lambda: site)
    return program(stranger)


def told(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content.decode()
    return dict(json.loads(answer.content))


def ask(ours: Program, address: str, status: int = 200) -> dict[str, Any]:
    return told(ours("get", address.removeprefix("/api/v1/")), status)


def test_what_is_large_is_taken_at_once_and_done_by_the_worker(stranger: Stranger, ours: Program) -> None:
    from chengxin.site.store.models import Job, Kept, Submission

    wrong = {**ROWS[0], "CF_WSH": "示例字〔2026〕90号", "CF_JDRQ": "2026年13月1日"}
    answer = ours.send([*ROWS, wrong])
    job = told(answer, 202)
    assert answer.headers["Location"] == f"/api/v1/jobs/{job['id']}" and answer.headers["Retry-After"] == "2"
    assert job["state"] == "waiting" and "submission" not in job
    before = Submission.objects.count()
    assert ask(ours, answer.headers["Location"])["state"] == "waiting"
    work()
    done = ask(ours, answer.headers["Location"])
    assert (done["state"], done["percent"], Submission.objects.count()) == ("done", 100, before + 1)
    sent = ask(ours, done["submission"])
    assert (sent["state"], sent["counts"]["accepted"], sent["counts"]["rejected"]) == ("received", 8, 1)
    (finding,) = [f for f in ask(ours, done["findings"])["findings"] if f["severity"] == "reject"]
    assert (finding["row"], finding["field"]) == (9, "CF_JDRQ")
    assert not Kept.objects.filter(job=Job.objects.get()).exists()
    assert not [p for p in (stranger.desk.site.folder / "work").rglob("*") if p.is_file()]
    again = ours.send([*ROWS, wrong])
    assert told(again, 200)["id"] == sent["id"] and Job.objects.count() == 1


def test_a_large_file_is_a_job_too_and_its_body_sees_it_at_its_desk(
    stranger: Stranger, ours: Program, cast: Cast
) -> None:
    file = SimpleUploadedFile("处罚.csv", as_csv(ROWS), "text/csv")
    headers = {"Authorization": f"Bearer {ours.key}"}
    job = told(stranger.client.post("/api/v1/submissions", {"resource": "penalty", "file": file}, headers=headers), 202)
    page = cast("clerk").get(f"/bumen/renwu/{job['id']}/")
    assert page.status_code == 200 and "处罚.csv" in text(page) and "停止" not in text(page)
    work()
    assert cast("clerk").get(f"/bumen/renwu/{job['id']}/").status_code == 302
    assert ask(ours, f"jobs/{job['id']}")["state"] == "done"


def test_the_same_key_gives_the_same_job_and_no_second_one(stranger: Stranger, ours: Program) -> None:
    from chengxin.site.store.models import Job

    key = {"Idempotency-Key": "large-1"}
    first, again = ours.send(ROWS, key), ours.send(ROWS, key)
    assert told(first, 202) == told(again, 202) and Job.objects.count() == 1
    assert again.headers["Location"] == first.headers["Location"] and again.headers["Idempotency-Replayed"] == "true"
    problem(ours.send([*ROWS, fined(2, "示例字〔2026〕99号")], key), 422, "idempotency-reuse")
    work()
    late = ours.send(ROWS, key)
    assert told(late, 202) == told(first, 202)  # what was answered stays the answer; its address tells how it went on
    assert ask(ours, late.headers["Location"])["state"] == "done"


def test_a_file_that_is_refused_says_why_at_its_address(stranger: Stranger, ours: Program) -> None:
    file = SimpleUploadedFile("a.csv", b"%PDF-1.7 " + b"x" * 900, "text/csv")
    headers = {"Authorization": f"Bearer {ours.key}"}
    job = told(stranger.client.post("/api/v1/submissions", {"resource": "penalty", "file": file}, headers=headers), 202)
    work()
    ended = ask(ours, f"jobs/{job['id']}")
    assert ended["state"] == "refused" and ended["code"] and ended["said"]["zh"] and "submission" not in ended


def test_nobody_elses_job_and_no_job_of_a_desk_is_told(stranger: Stranger, ours: Program, cast: Cast) -> None:
    from tests.site.work import upload

    job = told(ours.send(ROWS), 202)
    theirs = program(stranger, OTHER[0])
    desk = upload(cast("clerk"), "penalty", as_csv(ROWS)).rstrip("/").rsplit("/", 1)[1]
    absent = problem(ours("get", f"jobs/{'0' * 32}"), 404, "not-found")
    assert problem(theirs("get", f"jobs/{job['id']}"), 404, "not-found") == absent
    assert problem(ours("get", f"jobs/{desk}"), 404, "not-found") == absent
    checking = program(stranger, purposes=["administration"])
    problem(checking("get", f"jobs/{job['id']}"), 403, "key-scope")


def test_a_body_that_sends_too_much_at_once_is_asked_to_wait(
    stranger: Stranger, ours: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Job

    monkeypatch.setattr("chengxin.site.actions.uploads.MOST_BUSY", 1)
    told(ours.send(ROWS), 202)
    problem(ours.send([*ROWS, fined(2, "示例字〔2026〕99号")], {"Idempotency-Key": "k"}), 429, "busy")
    work()
    told(ours.send([*ROWS, fined(2, "示例字〔2026〕99号")], {"Idempotency-Key": "k"}), 202)  # the key was given back
    assert Job.objects.count() == 2


def test_a_worker_that_is_killed_in_between_doubles_nothing(
    stranger: Stranger, ours: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions import jobs, kept
    from chengxin.site.store.models import Job, Submission

    told(ours.send(ROWS), 202)
    with monkeypatch.context() as killed:
        killed.setattr(kept, "forget", lambda *_: None)
        work()
    sent = Submission.objects.count()
    Job.objects.update(state="running", submission=None)  # it was killed before it said so
    assert jobs.take_up(stranger.desk.site) == 1
    work()
    job = Job.objects.get()
    assert (Submission.objects.count(), job.state) == (sent, "done") and job.submission
    assert NUMBER not in str(job.reading)


def test_the_document_tells_it(stranger: Stranger, ours: Program) -> None:
    import jsonschema

    document = json.loads(stranger.get("/api/v1/openapi.json"))

    def fits(answer: Any, path: str, method: str) -> None:
        known = document["paths"][path][method]["responses"][str(answer.status_code)]["content"]["application/json"]
        schema = known["schema"] | {"components": document["components"]}
        jsonschema.validate(json.loads(answer.content), schema, jsonschema.Draft202012Validator)

    answer = ours.send(ROWS)
    fits(answer, "/submissions", "post")
    fits(ours("get", f"jobs/{told(answer, 202)['id']}"), "/jobs/{job}", "get")
    work()
    fits(ours("get", f"jobs/{told(answer, 202)['id']}"), "/jobs/{job}", "get")
