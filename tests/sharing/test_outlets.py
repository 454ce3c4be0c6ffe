"""Outlets: a closed list, each within the rules, and no kept copy that outlives its day or its place in the log."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengxin.sharing.condition import At
from chengxin.sharing.outlets import (
    OUTLETS,
    Cache,
    Outlet,
    answer_at,
    cache_key,
    outlet_named,
    through,
    without_records,
)
from chengxin.sharing.questions import NOTHING, Action, Allowed, Denied, Ground
from chengxin.sharing.rules import INDEX
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import FLOORS, Kind, Reader, View
from tests.conftest import DAY

CATALOGUE = load_catalogue(DAY)
AT = At(DAY, 7, 8, "11370215MXFAK0X145")
EVERY = list(OUTLETS.values())
COUNTED = OUTLETS["public.counts"]


@pytest.mark.parametrize("outlet", EVERY, ids=lambda o: o.name)
def test_every_outlet_is_within_the_rules(outlet: Outlet) -> None:
    assert outlet.reader in FLOORS[outlet.view].readers
    assert any((outlet.view, kind, outlet.action, outlet.part) in INDEX for kind in Kind)
    assert outlet.name.startswith(outlet.reader.value + ".")


@pytest.mark.parametrize("outlet", EVERY, ids=lambda o: o.name)
def test_every_outlet_opens_for_some_purpose_and_none_of_the_public_for_a_person(outlet: Outlet) -> None:
    asked = list(product(Kind, CATALOGUE.purposes, Ground))
    open_for = {k for k, p, g in asked if isinstance(answer_at(outlet, CATALOGUE, "penalty", k, p, g), Allowed)}
    assert open_for
    assert outlet.reader is not Reader.PUBLIC or Kind.PERSON not in open_for


def test_an_outlet_serves_no_purpose_of_another_view() -> None:
    check = OUTLETS["authority.check"]
    assert isinstance(answer_at(check, CATALOGUE, "penalty", Kind.ORGANISATION, "administration"), Allowed)
    assert isinstance(answer_at(check, CATALOGUE, "penalty", Kind.ORGANISATION, "own_records"), Denied)
    assert answer_at(check, CATALOGUE, "penalty", Kind.PERSON, "own_records") == NOTHING


def test_only_what_anybody_sees_and_plain_figures_are_kept() -> None:
    for outlet in EVERY:
        if outlet.cache is Cache.ANYBODY:
            assert (outlet.reader, outlet.view) == (Reader.PUBLIC, View.PUBLISHED)
            assert outlet.action not in (Action.FIND, Action.SEARCH)
        elif outlet.cache is Cache.BODY:
            assert outlet.action is Action.COUNT


def test_an_outlet_that_is_not_registered_cannot_be_built() -> None:
    with pytest.raises(LookupError, match="can't be built"):

        @through("public.everything")
        def page() -> None: ...

    with pytest.raises(LookupError):
        outlet_named("")


def test_a_view_carries_its_outlet() -> None:
    @through("public.subject")
    def page() -> None: ...

    @without_records
    def help_page() -> None: ...

    assert page.outlet is OUTLETS["public.subject"]  # type: ignore[attr-defined]
    assert help_page.outlet is None  # type: ignore[attr-defined]


def test_a_kept_copy_of_another_day_place_body_or_outlet_is_never_found() -> None:
    figures = OUTLETS["authority.figures"]
    keys = [
        cache_key(COUNTED, AT, ("penalty",)),
        cache_key(COUNTED, AT, ("permit",)),
        cache_key(COUNTED, AT, ("penalty", "2")),
        cache_key(OUTLETS["public.list"], AT, ("penalty",)),
        cache_key(COUNTED, At(DAY + timedelta(1), 7, 8), ("penalty",)),
        cache_key(COUNTED, At(DAY, 8, 8), ("penalty",)),
        cache_key(COUNTED, At(DAY, 7, 9), ("penalty",)),
        cache_key(figures, AT, ("penalty",)),
        cache_key(figures, At(DAY, 7, 8, "11370215MXFAK0X220"), ("penalty",)),
    ]
    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_anybodys_copy_does_not_depend_on_who_asks() -> None:
    assert cache_key(COUNTED, AT, ("penalty",)) == cache_key(COUNTED, At(DAY, 7, 8, subject="0" * 32), ("penalty",))


def test_figures_of_nobody_in_particular_are_not_kept() -> None:
    for body in (None, "", "x/../y", "0" * 17):
        assert cache_key(OUTLETS["authority.figures"], At(DAY, 7, 8, body), ()) is None


# Made up: the region does not exist.
@given(st.text(min_size=1) | st.sampled_from(["990000199001010017", "99000019900101001X", "900101990101001", "测试丙"]))
def test_no_key_holds_what_somebody_typed(typed: str) -> None:
    for outlet in EVERY:
        key = cache_key(outlet, AT, (typed,))
        if key is not None:
            assert typed.isascii()
            assert len(typed) <= 40
            assert not (typed.isdigit() and 6 < len(typed) < 32)
            assert "/" not in typed


def test_two_lists_of_words_never_make_one_key() -> None:
    assert cache_key(COUNTED, AT, ("a", "b")) != cache_key(COUNTED, AT, ("a_b",))
    assert cache_key(COUNTED, AT, ("a/b",)) is None
    assert date.fromisoformat((cache_key(COUNTED, AT, ()) or "").split("/")[1]) == DAY
