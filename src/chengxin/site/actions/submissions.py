"""Submissions: receive and judge a file, have a second person review it, record its rows, recall it."""

import contextlib
import hashlib
import statistics
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from chengxin.flow.judge import Outcome, Tell, judge
from chengxin.flow.states import State
from chengxin.sharing.pairs import Duty
from chengxin.site.actions import kept, preview, quarantine, queue, reports, whole
from chengxin.site.actions.judging import Sending, authority_of, known_for, setting_for
from chengxin.site.actions.recording import from_kept, record
from chengxin.site.actions.two_people import must_be_two
from chengxin.site.folder import Site
from chengxin.site.store.models import Authority, Submission
from chengxin.site.store.registers import SiteStore
from chengxin.site.work import work_folder
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

FEEDS_LOOKED_AT = 5
SMALL_FEED = 20  # below that a feed's size says nothing


@dataclass(frozen=True)
class Receipt:
    """A submission's row, and the outcome of judging where it was judged now (None: answered from the receipt)."""

    submission: Submission
    outcome: Outcome | None


def submit(
    site: Site, sending: Sending, reviewed_by: str = "", tell: Tell | None = None, results: Path | None = None
) -> Receipt:
    """Receive and judge a file; with the name of a second person it takes effect at once, else it waits for a review.

    Of a file of which no row can be taken a receipt and its findings stay, and nobody has anything to sign. Identical bytes for
    the same purpose are answered from the receipt (see `answered_by`). `results`: an empty folder that keeps accepted rows and
    findings; without one they go when this returns. Raises Refused.
    """
    kept.sweep(site, legal_today())
    reports.sweep(site, legal_today())
    day = sending.known_on or legal_today()
    catalogue = load_catalogue(day)
    authority = authority_of(sending.authority, catalogue.resource(sending.resource).name)
    known = answered_by(sending, digest_of(sending.path))
    if known:
        return _again(site, known, sending.path, reviewed_by, day)
    _second(sending.submitted_by, reviewed_by)
    with contextlib.nullcontext(results) if results else work_folder(site.folder) as folder:
        subjects = known_for(sending.path)
        outcome = judge(sending.path, setting_for(site, sending, authority, catalogue, day, subjects), folder, tell)
        said = whole.keys(site, sending, outcome, catalogue, subjects) if sending.mode == "full" else None
        held = _why_held(site, sending, authority, outcome, catalogue, said)
        submission = _received(site, sending, authority, outcome, catalogue, day, held)
        waits = submission.state == "held" or (submission.state == "received" and not reviewed_by)
        if waits and not kept.has(submission, "accepted"):
            preview.keep(site, submission, outcome)
            if said is not None:
                whole.keep(site, submission, said)
        if reviewed_by and submission.state in ("received", "reviewed"):
            _review(submission, reviewed_by, {})
            record(site, submission, outcome, catalogue, day, subjects)
        return Receipt(submission, outcome)


def review(
    site: Site,
    submission_id: str,
    by: str,
    withheld: dict[str, str],
    at_hand: Path | None = None,
    on: date | None = None,
) -> Submission:
    """A second person of the authority signs the secrecy review (state secrets, trade secrets, privacy); it takes effect.

    `withheld`: fields that its records keep from the public → why; `at_hand`: the same file, sent again; `on`: the legal
    day, today if not said. Raises Refused.
    """
    submission = found(submission_id)
    if submission.state != "reviewed":  # else a crash came between the review and the recording
        check_review(submission, by, withheld)
        _review(submission, by, withheld)
    from_kept(site, submission, at_hand, on=on)
    preview.forget(site, submission)
    return submission


def send_back(site: Site, submission: Submission, by: str, reason: str) -> Submission:
    """The second person does not sign: it goes back to who sent it, with the reason, and takes no effect. Raises Refused."""
    check_review(submission, by, {})
    if not reason.strip():
        raise Refused("reason", Said("请写明退回的理由。", "Say why it goes back."))
    changed = Submission.objects.filter(id=submission.id, state="received").update(
        state="returned", reason=reason.strip(), reviewed_by=by, answers=False
    )
    if not changed:
        raise Refused("reviewed", Said("该批次已审查过。", "This submission was reviewed before."))
    preview.forget(site, submission)
    submission.refresh_from_db()
    return submission


def check_review(submission: Submission, by: str, withheld: dict[str, str]) -> None:
    """Refuses a review of what is held or was reviewed, by who sent it, or that withholds without a reason."""
    _check_withheld(submission, withheld)
    if submission.state == State.EMPTY:
        raise Refused(
            "empty", Said("没有一行可以接收，不需要审查。", "No row can be taken: there is nothing to review.")
        )
    if submission.state == "held":
        raise Refused(
            "held", Said(f"该批次已暂存：{submission.reason}", f"This submission is held: {submission.reason}")
        )
    if submission.state != "received":
        raise Refused("reviewed", Said("该批次已审查过。", "This submission was reviewed before."))
    _second(submission.submitted_by, by)


def _check_withheld(submission: Submission, withheld: dict[str, str]) -> None:
    resource = load_catalogue(submission.known_on).resource(submission.resource)
    for name, why in withheld.items():
        field = resource.by_name.get(name)
        if field is None:
            zh, en = f"“{name}”不是{resource.title.zh}的数据项。", f"{name!r} is no field of {resource.title.en}."
            raise Refused("withheld", Said(zh, en))
        if not why.strip():
            zh, en = f"请写明“{field.title}”不公开的理由。", f"Say why “{field.title_en}” is withheld."
            raise Refused("withheld", Said(zh, en))


def replay(site: Site, submission_id: str) -> Submission:
    """Judge a kept file again, after a rule was mended, and record what can be taken now; what was taken stays as it is."""
    submission = found(submission_id)
    if submission.state != "effective":
        raise Refused("not-effective", Said("该批次尚未生效。", "This submission has not taken effect."))
    from_kept(site, submission, again=True)
    return submission


def found(submission_id: str) -> Submission:
    """The submission of this id. Raises Refused."""
    try:
        return Submission.objects.select_related("authority").get(id=submission_id)
    except (Submission.DoesNotExist, ValidationError) as error:
        raise Refused(
            "no-submission", Said(f"没有批次 {submission_id}。", f"There is no submission {submission_id}.")
        ) from error


def _second(first: str, second: str) -> None:
    if second:
        must_be_two(Duty.SUBMIT, first, Duty.REVIEW, second)


def answered_by(sending: Sending, digest: str) -> Submission | None:
    """The submission that answers for these bytes. What was recalled does not, so that it can be sent again; nor does a
    whole list once another one came, unless the source's own order says that this is the very same message."""
    same = Submission.objects.filter(
        authority_id=sending.authority, resource=sending.resource, mode=sending.mode, digest=digest
    )
    retold = Q(source_order=sending.source_order) & ~Q(state__in=("recalled", "returned", "empty"))
    return same.filter(Q(answers=True) | retold).order_by("-answers").first()


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _received(
    site: Site, sending: Sending, authority: Authority, outcome: Outcome, catalogue: Catalogue, day: date, held: str
) -> Submission:
    counts = {
        "received": outcome.received,
        "accepted": outcome.accepted,
        "rejected": outcome.rejected,
        "duplicate": outcome.duplicate,
        "held": outcome.held,
    }
    submission = Submission(
        id=uuid.UUID(new_id()),
        authority=authority,
        resource=catalogue.resource(sending.resource).name,
        catalogue_version=str(catalogue.resource(sending.resource).version),
        mode=sending.mode,
        name=outcome.receipt.name,
        kind=outcome.receipt.kind,
        size=outcome.receipt.size,
        digest=outcome.receipt.sha256,
        known_on=day,
        received_at=timezone.now(),
        reading={"mapping": sending.mapping or {}, "hidden": sending.hidden, "way": sending.way, **sending.about},
        submitted_by=sending.submitted_by,
        state=State.EMPTY if not outcome.accepted else State.HELD if held else State.RECEIVED,
        reason=held if outcome.accepted else "",
        answers=outcome.accepted > 0,  # of nothing that was taken there is nothing to answer from
        counts=counts,
    )
    try:
        with transaction.atomic():
            _take_its_place(submission, sending.source_order)
            kept.keep(site, sending.path, submission, "original", legal_today())
            quarantine.keep(site, submission, outcome)
    except IntegrityError:  # the same file was sent twice at once; the other one was first
        return Submission.objects.get(
            authority=authority, resource=submission.resource, mode=sending.mode, digest=submission.digest, answers=True
        )
    return submission


def _take_its_place(submission: Submission, order: int | None) -> None:
    """Write the receipt, after all others of its body; a whole list overtakes those that came before it."""
    Authority.objects.select_for_update(no_key=True).get(code=submission.authority_id)  # one after another
    submission.source_order = Submission.objects.count() if order is None else order
    submission.save(force_insert=True)
    if submission.mode == "full" and submission.answers:
        others = Submission.objects.filter(authority=submission.authority_id, resource=submission.resource, mode="full")
        others.exclude(id=submission.id).update(answers=False)


def _why_held(
    site: Site, sending: Sending, authority: Authority, outcome: Outcome, catalogue: Catalogue, said: pl.Series | None
) -> str:
    """Why a feed is held for the credit office. Empty if it is not."""
    if said is not None and whole.much(found := whole.absent(site, sending, said, catalogue)):
        zh = f"全量：在效的 {found.in_force} 条中有 {found.gone} 条不在其中，生效后不再显示"
        return f"{zh} ({found.gone} of {found.in_force} records in force are not in this whole list)"
    return _below_expectation(authority, sending, outcome.received)


def _below_expectation(authority: Authority, sending: Sending, received: int) -> str:
    """Why a feed is held: far fewer rows than it is known for. Empty if it is not."""
    before = Submission.objects.filter(authority=authority, resource=sending.resource, mode=sending.mode)
    sizes = [c["received"] for c in before.order_by("-received_at").values_list("counts", flat=True)[:FEEDS_LOOKED_AT]]
    if len(sizes) < FEEDS_LOOKED_AT or (usual := statistics.median(sizes)) < SMALL_FEED or received * 2 >= usual:
        return ""
    return f"本批 {received} 行，不足近五批中位数 {usual:g} 的一半 (fewer than half of the usual rows)"


def _again(site: Site, submission: Submission, path: Path, reviewed_by: str, day: date) -> Receipt:
    if submission.state == "received" and reviewed_by:
        review(site, submission.id.hex, reviewed_by, {}, path)
    elif submission.state == "reviewed":  # a crash came between the review and the recording
        from_kept(site, submission, path)
    else:
        SiteStore(site.folder, site.keys).settle()  # a crash came between the recording and the log
        queue.retry(site, day)  # or before what had waited was looked at again
    return Receipt(found(submission.id.hex), None)


def _review(submission: Submission, by: str, withheld: dict[str, str]) -> None:
    """Sign the review, unless somebody has meanwhile."""
    signed = {
        "on": str(legal_today()),
        "looked_for": ["国家秘密", "商业秘密", "个人隐私"],
        "withheld": withheld,
    }
    Submission.objects.filter(id=submission.id, state="received").update(
        reviewed_by=by, state="reviewed", review=signed
    )
    submission.refresh_from_db()
