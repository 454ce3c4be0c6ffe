"""Notices, lessons and guides: two people at least, versions kept, gone at once when withdrawn, nothing of the writer's runs."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from chengxin.values.errors import Refused, Said
from tests.site.conftest import Stranger

WRITER, REVIEWER, EDITOR = "测试甲", "测试乙", "测试丙"
TEXT = Said("第一段。\n\n## 怎样办\n\n1. 一\n2. 二\n\n[名单](/catalogue/lists/)", "First.\n\n- one")


def write(slug: str = "hello", title: str = "开放查询", section: str = "notices", text: Said = TEXT) -> Any:
    from chengxin.site.actions import articles

    return articles.write(section, slug, Said(title, "Open"), text, WRITER)


def publish(slug: str = "hello", **given: Any) -> Any:
    from chengxin.site.actions import articles

    made = write(slug, **given)
    articles.review(made.section, slug, made.version, REVIEWER)
    return articles.publish(made.section, slug, made.version, WRITER)


def test_a_published_notice_is_on_its_page_the_list_the_home_page_and_the_feed(stranger: Stranger) -> None:
    from chengxin.site.actions import articles

    made = write()
    stranger.get("/notices/hello/", 404)
    articles.review("notices", "hello", made.version, REVIEWER)
    stranger.get("/notices/hello/", 404)
    articles.publish("notices", "hello", made.version, EDITOR)
    page = stranger.get("/notices/hello/")
    assert "<h1>开放查询</h1>" in page and "<h2>怎样办</h2>" in page and '<a href="/catalogue/lists/">' in page
    for address in ("/notices/", "/"):
        assert '<a class="main" href="/notices/hello/">开放查询</a>' in stranger.get(address)
    feed = ET.fromstring(stranger.client.get("/notices/feed.atom").content)
    name = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{name}entry")
    assert entry.findtext(f"{name}title") == "开放查询"
    assert entry.find(f"{name}link").get("href") == "http://localhost/notices/hello/"  # type: ignore[union-attr]
    assert "<li>one</li>" in stranger.get("/notices/hello/?lang=en")


def test_who_wrote_it_does_not_review_it_and_who_reviewed_does_not_publish(stranger: Stranger) -> None:
    from chengxin.site.actions import articles

    made = write()
    with pytest.raises(Refused) as caught:
        articles.review("notices", "hello", 1, f" {WRITER} ")
    assert caught.value.code == "same-person"
    with pytest.raises(Refused) as caught:
        articles.publish("notices", "hello", 1, EDITOR)  # nobody has reviewed it
    assert caught.value.code == "state"
    articles.review("notices", "hello", 1, REVIEWER)
    with pytest.raises(Refused) as caught:
        articles.publish("notices", "hello", 1, REVIEWER)
    assert caught.value.code == "same-person" and "保密审查" in caught.value.said.zh
    assert articles.publish("notices", "hello", 1, WRITER).id == made.id
    with pytest.raises(Refused):
        articles.publish("notices", "hello", 1, WRITER)


def test_a_later_version_takes_the_place_of_the_earlier_and_both_are_kept(stranger: Stranger) -> None:
    from chengxin.site.store.models import Article

    publish(title="旧题")
    write(title="新题")
    assert "旧题" in stranger.get("/notices/hello/")
    publish(title="新题")
    page = stranger.get("/notices/hello/")
    assert "新题" in page and "旧题" not in page and "第 3 版" in page
    states = Article.objects.order_by("version").values_list("version", "state")
    assert list(states) == [(1, "replaced"), (2, "draft"), (3, "published")]


def test_what_is_withdrawn_is_gone_at_once_and_says_why_within(stranger: Stranger) -> None:
    from chengxin.site.actions import articles
    from chengxin.site.store.models import Article

    publish()
    with pytest.raises(Refused):
        articles.withdraw("notices", "hello", EDITOR, " ")
    articles.withdraw("notices", "hello", EDITOR, "写错了")
    stranger.get("/notices/hello/", 404)
    assert "开放查询" not in stranger.get("/") + stranger.get("/notices/") + stranger.get("/notices/feed.atom")
    assert Article.objects.get().reason == "写错了"
    with pytest.raises(Refused) as caught:
        articles.withdraw("notices", "hello", EDITOR, "再撤")
    assert caught.value.code == "no-article"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](data:image/svg+xml;base64,AAAA)",
        '<https://example.invalid/"onclick=alert(1)>',
        "[x](vbscript:x) [y](data:text/html,z)",
        "# <b onmouseover=alert(1)>",
    ],
)
def test_nothing_that_is_written_runs(stranger: Stranger, text: str) -> None:
    publish(text=Said(text, text))
    for address in ("/notices/hello/", "/notices/hello/?lang=en"):
        body = stranger.get(address).partition('<div class="prose">')[2].partition("</article>")[0]
        tags = set(re.findall(r"<(\w+)[^>]*?>", body))
        assert tags <= {"p", "a", "h2"}
        assert not re.search(r"<[^>]+\son\w+=", body) and not re.search(r'href="(javascript|data|vbscript):', body)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"slug": "Hello"}, "slug"),
        ({"slug": "../x"}, "slug"),
        ({"slug": "a" * 61}, "slug"),
        ({"section": "everything"}, "section"),
        ({"title": " "}, "empty"),
        ({"title": "长" * 121}, "too-long"),
        ({"title": "两\n行"}, "characters"),
        ({"text": Said("", "only English")}, "empty"),
        ({"text": Said("x\x00", "")}, "characters"),
        ({"text": Said("号码 00000019900101001X。", "")}, "identity-number"),
    ],
)
def test_what_can_be_no_page_is_refused(stranger: Stranger, given: dict[str, Any], code: str) -> None:
    from chengxin.site.store.models import Article
    from tests.store.conftest import NUMBER

    if code == "identity-number":
        given = {"text": Said(f"号码 {NUMBER}。", "")}
    with pytest.raises(Refused) as caught:
        write(**given)
    assert caught.value.code == code
    assert not Article.objects.exists()


def test_the_texts_of_the_demonstration_are_sound_and_all_their_links_lead_somewhere(stranger: Stranger) -> None:
    from chengxin.site.actions.articles import SECTIONS, seed
    from chengxin.site.public import articles
    from chengxin.world.articles import shipped_articles

    assert tuple(articles.SECTIONS) == SECTIONS
    assert seed(shipped_articles(), WRITER, REVIEWER) == len(list(shipped_articles().glob("*/*.md"))) >= 8
    seen = stranger.walk("/", "/help/")
    assert {a.split("/")[1] for a in seen} >= set(SECTIONS)
    texts = [a for a in seen if re.fullmatch(r"/(notices|education|guides)/[a-z-]+/", a)]
    assert len(texts) == len(list(shipped_articles().glob("*/*.md")))
    assert "<table>" in stranger.get("/notices/penalty-classes/")
