"""A list of those who are to get a report: read by the bounded reader, each row looked up. Persons are never looked up."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from chengxin.intake.receive import receive
from chengxin.intake.received import Order as Reading
from chengxin.reports.compose import Order
from chengxin.reports.listed import MOST, Named, Row, Wanted, once, plain_code
from chengxin.site.access.asked import Asked
from chengxin.site.access.find import found_subjects, names_a_person
from chengxin.site.access.reports import group_of
from chengxin.site.access.subjects import Subject
from chengxin.site.actions.reports import may_be
from chengxin.site.folder import Site
from chengxin.standards.load import Catalogue
from chengxin.subjects.names.match import Reason
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc
from chengxin.values.text import IDENTITY_MASK, fold_name, nfkc

_LIKE = "registration"  # its headings for code and name are those that a list is known by
_PERSON = Said(
    "这里只为法人和非法人组织出具；本人的报告由本人申请。", "Only organisations here; a person asks for its own."
)
_NOBODY = Said("登记信息中没有这个主体。", "No such subject is registered.")
_TWO = Said("代码与名称不是同一主体，请核对。", "Code and name are of two subjects; please look again.")
_HIDDEN = Said("表中隐藏的行没有读取。", "Hidden in the sheet, so not read.")
_CODE_FIRST = Said("请写明统一社会信用代码。", "Give the unified social credit code.")
_MOST_ALIKE = 3
# An identity number with a digit too few or too many, or of a day that there is not: a century stands in its place.
_NEARLY = re.compile(r"(?<![0-9A-Z])\d{6}(?:18|19|20)\d{8,10}[\dX]?(?![0-9A-Z])")


def named_in(site: Site, path: Path, catalogue: Catalogue) -> list[Named | Wanted]:
    """The rows of a file; hidden ones are told and not read. Raises Refused for what is no list, or a too long one."""
    resource = catalogue.resource(_LIKE)
    code, name = (resource.roles[role] for role in ("subject_code", "subject_name"))
    rows: list[Named | Wanted] = []
    order = Reading(_LIKE, catalogue.day, token_key=site.keys.token, hidden="ask")
    try:
        with receive(path, order, catalogue) as received:
            for chunk in received.chunks():
                rows += without_persons(_of_frame(chunk.frame, code, name))
                hidden = chunk.marks.filter(pl.col("mark") == "row_hidden")["row"].unique()
                rows += [Wanted(n, "", Row.HIDDEN, _HIDDEN) for n in hidden]
                if len(rows) > MOST:
                    raise too_many(len(rows))
    except Refused as refusal:
        if refusal.code == "no-rows":  # a department would be told to report that there is nothing
            raise too_many(0) from refusal
        if refusal.code != "no-headings":
            raise
        zh = "没有找到表头：请写“统一社会信用代码”或“企业名称”，下面每行一个主体。"
        en = "No headings were found: write 统一社会信用代码 or 企业名称, and a subject in each row beneath."
        raise Refused("no-headings", Said(zh, en)) from refusal
    return sorted(rows, key=lambda one: one.row)


def tells_of_a_person(text: str) -> bool:
    """True if the number of a person stands there, or what may be one that was mistyped: a list is kept and handed on."""
    return names_a_person(text) or bool(_NEARLY.search(nfkc(text).upper()) and not is_uscc(plain_code(text)))


def too_many(count: int) -> Refused:
    """The refusal of a list that is too long or empty."""
    zh = (
        f"名单应有 1 到 {MOST:,} 行，这里至少有 {count:,} 行，请分成几份。"
        if count
        else "名单是空的：没有一行写了主体。"
    )
    en = (
        f"A list has 1 to {MOST:,} rows; this one has {count:,} at least: split it."
        if count
        else "The list is empty: no row names a subject."
    )
    return Refused("list", Said(zh, en))


def without_persons(rows: Iterable[Named]) -> Iterator[Named]:
    """The rows, of which one that names a person keeps nothing but that it does."""
    for one in rows:
        person = tells_of_a_person(one.code) or tells_of_a_person(one.name)
        yield Named(one.row, IDENTITY_MASK) if person else one


def looked_up(rows: Iterable[Named | Wanted], asked: Asked, order: Order) -> list[Wanted]:
    """What each row came to, for this order."""
    return once(one if isinstance(one, Wanted) else _wanted(one, asked, order) for one in rows)


def _of_frame(frame: pl.DataFrame, code: str, name: str) -> Iterator[Named]:
    columns = [c if c in frame.columns else None for c in (code, name)]
    for row in frame.iter_rows(named=True):
        told = [str(row[c] or "").strip() if c else "" for c in columns]
        if any(told):
            yield Named(row["row"], *told)


def _wanted(one: Named, asked: Asked, order: Order) -> Wanted:
    if any(IDENTITY_MASK in text for text in (one.code, one.name)):
        return Wanted(one.row, IDENTITY_MASK, Row.PERSON, _PERSON)
    typed = " ".join(filter(None, (one.code, one.name)))[:200]
    found = _by_code(one, asked) if one.code else _by_name(one, asked)
    if not isinstance(found, list):
        return Wanted(one.row, typed, found[0], found[1])
    first = found[0]
    try:
        may_be(order, asked, found)
    except Refused as refusal:
        return Wanted(one.row, typed, Row.UNFIT, refusal.said)
    return Wanted(one.row, typed, Row.FOUND, subject=first.id, code=first.code, name=first.name)


def _by_code(one: Named, asked: Asked) -> list[Subject] | tuple[Row, Said]:
    group = group_of(asked, plain_code(one.code))
    if not group:
        return Row.UNKNOWN, _NOBODY
    known = {fold_name(name) for s in group for name in (s.name, *s.former_names)}
    return group if not one.name or fold_name(one.name) in known else (Row.DOUBTFUL, _TWO)


def _by_name(one: Named, asked: Asked) -> list[Subject] | tuple[Row, Said]:
    """One who bears this very name now; whoever else it may mean is only told."""
    hits = found_subjects(one.name)
    same = [hit for hit in hits if hit.reason is Reason.NAME and hit.subject.fold == fold_name(one.name)]
    if len(same) == 1:
        group = group_of(asked, same[0].subject.code)
        return group or (Row.UNKNOWN, _NOBODY)
    if not hits:
        return Row.UNKNOWN, _NOBODY
    alike = "、".join(f"{hit.subject.name}（{hit.subject.code}）" for hit in (same or hits)[:_MOST_ALIKE])
    zh, en = f"可能是：{alike}。{_CODE_FIRST.zh}", f"It may be: {alike}. {_CODE_FIRST.en}"
    return Row.DOUBTFUL, Said(zh, en)
