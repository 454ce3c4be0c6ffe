"""The roster of bodies that report: their codes and what they may report."""

from datetime import date
from pathlib import Path

from django.db import transaction

from chengxin.flow.files import rows_of
from chengxin.site.store.models import Authority
from chengxin.standards.load import Catalogue, first_day, load_catalogue
from chengxin.standards.model import Resource
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc
from chengxin.values.spoken import Spoken

ORDINARY = ("permit", "penalty")  # what every body reports (双公示)


class Body(Spoken):
    """What a body is here: it reports, or takes over what is public, or what is reported upward."""

    DEPARTMENT = "department", "部门", "department"
    PARTNER = "partner", "合作方", "partner"
    UPPER = "upper", "上级平台", "upper platform"


def load_roster(path: Path, catalogue: Catalogue) -> list[str]:
    """Add or change authorities from a CSV with the columns code, name, resources (separated by ;), kind; gives their codes.

    All rows or none. List decisions may only be reported by the bodies that the list's own rules name. `kind` is a code
    or word of `Body`, department if it is left out; what is none reports nothing. Raises Refused.
    """
    rows = _rows(path)
    with transaction.atomic():
        for line, row in rows:
            _check(line, row)
            kind = _kind(line, row)
            resources = [r for r in row.get("resources", "").replace("；", ";").split(";") if r.strip()]
            if kind is Body.DEPARTMENT:
                resources = resources or list(ORDINARY)
            elif resources:
                zh = f"第 {line} 行：{kind.said.zh}不报送信息，resources 请留空。"
                raise Refused(
                    "not-a-roster", Said(zh, f"Line {line}: a {kind.said.en} reports nothing; leave resources empty.")
                )
            known = [_standing(r.strip(), catalogue) for r in resources]
            for resource, there in known:
                _check_body(line, row["name"].strip(), resource, there)
            told: dict[str, object] = {
                "name": row["name"].strip(),
                "resources": [r.name for r, _ in known],
                "kind": kind.value,
            }
            # Whom the office has shut out comes back by two people alone (`actions.admission`), not by a roster.
            told |= {"active": True} if kind is Body.DEPARTMENT else {}
            Authority.objects.update_or_create(code=row["code"].strip(), defaults=told)
    return [row["code"].strip() for _, row in rows]


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Headings as `flow.files` knows them: rosters are drawn up by people."""
    try:
        rows = rows_of(path, ("code", "name"))
    except Refused as refusal:
        raise _unreadable(path) from refusal
    if not rows:
        raise _unreadable(path)
    return rows


def _unreadable(path: Path) -> Refused:
    return Refused(
        "not-a-roster",
        Said(
            f"{path.name} 应为 UTF-8 的 CSV，列：code,name,resources。",
            f"{path.name} should be a CSV in UTF-8 with the columns code,name,resources.",
        ),
    )


def _check(line: int, row: dict[str, str]) -> None:
    if not is_uscc(row["code"].strip()) or not row["name"].strip():
        raise Refused(
            "not-a-roster",
            Said(
                f"第 {line} 行：代码“{row['code']}”无效或没有名称。",
                f"Line {line}: the code {row['code']!r} is not valid, or the name is empty.",
            ),
        )


def _kind(line: int, row: dict[str, str]) -> Body:
    """What a body is to be; one that is here stays what it is, since its keys were given for that."""
    told = row.get("kind", "").strip() or Body.DEPARTMENT.value
    kind = next((b for b in Body if told in (b.value, b.said.zh)), None)
    if kind is None:
        words = "、".join(b.said.zh for b in Body)
        raise Refused(
            "not-a-roster", Said(f"第 {line} 行：kind 应为{words}。", f"Line {line}: kind is {', '.join(Body)}.")
        )
    before = Authority.objects.filter(code=row["code"].strip()).values_list("kind", flat=True).first()
    if before not in (None, kind.value):
        is_now = Body(before).said
        zh = f"第 {line} 行：{row['name'].strip()} 已是{is_now.zh}，不能改为{kind.said.zh}。"
        raise Refused("not-a-roster", Said(zh, f"Line {line}: this body is a {is_now.en} already."))
    return kind


def _standing(name: str, catalogue: Catalogue) -> tuple[Resource, Catalogue]:
    """A resource with the catalogue that holds it: that of the day or, for one that is still to come, of its first day.

    A roster may name it beforehand; until its day nobody is asked for it. Raises Refused for one that never comes.
    """
    begins = first_day(name, catalogue.root)
    there = load_catalogue(begins, catalogue.root) if catalogue.day < begins < date.max else catalogue
    return there.resource(name), there


def _check_body(line: int, name: str, resource: Resource, catalogue: Catalogue) -> None:
    """A list is reported by the bodies that its own rules name, and by nobody else."""
    words = body_words(resource, catalogue)
    if words and not any(word in name for word in words):
        title = catalogue.resource(resource.name).title
        raise Refused(
            "not-its-list",
            Said(
                f"第 {line} 行：{name} 不能报送“{title.zh}”。名单规定由这些机关作出：{'、'.join(words)}。",
                f"Line {line}: {name} can't report {title.en!r}; its lists are kept by: {', '.join(words)}.",
            ),
        )


def body_words(resource: Resource, catalogue: Catalogue) -> list[str]:
    """What the name of a body must hold to report a list resource (list_types); empty for other resources."""
    lists = catalogue.tables["lists"]["lists"]
    return list(dict.fromkeys(word for key in resource.lists for word in lists[key].get("body_words", [])))
