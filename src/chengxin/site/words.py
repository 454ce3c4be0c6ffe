"""Words of the interface in the language of the request: `{% say "首页" "Home" %}` and `{{ said|words }}`."""

from typing import Any

from django import template
from django.utils import translation
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from chengxin.values.errors import Said

register = template.Library()
ZH, EN = "zh-hans", "en"


def english() -> bool:
    """True if this request reads English."""
    return translation.get_language() == EN


@register.filter
def words(said: Any) -> str:
    """A sentence in the language of the request; other values as they are, nothing for None."""
    if isinstance(said, Said):
        return said.en if english() else said.zh
    return "" if said is None else str(said)


spoken = lazy(words, str)  # the same, for a label that is made before there is a request


@register.simple_tag
def say(zh: str, en: str, **parts: Any) -> str:
    """One of two texts that stand in the template, with its `{placeholders}` filled; what fills them is escaped."""
    text = en if english() else zh
    return format_html(text, **parts) if parts else mark_safe(text)  # noqa: S308 - texts of ours


@register.filter
def grouped(number: int) -> str:
    """1234567 as 1,234,567."""
    return f"{number:,}"
