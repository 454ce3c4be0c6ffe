"""Texts of templates in both languages."""

from pathlib import Path

import pytest

from chengxin.site import words

TEMPLATES = Path(words.__file__).parent / "templates"
ALL = [p.relative_to(TEMPLATES).as_posix() for p in sorted(TEMPLATES.rglob("*.html"))]


def said(source: str, **given: object) -> str:
    from django.template import Context, engines

    return str(engines["django"].from_string(source).template.render(Context(given)))  # type: ignore[attr-defined]


pytestmark = pytest.mark.usefixtures("desk")


def test_every_template_can_be_read() -> None:
    from django.template.loader import get_template

    assert len([get_template(name) for name in ALL]) > 50


def test_a_text_is_said_in_the_language_of_the_page_with_what_fills_it_escaped() -> None:
    from django.utils import translation

    assert said('{% say "共 {n} 条" "{n} records" n=n %}', n="<3", english=True) == "&lt;3 records"
    assert said('{% say "共 {n} 条" "{n} records" n=n|grouped %}', n=1234, english=False) == "共 1,234 条"
    assert said('{% say "见<b>此</b>" "See" as it %}[{{ it }}]', english=False) == "[见<b>此</b>]"
    with translation.override("en"):  # no page says which it is
        assert said('{% say "首页" "Home" %}') == "Home"


@pytest.mark.parametrize(
    "source", ['{% say "一" %}', "{% say zh en %}", '{% say "一" "one" two %}', '{% say "一" "one"|x %}']
)
def test_what_is_no_pair_of_texts_is_refused(source: str) -> None:
    from django.template import TemplateSyntaxError

    with pytest.raises(TemplateSyntaxError):
        said(source)
