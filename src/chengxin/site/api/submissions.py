"""Submissions by API: send a file or rows, see what became of them, take the findings as data or as the annotated workbook."""

import hashlib
import re
from pathlib import Path

import msgspec
import polars as pl
from django.http import HttpRequest
from django.urls import reverse

from chengxin.flow.states import JobState, State
from chengxin.sharing.outlets import through
from chengxin.site.access import sent
from chengxin.site.access.jobs import job as one_job
from chengxin.site.actions import quarantine, repeats, uploads
from chengxin.site.actions.annotated import annotated
from chengxin.site.actions.api_keys import OWN
from chengxin.site.actions.judging import Sending
from chengxin.site.actions.submissions import answered_by, digest_of, found, submit
from chengxin.site.api import keys
from chengxin.site.api.asked import asked_by
from chengxin.site.api.operations import Call, Reply, from_json, is_json, operation
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Finding, Findings, Form, Job, RowsRequest, Submission
from chengxin.site.api.uploads import form_of, whole_body
from chengxin.site.folder import Site, site_here
from chengxin.site.store.models import Job as JobRow
from chengxin.site.store.models import Submission as Row
from chengxin.site.work import work_folder
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

PART = 500  # findings in one part
FORM = "multipart/form-data"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEY_SHAPE = {"type": "string", "pattern": "^[!-~]{1,255}$"}
_NOT_FOUND = Said("没有找到这个批次。", "No such submission.")
_NO_JOB = Said("没有找到这个任务，或已过留存期。", "No such job, or it is too old to be kept.")
_NOTHING = (
    "没有一行可以接收，不需要审查，也不算一次报送；改好后重新报送 (no row can be taken: mend them and send them again)"
)
_SOON = "2"  # seconds until it is worth asking again


@operation(
    "POST",
    "/submissions",
    Said("报送一个文件或若干行", "Send a file or rows"),
    Said(
        "立即校验并给回执；第二人在工作台保密审查后生效，没有一行可接收的（empty）不生效。同样的内容再报，按回执答复。"
        "较大的（文件或很多行）先收下，答 202，到 Location 处看进度和结果。带 Idempotency-Key 时，同一键七日内给同一答复。",
        "Judged at once with a receipt; it takes effect after the second person's review at the desk; if no row can be taken it is "
        "empty and never does. Equal bytes are answered "
        "from the receipt. What is large (a file or many rows) is taken with 202: look at Location for progress and what came "
        "of it. With an Idempotency-Key the same answer is given for seven days.",
    ),
    {
        201: (Submission, Said("已收到", "Received")),
        200: (Submission, Said("此前已报送", "Sent before")),
        202: (Job, Said("已收下，正在处理，见 Location", "Taken and being worked on, see Location")),
    },
    takes=RowsRequest,
    form=Form,
    headers={
        "Idempotency-Key": (
            _KEY_SHAPE,
            Said("由报送方选定，重试时不变", "chosen by the sender, kept when it tries again"),
        )
    },
    example={"resource": "penalty", "rows": [{"行政处罚决定书文号": "示例字〔2026〕1号"}]},
    refusals=(
        "key-scope",
        "bad-form",
        "idempotency-key",
        "idempotency-reuse",
        "in-progress",
        "busy",
        "unknown-resource",
        "unknown-authority",
        "known-on",
        "refused",
    ),
)
@through("authority.sent")
def post_submission(request: HttpRequest, call: Call) -> Reply:
    """The receipt."""
    site, held = site_here(), call.held
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Wrong(
            "idempotency-key", Said("幂等键应为 1 至 255 个可见 ASCII 字符。", "1 to 255 visible ASCII characters.")
        )
    with work_folder(site.folder) as folder:
        wanted, path = _arrived(request, folder)
        resource = load_catalogue(legal_today()).resource(wanted.resource).name
        held.may(resource, OWN)
        if wanted.known_on and not site.about.demo:
            raise Refused("known-on", Said("known_on 只用于演示站点。", "known_on is for demonstration sites."))
        hidden = wanted.hidden if isinstance(wanted, Form) else "ask"
        sending = Sending(
            resource, path, held.authority_id, keys.who(held).name, wanted.mode, wanted.known_on, wanted.source_order,
            hidden=hidden, way="api",
        )  # fmt: skip
        return _once(site, held.authority_id, key, sending)


def _arrived(request: HttpRequest, folder: Path) -> tuple[RowsRequest | Form, Path]:
    """What is wanted, and the file as it came; rows are a file of JSON, byte for byte."""
    if request.content_type == FORM:
        return form_of(request, folder)
    is_json(request, FORM)
    wanted: RowsRequest = from_json(whole_body(request), RowsRequest)
    rows = bytes(wanted.rows)
    if not rows.lstrip().startswith(b"["):
        finding = Finding("body", Said("rows 应为数组。", "rows must be an array."), column="rows")
        raise Wrong("body", Said("内容不合要求，见 findings。", "The body does not fit, see findings."), (finding,))
    path = folder / "rows.json"
    path.write_bytes(rows)
    return wanted, path


def _once(site: Site, body: str, key: str | None, sending: Sending) -> Reply:
    """The answer, the very same if this key was answered before."""
    if key is None:
        return _submitted(site, sending)
    with sending.path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    told = (sending.resource, sending.mode, sending.source_order, sending.known_on, sending.hidden, content)
    handle, known = repeats.begin(body, key, hashlib.sha256(msgspec.json.encode(told)).hexdigest())
    if known:
        return Reply(msgspec.Raw(known.answer.encode()), known.status, {"Idempotency-Replayed": "true", **_at(known)})
    try:
        reply = _submitted(site, sending)
    except BaseException:
        repeats.give_up(handle)
        raise
    repeats.finish(handle, reply.status, msgspec.json.encode(reply.content).decode())
    return reply


def _submitted(site: Site, sending: Sending) -> Reply:
    large = sending.path.stat().st_size > site.about.at_once
    if large and answered_by(sending, digest_of(sending.path)) is None:
        job = uploads.later(site, sending)
        return Reply(_on_its_way(job), 202, {"Location": _job_at(job.id.hex), "Retry-After": _SOON})
    receipt = submit(site, sending)
    row, again = receipt.submission, receipt.outcome is None
    return Reply(_told(row, again), 200 if again else 201, {"Location": _sent_at(row.id.hex)})


def _at(known: repeats.Kept) -> dict[str, str]:
    """Where what was answered before is to be found."""
    identity = str(msgspec.json.decode(known.answer)["id"])
    return {"Location": _job_at(identity) if known.status == 202 else _sent_at(identity)}


def _sent_at(identity: str) -> str:
    return reverse("api_submission", args=[identity])


def _job_at(identity: str) -> str:
    return reverse("api_job", args=[identity])


def _on_its_way(job: JobRow) -> Job:
    now, result = job.progress, job.result
    total, identity = now.get("total") or 0, job.submission.id.hex if job.submission else None
    done = job.state == JobState.DONE
    return Job(
        job.id.hex, job.resource, job.mode, job.state, job.made_at, job.changed_at, now.get("rows", 0),
        now.get("findings", 0), 100 if done else min(99, 100 * now.get("done", 0) // total) if total else None,
        _sent_at(identity) if identity else None, reverse("api_findings", args=[identity]) if identity else None,
        result.get("code") or None, Said(*result["said"]) if result.get("said") else None,
    )  # fmt: skip


@operation(
    "GET",
    "/jobs/{job}",
    Said("一次较大的报送办到哪里", "How far a large submission is"),
    Said(
        "进度；办完后有批次和问题的地址，没有接受的写明原因。只给报送的机关。",
        "Its progress; once it is done the addresses of submission and findings, or why nothing was taken. For its own body alone.",
    ),
    {200: (Job, Said("进度或结果", "Progress, or what came of it"))},
    refusals=("not-found",),
)
@through("authority.sent")
def get_job(request: HttpRequest, call: Call, job: str) -> Reply:
    """How far it is; what desks began is no program's business, and is as if it were not there."""
    found = one_job(asked_by(call.held, "authority.sent", OWN), job)
    if found is None or found.reading.get("way") != "api":
        raise Wrong("not-found", _NO_JOB)
    return Reply(_on_its_way(found), headers={"Retry-After": _SOON} if JobState(found.state).busy else {})


def _told(row: Row, again: bool = False) -> Submission:
    identity = row.id.hex
    return Submission(
        identity, row.resource, row.mode, str(row.state), row.counts, row.digest, row.known_on, row.received_at,
        reverse("api_findings", args=[identity]), _NOTHING if row.state == State.EMPTY else row.reason, again,
    )  # fmt: skip


@operation(
    "GET",
    "/submissions/{submission}",
    Said("一个批次", "One submission"),
    Said("状态和计数，只给报送的机关。", "Its state and counts, for its own body alone."),
    {200: (Submission, Said("批次", "The submission"))},
    refusals=("not-found",),
)
@through("authority.sent")
def get_submission(request: HttpRequest, call: Call, submission: str) -> Reply:
    """Its state, for its own body; else as if it were not there."""
    return Reply(_told(_own(call, "authority.sent", submission)))


@operation(
    "GET",
    "/submissions/{submission}/findings",
    Said("一个批次的问题", "Findings of a submission"),
    Said(
        "逐行的问题，规则和文字与批注表相同；先列关于整份文件的提示（没有 row），如不在目录里、没有保留的列。"
        "format=xlsx 给批注表（原件留存期间）。",
        "Row by row, rules and words as in the annotated workbook; first what is noted of the file as a whole (without a row), "
        "such as columns that are not in the catalogue and were not kept. format=xlsx gives the workbook (while the original "
        "is kept).",
    ),
    {200: (Findings, Said("问题，或批注表", "Findings, or the workbook"))},
    query={
        "offset": ({"type": "integer", "minimum": 0, "maximum": 999_999_999}, Said("从第几条起", "from which one")),
        "format": ({"enum": ["json", "xlsx"]}, Said("json 或 xlsx", "json or xlsx")),
    },
    file=XLSX,
    refusals=("not-found", "not-kept", "kept-changed", "too-long-for-a-sheet", "refused", "body"),
)
@through("authority.problems")
def get_findings(request: HttpRequest, call: Call, submission: str) -> Reply:
    """A part of them, or the workbook."""
    form, offset = request.GET.get("format", "json"), request.GET.get("offset", "0")
    if form not in ("json", "xlsx") or not re.fullmatch(r"[0-9]{1,9}", offset):
        raise Wrong(
            "body", Said("offset 应为整数，format 应为 json 或 xlsx。", "offset: a number; format: json or xlsx.")
        )
    if form == "xlsx":
        _own(call, "authority.problems_file", submission)
        return Reply(file=annotated(site_here(), found(submission)), media_type=XLSX)
    _own(call, "authority.problems", submission)
    all_of = quarantine.findings(site_here(), found(submission)).sort(
        "part", "row", nulls_last=False, maintain_order=True
    )
    part = all_of.slice(int(offset), PART)
    after = int(offset) + part.height
    address = f"{reverse('api_findings', args=[submission])}?offset={after}" if after < all_of.height else None
    return Reply(Findings(submission, all_of.height, _findings(part), address))


def _findings(part: pl.DataFrame) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            r["rule"], Said(r["message_zh"], r["message_en"]), r["severity"], r["row"], r["column"], r["field"],
            r["suggestion"], r["clause"], r["part"],
        )
        for r in part.iter_rows(named=True)
    )  # fmt: skip


def _own(call: Call, outlet: str, submission: str) -> Row:
    row = sent.one(asked_by(call.held, outlet, OWN), submission)
    if row is None:
        raise Wrong("not-found", _NOT_FOUND)
    return row
