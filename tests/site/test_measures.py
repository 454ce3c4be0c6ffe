"""The page of measures: what the law provides, by list and by body; drafts as drafts; nothing about any subject."""

import re

import pytest

from chengxin.standards.load import load_catalogue
from chengxin.standards.measures import measure_kinds, measures
from tests.site.conftest import DAY, Stranger


def rows(page: str) -> list[str]:
    return re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.S)


def test_every_measure_in_force_stands_with_its_clause_body_and_term(stranger: Stranger) -> None:
    known = load_catalogue(DAY)
    page = stranger.get("/measures/")
    assert len(rows(page)) == len(measures(known)) > 40
    for measure in measures(known):
        (row,) = [r for r in rows(page) if measure.what.zh in r and measure.of.zh in r]
        assert known.clause(measure.clause).zh in row and measure.body in row and measure.term.zh in row
        assert ("草案" in row) == (measure.draft or measure_kinds(known)[measure.kind].draft)


def test_they_are_found_by_list_and_by_body(stranger: Stranger) -> None:
    wages = rows(stranger.get("/measures/?list=L02"))
    assert any("拖欠农民工工资" in r for r in wages)
    assert any("任何严重失信主体名单" in r for r in wages)
    assert not any("失信被执行人名单" in r for r in wages)
    assert len(rows(stranger.get("/measures/?body=财政部门"))) == 3
    assert "没有符合条件的措施" in stranger.get("/measures/?list=G03&body=财政部门")


@pytest.mark.parametrize("query", ["list=L99", "list=serious", "body=everybody", "list=L02&body=x"])
def test_what_the_page_does_not_offer_is_refused(stranger: Stranger, query: str) -> None:
    assert "请从页面所列" in stranger.get(f"/measures/?{query}", 400)


def test_a_measure_ends_with_its_last_day() -> None:
    one = measures(load_catalogue(DAY))[0]
    from dataclasses import replace

    assert replace(one, until=DAY).in_force(DAY) and not replace(one, until=DAY.replace(day=9)).in_force(DAY)
    assert not replace(one, since=DAY.replace(day=11)).in_force(DAY)
