"""The gate: may this reader see that? One pure decision, total over closed lists, and no unless a rule says yes.

Every outlet asks it (`sharing.outlets`), and only `site/access` carries out what it says. It knows nobody and reads nothing but the
catalogue: that a case is open, a grant alive and a reader who it claims to be is found out before it is asked.
"""

from functools import lru_cache

from chengxin.sharing.condition import Condition, Scope
from chengxin.sharing.questions import NOTHING, Allowed, Answer, Denied, Ground, Part, Question, Reason
from chengxin.sharing.rules import CHANNELS, INDEX, SHELL, SHELL_OF_PERSON, Index, Rule
from chengxin.standards.load import Catalogue
from chengxin.standards.model import Field, Purpose, Resource
from chengxin.standards.readers import FLOORS, Kind, Need

# What names or betrays the operator of a sole trader, who is treated as a person (design 1.4).
OPERATOR_ROLES = ("legal_representative", "operator", "address")
_MEETS = {Need.CASE: Ground.CASE_OPEN, Need.GRANT: Ground.GRANT_LIVE}
_LACKS = {
    (Need.CASE, Ground.CASE_CLOSED): Reason.CASE_CLOSED,
    (Need.GRANT, Ground.GRANT_ENDED): Reason.GRANT_ENDED,
}


def decide(question: Question, catalogue: Catalogue) -> Answer:
    """The answer on the catalogue's day; what was asked before is remembered. Never raises, whatever the names in it."""
    if question.purpose in catalogue.purposes and question.resource in catalogue.resources:
        return _remembered(question, catalogue)
    return judge(question, catalogue)  # names that are in no list are not worth remembering


@lru_cache(maxsize=1 << 16)
def _remembered(question: Question, catalogue: Catalogue) -> Answer:
    return judge(question, catalogue)


def judge(question: Question, catalogue: Catalogue, index: Index = INDEX) -> Answer:
    """`decide` without memory, by the given rules."""
    answer = _answer(question, catalogue, index)
    # About people every no is the same no: who is refused learns nothing about who is there (INV-13, INV-36).
    return NOTHING if question.kind is Kind.PERSON and isinstance(answer, Denied) else answer


def _answer(question: Question, catalogue: Catalogue, index: Index) -> Answer:
    purpose = catalogue.purposes.get(question.purpose)
    if purpose is None:
        return Denied(Reason.NO_PURPOSE)
    lacking = _lacking(question, purpose, catalogue)
    if lacking is not None:
        return Denied(lacking, purpose.clause)
    rule = index.get((purpose.view, question.kind, question.action, question.part))
    if rule is None:
        return Denied(Reason.ACTION, purpose.clause)
    if question.part is not Part.RECORD:
        return Allowed(frozenset(), frozenset(), rule.rows.scope, purpose.clause)
    return _of_records(question, purpose, rule, catalogue, index)


def _lacking(question: Question, purpose: Purpose, catalogue: Catalogue) -> Reason | None:
    """What of reader, kind of subject and ground does not fit the purpose; None if all does."""
    if purpose.draft:
        return Reason.DRAFT
    if not (purpose.in_force(catalogue.day) and _law_stands(purpose.clause, catalogue)):
        return Reason.NOT_IN_FORCE
    if question.reader not in purpose.readers & FLOORS[purpose.view].readers:
        return Reason.READER
    return _unmet(purpose, question.kind, question.ground)


def _law_stands(reference: str, catalogue: Catalogue) -> bool:
    law_id, _, article = reference.partition(":")
    law = catalogue.laws.get(law_id)
    return law is not None and article in law.articles and law.in_force(catalogue.day)


def _unmet(purpose: Purpose, kind: Kind, ground: Ground) -> Reason | None:
    """The purpose may ask for more than the floor of its view, never for less."""
    asked, least = purpose.needs.get(kind), FLOORS[purpose.view].needs.get(kind)
    if asked is None or least is None:
        return Reason.KIND
    for need in (asked, least):
        if need is not Need.NONE and _MEETS[need] is not ground:
            return _LACKS.get((need, ground), Reason.NEEDS_CASE if need is Need.CASE else Reason.NEEDS_GRANT)
    return None


def _of_records(question: Question, purpose: Purpose, rule: Rule, catalogue: Catalogue, index: Index) -> Answer:
    resource = catalogue.resources.get(question.resource)
    if resource is None or question.kind.value not in resource.subjects:
        return Denied(Reason.RESOURCE, purpose.clause)
    rows = rule.rows
    condition = Condition(
        resource.name, question.kind, rows.states, rows.grade, rows.window, rows.effect, rows.scope
    )  # fmt: skip
    if not rule.content:
        shell = SHELL_OF_PERSON if question.kind is Kind.PERSON and rows.scope in (Scope.ALL, Scope.OWN) else SHELL
        return Allowed(frozenset(), shell, condition, purpose.clause)
    channel = CHANNELS[purpose.view]
    if not channel_open(resource.disclosure, channel, question.kind, catalogue):
        return Denied(Reason.CLASS, purpose.clause)
    fields = frozenset(
        f.name
        for f in resource.fields
        if not f.drop and _may_see(f, resource, channel, question, purpose, catalogue, index)
    )
    return Allowed(fields, SHELL, condition, purpose.clause)


def channel_open(disclosure: str, channel: str, kind: Kind, catalogue: Catalogue) -> bool:
    """True if a disclosure class says yes to the channel and the widest class for this kind of subject does not say no.

    `per_item` is no: no resource has yet said yes for itself.
    """
    table = catalogue.tables["disclosure"]
    own, widest = (table["classes"].get(c) for c in (disclosure, table["widest_for"].get(kind.value)))
    if own is None or widest is None:
        return False
    said, most = own["channels"].get(channel), widest["channels"].get(channel, "no")
    return bool(said == "yes" and most != "no")


def whom_it_tells_of(field: Field, resource: Resource, kind: Kind) -> Kind:
    """The subject; of a sole trader's field that names or betrays the operator, a person."""
    betrays = field.private or any(resource.role(r) == field.name for r in OPERATOR_ROLES)
    return Kind.PERSON if kind is Kind.SOLE_TRADER and betrays else kind


def _may_see(
    field: Field, resource: Resource, channel: str, question: Question, purpose: Purpose, catalogue: Catalogue, index: Index
) -> bool:  # fmt: skip
    kind = whom_it_tells_of(field, resource, question.kind)
    if kind is not question.kind:
        rule = index.get((purpose.view, kind, question.action, question.part))
        if rule is None or not rule.content or _unmet(purpose, kind, question.ground) is not None:
            return False
    return channel_open(field.disclosure, channel, kind, catalogue)
