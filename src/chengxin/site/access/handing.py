"""What the gate says to whoever holds a subject's link to one report. The link is the grant: it is live, or it has ended."""

from dataclasses import replace

from chengxin.sharing.condition import Scope
from chengxin.sharing.outlets import outlet_named
from chengxin.sharing.questions import Ground
from chengxin.site.access.asked import Asked, Who, place
from chengxin.site.access.looks import write_look
from chengxin.site.store.models import Look, Subject
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Kind

PURPOSE = "shown_report"


def handed(outlet: str, subject: str, link: str, resources: frozenset[str], live: bool) -> bool:
    """True if the report about `subject` may go out by this link; its Look is written by then. `resources`: what it tells of."""
    kind = Kind(Subject.objects.values_list("kind", flat=True).get(id=subject))
    at = replace(place(), subject=subject)
    ground = Ground.GRANT_LIVE if live else Ground.GRANT_ENDED
    asked = Asked(outlet_named(outlet), at, load_catalogue(at.day), PURPOSE, ground, Who(name_of(link)), resources)
    if not any(k is kind and answer.condition is Scope.ONE for (_, k), answer in asked.answers().items()):
        return False
    write_look(asked, [subject])
    return True


def uses(asked: Asked, link: str) -> list[Look]:
    """The Looks by a link at the reports of the subject that asks (`asked.at.me`), the newest first; none if the gate says no."""
    if asked.at.me is None or not any(a.condition is Scope.SELF for a in asked.answers().values()):
        return []
    return list(Look.objects.filter(subject=asked.at.me, who=name_of(link)).order_by("-at", "-id"))


def name_of(link: str) -> str:
    """How Looks name who opens a link: not by the address itself."""
    return f"link:{link[:12]}"
