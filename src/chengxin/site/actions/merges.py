"""Judgements that two subjects are one, and judgements back. Nothing is rewritten: a merge is a row, and ending it undoes it.

Records stay with the subject they were recorded for, under either code; whoever reads one of the two sees both.
"""

import polars as pl

from chengxin.audit.events import Tag
from chengxin.flow.events import Common, events_of
from chengxin.flow.store import Occasion, Step
from chengxin.site.folder import Site
from chengxin.site.store.bulk import Schema, rows_where
from chengxin.site.store.models import Head, Identifier, Merge
from chengxin.site.store.registers import SiteStore
from chengxin.site.store.standpoint import merged_with
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

_FACTS = "SELECT subject, code, name, CAST(former_codes AS text) FROM store_subjectfact WHERE until IS NULL"
_FACT: Schema = dict.fromkeys(("subject", "code", "name", "former_codes"), pl.String)


def merge(site: Site, code: str, into: str, by: str, reason: str) -> int:
    """Judge that the subject of `code` is the subject of `into`; gives the change set. Raises Refused."""
    group, target = check(code, into)
    row = {"id": [new_id()], "subject": [group], "target": [target]}
    said = {"subject": group, "into": target, "reason": reason}
    return _change(site, Tag.SUBJECT_MERGED, said, {"merge": pl.DataFrame(row)}, {}, by, reason)


def check(code: str, into: str) -> tuple[str, str]:
    """The two subjects under whose names the sides are shown. Raises Refused if one is not there or they are one already."""
    group, target = _group(_subject_of(code)), _subject_of(into)
    if target in group:
        raise Refused(
            "same-already",
            Said(f"{code} 与 {into} 已是同一主体。", f"{code} and {into} are one subject already."),
        )
    return group[0], _group(target)[0]


def split(site: Site, code: str, by: str, reason: str) -> int:
    """Take back the judgement by which the subject of `code` was merged into another. Raises Refused."""
    subject = _subject_of(code)
    living = Merge.objects.filter(subject=subject, until=None).first()
    if living is None:
        raise Refused("not-merged", Said(f"{code} 没有被并入其他主体。", f"{code} is not merged into another subject."))
    said = {"subject": subject, "from": living.target.hex, "reason": reason}
    return _change(site, Tag.SUBJECT_SPLIT, said, {}, {"merge": pl.Series([living.id.hex])}, by, reason)


def suspects(site: Site) -> list[tuple[str, str, str, str]]:
    """Pairs of subjects that may be one (code, name, code, name): for a human to judge, never by name.

    Either a stated former number of one leads to the other, or both codes hold the same organisation code.
    """
    facts = rows_where(_FACTS, _FACT)
    two = ["code", "name", "other_code", "other_name"]
    body = facts.with_columns(pl.col("code").str.slice(8, 9).alias("body"))
    body = body.filter(pl.col("body").is_duplicated())
    same = body.join(body, on="body").filter(pl.col("code") < pl.col("code_right"))
    told = facts.filter(pl.col("former_codes") != "[]").with_columns(
        pl.col("former_codes").str.json_decode(pl.List(pl.String)).alias("asked")
    )
    told = told.explode("asked", empty_as_null=True)
    others = SiteStore(site.folder, site.keys).subjects(told["asked"])
    said = told.join(others, on="asked").filter(pl.col("subject") != pl.col("id"))
    found = pl.concat([f.select("code", "name", "code_right", "name_right") for f in (same, said)])
    pairs = found.rename(dict(zip(found.columns, two, strict=True))).unique(maintain_order=True).rows()
    return [row for row in pairs if _subject_of(row[2]) not in _group(_subject_of(row[0]))]


def _group(subject: str) -> list[str]:
    committed = Head.objects.get().committed
    return merged_with(subject, committed, committed)


def _subject_of(code: str) -> str:
    found = Identifier.objects.filter(value=code.strip().upper(), until=None).exclude(kind="person").first()
    if found is None:
        raise Refused("unknown-subject", Said(f"没有代码为 {code} 的主体。", f"No subject has the code {code}."))
    return found.subject.hex


def _change(
    site: Site,
    tag: Tag,
    said: dict[str, str],
    tables: dict[str, pl.DataFrame],
    closed: dict[str, pl.Series],
    by: str,
    reason: str,
) -> int:
    day = legal_today()
    told = pl.DataFrame({key: [value] for key, value in said.items()}).with_columns(
        pl.lit(said["subject"]).alias("about"),
        pl.lit(None, dtype=pl.Int64).alias("previous"),
        pl.lit(False).alias("person"),
    )
    events, leaves = events_of(tag, told, Common("subject", "", day))
    with SiteStore(site.folder, site.keys).begin(
        Occasion("judgement", by, "subject", "", day, reason), at_once=True
    ) as change:
        change.stage(Step(tables, closed, events, leaves))
    return change.number
