"""Words of the interface in the language of the request: `{% say "首页" "Home" %}` and `{{ said|words }}`."""

from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils import translation
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

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


@register.tag
def say(parser: Parser, token: Token) -> "_Said":
    """One of two texts that stand in the template, with its `{placeholders}` filled; what fills them is escaped.

    `{% say "中文" "English" name=value as variable %}`: both behind the texts may be left out.
    """
    _, *bits = token.split_contents()
    *bits, stored = [*bits[:-2], bits[-1]] if bits[-2:-1] == ["as"] else [*bits, ""]
    texts = [parser.compile_filter(bit) for bit in bits[:2]]
    parts = token_kwargs(rest := bits[2:], parser)
    if rest or len(texts) < 2 or any(text.is_var or text.filters for text in texts):
        raise template.TemplateSyntaxError('{% say "中文" "English" name=value as variable %}')
    return _Said(str(texts[0].var), str(texts[1].var), parts, stored)


class _Said(template.Node):
    """Both texts, read once; a page has scores of them, so the language is asked of the page first."""

    def __init__(self, zh: str, en: str, parts: dict[str, FilterExpression], stored: str) -> None:
        self.texts, self.parts, self.stored = (SafeString(zh), SafeString(en)), parts, stored

    def render(self, context: template.Context) -> SafeString:
        spoken = context.get("english")
        text = self.texts[bool(english() if spoken is None else spoken)]
        if self.parts:
            text = format_html(text, **{name: part.resolve(context) for name, part in self.parts.items()})
        if not self.stored:
            return text
        context[self.stored] = text
        return SafeString()


@register.filter
def grouped(number: int) -> str:
    """1234567 as 1,234,567."""
    return f"{number:,}"
