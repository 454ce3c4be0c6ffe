"""Roles: bundles of duties that an account holds. A closed list; what one person may not unite stands in `sharing.pairs`."""

from collections.abc import Collection
from itertools import combinations, product

from chengxin.sharing.pairs import Duty, Pair, pair_forbidden
from chengxin.standards.readers import Reader
from chengxin.values.errors import Said
from chengxin.values.spoken import Spoken


class Seating(Spoken):
    """Where an account sits. One account sits at one desk; who works at two has two accounts."""

    DEPARTMENT = "department", "部门", "department"
    OFFICE = "office", "信用办", "credit office"
    SUBJECT = "subject", "信用主体", "subject"
    PARTNER = "partner", "金融机构和信用服务机构", "bank or agency"


class Role(Spoken):
    """What an account may do."""

    ENTER = "enter", "录入", "enters data"
    REVIEW = "review", "审查", "reviews"
    CHECK = "check", "核查", "checks subjects"
    MANAGE = "manage", "管理", "manages team and keys"
    OFFICE = "office", "信用办", "credit office"
    AUDIT = "audit", "审计", "audits"
    RUN = "run", "运维", "runs the system"
    SECURITY = "security", "安全", "security officer"
    SUBJECT = "subject", "信用主体", "subject"
    PARTNER = "partner", "授权查询", "queries with a grant"

    @property
    def seating(self) -> Seating:
        """Where who holds it sits."""
        return _SEATING[self]

    @property
    def reader(self) -> Reader:
        """As whom the gate knows who holds it."""
        return _READER.get(self, _READERS[self.seating])

    @property
    def duties(self) -> frozenset[Duty]:
        """What who holds it does."""
        return _DUTIES[self]


D = Duty
_SEATING = {
    **dict.fromkeys((Role.ENTER, Role.REVIEW, Role.CHECK, Role.MANAGE), Seating.DEPARTMENT),
    **dict.fromkeys((Role.OFFICE, Role.AUDIT, Role.RUN, Role.SECURITY), Seating.OFFICE),
    Role.SUBJECT: Seating.SUBJECT,
    Role.PARTNER: Seating.PARTNER,
}
_READERS = {
    Seating.DEPARTMENT: Reader.AUTHORITY,
    Seating.OFFICE: Reader.OFFICE,
    Seating.SUBJECT: Reader.SUBJECT,
    Seating.PARTNER: Reader.PARTNER,
}
_READER = {Role.AUDIT: Reader.AUDITOR, Role.RUN: Reader.OPERATOR, Role.SECURITY: Reader.OPERATOR}
_DUTIES: dict[Role, frozenset[Duty]] = {
    Role.ENTER: frozenset({D.SUBMIT, D.READ}),
    Role.REVIEW: frozenset({D.REVIEW, D.SECRECY, D.READ}),
    Role.CHECK: frozenset({D.READ}),
    Role.MANAGE: frozenset({D.GIVE_ROLE}),
    # What it does in two steps (judge and confirm, …) the pairs in one case keep apart.
    Role.OFFICE: frozenset({D.JUDGE, D.JUDGE_AGAIN, D.DECIDE, D.OBJECTION, D.PUBLISH, D.PAPER, D.PAPER_AGAIN})
    | {D.RECALL, D.RECALL_AGAIN, D.CONFIRM, D.CONFIRM_AGAIN, D.ADMIT, D.ADMIT_AGAIN}
    | {D.GIVE_ROLE, D.READ},
    Role.AUDIT: frozenset({D.AUDIT}),
    Role.RUN: frozenset({D.RUN}),
    Role.SECURITY: frozenset({D.SECURITY, D.KEYS}),
    Role.SUBJECT: frozenset(),
    Role.PARTNER: frozenset(),
}
# Who may give which roles at a desk; who runs the system gives the first ones from the command line.
_GIVES: dict[Role, frozenset[Role]] = {
    Role.MANAGE: frozenset({Role.ENTER, Role.REVIEW, Role.CHECK}),
    Role.OFFICE: frozenset(Role),
}
_NONE = Said("请至少给一个角色。", "Give one role at least.")
_TWO_DESKS = Said("一个账号只能在一处：部门、信用办、主体或机构。", "An account sits at one desk only.")


def in_order(roles: Collection[Role]) -> list[Role]:
    """Roles in the order of the list."""
    return [role for role in Role if role in roles]


def roles_refused(roles: Collection[Role]) -> Said | None:
    """Why no one account may hold these roles together; None if it may."""
    if not roles:
        return _NONE
    if len({role.seating for role in roles}) > 1:
        return _TWO_DESKS
    pair = _forbidden(roles)
    return pair.said if pair else None


def _forbidden(roles: Collection[Role]) -> Pair | None:
    """The first pair, in the order of the lists, that forbids one of the roles beside another in whatever case."""
    for one, other in combinations(in_order(roles), 2):
        for done, wanted in product(Duty, Duty):
            pair = pair_forbidden(done, wanted, same_case=False)
            if pair and done in one.duties and wanted in other.duties:
                return pair
    return None


def may_give(giver: Collection[Role]) -> frozenset[Role]:
    """The roles that who holds `giver` may give and take away."""
    return frozenset().union(*(_GIVES.get(role, frozenset()) for role in giver))


def self_given() -> Said:
    """Why nobody gives a role to himself."""
    pair = pair_forbidden(D.GIVE_ROLE, D.TAKE_ROLE, same_case=True)
    return pair.said if pair else _NONE
