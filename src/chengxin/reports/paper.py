"""A report on paper: PDF/A-3a by Typst, tagged, with the JSON attached; the same content as the page, in the same order.

The fonts show all of the standard table of 8,105 characters, the whole block of unified ideographs with extension A, and some
2,300 of the later extensions. What they can't show stands as its code point on paper and as itself in the JSON.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import local
from typing import Any

import qrcode
import qrcode.constants
import typst

from chengxin.reports.report import Chapter, Item, Kind, Report, as_json
from chengxin.values.clock import LEGAL_ZONE
from chengxin.values.errors import Said

FONTS = Path(__file__).parent / "fonts"
JSON_NAME, PROOF_NAME = "report.json", "report.tlog-proof"
_HERE = Path(__file__).parent
_WITH_NEWLINES = "\n\r\t"
_MASK = 0
_MANY = 40  # items from which on the first page lists the chapters with their pages


def paper(report: Report, proof: bytes = b"") -> bytes:
    """The PDF, not yet sealed. `proof`: that the log holds the issue of these very bytes of JSON, to be attached."""
    told = {
        "report": showable(json.dumps(_told(report), ensure_ascii=False)),
        "json": as_json(report).decode(),
        "proof": proof.decode(),
        "qr": qr(report.issue.address),
    }
    made = _compiler().compile(
        format="pdf", pdf_standards=["a-3a"], sys_inputs=told, timestamp=int(report.issue.issued_at.timestamp())
    )
    return bytes(made)


def qr(address: str) -> str:
    """The picture of an address (SVG), level M."""
    # One mask for all: to weigh all eight takes as long as setting the page, and random digits look alike under each.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=_MASK)
    code.add_data(address)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
    side = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{dark}"/></svg>'


def showable(text: str) -> str:
    """The text with what no font here can show written as its code point, e.g. 〔U+2A6A5〕."""
    known = _covered()
    if all(letter in known or letter in _WITH_NEWLINES for letter in set(text)):
        return text
    return "".join(c if c in known or c in _WITH_NEWLINES else f"〔U+{ord(c):04X}〕" for c in text)


@lru_cache(maxsize=1)
def _covered() -> frozenset[str]:
    ranges = (line.split("-") for line in (FONTS / "covered.txt").read_text("ascii").split())
    return frozenset(chr(n) for first, last in ranges for n in range(int(first, 16), int(last, 16) + 1))


_OWN = local()


def _compiler() -> Any:
    """One for each thread: it holds the fonts and what it has worked out, and is not shared."""
    if not hasattr(_OWN, "compiler"):
        _OWN.compiler = typst.Compiler(
            str(_HERE / "report.typ"), root=str(_HERE), font_paths=[str(FONTS)], ignore_system_fonts=True
        )
    return _OWN.compiler


class _Tongue:
    """Words in Chinese, with English beneath where that edition is made."""

    def __init__(self, english: bool) -> None:
        self._english = english

    def __call__(self, said: Said) -> str:
        return f"{said.zh} {said.en}" if self._english and said.en != said.zh else said.zh

    def of(self, zh: str, en: str) -> str:
        return self(Said(zh, en))

    def names(self, kinds: Iterable[Kind]) -> str:
        return "、".join(self(kind.title) for kind in kinds)


def _told(report: Report) -> dict[str, Any]:
    """All text of the paper, in its order; the template only sets it."""
    say = _Tongue(report.issue.language == "en")
    issued = report.issue.issued_at.astimezone(LEGAL_ZONE)
    return {
        "language": report.issue.language,
        "title": report.form_title.zh,
        "title_en": report.form_title.en if report.issue.language == "en" else "",
        "issuer": report.issue.issuer,
        "number": report.issue.number,
        "address": report.issue.address,
        "day": [report.day.year, report.day.month, report.day.day],
        "head": _head(report, say, issued),
        "labels": [say(label) for label in report.labels],
        "counts": [[say(count.title), f"{count.number:,}"] for count in report.counts],
        "notes": [say(note) for note in report.notes],
        "many": report.items > _MANY,
        "chapters": [_chapter(chapter, report, say) for chapter in report.chapters],
        "see": say.of("没有列出的信息，原因见首页说明。", "Nothing to list; the first page says why."),
        "covers": _covers(report, say),
        "covers_title": say.of("来源和范围", "Sources and scope"),
        "foot": say.of("报告编号", "Report"),
        "verify": say.of("扫码或打开以下网址核验", "Scan, or open this address, to verify"),
        "json_said": say.of("与本报告内容相同的数据", "The same content as data"),
        "proof_said": say.of("公开日志对本报告的证明", "Proof of this report's issue in the public log"),
    }


def _head(report: Report, say: _Tongue, issued: datetime) -> list[list[str]]:
    s = report.subject
    status = f"{s.status}（{s.status_on}）" if s.status and s.status_on else s.status or "—"
    person = s.kind == "person"  # neither code nor status
    lines = [
        (say.of("姓名" if person else "名称", "Name"), s.name),
        (say.of("统一社会信用代码", "Credit code"), s.code),
        (say.of("登记状态", "Status"), "" if person else status),
        (say.of("曾用名", "Former names"), "、".join(s.former_names)),
        (say.of("曾用代码", "Former codes"), "、".join((*s.former_codes, *s.same_codes))),
        (say.of("用途", "Purpose"), say(report.purpose_title)),
        (say.of("期间", "Period"), f"{report.since} — {report.until}" if report.since else ""),
        (say.of("领域", "Domains"), say.names(report.domains)),
        (say.of("数据截至", "As of"), f"{report.day}（{say.of('日志', 'log')} {report.log_size:,}）"),
        (say.of("出具时间", "Issued"), f"{issued:%Y-%m-%d %H:%M}（{say.of('北京时间', 'Beijing time')}）"),
        (say.of("电子印章", "Seal"), say(report.issue.seal)),
        (say.of("依据", "Basis"), say(report.law)),
    ]
    return [[title, text] for title, text in lines if text]


def _chapter(chapter: Chapter, report: Report, say: _Tongue) -> dict[str, Any]:
    return {
        "title": f"{chapter.seq}、{say(chapter.title)}",
        "sections": [
            {"title": f"{say(s.title)}（{len(s.items)}）", "items": [_item(i, say) for i in s.items]}
            for s in chapter.sections
        ],
        "advice": [f"{say(a.said)}（{say(a.title)}）" for a in chapter.advice],
        "empty": not (chapter.sections or chapter.advice),
    }


def _item(item: Item, say: _Tongue) -> dict[str, Any]:
    of = say.of
    marks = [say(item.list)] if item.list else []
    marks += [item.severity] if item.severity else []
    lines = [
        (of("来源", "source"), item.source),
        (of("决定机关", "decided by"), item.authority),
        (of("决定日期", "decided on"), _day(item.decided_on)),
        (of("收到日期", "received on"), _day(item.received_on)),
        (of("依据", "clause"), say(item.clause)),
        (of("展示至（含当日）", "last day"), _day(item.last_day) if item.last_day else of("没有截止日", "no end")),
    ]
    dispute = ""
    if item.dispute:
        dispute = of(f"存在异议（{item.dispute.since} 起）", f"disputed since {item.dispute.since}")
        if item.dispute.statement:
            dispute += of("。主体声明：", ". The subject states: ") + item.dispute.statement
    return {
        "heading": item.heading,
        "marks": marks,
        "facts": "　".join(f"{title}：{text}" for title, text in lines if text),
        "values": "；".join(f"{say(v.title)}：{say(v.said)}" for v in item.values),
        "dispute": dispute,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _covers(report: Report, say: _Tongue) -> list[list[str]]:
    lines = []
    for title, sources in report.covered:
        first, last = say.of("首次报送", "first sent"), say.of("最近", "last")
        told = [f"{s.body}（{say(what)}，{first} {s.since}，{last} {s.last}）" for s, what in sources]
        lines.append([say(title), "；".join(told) or say.of("没有单位报送", "nobody has sent any")])
    return lines
