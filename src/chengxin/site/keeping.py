"""Parts of public pages that are the same for anybody: `{% kept %} … {% endkept %}`.

A view gives `keep`, under which the part is kept (`keep_of`; None: it is made each time), and `more`, a function that gives
what else the part shows; it is called only where the part is made.
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from chengxin.site.access.asked import Asked
from chengxin.site.access.kept import kept
from chengxin.site.words import english

register = template.Library()
Make = Callable[[], str]


def keep_of(asked: Asked, *about: str) -> Callable[[Make], str]:
    """Keeps a part of the page under words of ours, for the language of the request, the day and the place in the log."""
    words = (*about, "en" if english() else "zh")
    return lambda make: kept(asked, words, make)


class _Kept(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The part, kept or made anew."""
        keep: Callable[[Make], str] | None = context.get("keep")

        def make() -> str:
            more: Callable[[], dict[str, Any]] | None = context.get("more")
            with context.push(**(more() if more else {})):
                return str(self.nodelist.render(context))

        return mark_safe(keep(make) if keep else make())  # noqa: S308 - rendered before


@register.tag("kept")
def _kept(parser: Parser, token: Token) -> _Kept:
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(nodelist)
