"""Notices, lessons and guides at the office's desk: write, review for secrecy, publish, withdraw; every version stays."""

from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.sharing.outlets import without_records
from chengxin.sharing.pairs import Duty
from chengxin.sharing.roles import Role
from chengxin.site.actions import articles
from chengxin.site.actions.two_people import why_not_two
from chengxin.site.desks import Seat, desk
from chengxin.site.methods import require_safe
from chengxin.site.office.common import reason_of, said, told
from chengxin.site.public.articles import SECTIONS, structured
from chengxin.site.store.models import Article
from chengxin.site.words import words
from chengxin.values.errors import Refused, Said

STATES = {
    "draft": Said("草稿，等保密审查", "draft, waits for its secrecy review"),
    "reviewed": Said("已审查，等发布", "reviewed, waits to be published"),
    "published": Said("已发布", "published"),
    "replaced": Said("已被新版代替", "replaced by a later version"),
    "withdrawn": Said("已撤下", "withdrawn"),
}
_DONE = {
    "review": Said("已作保密审查，等另一人发布。", "Reviewed; somebody else publishes it."),
    "publish": Said("已发布。", "Published."),
    "withdraw": Said("已撤下。", "Withdrawn."),
}
_TYPED = ("section", "slug", "title_zh", "title_en", "text_zh", "text_en")


@require_safe
@without_records
@desk(Role.OFFICE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All pages by their last version, and what waits for somebody."""
    newest = Article.objects.values("section", "slug").annotate(last=Max("version"))
    last = {(n["section"], n["slug"], n["last"]) for n in newest}
    rows = [a for a in Article.objects.order_by("-written_at") if (a.section, a.slug, a.version) in last]
    context = {"rows": [(a, SECTIONS[a.section], STATES[a.state]) for a in rows]}
    return render(request, "office/articles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@without_records
@desk(Role.OFFICE)
def written(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form of a new page, or of a new version of one; what was typed stays when it is refused."""
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in _TYPED}
    refusal = None
    if request.method == "POST":
        title, text = (Said(typed[f"{part}_zh"], typed[f"{part}_en"]) for part in ("title", "text"))
        try:
            made = articles.write(typed["section"], typed["slug"].strip(), title, text, seat.name)
        except Refused as refused:
            refusal = refused
        else:
            said(request, "已存为草稿，等另一人作保密审查。", "Kept as a draft; somebody else reviews it.")
            return redirect("office_article", made.section, made.slug)
    else:
        before = _versions(request.GET.get("section", ""), request.GET.get("slug", ""))
        typed = {name: getattr(before[0], name) for name in _TYPED} if before else {}
    context = {
        "typed": typed,
        "sections": SECTIONS.items(),
        "refused": words(refusal.said) if refusal else "",
        "longest": (articles.LONGEST_TITLE, articles.LONGEST_TEXT),
    }
    return render(request, "office/article_form.html", context, status=422 if refusal else 200)


@require_safe
@without_records
@desk(Role.OFFICE)
def article(request: HttpRequest, seat: Seat, section: str, slug: str) -> HttpResponse:
    """One page: its last version as it would look, what may be done with it and by whom, and the versions before."""
    versions = _versions(section, slug)
    if not versions:
        raise Http404
    last = versions[0]
    context = {
        "article": last,
        "section": SECTIONS[section],
        "state": STATES[last.state],
        "bodies": [(lang, structured(text)) for lang, text in (("zh", last.text_zh), ("en", last.text_en)) if text],
        "step": _step(last),
        "why_not": _why_not(last, seat.name),
        "shown": next((v for v in versions if v.state == "published"), None),
        "versions": [(v, STATES[v.state]) for v in versions],
    }
    return render(request, "office/article.html", context)


@without_records
@desk(Role.OFFICE)
@require_POST
def moved(request: HttpRequest, seat: Seat, section: str, slug: str) -> HttpResponse:
    """Review, publish or withdraw the version that the form names."""
    step = request.POST.get("step", "")
    try:
        if step == "withdraw":
            articles.withdraw(section, slug, seat.name, reason_of(request))
        elif step in ("review", "publish"):
            number = request.POST.get("version", "")
            version = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 0
            (articles.review if step == "review" else articles.publish)(section, slug, version, seat.name)
        else:
            raise Refused("step", Said("请选择要办的事。", "Say what shall be done."))
    except Refused as refusal:
        known = bool(_versions(section, slug))
        return (
            told(request, refusal, "office_article", section, slug)
            if known
            else told(request, refusal, "office_articles")
        )
    said(request, _DONE[step].zh, _DONE[step].en)
    return redirect("office_article", section, slug)


def _versions(section: str, slug: str) -> list[Article]:
    return list(Article.objects.filter(section=section, slug=slug).order_by("-version")) if section in SECTIONS else []


def _step(last: Article) -> str:
    return {"draft": "review", "reviewed": "publish"}.get(last.state, "")


def _why_not(last: Article, name: str) -> str:
    """Why this person may not take the next step, in words; empty if nothing is in the way."""
    said = None
    if last.state == "draft":
        said = why_not_two(Duty.WRITE, last.written_by, Duty.SECRECY, name)
    if last.state == "reviewed":
        said = why_not_two(Duty.SECRECY, last.reviewed_by, Duty.PUBLISH, name)
    return words(said) if said else ""
