"""The annotated workbook of a submission whose original is still kept: judged once more as on its day, and handed back."""

from chengxin.flow.handback import write_annotated
from chengxin.flow.judge import judge
from chengxin.site.actions import kept
from chengxin.site.actions.judging import known_for, sending_of, setting_for
from chengxin.site.folder import Site
from chengxin.site.store.models import Submission
from chengxin.site.work import work_folder
from chengxin.standards.load import load_catalogue


def annotated(site: Site, submission: Submission) -> bytes:
    """The workbook. Raises Refused once the original was destroyed, or if a sheet can't hold it."""
    catalogue = load_catalogue(submission.known_on)
    with (
        kept.opened(site, submission, "original", submission.name) as path,
        work_folder(site.folder) as folder,
    ):
        sending = sending_of(submission, path)
        setting = setting_for(site, sending, submission.authority, catalogue, submission.known_on, known_for(path))
        (folder / "judged").mkdir()
        outcome = judge(path, setting, folder / "judged")
        write_annotated(path, folder / "annotated.xlsx", outcome, setting)
        return (folder / "annotated.xlsx").read_bytes()
