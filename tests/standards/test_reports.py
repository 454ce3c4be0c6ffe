"""Forms of reports: which version is issued on a day, and what a draft is not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.standards.reports import report_forms
from chengxin.values.errors import Refused


def test_a_day_has_the_version_that_is_in_force_on_it(catalogue: Catalogue) -> None:
    forms = report_forms(catalogue)
    (old,) = (f for f in forms.forms if f.form == "standard")
    turn = date(2027, 1, 1)
    later = replace(old, name="standard-2027", since=turn)
    both = replace(forms, forms=(later, replace(old, until=turn - timedelta(days=1))))
    assert both.issued("standard", turn).name == "standard-2027"
    assert both.issued("standard", turn - timedelta(days=1)).name == "standard-2022"
    with pytest.raises(Refused, match="no-form"):
        both.issued("standard", old.since - timedelta(days=1))


def test_a_draft_is_not_issued(catalogue: Catalogue) -> None:
    forms = report_forms(catalogue)
    drafts = replace(forms, forms=tuple(replace(f, confidence="medium") for f in forms.forms))
    assert drafts.on(catalogue.day) == {}


def test_the_standard_form_has_ten_chapters_and_the_special_one_says_what_is_absent() -> None:
    forms = report_forms(load_catalogue(date(2026, 11, 23)))
    standard, special = (forms.issued(f, date(2026, 11, 23)) for f in ("standard", "special"))
    assert [c.seq for c in standard.chapters] == list("一二三四五六七八九十")
    assert {a for c in special.chapters for a in c.absent} == {"coercive_measure", "criminal_judgment"}
    assert (standard.by_domain, special.by_domain, special.years) == (False, True, 5)


def test_a_body_belongs_to_the_domain_whose_word_is_in_its_name(catalogue: Catalogue) -> None:
    domains = report_forms(catalogue).domains.values()
    assert [d.name for d in domains if d.holds("国家税务总局青岛市即墨区税务局")] == ["tax"]
    assert [d.name for d in domains if d.holds("示例委员会")] == []
