"""Submissions by API: send a file or rows, see what became of them, take the findings as data or as the annotated workbook."""

import hashlib
import re
from pathlib import Path

import msgspec
import polars as pl
from django.http import HttpRequest
from django.urls import reverse

from chengxin.sharing.outlets import through
from chengxin.site.access import sent
from chengxin.site.actions import quarantine, repeats
from chengxin.site.actions.annotated import annotated
from chengxin.site.actions.api_keys import OWN
from chengxin.site.actions.judging import Sending
from chengxin.site.actions.submissions import found, submit
from chengxin.site.api import keys
from chengxin.site.api.asked import asked_by
from chengxin.site.api.operations import Call, Reply, from_json, is_json, operation
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Finding, Findings, Form, RowsRequest, Submission
from chengxin.site.api.uploads import form_of, whole_body
from chengxin.site.folder import Site, site_here
from chengxin.site.store.models import Submission as Row
from chengxin.site.work import work_folder
from chengxin.standards.load import load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

PART = 500  # findings in one part
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEY_SHAPE = {"type": "string", "pattern": "^[!-~]{1,255}$"}
_NOT_FOUND = Said("没有找到这个批次。", "No such submission.")


@operation(
    "POST",
    "/submissions",
    Said("报送一个文件或若干行", "Send a file or rows"),
    Said(
        "立即校验并给回执；第二人在工作台保密审查后生效。同样的内容再报，按回执答复。"
        "带 Idempotency-Key 时，同一键七日内给同一答复。",
        "Judged at once with a receipt; it takes effect after the second person's review at the desk. Equal bytes are answered "
        "from the receipt. With an Idempotency-Key the same answer is given for seven days.",
    ),
    {201: (Submission, Said("已收到", "Received")), 200: (Submission, Said("此前已报送", "Sent before"))},
    takes=RowsRequest,
    form=Form,
    headers={
        "Idempotency-Key": (
            _KEY_SHAPE,
            Said("由报送方选定，重试时不变", "chosen by the sender, kept when it tries again"),
        )
    },
    example={"resource": "penalty", "rows": [{"行政处罚决定书文号": "示例字〔2026〕1号"}]},
    refusals=("key-scope", "bad-form", "idempotency-key", "idempotency-reuse", "in-progress", "refused"),
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
    if request.content_type == "multipart/form-data":
        return form_of(request, folder)
    is_json(request)
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
        return Reply(msgspec.Raw(known.answer.encode()), known.status, {"Idempotency-Replayed": "true"})
    try:
        reply = _submitted(site, sending)
    except BaseException:
        repeats.give_up(handle)
        raise
    repeats.finish(handle, reply.status, msgspec.json.encode(reply.content).decode())
    return reply


def _submitted(site: Site, sending: Sending) -> Reply:
    receipt = submit(site, sending)
    row, again = receipt.submission, receipt.outcome is None
    address = reverse("api_submission", args=[row.id.hex])
    return Reply(_told(row, again), 200 if again else 201, {"Location": address})


def _told(row: Row, again: bool = False) -> Submission:
    identity = row.id.hex
    return Submission(
        identity, row.resource, row.mode, str(row.state), row.counts, row.digest, row.known_on, row.received_at,
        reverse("api_findings", args=[identity]), row.reason, again,
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
        "逐行的问题，规则和文字与批注表相同；format=xlsx 给批注表（原件留存期间）。",
        "Row by row, rules and words as in the annotated workbook; format=xlsx gives that (while the original is kept).",
    ),
    {200: (Findings, Said("问题，或批注表", "Findings, or the workbook"))},
    query={
        "offset": ({"type": "integer", "minimum": 0, "maximum": 999_999_999}, Said("从第几条起", "from which one")),
        "format": ({"enum": ["json", "xlsx"]}, Said("json 或 xlsx", "json or xlsx")),
    },
    file=XLSX,
    refusals=("not-found", "refused", "body"),
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
