"""What confirming a draft of the catalogue would touch: counts by the gate's own condition, never whose."""

import polars as pl

from chengxin.sharing.outlets import OUTLETS, answer_at
from chengxin.sharing.questions import Allowed, Ground
from chengxin.site.access.asked import Asked, marks
from chengxin.site.store.bulk import few_where
from chengxin.site.store.models import Account
from chengxin.standards.confirmed import Draft, with_confirmed
from chengxin.standards.measures import SERIOUS, measures
from chengxin.standards.readers import Kind
from chengxin.values.errors import Said

_SQL = """SELECT s.kind, count(*), count(DISTINCT r.subject) FROM store_record r JOIN store_subject s ON s.id = r.subject
WHERE {where} AND {more} GROUP BY s.kind ORDER BY s.kind"""
_ONE = "r.{column} IN ({marks})"
Counted = list[tuple[Said, int]]


def touched(asked: Asked, draft: Draft) -> Counted:
    """What there is now that the draft speaks of: records and subjects by kind; of a purpose what it would open, for how many."""
    if draft.kind == "purpose":
        return _opened(asked, draft)
    if draft.kind in ("list", "measure"):
        lists = [draft.name] if draft.kind == "list" else _lists_of(asked, draft.name)
        return _records(asked, {"list": lists, "resource": _of_one_list(asked, lists)})
    name = draft.name
    owner = name if draft.kind == "resource" else _owner(asked, name)
    return _records(asked, {"resource": [owner] if owner else []})


def _of_one_list(asked: Asked, lists: list[str]) -> list[str]:
    """Resources whose records are all about one of these lists, which no field of theirs names."""
    kinds = asked.catalogue.resources.values()
    return [r.name for r in kinds if len(r.lists) == 1 and not r.role("list") and r.lists[0] in lists]


def _records(asked: Asked, among: dict[str, list[str]]) -> Counted:
    """Counts of records that have one of the values in one of the columns."""
    among = {column: values for column, values in among.items() if values}
    if not among:
        return []
    where = asked.where()
    terms = (_ONE.format(column=column, marks=marks(values)) for column, values in among.items())
    sql = _SQL.format(where=where.sql, more=f"({' OR '.join(terms)})")
    wanted = [value for values in among.values() for value in values]
    rows = few_where(sql, {"kind": pl.String, "n": pl.Int64, "subjects": pl.Int64}, [*where.values, *wanted])
    found: Counted = []
    for row in rows:
        kind = Kind(row["kind"]).said
        found.append((Said(f"{kind.zh}的信息", f"records: {kind.en}"), row["n"]))
        found.append((Said(f"{kind.zh}", f"subjects: {kind.en}"), row["subjects"]))
    return found


def _lists_of(asked: Asked, name: str) -> list[str]:
    entries = asked.catalogue.tables["lists"]["lists"]
    of = next((m.lists for m in measures(asked.catalogue) if m.name == name), ())
    return [n for n, e in entries.items() if n in of or (e.get("serious") and SERIOUS in of)]


def _owner(asked: Asked, rule: str) -> str:
    """The resource whose rule it is."""
    return next((r.name for r in asked.catalogue.resources.values() if any(x.id == rule for x in r.rules)), "")


def _opened(asked: Asked, draft: Draft) -> Counted:
    """What of which kind of subject would be open for the purpose, on whatever ground; and who could name it."""
    after = with_confirmed(asked.catalogue, frozenset({(draft.kind, draft.name)}))
    purpose = after.purposes[draft.name]
    opened = {
        (resource, kind)
        for outlet in OUTLETS.values()
        if outlet.view is purpose.view
        for resource in after.resources
        for kind in Kind
        for ground in (Ground.NONE, Ground.CASE_OPEN, Ground.GRANT_LIVE)
        if isinstance(answer_at(outlet, after, resource, kind, draft.name, ground), Allowed)
    }
    accounts = [a for a in Account.objects.filter(is_active=True) if {r.reader for r in a.holds} & purpose.readers]
    kinds = [
        (Said(f"可查的信息类：{k.said.zh}", f"resources opened: {k.said.en}"), len({r for r, x in opened if x is k}))
        for k in Kind
    ]
    return [(Said("能用这个用途的账号", "accounts that could name it"), len(accounts)), *kinds]
