"""Of which records: one closed condition that compiles to Polars and to SQL.

A condition is a choice from five closed lists, for one resource and one kind of subject. With the day and the place in the log
it becomes a term (`sharing.terms`). Its parts must all hold; who may see this or that asks twice and takes any of two conditions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from chengxin.sharing.terms import ALWAYS, NEVER, AllOf, AnyOf, AtLeast, AtMost, Empty, OneOf, Term
from chengxin.standards.readers import Kind
from chengxin.values.spoken import Spoken


class States(Spoken):
    """Which states of a record."""

    IN_FORCE = "in_force", "有效", "in force"
    EVER = "ever", "有效和已不在的", "in force or gone"


class Grade(Spoken):
    """Which severity and which drafts."""

    PUBLISHED = "published", "已定等级且应公示，不含草案", "confirmed and to be published, no draft"
    SHARED = "shared", "已定等级，不含草案", "confirmed, no draft"
    ALL = "all", "含轻微、待认定和草案", "minor, unconfirmed and draft ones too"


class Window(Spoken):
    """Whether the day counts."""

    WITHIN = "within", "自决定日至最后一日", "from the decision to the last day"
    ANY = "any", "不论日期", "whatever the day"


class Effect(Spoken):
    """Which change sets count: what a signed checkpoint includes, all that is committed, or also what has ended."""

    INCLUDED = "included", "已入公开日志", "included in the log"
    COMMITTED = "committed", "已生效", "committed"
    EVER = "ever", "含旧版本", "earlier versions too"


class Scope(Spoken):
    """Whose."""

    ALL = "all", "不限", "all"
    ONE = "one", "一个主体", "one subject"
    SELF = "self", "本人", "the reader itself"
    OWN = "own", "本单位报送或作出的", "its own"
    OWN_ONE = "own_one", "本单位的、一个主体", "its own, one subject"


@dataclass(frozen=True)
class Condition:
    """The records a decision allows."""

    resource: str
    kind: Kind
    states: States
    grade: Grade
    window: Window
    effect: Effect
    scope: Scope


@dataclass(frozen=True)
class At:
    """When, about whom and for whom a condition is asked; *one*, *self* and *own* choose nothing where theirs is missing."""

    day: date
    included: int  # number of the last change set in a signed checkpoint
    committed: int
    body: str | None = None  # credit code of the authority that asks
    subject: str | None = None  # id of the one subject that is asked about, 32 hexadecimal digits
    me: str | None = None  # id of the subject that asks, of the session and never of the request


def _states(states: States) -> Term:
    return OneOf("state", ("in_force",)) if states is States.IN_FORCE else ALWAYS


def _grade(grade: Grade) -> Term:
    """A penalty is adverse only once its class is confirmed as general or serious; other records have no class."""
    if grade is Grade.ALL:
        return ALWAYS
    final = OneOf("draft", (False,))
    if grade is Grade.PUBLISHED:
        return AllOf((final, OneOf("published", (True,))))
    return AllOf((final, AnyOf((Empty("severity"), OneOf("adverse", (True,))))))


def _window(window: Window, at: At) -> Term:
    if window is Window.ANY:
        return ALWAYS
    begun = AnyOf((Empty("decided_on"), AtMost("decided_on", at.day)))
    return AllOf((begun, AnyOf((Empty("last_day"), AtLeast("last_day", at.day)))))


def _effect(effect: Effect, at: At) -> Term:
    """A row lives from `since` until before `until`. What burdens counts once included; what ended, once committed."""
    if effect is Effect.EVER:
        return AtMost("since", at.committed)
    begun = AtMost("since", at.included if effect is Effect.INCLUDED else at.committed)
    return AllOf((begun, AnyOf((Empty("until"), AtLeast("until", at.committed + 1)))))


def _scope(scope: Scope, at: At) -> Term:
    terms: list[Term] = []
    if scope in (Scope.OWN, Scope.OWN_ONE):
        own = NEVER if at.body is None else AnyOf((OneOf("sender", (at.body,)), OneOf("authority_code", (at.body,))))
        terms.append(own)
    if scope in (Scope.ONE, Scope.OWN_ONE):
        terms.append(NEVER if at.subject is None else OneOf("subject", (at.subject,)))
    if scope is Scope.SELF:
        terms.append(NEVER if at.me is None else OneOf("subject", (at.me,)))
    return AllOf(tuple(terms))


def chosen(conditions: Iterable[Condition], at: At) -> Term:
    """The term that holds for a record if one of the conditions allows it; of no conditions: for none."""
    alike: dict[Condition, list[str]] = {}
    for condition in conditions:
        alike.setdefault(replace(condition, resource=""), []).append(condition.resource)
    return AnyOf(tuple(_one(c, tuple(dict.fromkeys(resources)), at) for c, resources in alike.items()))


def _one(c: Condition, resources: tuple[str, ...], at: At) -> Term:
    parts = (_states(c.states), _grade(c.grade), _window(c.window, at), _effect(c.effect, at), _scope(c.scope, at))
    said = tuple(p for p in parts if p != ALWAYS)
    return AllOf((OneOf("kind", (c.kind.value,)), OneOf("resource", resources), *said))
