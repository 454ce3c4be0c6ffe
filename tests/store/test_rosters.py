"""The roster of bodies: who may report what, and what only later stands in the catalogue."""

from datetime import timedelta

import pytest

from chengxin.values.errors import Refused
from tests.store.conftest import DAY, OTHER, OWNER, Desk


def test_a_list_is_reported_only_by_the_bodies_that_its_rules_name(desk: Desk) -> None:
    from chengxin.site.actions.authorities import load_roster
    from chengxin.standards.load import load_catalogue

    roster = desk.folder / "wrong.csv"
    roster.write_text(
        f"code,name,resources\n{OWNER[0]},{OWNER[1]},serious_list\n{OTHER[0]},{OTHER[1]},abnormal\n", "utf-8"
    )
    with pytest.raises(Refused) as caught:
        load_roster(roster, load_catalogue(DAY))
    assert caught.value.code == "not-its-list"
    roster.write_text(
        f"code,name,resources\n{OWNER[0]},{OWNER[1]},serious_list;abnormal\n{OTHER[0]},{OTHER[1]},\n", "utf-8"
    )
    assert len(load_roster(roster, load_catalogue(DAY))) == 2


def test_a_roster_may_name_what_only_later_stands_in_the_catalogue(desk: Desk) -> None:
    from chengxin.site.actions.authorities import load_roster
    from chengxin.site.store.models import Authority
    from chengxin.standards.load import first_day, load_catalogue

    before = load_catalogue(first_day("credit_grade") - timedelta(1))
    assert "credit_grade" not in before.resources
    roster, row = desk.folder / "early.csv", f"code,name,resources\n{OWNER[0]},"
    roster.write_text(f"{row}虚构区发展和改革局（测试）,penalty;credit_grade\n", "utf-8")
    load_roster(roster, before)
    assert Authority.objects.get(code=OWNER[0]).resources == ["penalty", "credit_grade"]
    roster.write_text(f"{row}{OWNER[1]},penalty;never_heard_of\n", "utf-8")
    with pytest.raises(Refused) as caught:
        load_roster(roster, before)
    assert caught.value.code == "unknown-resource"
