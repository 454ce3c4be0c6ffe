"""Drafts of the law: what the catalogue is not sure of and binds nobody; confirmed by two people by a document, or revoked."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access.drafts import touched
from chengxin.site.access.looks import write_look
from chengxin.site.actions import confirmations, proposals
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING, reason_of, said, told
from chengxin.site.store.models import Confirmation
from chengxin.standards.confirmed import KINDS, Draft, drafts
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Kind, Need, Reader, View
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

_TOLD = {"basis", "clause", "months", "what", "body_words"}  # the page tells it in another way
_TITLES = {
    "kind": Said("种类", "Kind"),
    "serious": Said("是严重失信主体名单", "A list of serious dishonesty"),
    "body": Said("由谁", "By whom"),
    "subjects": Said("对谁", "About whom"),
    "of": Said("对什么样的主体", "About which of them"),
    "grounds": Said("列入情形", "Grounds"),
    "term": Said("期限", "Term"),
    "early_exit": Said("提前退出", "Leaving early"),
    "measures": Said("措施", "Measures"),
    "note": Said("说明", "Note"),
    "lists": Said("名单", "Lists"),
    "since": Said("自", "Since"),
    "view": Said("怎样看", "View"),
    "readers": Said("谁可以用", "Who may use it"),
    "needs": Said("须有什么", "What it needs"),
    "used_in": Said("用于哪项工作", "In which work"),
    "version": Said("版本", "Version"),
    "disclosure": Said("披露方式", "Disclosure"),
    "polarity": Said("性质", "Nature"),
    "field": Said("数据项", "Field"),
    "severity": Said("程度", "Level"),
}
# Words of the catalogue's files, as a reader says them.
_WORDS = {
    **{word.value: word.said.zh for words in (Kind, Reader, Need, View) for word in words},
    "True": "是",
    "False": "否",
    "None": "—",
    "high": "高",
    "medium": "中",
    "low": "低",
    "reject": "须改",
    "warn": "提示",
    "black": "失信",
    "watch": "关注",
    "serious": "全部严重失信主体名单",
    "supervision": "监督检查",
    "public": "公开",
    "on_auth": "经授权",
    "neutral": "中性",
}
_TERM = re.compile("text：(.*?)；confidence：([a-z]+)$")


@require_safe
@without_records
@desk(Role.OFFICE)
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All drafts of today's catalogue; what was confirmed here."""
    second = {p.about for p in proposals.waiting("draft")}
    context = {
        "rows": [(d, KINDS[d.kind], f"{d.kind}:{d.name}" in second) for d in drafts(load_catalogue(legal_today()))],
        "confirmed": [(c, KINDS[c.kind]) for c in Confirmation.objects.order_by("-at")[:100]],
    }
    return render(request, "office/drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@through("office.figures")
@desk(Role.OFFICE)
def draft(request: HttpRequest, seat: Seat, kind: str, name: str) -> HttpResponse:
    """One draft: its facts, source and clauses, what confirming it would touch, and the form to propose that."""
    try:
        found = confirmations.draft_of(kind, name)
    except Refused as refusal:
        raise Http404 from refusal
    about = f"{kind}:{name}"
    if request.method == "POST":
        document, on = request.POST.get("document", "")[:200], request.POST.get("on", "")
        try:
            confirmations.dated(document, on)
            proposals.propose("draft", about, seat.name, reason_of(request), {"document": document, "on": on})
            said(
                request, "已提出确认，等第二人复核后生效。", "Proposed; it takes effect when a second person confirms."
            )
        except Refused as refusal:
            return told(request, refusal, "office_draft", kind, name)
        return redirect("office_draft", kind, name)
    asked = seat.asked("office.figures", KEEPING)
    write_look(asked, [])
    open_one = next((p for p in proposals.waiting("draft") if p.about == about), None)
    context = {
        "draft": found,
        "facts": _facts(found),
        "kind": KINDS[kind],
        "clauses": [asked.catalogue.clause(c) for c in found.clauses],
        "touched": touched(asked, found),
        "today": asked.at.day,
        "one": open_one,
        "why_not": proposals.why_not(open_one, seat.name) if open_one else None,
    }
    return render(request, "office/draft.html", context)


@without_records
@desk(Role.OFFICE)
@require_POST
def revoke(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Revoke a confirmation, with a reason: it is a draft again at once."""
    try:
        confirmations.revoke(site_here(), identity, seat.name, reason_of(request))
    except Refused as refusal:
        return told(request, refusal, "office_drafts")
    said(request, "已撤销确认，今天起又是草案。", "Revoked: it is a draft again from today on.")
    return redirect("office_drafts")


def _facts(found: Draft) -> list[tuple[Said, str]]:
    """What the catalogue says of it, under titles and in words; what the page tells already is left out."""
    return [(_TITLES.get(key, Said(key, key)), _in_words(text)) for key, text in found.facts if key not in _TOLD]


def _in_words(text: str) -> str:
    said = _TERM.search(text)
    sure = f"（把握：{_WORDS[said[2]]}）" if said else ""
    return f"{said[1]}{sure}" if said else re.sub(r"[A-Za-z_]+", lambda m: _WORDS.get(m[0], m[0]), text)
