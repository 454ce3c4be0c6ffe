"""Reports about everybody of a made-up district: page, data and paper agree, and say what the gate lets out and nothing else."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chengxin.world.make import make_world
from tests.reports.equal import agree
from tests.site.conftest import Desk
from tests.site.test_reports_equal import pages_of

TODAY = date(2026, 11, 24)
SEED, SUBJECTS, EACH = 3, 60, 3  # of each third firm a report


@pytest.fixture
def district(desk: Desk, quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from chengxin.site.actions.district import take_in
    from chengxin.standards.load import load_catalogue

    monkeypatch.setenv("CHENGXIN_TODAY", TODAY.isoformat())
    make_world(SEED, SUBJECTS, tmp_path / "w", TODAY)
    for _ in take_in(desk.site, tmp_path / "w", load_catalogue(TODAY), tmp_path / "stored"):
        pass
    return desk.site


def codes() -> list[str]:
    from chengxin.site.store.models import SubjectFact

    known = SubjectFact.objects.filter(until=None).order_by("code").values_list("code", flat=True)
    return [code for code in known if code and code[0] == "9"][::EACH]


def test_page_data_paper_and_gate_agree_about_every_subject(district: Any) -> None:
    from chengxin.reports.compose import Order
    from chengxin.site.access.asked import anybody
    from chengxin.site.access.reading import of_subjects
    from chengxin.site.access.reports import group_of
    from chengxin.site.actions.reports import issue
    from chengxin.site.actions.verifying import by_file
    from chengxin.standards.readers import Kind
    from tests.site.test_reports import asked_as

    asked = asked_as()
    titles = {name: {f.title for f in r.fields} for name, r in asked.catalogue.resources.items()}
    allowed = {
        key: {r.by_name[n].title for n in answer.fields}
        for key, answer in asked.answers().items()
        for r in [asked.catalogue.resources[key[0]]]
    }
    seen = 0
    for code in codes():
        group = group_of(asked, code)
        made = issue(district, asked, group, Order("standard", "tender"))
        told, kind = made.told, Kind(group[0].kind)
        items = [i for c in told.chapters for s in c.sections for i in s.items]
        public, _ = of_subjects(anybody("public.subject"), [one.id for one in group])
        assert {i.id for i in items} == {one.id for one in public}, code
        for item in items:
            assert {v.title.zh for v in item.values} <= allowed[item.resource, kind] <= titles[item.resource]
        assert agree(told, made.file, pages_of(told)) > 10, code
        assert by_file(made.file).state == "genuine"
        seen += len(items)
    assert seen > 30
