"""The gate over the whole product of its lists: always an answer, no unless a rule says yes, nobody's person in public."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
import yaml

from chengxin.sharing.access import channel_open, decide, judge
from chengxin.sharing.condition import Condition, Effect, Grade, Scope, States, Window
from chengxin.sharing.questions import (
    NOTHING,
    Action,
    Allowed,
    Answer,
    Denied,
    FieldClass,
    Ground,
    Part,
    Question,
    Reason,
)
from chengxin.sharing.rules import CHANNELS, RULES, SHELL, by_key
from chengxin.sharing.terms import COLUMNS
from chengxin.standards.load import Catalogue, load_catalogue, shipped_catalogue
from chengxin.standards.readers import FLOORS, Kind, Need, Reader, View
from tests.conftest import DAY

CATALOGUE = load_catalogue(DAY)
PURPOSES = [*CATALOGUE.purposes, "", "no such purpose"]
RESOURCES = [*CATALOGUE.resources, "no such resource"]


def every_question() -> Iterator[Question]:
    for parts in product(Reader, Action, RESOURCES, Kind, PURPOSES, Ground, Part):
        yield Question(*parts)


@pytest.fixture(scope="module")
def answers() -> list[tuple[Question, Answer]]:
    """Some 690,000 answers: the whole table. Only the allowed ones and one of each denial are kept."""
    kept: list[tuple[Question, Answer]] = []
    for question in every_question():
        answer = judge(question, CATALOGUE)
        assert isinstance(answer, Allowed | Denied)
        if isinstance(answer, Allowed) or question.kind is Kind.PERSON:
            kept.append((question, answer))
    return kept


@pytest.fixture(scope="module")
def allowed(answers: list[tuple[Question, Answer]]) -> list[tuple[Question, Allowed]]:
    return [(q, a) for q, a in answers if isinstance(a, Allowed)]


def ask(reader: Reader, action: Action, kind: Kind, purpose: str, ground: Ground = Ground.NONE, **given: Any) -> Answer:
    question = Question(reader, action, given.pop("resource", "penalty"), kind, purpose, ground, **given)
    return decide(question, given.pop("catalogue", CATALOGUE))


def test_without_rules_everything_is_denied() -> None:
    for question in every_question():
        assert isinstance(judge(question, CATALOGUE, {}), Denied)


def test_without_purposes_everything_is_denied() -> None:
    tables = {**CATALOGUE.tables, "purposes": {}}
    bare = dataclasses.replace(CATALOGUE, tables=tables)
    for parts in product(Reader, Action, ["penalty"], Kind, PURPOSES, Ground, Part):
        assert isinstance(judge(Question(*parts), bare), Denied)


@pytest.mark.parametrize("rule", range(len(RULES)))
def test_each_rule_allows_something_and_only_what_it_is_about(rule: int) -> None:
    less = by_key(r for i, r in enumerate(RULES) if i != rule)
    gone = {
        (CATALOGUE.purposes[q.purpose].view, q.kind, q.action, q.part)
        for q in map(Question, *zip(*product(Reader, Action, ["penalty"], Kind, CATALOGUE.purposes, Ground, Part), strict=True))
        if isinstance(judge(q, CATALOGUE), Allowed) and isinstance(judge(q, CATALOGUE, less), Denied)
    }  # fmt: skip
    assert gone == set(by_key([RULES[rule]]))


def test_no_person_is_seen_by_anybody_in_any_way(allowed: list[tuple[Question, Allowed]]) -> None:
    assert not [q for q, _ in allowed if q.reader is Reader.PUBLIC and q.kind is Kind.PERSON]
    assert not [q for q, _ in allowed if q.purpose == "publicity" and q.kind is Kind.PERSON]


def test_who_is_refused_about_a_person_gets_the_answer_for_nobody_there(answers: list[tuple[Question, Answer]]) -> None:
    denied = {a for q, a in answers if q.kind is Kind.PERSON and isinstance(a, Denied)}
    assert denied == {NOTHING}
    assert NOTHING.said.zh == "没有查到。"


def test_content_about_people_takes_a_case_or_a_grant_unless_it_is_ones_own(
    allowed: list[tuple[Question, Allowed]],
) -> None:
    for question, answer in allowed:
        if question.kind is Kind.PERSON and answer.fields:
            own = question.reader is Reader.SUBJECT or question.purpose == "own_records"
            assert own or question.ground in (Ground.CASE_OPEN, Ground.GRANT_LIVE), question
            assert isinstance(answer.condition, Condition)
            assert answer.condition.scope in (Scope.ONE, Scope.OWN_ONE, Scope.SELF)


def test_nobody_lists_searches_or_takes_away_content_about_people(allowed: list[tuple[Question, Allowed]]) -> None:
    many = (Action.SEARCH, Action.LIST, Action.COUNT, Action.FEED, Action.EXPORT)
    found = {q.reader for q, a in allowed if q.kind is Kind.PERSON and q.action in many and a.fields}
    assert found <= {Reader.SUBJECT}


def test_a_closed_case_and_an_ended_grant_open_nothing_that_needs_them(allowed: list[tuple[Question, Allowed]]) -> None:
    dead = (Ground.CASE_CLOSED, Ground.GRANT_ENDED)
    for question, _ in allowed:
        if question.ground in dead:
            assert CATALOGUE.purposes[question.purpose].needs[question.kind] is Need.NONE


def test_what_is_gone_is_seen_only_as_having_existed(allowed: list[tuple[Question, Allowed]]) -> None:
    may = {Reader.AUTHORITY, Reader.SUBJECT, Reader.OFFICE, Reader.AUDITOR}
    for question, answer in allowed:
        condition = answer.condition
        if isinstance(condition, Condition) and condition.states is not States.IN_FORCE:
            assert question.reader in may
            assert not answer.fields
        elif isinstance(condition, Condition):
            assert (condition.window, condition.effect) in {
                (Window.WITHIN, Effect.INCLUDED),
                (Window.WITHIN, Effect.COMMITTED),
            }


def test_drafts_and_unconfirmed_classes_stay_with_owner_subject_and_office(
    allowed: list[tuple[Question, Allowed]],
) -> None:
    may = {Reader.AUTHORITY, Reader.SUBJECT, Reader.OFFICE, Reader.AUDITOR}
    for question, answer in allowed:
        if isinstance(answer.condition, Condition) and answer.condition.grade is Grade.ALL:
            assert question.reader in may
            if question.reader is Reader.AUTHORITY:
                assert answer.condition.scope in (Scope.OWN, Scope.OWN_ONE)


def test_what_binds_others_waits_for_the_log(allowed: list[tuple[Question, Allowed]]) -> None:
    for question, answer in allowed:
        if isinstance(answer.condition, Condition) and answer.condition.effect is not Effect.INCLUDED:
            assert question.reader in {Reader.AUTHORITY, Reader.SUBJECT, Reader.OFFICE, Reader.AUDITOR}


def test_a_partner_sees_nothing_beyond_publicity_without_a_live_grant(allowed: list[tuple[Question, Allowed]]) -> None:
    for question, answer in allowed:
        if question.reader is Reader.PARTNER and question.purpose != "publicity":
            assert question.ground is Ground.GRANT_LIVE
            assert isinstance(answer.condition, Condition)
            assert answer.condition.scope is Scope.ONE


def test_only_the_subject_is_itself_and_it_is_nobody_else(allowed: list[tuple[Question, Allowed]]) -> None:
    for question, answer in allowed:
        scope = answer.condition.scope if isinstance(answer.condition, Condition) else answer.condition
        own = question.reader is Reader.SUBJECT and question.purpose == "own_access"
        assert (scope is Scope.SELF) == own


def test_whoever_runs_the_machines_sees_what_anybody_sees(allowed: list[tuple[Question, Allowed]]) -> None:
    def seen(reader: Reader) -> set[tuple[Question, Allowed]]:
        return {(dataclasses.replace(q, reader=Reader.PUBLIC), a) for q, a in allowed if q.reader is reader}

    assert seen(Reader.OPERATOR) == seen(Reader.PUBLIC)


def test_fields_are_never_more_than_their_class_opens(allowed: list[tuple[Question, Allowed]]) -> None:
    for question, answer in allowed:
        if answer.fields:
            channel = CHANNELS[CATALOGUE.purposes[question.purpose].view]
            fields = CATALOGUE.resources[question.resource].by_name
            for name in answer.fields:
                assert channel_open(fields[name].disclosure, channel, question.kind, CATALOGUE)
                assert not fields[name].drop


def test_a_sole_trader_is_found_by_exact_code_or_name_only_and_its_operator_is_withheld() -> None:
    for action in (Action.SEARCH, Action.LIST, Action.FEED, Action.EXPORT):
        assert isinstance(ask(Reader.PUBLIC, action, Kind.SOLE_TRADER, "publicity"), Denied)
    firm = ask(Reader.PUBLIC, Action.READ, Kind.ORGANISATION, "publicity", resource="registration")
    trader = ask(Reader.PUBLIC, Action.FIND, Kind.SOLE_TRADER, "publicity", resource="registration")
    assert isinstance(firm, Allowed)
    assert isinstance(trader, Allowed)
    assert firm.fields - trader.fields == {"DJ_FRDB", "DJ_ZS"}


def test_a_department_sees_the_operator_of_a_sole_trader_only_for_a_case() -> None:
    without = ask(Reader.AUTHORITY, Action.READ, Kind.SOLE_TRADER, "administration")
    with_one = ask(Reader.AUTHORITY, Action.READ, Kind.SOLE_TRADER, "administration", Ground.CASE_OPEN)
    assert isinstance(without, Allowed)
    assert isinstance(with_one, Allowed)
    assert with_one.fields - without.fields == {"CF_FRDB"}


def test_the_office_sees_of_people_that_there_is_something_and_for_a_case_what_it_says() -> None:
    shell = ask(Reader.OFFICE, Action.LIST, Kind.PERSON, "stewardship")
    assert isinstance(shell, Allowed)
    assert (shell.fields, shell.columns & {"subject", "document"}) == (frozenset(), frozenset())
    assert ask(Reader.OFFICE, Action.READ, Kind.PERSON, "stewardship") == NOTHING
    assert ask(Reader.OFFICE, Action.READ, Kind.PERSON, "redress") == NOTHING
    case = ask(Reader.OFFICE, Action.READ, Kind.PERSON, "redress", Ground.CASE_OPEN)
    assert isinstance(case, Allowed)
    assert "CF_SY" in case.fields


def test_the_subject_sees_all_of_its_record_and_who_looked() -> None:
    for kind in Kind:
        own = ask(Reader.SUBJECT, Action.READ, kind, "own_access")
        assert isinstance(own, Allowed)
        assert own.fields == {f.name for f in CATALOGUE.resource("penalty").fields if not f.drop}
        looks = ask(Reader.SUBJECT, Action.LIST, kind, "own_access", part=Part.LOOKS)
        assert isinstance(looks, Allowed)
        assert looks.condition is Scope.SELF


@pytest.mark.parametrize(
    ("purpose", "reader", "ground", "reason"),
    [
        ("no such purpose", Reader.AUTHORITY, Ground.NONE, Reason.NO_PURPOSE),
        ("inspection", Reader.AUTHORITY, Ground.NONE, Reason.DRAFT),
        ("administration", Reader.PARTNER, Ground.NONE, Reason.READER),
        ("redress", Reader.OFFICE, Ground.NONE, Reason.NEEDS_CASE),
        ("redress", Reader.OFFICE, Ground.GRANT_LIVE, Reason.NEEDS_CASE),
        ("redress", Reader.OFFICE, Ground.CASE_CLOSED, Reason.CASE_CLOSED),
        ("authorised_query", Reader.PARTNER, Ground.NONE, Reason.NEEDS_GRANT),
        ("authorised_query", Reader.PARTNER, Ground.GRANT_ENDED, Reason.GRANT_ENDED),
    ],
)
def test_why_not(purpose: str, reader: Reader, ground: Ground, reason: Reason) -> None:
    answer = ask(reader, Action.READ, Kind.ORGANISATION, purpose, ground)
    assert isinstance(answer, Denied)
    assert answer.reason is reason
    assert answer.clause == (CATALOGUE.purposes[purpose].clause if purpose in CATALOGUE.purposes else None)


def test_a_purpose_ends_with_its_law() -> None:
    question = Question(Reader.OFFICE, Action.READ, "penalty", Kind.ORGANISATION, "repair", Ground.CASE_OPEN)
    before, after = (decide(question, load_catalogue(d)) for d in (date(2026, 3, 31), date(2026, 4, 1)))
    assert isinstance(before, Denied)
    assert before.reason is Reason.NOT_IN_FORCE
    assert isinstance(after, Allowed)


def test_a_catalogue_that_allows_more_than_the_floor_is_not_heeded() -> None:
    wide = yaml.safe_load((shipped_catalogue() / "cn" / "purposes.yaml").read_text("utf-8"))
    for entry in wide["purposes"].values():
        entry |= {"readers": list(map(str, Reader)), "needs": dict.fromkeys(map(str, Kind), "none")}
    loose = dataclasses.replace(CATALOGUE, tables={**CATALOGUE.tables, "purposes": wide})
    assert all(p.needs[Kind.PERSON] is Need.NONE for p in loose.purposes.values())
    for parts in product(Reader, Action, ["penalty", "registration"], Kind, CATALOGUE.purposes, Ground, Part):
        question = Question(*parts)
        if isinstance(judge(question, CATALOGUE), Denied):
            floor = FLOORS[CATALOGUE.purposes[question.purpose].view]
            answer = judge(question, loose)
            met = {Need.NONE: set(Ground), Need.CASE: {Ground.CASE_OPEN}, Need.GRANT: {Ground.GRANT_LIVE}}
            inside = question.reader in floor.readers and question.kind in floor.needs
            assert isinstance(answer, Denied) or (inside and question.ground in met[floor.needs[question.kind]])


def test_what_was_asked_before_is_answered_the_same(catalogue: Catalogue) -> None:
    for parts in product(Reader, Action, ["penalty"], Kind, PURPOSES, Ground, Part):
        question = Question(*parts)
        assert decide(question, catalogue) == decide(question, catalogue) == judge(question, catalogue)


def test_the_lists_are_those_of_the_catalogue_and_of_the_store() -> None:
    disclosure = CATALOGUE.tables["disclosure"]
    assert list(FieldClass) == list(disclosure["classes"])
    assert set(CHANNELS.values()) <= set(disclosure["channels"])
    assert set(FLOORS) == set(View) == {p.view for p in CATALOGUE.purposes.values()}
    assert {v.code for v in CATALOGUE.code_list("subject_kind").values} == set(Kind)
    assert set(COLUMNS) - {"kind"} <= SHELL


def test_two_rules_about_the_same_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two rules"):
        by_key([*RULES, RULES[0]])
