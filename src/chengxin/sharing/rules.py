"""The rules of the gate: what each view allows, of which records. What no row allows is denied.

What a rule allows still needs a purpose of the catalogue in force on the day (`cn/purposes.yaml`), what the purpose asks for, and
a disclosure class whose channel is open. The table of all of it is `docs/access.txt`, which a jurist reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from chengxin.sharing.condition import Effect, Grade, Scope, States, Window
from chengxin.sharing.questions import Action, Part
from chengxin.standards.readers import Kind, View

# The channel of a disclosure class (cn/disclosure.yaml) that a view opens. The office reads as a department does; who
# audits reads no content.
CHANNELS: dict[View, str] = {
    View.PUBLISHED: "public_site",
    View.OWN: "source_staff",
    View.SHARED: "department",
    View.UPLOADED: "city",
    View.GRANTED: "consented",
    View.SELF: "self",
    View.KEPT: "department",
    View.HANDLED: "department",
}
# What is known of a record beside its content: which kind, by whom, when, in which state. A person's shell alone does
# not say whom it is about.
SHELL_OF_PERSON = frozenset(
    ("id", "resource", "version", "state", "list", "authority", "authority_code", "source", "sender", "decided_on")
) | {"severity", "adverse", "published", "draft", "last_day", "clause", "since", "until"}
SHELL = SHELL_OF_PERSON | {"subject", "document"}


@dataclass(frozen=True)
class Rows:
    """Which records: a condition without its resource and kind of subject."""

    states: States
    grade: Grade
    window: Window
    effect: Effect
    scope: Scope


@dataclass(frozen=True)
class Rule:
    """One row. `content`: the fields that the view's channel opens; else no more than the shell."""

    view: View
    kinds: tuple[Kind, ...]
    actions: tuple[Action, ...]
    rows: Rows
    content: bool = True
    part: Part = Part.RECORD


FIRM, TRADER, PERSON = (Kind.ORGANISATION,), (Kind.SOLE_TRADER,), (Kind.PERSON,)
FIRMS, ANYONE = (*FIRM, *TRADER), tuple(Kind)
FIND, SEARCH, READ, LIST, COUNT, FEED, EXPORT, TRACE = Action


def _now(grade: Grade, effect: Effect, scope: Scope) -> Rows:
    return Rows(States.IN_FORCE, grade, Window.WITHIN, effect, scope)


def _ever(scope: Scope) -> Rows:
    return Rows(States.EVER, Grade.ALL, Window.ANY, Effect.EVER, scope)


_PUBLIC = _now(Grade.PUBLISHED, Effect.INCLUDED, Scope.ALL)
_SHARED, _SHARED_ONE = (_now(Grade.SHARED, Effect.INCLUDED, s) for s in (Scope.ALL, Scope.ONE))
_OWN, _OWN_ONE, _ALL, _ONE, _SELF = (
    _now(Grade.ALL, Effect.COMMITTED, s) for s in (Scope.OWN, Scope.OWN_ONE, Scope.ALL, Scope.ONE, Scope.SELF)
)

RULES: tuple[Rule, ...] = (
    # Anybody: firms in every way; sole traders only by exact code or full name, since a list of them is a list of people.
    Rule(View.PUBLISHED, FIRM, (FIND, SEARCH, READ, LIST, COUNT, FEED, EXPORT), _PUBLIC),
    Rule(View.PUBLISHED, TRADER, (FIND, READ, COUNT), _PUBLIC),
    # A department: what it sent or decided, in any class; people one at a time.
    Rule(View.OWN, FIRMS, (FIND, SEARCH, READ, LIST, COUNT, EXPORT), _OWN),
    Rule(View.OWN, PERSON, (FIND, READ), _OWN_ONE),
    Rule(View.OWN, PERSON, (LIST, COUNT), _OWN, content=False),
    Rule(View.OWN, ANYONE, (TRACE,), _ever(Scope.OWN), content=False),
    Rule(View.OWN, ANYONE, (READ, LIST, COUNT, EXPORT), _ever(Scope.OWN), content=False, part=Part.SENT),
    # A department: what others share with government, for a purpose; people one at a time, for a case.
    Rule(View.SHARED, FIRM, (FIND, SEARCH, READ, LIST, COUNT), _SHARED),
    Rule(View.SHARED, TRADER, (FIND, READ, COUNT), _SHARED),
    Rule(View.SHARED, PERSON, (FIND, READ), _SHARED_ONE),
    # The upper platform takes firms' records as they change, and whole now and then to compare.
    Rule(View.UPLOADED, FIRMS, (FEED, EXPORT), _SHARED),
    # A bank or agency: one subject, by its grant.
    Rule(View.GRANTED, ANYONE, (FIND, READ), _SHARED_ONE),
    # The subject: all that is held about it, that something existed, and who looked.
    Rule(View.SELF, ANYONE, (FIND, READ, EXPORT), _SELF),
    Rule(View.SELF, ANYONE, (TRACE,), _ever(Scope.SELF), content=False),
    Rule(View.SELF, ANYONE, (READ, LIST, COUNT, EXPORT), _ever(Scope.SELF), content=False, part=Part.LOOKS),
    # The reports that were issued to it, and by its link, which is its grant, whoever holds that: the one report.
    Rule(View.SELF, ANYONE, (READ, LIST, EXPORT), _ever(Scope.SELF), content=False, part=Part.REPORT),
    Rule(View.HANDED, ANYONE, (READ, EXPORT), _ever(Scope.ONE), content=False, part=Part.REPORT),
    # The office keeps the data: of people no more than the shell, unless for a case.
    Rule(View.KEPT, FIRMS, (FIND, SEARCH, READ, LIST, COUNT), _ALL),
    Rule(View.KEPT, PERSON, (LIST, COUNT), _ALL, content=False),
    Rule(View.KEPT, ANYONE, (TRACE,), _ever(Scope.ALL), content=False),
    Rule(View.KEPT, ANYONE, (COUNT,), _ever(Scope.ALL), content=False, part=Part.LOOKS),
    Rule(View.KEPT, ANYONE, (COUNT,), _ever(Scope.ALL), content=False, part=Part.SENT),
    Rule(View.HANDLED, ANYONE, (FIND, READ), _ONE),
    Rule(View.HANDLED, ANYONE, (TRACE,), _ever(Scope.ONE), content=False),
    Rule(View.HANDLED, ANYONE, (READ,), _ever(Scope.ONE), content=False, part=Part.LOOKS),
    # Who audits sees what there was and who looked, never what it says.
    Rule(View.AUDITED, ANYONE, (LIST, COUNT, TRACE), _ever(Scope.ALL), content=False),
    Rule(View.AUDITED, ANYONE, (READ, LIST, COUNT), _ever(Scope.ALL), content=False, part=Part.LOOKS),
)

Key = tuple[View, Kind, Action, Part]
Index = dict[Key, Rule]


def by_key(rules: Iterable[Rule]) -> Index:
    """Rules by what they are about; two about the same are a mistake of ours and raise ValueError."""
    index: Index = {}
    for rule in rules:
        for key in ((rule.view, kind, action, rule.part) for kind in rule.kinds for action in rule.actions):
            if key in index:
                raise ValueError(f"two rules about {key}")
            index[key] = rule
    return index


INDEX = by_key(RULES)
