"""The credit office's first page: what came against what was to be expected, what is held, what waits, where the log stands."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from chengxin.sharing.outlets import through, without_records
from chengxin.sharing.roles import Role
from chengxin.site.access import following, intake, sent
from chengxin.site.access.asked import Asked
from chengxin.site.access.intake import Feed, Queue
from chengxin.site.actions import held, notes, objections, proposals
from chengxin.site.desks import Seat, desk, menu
from chengxin.site.folder import folder_here, site_here
from chengxin.site.methods import require_safe
from chengxin.site.office.common import KEEPING, reason_of, said, told
from chengxin.site.store import journal, log
from chengxin.site.store.models import Checkpoint, Head
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Resource
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.spoken import Spoken

ROLES = (Role.OFFICE, Role.AUDIT, Role.RUN, Role.SECURITY)
SOON = 2  # working days before the end of a term from which it is near
JOURNAL = 5  # last lines shown


class Word(Spoken):
    """How a feed stands against what was to be expected; the worst first."""

    SILENT = "silent", "沉默：已过期未报", "silent: overdue"
    LONG = "long", "比平时久", "longer than usual"
    NEAR = "near", "临近到期", "due soon"
    NEVER = "never", "从未报送", "never sent"
    TIMELY = "timely", "按期", "in time"
    OPEN = "open", "没有统一时限", "no general term"

    @property
    def shape(self) -> str:
        """What tells it without its colour."""
        return _SHAPES[self]


_SHAPES = {Word.SILENT: "■", Word.LONG: "◆", Word.NEAR: "▲", Word.NEVER: "□", Word.TIMELY: "●", Word.OPEN: "○"}


@dataclass(frozen=True)
class Line:
    """One feed on the board. `due`: the last day of the term of the catalogue since the last word."""

    feed: Feed
    resource: Resource
    word: Word
    term: int | None
    due: date | None
    files: int
    rows: int


@require_safe
@without_records
@desk(*ROLES)
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The first page of the menu that the account's roles open."""
    own = menu(seat)
    return redirect(own[0].url if own else "account_home")


@require_safe
@through("office.intake")
@desk(Role.OFFICE)
def day(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The board."""
    asked = seat.asked("office.intake", KEEPING)
    lines = sorted((_line(asked.catalogue, f) for f in intake.feeds(asked)), key=_worst_first)
    words = Counter(line.word for line in lines)
    context = {
        "today": asked.at.day,
        "lines": lines if request.GET.get("all") else [x for x in lines if x.word in _SHOWN or x.files],
        "everything": bool(request.GET.get("all")),
        "feeds": len(lines),
        "words": [(word, words[word]) for word in Word],
        "came": sent.by_body(asked, asked.at.day),
        "held": sent.submissions(asked, ("held",), 50),
        "queues": [*intake.queues(asked), *_own_queues(), *_late(asked)],
        "jobs": intake.jobs_by_state(asked),
        "log": log_state(),
    }
    return render(request, "office/day.html", context)


@through("office.intake")
@desk(Role.OFFICE)
@require_POST
def decide_held(request: HttpRequest, seat: Seat, identity: str) -> HttpResponse:
    """Let a held feed go on, or send it back."""
    back = request.POST.get("do") == "back"
    try:
        (held.turn_away if back else held.release)(site_here(), identity, seat.name, reason_of(request))
    except Refused as refusal:
        return told(request, refusal, "office_day")
    if back:
        said(request, "已退回报送单位。", "Sent back to its sender.")
    else:
        said(request, "已放行，由报送单位的审查人审查。", "Released: its sender's reviewer goes on.")
    return redirect("office_day")


_SHOWN = (Word.SILENT, Word.LONG, Word.NEAR, Word.NEVER)


def _worst_first(line: Line) -> tuple[int, date, str]:
    return list(Word).index(line.word), line.due or date.max, line.feed.body


def _line(catalogue: Catalogue, feed: Feed) -> Line:
    resource = catalogue.resources[feed.resource]
    term = _term(resource, catalogue.day)
    due = catalogue.calendar.add_working_days(feed.last, term) if term and feed.last else None
    return Line(feed, resource, _word(catalogue, feed, due), term, due, *feed.today(catalogue.day))


def _term(resource: Resource, day: date) -> int | None:
    """Within how many working days of the decision it is to be reported, if a rule in force says so."""
    terms = (r for r in resource.rules if r.kind == "lateness" and "working_days" in r.params and r.in_force(day))
    return next((int(r.params["working_days"]) for r in terms), None)


def _word(catalogue: Catalogue, feed: Feed, due: date | None) -> Word:
    """The clock of the catalogue first; then what is usual for this feed: twice the median gap is long."""
    if feed.last is None:
        return Word.NEVER
    if due and due < catalogue.day:
        return Word.SILENT
    if feed.usual_gap and (catalogue.day - feed.last).days > 2 * feed.usual_gap:
        return Word.LONG
    if due and catalogue.calendar.working_days_between(catalogue.day, due) <= SOON:
        return Word.NEAR
    return Word.TIMELY if due else Word.OPEN


def _own_queues() -> list[Queue]:
    """What waits for the office itself."""
    told_us, second = notes.unanswered(), proposals.waiting()
    objected, standing = objections.going(), objections.to_correct()
    late = [o.raised_at for o in objected if objections.clock_of(o, legal_today()).left < 0]
    listed = (
        (Said("待答复的规则意见", "notes about rules"), [n.at for n in told_us]),
        (Said("等第二人复核", "acts that wait for a second person"), [p.at for p in second]),
        (Said("待办的异议", "objections to be decided"), [o.raised_at for o in objected]),
        (Said("其中已超期的异议", "of these past their term"), late),
        (Said("异议成立、来源单位尚未更正", "objections upheld, not corrected yet"), [o.raised_at for o in standing]),
    )
    return [Queue(said, len(days), days[0].date()) for said, days in listed if days]


def _late(asked: Asked) -> list[Queue]:
    """Partners that have not confirmed in time to have dropped what was lifted."""
    since = [one.since.date() for one in following.followers(asked) if one.late and one.since]
    return (
        [Queue(Said("撤下未确认的合作方", "partners that did not confirm a lifting"), len(since), min(since))]
        if since
        else []
    )


def log_state() -> dict[str, object]:
    """Where the log stands, and what starts put right."""
    head, last = Head.objects.get(), Checkpoint.objects.order_by("-size").first()
    return {
        "size": log.log_size(),
        "signed_at": last.signed_at if last else None,
        "behind": head.committed - head.included,
        "journal": journal.lines(folder_here())[-JOURNAL:][::-1],
    }
