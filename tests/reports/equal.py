"""Whether page, paper and data of one report say the same: each leaf of the data stands in both, and no day stands in one alone."""

import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pypdf

from chengxin.reports.paper import JSON_NAME, showable
from chengxin.reports.report import Report, as_json
from chengxin.values.clock import LEGAL_ZONE

# What of the data is for programs and stands in no sentence; whatever is not here has to be shown, also what is added later.
TECHNICAL = {
    *("format", "form", "rules", "purpose", "included", "committed", "clause"),
    *(
        "issue.language",
        "issue.address",
        "subject.kind",
        "domains.name",
        "empty.name",
        "unsent.name",
        "absent.name",
        "bare.name",
    ),
    *("covers.domain", "covers.sources.resource"),
    *("chapters.sections.resource", "chapters.seq"),
    *(f"chapters.sections.items.{n}" for n in ("id", "version", "resource", "title", "document", "state", "domains")),
}
# Kinds that a sentence lists: of both editions the sentence as a whole is glossed, not each of them.
LISTED = ("empty.title", "unsent.title", "absent.title", "bare.title")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf of the data that has to be shown, with its path; a text in two languages is one leaf."""
    if path in TECHNICAL or value in (None, "", [], {}):
        return
    if isinstance(value, dict) and set(value) != {"zh", "en"}:
        for name, one in value.items():
            yield from leaves(one, f"{path}.{name}" if path and path != "texts" else name)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, path)
    else:
        yield path, value


def said(path: str, value: Any, language: str) -> str:
    """A leaf in the words of a reader of this language; `both`: with its gloss."""
    if isinstance(value, dict):
        if language == "both":
            return f"{value['zh']} {value['en']}" if value["en"] != value["zh"] else str(value["zh"])
        return str(value[language])
    if path == "issue.issued_at":
        return f"{datetime.fromisoformat(value).astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def plain(text: str) -> str:
    """Without any space: where lines break says nothing."""
    return "".join(text.split())


def text_of_paper(file: bytes, number: str) -> str:
    """All text of a PDF, without the line at the foot of each page, which must be there."""
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    whole = ""
    for at, page in enumerate(pages, 1):
        text = plain(page.extract_text())
        foot = re.compile(rf"报告编号(?:Report)?{number}{at}/{len(pages)}")
        assert len(foot.findall(text)) == 1, (at, text[-80:])
        whole += foot.sub("", text)
    return whole


def text_of_page(source: str) -> str:
    """What a page says, without its marks."""
    return plain(html.unescape(re.sub(r"<[^>]*>", "", source)))


def agree(report: Report, file: bytes, pages: dict[str, str]) -> int:
    """Raises AssertionError where one says what the other does not; gives how many leaves were compared.

    `file`: the paper; `pages`: the sources of the page by language.
    """
    attached = bytes(pypdf.PdfReader(io.BytesIO(file)).attachments[JSON_NAME][0])
    assert attached == as_json(report)
    found = list(leaves(msgspec.json.decode(attached)))
    paper, shown = text_of_paper(file, report.issue.number), {k: text_of_page(v) for k, v in pages.items()}
    gloss = "both" if report.issue.language == "en" else "zh"
    for path, value in found:
        apart = ("zh", "en") if gloss == "both" and path in LISTED else (gloss,)
        for told in (plain(showable(said(path, value, one))) for one in apart):
            assert told in paper or path == "issue.number", (path, told)
        for language, page in shown.items():
            assert plain(said(path, value, language)) in page, (language, path, value)
    for page in shown.values():
        days, on_paper = (Counter(DAY.findall(_apart(text))) for text in (page, paper))
        if gloss == "both":  # a sentence with a day in it says it twice
            days, on_paper = Counter(set(days)), Counter(set(on_paper))
        assert days == on_paper, (days - on_paper, on_paper - days)
    return len(found)


def _apart(text: str) -> str:
    """A day and the hour after it are not one number."""
    return re.sub(r"(\d{4}-\d{2}-\d{2})(?=\d{2}:\d{2})", r"\1 ", text)
