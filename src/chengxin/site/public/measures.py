"""What may follow from which list, decision or record, by law: measures of the catalogue, by list and by body."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chengxin.reports.said import list_title
from chengxin.sharing.outlets import without_records
from chengxin.site.methods import require_safe
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.measures import SERIOUS, Measure, MeasureKind, measure_kinds, measures
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said

_GROUPS = {
    "A": Said("依法减损权益或者增加义务的", "Those that lessen rights or add duties, by law"),
    "B": Said("公共管理机构在职责内采取的", "Those of public bodies within their own remit"),
    "C": Said("市场主体自主采取的", "Those that parties of the market take at their own choice"),
    "R": Said("守信激励", "Rewards for honesty"),
}
_ANY_SERIOUS = Said("任何严重失信主体名单", "any serious-dishonesty list")


@require_safe
@without_records
def page(request: HttpRequest) -> HttpResponse:
    """Measures by kind, of one list or body if asked."""
    known = load_catalogue(legal_today())
    wanted, body = (request.GET.get(key, "").strip() for key in ("list", "body"))
    every, kinds = measures(known), measure_kinds(known)
    lists = _lists(known, every)
    bodies = sorted({m.body for m in every})
    if (wanted and wanted not in lists) or (body and body not in bodies):
        raise Refused(
            "filter",
            Said("请从页面所列的名单和机关中选择。", "Choose a list and a body that the page offers."),
        )
    serious = bool(wanted) and known.tables["lists"]["lists"][wanted]["serious"]
    chosen = [m for m in every if not body or m.body == body]
    chosen = [m for m in chosen if not wanted or m.follows_from(wanted, serious)]
    context = {
        "groups": _grouped(chosen, kinds, known),
        "found": len(chosen),
        "lists": lists,
        "bodies": bodies,
        "list": wanted,
        "body": body,
    }
    return render(request, "public/measures.html", context)


def _lists(known: Catalogue, every: tuple[Measure, ...]) -> dict[str, Said]:
    """The lists that something follows from: id, title."""
    entries = known.tables["lists"]["lists"]
    led = (n for n, e in entries.items() if any(m.follows_from(n, e["serious"]) for m in every))
    return {name: title for name in led if (title := list_title(name, known))}


def _grouped(
    chosen: list[Measure], kinds: dict[str, MeasureKind], known: Catalogue
) -> list[tuple[Said, list[tuple[MeasureKind, list[dict[str, object]]]]]]:
    groups = []
    for group, said in _GROUPS.items():
        of = [(k, [_told(m, k, known) for m in chosen if m.kind == k.name]) for k in kinds.values() if k.group == group]
        if any(found for _, found in of):
            groups.append((said, [(k, found) for k, found in of if found]))
    return groups


def _told(measure: Measure, kind: MeasureKind, known: Catalogue) -> dict[str, object]:
    lists = [(n, _ANY_SERIOUS if n == SERIOUS else list_title(n, known)) for n in measure.lists]
    return {
        "measure": measure,
        "draft": measure.draft or kind.draft,
        "clause": known.clause(measure.clause),
        "lists": lists,
    }
