"""Sending: choose what, take the template, upload a file, or say that there was nothing."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access import sent
from chengxin.site.actions import uploads, zero
from chengxin.site.department.common import WORKBOOK, as_file, asked_of, reported_or_404, said, today, told
from chengxin.site.department.owed import owed
from chengxin.site.desks import Seat, desk
from chengxin.site.folder import site_here
from chengxin.site.methods import require_safe
from chengxin.site.sealing import MOST, sealed_file, sealing
from chengxin.site.words import words
from chengxin.site.work import work_folder
from chengxin.standards.template import template, template_name
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

MODES = ("increment", "full")


@require_safe
@through("authority.sent")
@desk(Role.ENTER, Role.MANAGE)
def choose(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the body reports, each with its clock."""
    return render(request, "department/choose.html", {"owed": owed(seat), "day": today().day})


@require_safe
@through("authority.sent")
@desk(Role.ENTER)
def item(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """One resource: on what it rests, its template, and the ways to send it."""
    resource = reported_or_404(seat, name)
    asked = asked_of(seat, "authority.sent")
    one = next(o for o in owed(seat) if o.resource.name == name)
    last = [s for s in sent.submissions(asked, most=200) if s.resource.name == name][:5]
    since = one.last_day + timedelta(days=1) if one.last_day else today().day.replace(day=1)
    context = {"resource": resource, "one": one, "last": last, "most": MOST >> 20, "since": min(since, today().day)}
    return render(request, "department/item.html", context)


@require_safe
@without_records
@desk(Role.ENTER)
def form_to_fill(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """The workbook to fill in."""
    resource = reported_or_404(seat, name)
    with work_folder(site_here().folder) as folder:
        content = template(resource, today(), folder).read_bytes()
    return as_file(content, template_name(resource, today()), WORKBOOK)


@csrf_exempt  # checked below, once it is known who sends: nobody else's file is even read
@through("authority.problems")
@desk(Role.ENTER)
@require_POST
def upload(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """A file comes; it is sealed while it does."""
    resource = reported_or_404(seat, name)
    handler = sealing(request)
    request.upload_handlers = [handler]
    try:
        return _upload(request, seat, resource.name)
    finally:
        handler.upload_interrupted()  # of a form that was refused nothing stays


@csrf_protect
def _upload(page: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    try:
        mode = page.POST.get("mode", MODES[0])
        if mode not in MODES:
            raise Refused("mode", Said("请选择增量或全量。", "Choose additions or a whole list."))
        file_name, sealer = sealed_file(page, "file")
        what = uploads.Upload(name, mode, file_name)
        job = uploads.upload(site_here(), seat.body, seat.name, what, sealer)
    except Refused as refusal:
        return told(page, refusal, "department_item", name)
    return redirect("department_job", job.id.hex)


@without_records
@desk(Role.ENTER)
@require_POST
def nothing(request: HttpRequest, seat: Seat, name: str) -> HttpResponse:
    """A zero report, signed."""
    resource = reported_or_404(seat, name)
    try:
        since, until = (_day(request.POST.get(k, "")) for k in ("since", "until"))
        if request.POST.get("sign") != "yes":
            raise Refused("sign", Said("请勾选确认后签名。", "Please tick the box to sign."))
        zero.sign(seat.body, resource, (since, until), seat.name, seat.account.name)
    except Refused as refusal:
        return told(request, refusal, "department_item", name)
    said(
        request,
        f"零报告已签：{resource.title.zh}，{since} 至 {until}。",
        f"Signed: nothing to report, {since} to {until}.",
    )
    if gap := next(o.gap for o in owed(seat) if o.resource.name == name):
        zh = f"{gap[0]} 至 {gap[1]} 没有报送，也没有零报告，仍应报；时限从 {gap[0] - timedelta(days=1)} 起算。"
        en = f"Nothing tells of {gap[0]} to {gap[1]}: these days are still owed, and the term runs from before them."
        messages.warning(request, words(Said(zh, en)))
    return redirect("department_item", name)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        zh = f"日期“{text[:20]}”看不懂，请写成 {legal_today()} 这样。"
        raise Refused("day", Said(zh, f"Write the day like {legal_today()}.")) from None
