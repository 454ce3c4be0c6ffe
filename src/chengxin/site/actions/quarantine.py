"""What was found wrong with a file or told of it, kept sealed beside the original and as long: so rows that were refused are
known, and a mended rule can let them in."""

from collections.abc import Sequence

import polars as pl

from chengxin.flow.judge import Outcome
from chengxin.intake.received import Note
from chengxin.site.actions import kept
from chengxin.site.folder import Site
from chengxin.site.store.models import Kept, Submission
from chengxin.site.work import work_folder
from chengxin.validation.findings import SCHEMA, no_findings
from chengxin.values.clock import legal_today

_WHAT = "rejected"
_NAME = "findings.parquet"


def keep(site: Site, submission: Submission, outcome: Outcome) -> None:
    """Seal the findings of a file, if there are any, what is noted of it as a whole before those of its rows."""
    told = pl.concat([part.select(list(SCHEMA)) for part in (_noted(outcome.notes).lazy(), outcome.findings())])
    with work_folder(site.folder) as folder:
        path = folder / _NAME
        told.sink_parquet(path)
        if pl.scan_parquet(path).select(pl.len()).collect().item():
            kept.keep(site, path, submission, _WHAT, legal_today())


def findings(site: Site, submission: Submission) -> pl.DataFrame:
    """What was found wrong with a file or told of it. Raises Refused once it was destroyed with the original."""
    if not kept.has(submission, _WHAT):
        return no_findings()
    with kept.opened(site, submission, _WHAT, _NAME) as path:
        return pl.read_parquet(path, memory_map=False)


def rows(site: Site, submission: Submission) -> pl.DataFrame:
    """The refused rows: part, row."""
    refused = findings(site, submission).filter((pl.col("severity") == "reject") & pl.col("row").is_not_null())
    return refused.select("part", "row").unique()


def replace(site: Site, submission: Submission, outcome: Outcome) -> None:
    """Keep these findings in place of the earlier; the earlier file goes with the next sweep."""
    Kept.objects.filter(submission=submission, what=_WHAT).delete()
    keep(site, submission, outcome)


def _noted(notes: Sequence[Note]) -> pl.DataFrame:
    """What is noted of a file, as findings that name no field."""
    told = [
        {"row": n.row, "rule": n.code, "severity": n.severity, "message_zh": n.said.zh, "message_en": n.said.en, "part": n.part}
        for n in notes
    ]  # fmt: skip
    return pl.DataFrame(told, schema=SCHEMA)
