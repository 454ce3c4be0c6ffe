"""What a reviewer looks at before signing: accepted rows of a submission, kept sealed until it is signed or sent back."""

import polars as pl

from chengxin.flow.judge import Outcome
from chengxin.site.actions import kept, whole
from chengxin.site.folder import Site
from chengxin.site.store.models import Submission
from chengxin.site.work import work_folder
from chengxin.standards.model import Field, Resource
from chengxin.values.clock import legal_today

MOST = 5_000  # rows that are kept to be looked at; of a longer file the first ones
_WHAT, _NAME = "accepted", "accepted.parquet"


def keep(site: Site, submission: Submission, outcome: Outcome) -> None:
    """Seal the first accepted rows."""
    if outcome.accepted:
        with work_folder(site.folder) as folder:
            outcome.accepted_rows().head(MOST).collect().write_parquet(folder / _NAME)
            kept.keep(site, folder / _NAME, submission, _WHAT, legal_today())


def rows(site: Site, submission: Submission, start: int, size: int) -> pl.DataFrame:
    """Some of them, from `start` on; none once they are gone."""
    if not kept.has(submission, _WHAT):
        return pl.DataFrame({"row": []})
    with kept.opened(site, submission, _WHAT, _NAME) as path:
        return pl.read_parquet(path, memory_map=False).slice(start, size)


def shown_fields(resource: Resource, frame: pl.DataFrame) -> list[Field]:
    """Fields that a reviewer sees: those that any row fills, never a person's number."""
    return [
        f for f in resource.fields
        if f.name in frame.columns and f.kind != "identity" and not f.drop and frame[f.name].null_count() < frame.height
    ]  # fmt: skip


def forget(site: Site, submission: Submission) -> None:
    """Destroy them, and with them the keys of a whole list."""
    kept.forget(site, submission, _WHAT, whole.WHAT)
