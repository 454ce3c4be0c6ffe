"""Held feeds: the credit office lets one go on, or sends it back, with its reason; who sent it does neither."""

from chengxin.sharing.pairs import Duty
from chengxin.site.actions import preview
from chengxin.site.actions.submissions import found
from chengxin.site.actions.two_people import must_be_two
from chengxin.site.folder import Site
from chengxin.site.store.models import Submission
from chengxin.values.errors import Refused, Said


def release(site: Site, submission_id: str, by: str, reason: str) -> Submission:
    """A held feed goes on to its review. Raises Refused."""
    return _leave(submission_id, by, reason, state="received", reason=f"{by}：{reason.strip()}")


def turn_away(site: Site, submission_id: str, by: str, reason: str) -> Submission:
    """A held feed goes back to who sent it and takes no effect; the same file can be sent again. Raises Refused."""
    turned = _leave(submission_id, by, reason, state="returned", reason=reason.strip(), reviewed_by=by, answers=False)
    preview.forget(site, turned)
    return turned


def _leave(submission_id: str, by: str, why: str, **changes: object) -> Submission:
    submission = found(submission_id)
    if not why.strip():
        raise Refused("reason", Said("请写明理由。", "Give a reason."))
    must_be_two(Duty.SUBMIT, submission.submitted_by, Duty.REVIEW, by)
    if not Submission.objects.filter(id=submission.id, state="held").update(**changes):
        raise Refused("not-held", Said("该批次没有暂存。", "This submission is not held."))
    submission.refresh_from_db()
    return submission
