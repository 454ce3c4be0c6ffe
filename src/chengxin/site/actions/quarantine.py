"""Rows that were refused: which, and why, kept sealed beside the original and as long, so that a mended rule can let them in."""

import polars as pl

from chengxin.site.actions import kept
from chengxin.site.folder import Site
from chengxin.site.store.models import Kept, Submission
from chengxin.site.work import work_folder
from chengxin.validation.findings import no_findings
from chengxin.values.clock import legal_today

_WHAT = "rejected"
_NAME = "findings.parquet"


def keep(site: Site, submission: Submission, findings: pl.LazyFrame) -> None:
    """Seal the findings of a file, if there are any."""
    with work_folder(site.folder) as folder:
        path = folder / _NAME
        findings.sink_parquet(path)
        if pl.scan_parquet(path).select(pl.len()).collect().item():
            kept.keep(site, path, submission, _WHAT, legal_today())


def findings(site: Site, submission: Submission) -> pl.DataFrame:
    """What was found wrong with a file. Raises Refused once it was destroyed with the original."""
    if not kept.has(submission, _WHAT):
        return no_findings()
    with kept.opened(site, submission, _WHAT, _NAME) as path:
        return pl.read_parquet(path, memory_map=False)


def rows(site: Site, submission: Submission) -> pl.DataFrame:
    """The refused rows: part, row."""
    refused = findings(site, submission).filter((pl.col("severity") == "reject") & pl.col("row").is_not_null())
    return refused.select("part", "row").unique()


def replace(site: Site, submission: Submission, found: pl.LazyFrame) -> None:
    """Keep these findings in place of the earlier; the earlier file goes with the next sweep."""
    Kept.objects.filter(submission=submission, what=_WHAT).delete()
    keep(site, submission, found)
