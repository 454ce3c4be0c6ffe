"""The public lists: double publicity, serious dishonesty, abnormal operation, honours. Newest first, paged by key."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.reports.said import list_title
from chengxin.sharing.condition import At
from chengxin.sharing.outlets import through
from chengxin.site.access.asked import Asked, anybody
from chengxin.site.access.reading import After, Filter, listed
from chengxin.site.keeping import keep_of
from chengxin.site.methods import require_safe
from chengxin.site.public import exports
from chengxin.site.public.given import wrong, year_of
from chengxin.site.public.published import LISTS, Public
from chengxin.site.public.shown import Shown
from chengxin.site.store.models import Authority
from chengxin.standards.load import Catalogue
from chengxin.standards.words import months
from chengxin.values.errors import Said

PAGE, FILE = 20, 2_000  # records on a page, in a file


_CODE = re.compile(r"[0-9A-Z]{18}")
_AFTER = re.compile(r"(\d{4}-\d{2}-\d{2})\.([0-9a-f]{32})")


@dataclass(frozen=True)
class Wanted:
    """What of a list the address asks for."""

    filter: Filter
    after: After | None
    given: dict[str, str]  # as it stands in the address, without the place

    def address(self, **more: str) -> str:
        """The query part of an address with the same filters."""
        return "?" + urlencode({**self.given, **more})


@require_safe
@through("public.list")
def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """A page of a list."""
    public = _named(name)
    asked = anybody("public.list")
    wanted = _wanted(request.GET, public, asked.at, asked.catalogue)
    plain = not wanted.given and wanted.after is None  # what is asked for most is made once
    context = {
        "list": public,
        "keep": keep_of(asked, "list", public.name) if plain else None,
        "more": lambda: _shown(public, asked, wanted),
    }
    return render(request, "public/list.html", context)


def _shown(public: Public, asked: Asked, wanted: Wanted) -> dict[str, Any]:
    part = listed(asked, wanted.filter, PAGE, wanted.after)
    return {
        "rows": [Shown(seen, asked.catalogue) for seen in part.rows],
        "withheld": part.withheld,
        "next": wanted.address(after=f"{part.after[0]}.{part.after[1]}") if part.after else "",
        "first": wanted.address() if wanted.after else "",
        "here": wanted.address(after=f"{wanted.after[0]}.{wanted.after[1]}") if wanted.after else wanted.address(),
        "given": wanted.given,
        "up_to": _day(wanted.given["as_of"], asked.at.day) if "as_of" in wanted.given else None,
        "years": range(asked.at.day.year, 2013, -1),
        "authorities": _authorities(public),
        "kinds": list(_kinds(public, asked.catalogue)),
        "resources": [asked.catalogue.resources[r] for r in public.resources if r in asked.catalogue.resources],
        "basis": list(_basis(public, asked.catalogue)),
        "way_out": list(_way_out(public, asked.catalogue)),
        "place": asked.at.included,
        "most": FILE,
    }


@require_safe
@through("public.file")
def list_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """A list as a file: what the page shows, up to `FILE` records; where there are more, the file says so."""
    public = _named(name)
    asked = anybody("public.file")
    wanted = _wanted(request.GET, public, asked.at, asked.catalogue)
    part = listed(asked, wanted.filter, FILE, wanted.after)
    rows = [Shown(seen, asked.catalogue) for seen in part.rows]
    sheet = exports.Sheet(
        public.name, "records", exports.HEADS, [exports.cells(r) for r in rows], [r.as_data() for r in rows]
    )
    following = wanted.address(after=f"{part.after[0]}.{part.after[1]}") if part.after else None
    return exports.answer(form, sheet, asked, following)


def _named(name: str) -> Public:
    if name not in LISTS:
        raise Http404
    return LISTS[name]


def _wanted(query: Mapping[str, str], public: Public, at: At, catalogue: Catalogue) -> Wanted:
    """The filters of an address. Raises Refused for what is none."""
    given = {k: query.get(k, "").strip() for k in ("year", "authority", "kind", "as_of")}
    given = {k: v for k, v in given.items() if v}
    since = until = None
    if "year" in given:
        year = year_of(given["year"], at.day)
        since, until = date(year, 1, 1), date(year, 12, 31)
    if "as_of" in given:
        day = _day(given["as_of"], at.day)
        until = min(until, day) if until else day
    authority = given.get("authority")
    if authority and not _CODE.fullmatch(authority):
        raise wrong("机关", "18 位统一社会信用代码", "authority", "a credit code of 18 characters")
    kind = given.get("kind")
    if kind and kind not in dict(_kinds(public, catalogue)):
        raise wrong("名单种类", "这一页所列的种类", "kind", "one that the page lists")
    resources = tuple(r for r in public.resources if r in catalogue.resources)
    return Wanted(Filter(resources, since, until, authority, kind, at.day), _after(query.get("after", "")), given)


def _day(text: str, today: date) -> date:
    """A day as people write it. Nothing that ended comes back by asking for an earlier day."""
    plain = re.sub(r"[年月/.]", "-", text).rstrip("日")
    plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}" if re.fullmatch(r"\d{8}", plain) else plain
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain, re.ASCII)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day > today:
        raise wrong(
            "截至日期", f"像 {today} 这样的日期，不晚于今天", "as-of date", f"a date like {today}, not after today"
        )
    return day


def _after(text: str) -> After | None:
    if not text:
        return None
    found = _AFTER.fullmatch(text)
    try:
        return (date.fromisoformat(found[1]), found[2]) if found else _not_a_place()
    except ValueError:
        return _not_a_place()


def _not_a_place() -> After:
    raise wrong("翻页位置", "由本站给出", "place in the list", "one that this site gave")


def _authorities(public: Public) -> list[tuple[str, str]]:
    """Bodies that may report this list's resources: code, name."""
    rows = Authority.objects.order_by("name").values_list("code", "name", "resources")
    return [(code, name) for code, name, resources in rows if set(resources) & set(public.resources)]


def _kinds(public: Public, catalogue: Catalogue) -> Iterator[tuple[str, Said]]:
    """The lists of the law that this page shows: id, title. Drafts bind nobody and are not shown."""
    resources = (catalogue.resources[r] for r in public.resources if r in catalogue.resources)
    for name in dict.fromkeys(n for r in resources for n in r.lists):
        title = list_title(name, catalogue)
        if title and catalogue.tables["lists"]["lists"][name]["confidence"] == "high":
            yield name, title


def _basis(public: Public, catalogue: Catalogue) -> Iterator[Said]:
    for name in public.resources:
        if name in catalogue.resources:
            resource = catalogue.resources[name]
            clause = catalogue.clause(resource.clause)
            yield Said(f"{resource.title.zh}：{clause.zh}", f"{resource.title.en}: {clause.en}")


def _way_out(public: Public, catalogue: Catalogue) -> Iterator[Said]:
    """How a record leaves the list: terms of the classes of penalties, terms and early exit of the lists of law."""
    if "penalty" in public.resources:
        for name, entry in catalogue.tables["severity"]["classes"].items():
            least, most, label = months(entry["min_months"]), months(entry["max_months"]), entry["label"]
            if entry["published"]:
                zh = f"{label}：公示满{least.zh}后可申请信用修复，最长公示{most.zh}，到期自动不再显示。"
                yield Said(
                    zh,
                    f"{name.capitalize()}: repair after {least.en}; shown for {most.en} at most, then gone by itself.",
                )
    for name, title in _kinds(public, catalogue):
        entry = catalogue.tables["lists"]["lists"][name]
        parts: list[Any] = [(entry.get(p) or {}).get("text") for p in ("term", "early_exit")]
        told = [p for p in parts if p]
        if told:
            zh, en = "；".join(p["zh"] for p in told), "; ".join(p["en"] for p in told)
            yield Said(f"{title.zh}：{zh}。", f"{title.en}: {en}.")
