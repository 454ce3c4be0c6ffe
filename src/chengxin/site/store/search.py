"""Search for organisations by name or code: candidates out of an indexed table, ordered by how well they fit.

What is rare says more: each pair that was typed weighs the less the more subjects have it, and none brings more than MANY.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from chengxin.site.store.bulk import Schema, on_postgres, rows_where
from chengxin.site.store.files import merged_with
from chengxin.site.store.models import Head
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.subjects.names.match import Fit, Reason, fits
from chengxin.subjects.names.typed import Typed, typed
from chengxin.subjects.names.words import words_of
from chengxin.values.clock import legal_today
from chengxin.values.errors import Said

MANY = 1000  # rows that one gram may bring
_CANDIDATES = 60  # that are compared letter by letter
_LAST = "~"  # comes after every character of a sound or a code
_STANDING = "存续"
FACETS = ("register", "status", "reason")


@dataclass(frozen=True)
class Hit:
    """One subject that fits what was typed: who it is at the position read at, why it was found, how well (0 to 1).

    `former`: the former name that fits, "" where the present one does.
    """

    subject: str
    name: str
    code: str
    reason: Reason
    score: float
    former: str
    kind: str
    register: str
    status: str

    def said(self, catalogue: Catalogue) -> Said:
        """Why it was found, in both languages."""
        why = catalogue.message(f"found-{self.reason}")
        if not self.former:
            return why
        was = catalogue.message("found-formerly")
        zh, en = (text.format(name=self.former) for text in (was.zh, was.en))
        return Said(f"{zh}（{why.zh}）", f"{en} ({why.en})")


def found_subjects(text: str, at: int | None = None, limit: int = 20) -> list[Hit]:
    """What fits `text` best, at most `limit`, as known with change set `at` (default: the last committed one).

    Organisations are found by code or part of it, name or part of it, former name, pinyin and initials, with a wrong
    character or two; sole traders by exact code or full name only; persons never.
    """
    words = words_of(load_catalogue(legal_today()))
    what = typed(text, words)
    if not what.fold:
        return []
    at = Head.objects.get().committed if at is None else at
    found = _candidates(what, at)
    hits = [
        _hit(row, fit) for row, fit in zip(found.iter_rows(named=True), fits(what, found, words), strict=True) if fit
    ]
    return sorted(_shown_once(hits, at), key=lambda h: (-h.score, h.status != _STANDING, h.name, h.code))[:limit]


def facets(hits: Iterable[Hit]) -> dict[str, dict[str, int]]:
    """How many hits there are by each of FACETS, the most frequent first."""
    listed = list(hits)
    return {name: dict(Counter(str(getattr(h, name)) for h in listed).most_common()) for name in FACETS}


def _hit(row: dict[str, str], fit: Fit) -> Hit:
    return Hit(
        row["subject"],
        row["name"],
        row["code"],
        fit.reason,
        round(fit.score, 4),
        fit.former,
        row["kind"],
        row["register"],
        row["status"] or "",
    )


_ALIVE = "{0}.since <= %s AND ({0}.until IS NULL OR {0}.until > %s)"
_CANDIDATE: Schema = {
    "subject": pl.String,
    "code": pl.String,
    "name": pl.String,
    "former_names": pl.String,
    "status": pl.String,
    "kind": pl.String,
    "register": pl.String,
}
_COLUMNS = "f.subject, f.code, f.name, CAST(f.former_names AS text), f.status, s.kind, s.register"
_EQUAL = f"SELECT * FROM (SELECT {{n}} AS asked, g.fact FROM store_namegram g WHERE g.gram = %s LIMIT {MANY}) AS a{{n}}"  # noqa: S608
_BEGINNING = (
    "SELECT * FROM (SELECT {n} AS asked, g.fact FROM store_namegram g "  # noqa: S608 - a number of ours
    f"WHERE g.gram >= %s AND g.gram < %s ORDER BY g.gram LIMIT {MANY // 5}) AS a{{n}}"
)
_FOLD = f"SELECT * FROM (SELECT {{n}} AS asked, f.id FROM store_subjectfact f WHERE f.fold = %s LIMIT {MANY}) AS a{{n}}"  # noqa: S608
_CODE = (
    "SELECT * FROM (SELECT {n} AS asked, f.id FROM store_identifier i JOIN store_subjectfact f ON f.subject = i.subject "  # noqa: S608
    f"WHERE {{begins}} AND i.kind <> 'person' AND {_ALIVE.format('i')} LIMIT {MANY // 5}) AS a{{n}}"
)
_BEST = f"""
WITH hits (asked, fact) AS ({{hits}}),
weights (asked, weight) AS (SELECT asked, LN({2.0 * MANY} / COUNT(*)) FROM hits GROUP BY asked),
best (fact, weight) AS (
    SELECT h.fact, SUM(w.weight) FROM hits h JOIN weights w ON w.asked = h.asked GROUP BY h.fact ORDER BY 2 DESC LIMIT {_CANDIDATES}
)
SELECT {_COLUMNS} FROM best b JOIN store_subjectfact f ON f.id = b.fact JOIN store_subject s ON s.id = f.subject
WHERE {_ALIVE.format("f")}
"""  # noqa: S608 - names and numbers of ours


def _candidates(what: Typed, at: int) -> pl.DataFrame:
    """Subjects that share something rare with what was typed, the most of it first."""
    asked: list[tuple[str, tuple[str | int, ...]]] = [
        (_FOLD, (fold,)) for fold in dict.fromkeys((what.fold, what.plain))
    ]
    if what.code:
        asked.append((_CODE.replace("{begins}", _begins()), (*_range(what.code), at, at)))
    asked += [(_EQUAL, (gram,)) for gram in what.equal]
    asked += [(_BEGINNING, (start, start + _LAST)) for start in what.beginning]
    hits = " UNION ALL ".join(sql.format(n=n) for n, (sql, _) in enumerate(asked))
    values = [value for _, given in asked for value in given]
    found = rows_where(_BEST.format(hits=hits), _CANDIDATE, (*values, at, at))
    return found.with_columns(pl.col("former_names").str.json_decode(pl.List(pl.String)))


def _begins() -> str:
    """SQL for "the number begins with" that either database answers from its index."""
    return "i.value LIKE %s" if on_postgres() else "i.value >= %s AND i.value <= %s"


def _range(code: str) -> tuple[str, ...]:
    return (f"{code}%",) if on_postgres() else (code, code + _LAST)


def _shown_once(hits: list[Hit], at: int) -> list[Hit]:
    """Without subjects judged to be another: that one is shown instead, under its own name."""
    best: dict[str, Hit] = {}
    merged = _merged([h.subject for h in hits], at)
    for hit in hits:
        target = merged.get(hit.subject)
        shown = hit if target is None else _instead(hit, target, at)
        if shown.subject not in best or best[shown.subject].score < shown.score:
            best[shown.subject] = shown
    return list(best.values())


def _merged(subjects: list[str], at: int) -> dict[str, str]:
    """Those of the subjects that are merged into another, with the one under whose name they are shown."""
    if not subjects:
        return {}
    marks = ", ".join(["%s"] * len(subjects))
    sql = f"SELECT m.subject FROM store_merge m WHERE m.subject IN ({marks}) AND {_ALIVE.format('m')}"  # noqa: S608 - placeholders
    found = rows_where(sql, {"subject": pl.String}, (*subjects, at, at))["subject"].to_list()
    return {subject: merged_with(subject, at, at)[0] for subject in found}


def _instead(hit: Hit, target: str, at: int) -> Hit:
    one = "FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject WHERE f.subject = %s AND"
    sql = f"SELECT {_COLUMNS} {one} {_ALIVE.format('f')}"
    for row in rows_where(sql, _CANDIDATE, (target, at, at)).iter_rows(named=True):
        return _hit(row, Fit(hit.reason, hit.score, hit.former or hit.name))
    return hit
