"""Notices, lessons and guides as pages, and the notices as an Atom feed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from chengxin.sharing.outlets import without_records
from chengxin.site.methods import require_safe
from chengxin.site.store.models import Article
from chengxin.site.words import english
from chengxin.values.errors import Said

SECTIONS = {
    "notices": Said("通知公告", "Notices"),
    "education": Said("诚信教育", "Education"),
    "guides": Said("办事指南", "Guides"),
}
_FEED = 30  # notices in the feed
_WRITER = MarkdownIt("zero", {"html": False}).enable(
    ["heading", "list", "blockquote", "link", "emphasis", "autolink", "newline", "escape", "reference", "table"]
)


def structured(text: str) -> SafeString:
    """Headings, paragraphs, lists, links, tables and emphasis; everything else is text. HTML of the writer is shown, not run."""
    tokens = _WRITER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):  # the page has its own first heading
            token.tag = f"h{max(int(token.tag[1]), 2)}"
    written: SafeString = mark_safe(str(_WRITER.renderer.render(tokens, _WRITER.options, {})))  # noqa: S308 - it escapes
    return written


def newest(section: str, most: int | None = None) -> list[Article]:
    """What is published in a section, newest first."""
    return list(Article.objects.filter(section=section, state="published").order_by("-published_at", "slug")[:most])


@require_safe
@without_records
def section(request: HttpRequest, name: str) -> HttpResponse:
    """All pages of a section."""
    return render(request, "public/articles.html", {"name": name, "title": SECTIONS[name], "articles": newest(name)})


@require_safe
@without_records
def article(request: HttpRequest, name: str, slug: str) -> HttpResponse:
    """One page, as it is published now."""
    found = Article.objects.filter(section=name, slug=slug, state="published").first()
    if found is None:
        raise Http404
    in_english = english() and bool(found.text_en)
    context = {
        "name": name,
        "section": SECTIONS[name],
        "article": found,
        "title": found.title_en if in_english and found.title_en else found.title_zh,
        "body": structured(found.text_en if in_english else found.text_zh),
        "foreign": english() and not in_english,
    }
    return render(request, "public/article.html", context)


@require_safe
@without_records
def feed(request: HttpRequest) -> HttpResponse:
    """The newest notices as an Atom feed."""
    here, home = (request.build_absolute_uri(reverse(name)) for name in ("feed", "home"))
    found = Atom1Feed(
        title="诚信 公共信用信息平台：通知公告",
        link=home,
        description="",
        language="zh-Hans",
        feed_url=here,
    )
    for one in newest("notices", _FEED):
        address = request.build_absolute_uri(reverse("article", args=["notices", one.slug]))
        found.add_item(
            title=one.title_zh,
            link=address,
            description=str(structured(one.text_zh)),
            unique_id=address,
            pubdate=one.published_at,
            updateddate=one.published_at,
        )
    return HttpResponse(found.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
