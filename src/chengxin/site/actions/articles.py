"""Notices, lessons and guides: written, reviewed for secrecy by a second person, published, withdrawn. Versions are kept."""

import re
import uuid
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from chengxin.sharing.pairs import Duty
from chengxin.site.actions.two_people import must_be_two
from chengxin.site.store.models import Article
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import identity_check_character
from chengxin.values.ids import new_id

SECTIONS = ("notices", "education", "guides")
LONGEST_TITLE, LONGEST_TEXT = 120, 50_000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def write(section: str, slug: str, title: Said, text: Said, by: str) -> Article:
    """A new version of a page, as a draft; English may be empty. Raises Refused for what can be no page."""
    title, text = (Said(_lines(said.zh), _lines(said.en)) for said in (title, text))
    _check(section, slug, title, text, by)
    try:
        with transaction.atomic():
            last = Article.objects.filter(section=section, slug=slug).aggregate(Max("version"))["version__max"] or 0
            return Article.objects.create(
                id=uuid.UUID(new_id()),
                section=section,
                slug=slug,
                version=last + 1,
                state="draft",
                title_zh=title.zh,
                title_en=title.en,
                text_zh=text.zh,
                text_en=text.en,
                written_by=by,
                written_at=timezone.now(),
            )
    except IntegrityError as error:  # somebody else wrote the next version at the same time
        raise _elsewhere() from error


def review(section: str, slug: str, version: int, by: str) -> Article:
    """The secrecy review of a draft, by somebody else than its writer. Raises Refused."""
    found = _found(section, slug, version, ("draft",))
    _named(by)
    must_be_two(Duty.WRITE, found.written_by, Duty.SECRECY, by)
    return _moved(found, ("draft",), state="reviewed", reviewed_by=by)


def publish(section: str, slug: str, version: int, by: str) -> Article:
    """Publish a reviewed version in place of the one before. Whoever reviewed its secrecy does not publish it. Raises Refused."""
    found = _found(section, slug, version, ("reviewed",))
    _named(by)
    must_be_two(Duty.SECRECY, found.reviewed_by, Duty.PUBLISH, by)
    now = timezone.now()
    with transaction.atomic():
        before = Article.objects.filter(section=section, slug=slug, state="published")
        before.update(state="replaced", ended_at=now)
        return _moved(found, ("reviewed",), state="published", published_by=by, published_at=now)


def withdraw(section: str, slug: str, by: str, reason: str) -> Article:
    """Take the published version of a page back: it is gone at once. Raises Refused."""
    found = Article.objects.filter(section=section, slug=slug, state="published").first()
    if found is None:
        raise Refused("no-article", Said(f"没有已发布的文章 {slug}。", f"No page {slug} is published."))
    _named(by)
    if not reason.strip():
        raise Refused("no-reason", Said("请写明撤下的理由。", "Say why it is withdrawn."))
    return _moved(found, ("published",), state="withdrawn", ended_by=by, ended_at=timezone.now(), reason=reason.strip())


def seed(folder: Path, writer: str, reviewer: str) -> int:
    """Write, review and publish the texts of a folder, `SECTION/SLUG.md` each; gives how many. For demonstrations only."""
    files = sorted(folder.glob("*/*.md"))
    for path in files:
        zh, _, en = path.read_text("utf-8").partition("\n---\n")
        titles, texts = zip(*(part.strip().removeprefix("# ").split("\n", 1) for part in (zh, en)), strict=True)
        made = write(path.parent.name, path.stem, Said(*titles), Said(*texts), writer)
        review(made.section, made.slug, made.version, reviewer)
        publish(made.section, made.slug, made.version, writer)
    return len(files)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _check(section: str, slug: str, title: Said, text: Said, by: str) -> None:
    _named(by)
    if section not in SECTIONS:
        raise Refused("section", Said("没有这个栏目。", "There is no such section."))
    if len(slug) > 60 or not _SLUG.fullmatch(slug):
        zh = "地址只能用小写字母、数字和连字符，不超过 60 个字符。"
        raise Refused("slug", Said(zh, "An address is lower-case letters, digits and hyphens, at most 60."))
    if not title.zh or not text.zh:
        raise Refused("empty", Said("请写标题和正文。", "Write a title and a text."))
    if max(map(len, (title.zh, title.en))) > LONGEST_TITLE or max(map(len, (text.zh, text.en))) > LONGEST_TEXT:
        zh = f"标题不超过 {LONGEST_TITLE} 字，正文不超过 {LONGEST_TEXT:,} 字。"
        raise Refused("too-long", Said(zh, f"At most {LONGEST_TITLE} characters of title, {LONGEST_TEXT:,} of text."))
    whole = "\n".join((title.zh, title.en, text.zh, text.en))
    if "\n" in title.zh + title.en or _CONTROL.search(whole):
        raise Refused("characters", Said("有不能显示的字符。", "There are characters that can't be shown."))
    if any(identity_check_character(n[:17]) == n[17].upper() for n in _IDENTITY.findall(whole)):
        zh = "正文里有身份证件号码，不能发布；请删去。"
        raise Refused("identity-number", Said(zh, "There is an identity number in it: take it out."))


def _named(by: str) -> None:
    if not by.strip():
        raise Refused("who", Said("请写明经办人。", "Say who does it."))


def _found(section: str, slug: str, version: int, states: tuple[str, ...]) -> Article:
    found = Article.objects.filter(section=section, slug=slug, version=version).first()
    if found is None:
        raise Refused(
            "no-article", Said(f"没有文章 {slug} 的第 {version} 版。", f"There is no version {version} of {slug}.")
        )
    if found.state not in states:
        raise _elsewhere()
    return found


def _moved(article: Article, states: tuple[str, ...], **changed: object) -> Article:
    """The article as it is now, if nobody else has moved it meanwhile."""
    if not Article.objects.filter(id=article.id, state__in=states).update(**changed):
        raise _elsewhere()
    article.refresh_from_db()
    return article


def _elsewhere() -> Refused:
    zh = "这一版不在可以这样办理的状态，请刷新后再看。"
    return Refused("state", Said(zh, "This version is not in a state in which this can be done; look again."))
