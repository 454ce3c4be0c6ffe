"""The paper: every standard character, the whole text, the same JSON inside, a picture that a camera reads."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pypdf
import pytest
from fontTools.ttLib import TTFont

from chengxin.reports.paper import FONTS, JSON_NAME, PROOF_NAME, paper, qr, showable
from chengxin.reports.report import Dispute, Report, as_json
from tests.reports.cast import DAY, FIRM, fine, made, special

STANDARD = (Path(__file__).parent / "standard_characters.txt").read_text("utf-8").replace("\n", "")
FILES = ("NotoSansSC-Regular.ttf", "NotoSansCJKsc-More.otf")


def opened(report: Report, proof: bytes = b"") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(paper(report, proof)))


def text_of(pdf: pypdf.PdfReader) -> str:
    return "".join("".join(page.extract_text().split()) for page in pdf.pages)


def test_the_fonts_show_all_of_the_standard_table_and_say_what_they_show() -> None:
    shown = {chr(c) for file in FILES for c in TTFont(FONTS / file).getBestCmap()}
    assert len(STANDARD) == len(set(STANDARD)) == 8105
    assert set(STANDARD) <= shown
    ranges = [line.split("-") for line in (FONTS / "covered.txt").read_text("ascii").split()]
    assert {chr(n) for a, b in ranges for n in range(int(a, 16), int(b, 16) + 1)} == shown


def test_every_standard_character_can_be_set_and_read_back() -> None:
    names = [STANDARD[at : at + 100] for at in range(0, len(STANDARD), 100)]
    rows = [fine(n, authority=name, source=name) for n, name in enumerate(names)]
    text = text_of(opened(made(rows)))
    assert [name for name in names if name not in text] == []


def test_what_no_font_shows_stands_as_its_code_point_and_as_itself_in_the_data() -> None:
    report = made([], subject=msgspec.structs.replace(FIRM, name="示例𪚥商行"))
    pdf = opened(report)
    assert "示例〔U+2A6A5〕商行" in text_of(pdf)
    assert "示例𪚥商行" in bytes(pdf.attachments[JSON_NAME][0]).decode()
    assert showable("𪚥") == "〔U+2A6A5〕"


def test_the_text_of_the_paper_says_all_that_the_report_says() -> None:
    disputes = {f"{1:032x}": Dispute(DAY, "金额有误")}
    report = made([fine(1), fine(2)], disputes=disputes, withheld=2)
    text = text_of(opened(report))
    said = [report.subject.name, report.subject.code, report.issue.number, report.issue.address, "存在异议", "金额有误"]
    said += [str(c.title.zh) + str(c.number) for c in report.counts]
    said += [i.heading for c in report.chapters for s in c.sections for i in s.items]
    said += [kind.title.zh for kind in (*report.empty, *report.unsent, *report.absent)]
    said += [t.zh for t in report.texts.values()] + ["另有2条与公开日志不符"]
    said += [s.body for c in report.covers for s in c.sources]
    assert [one for one in said if "".join(one.split()) not in text] == []


def test_the_same_json_and_the_proof_are_attached() -> None:
    report = made([fine(1)], special("tax"))
    pdf = opened(report, b"c2sp.org/tlog-proof@v1\n")
    assert bytes(pdf.attachments[JSON_NAME][0]) == as_json(report)
    assert bytes(pdf.attachments[PROOF_NAME][0]) == b"c2sp.org/tlog-proof@v1\n"
    assert json.loads(bytes(pdf.attachments[JSON_NAME][0]))["issue"]["number"] == report.issue.number


def test_it_is_tagged_and_says_that_it_is_pdf_a_3a() -> None:
    pdf = opened(made([fine(1)]))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    told = root["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>3</pdfaid:part>" in told and "<pdfaid:conformance>A</pdfaid:conformance>" in told
    assert root["/Lang"] == "zh-CN"  # type: ignore[index]


def test_the_same_report_makes_the_same_paper() -> None:
    assert paper(made([fine(1)])) == paper(made([fine(1)]))


def test_a_heavy_subject_has_pages_with_the_number_on_each() -> None:
    report = made([fine(n) for n in range(400)])
    pdf = opened(report)
    assert len(pdf.pages) > 15
    for at, page in enumerate(pdf.pages, 1):
        foot = "".join(page.extract_text().split())
        assert report.issue.number in foot and f"{at}/{len(pdf.pages)}" in foot


def test_the_english_edition_has_both_languages() -> None:
    report = made([fine(1)])
    both = msgspec.structs.replace(report, issue=msgspec.structs.replace(report.issue, language="en"))
    text = text_of(opened(both))
    assert "无记录" in text and "Thisreportisafactualrecord" in text and "行政处罚Administrativepenalties" in text


@pytest.mark.skipif(not shutil.which("zbarimg") or not shutil.which("pdftoppm"), reason="needs zbar and poppler")
def test_a_camera_reads_the_address_at_150_dpi(tmp_path: Path) -> None:
    report = made([fine(1)])
    (tmp_path / "r.pdf").write_bytes(paper(report))
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-l", "1", "r.pdf", "page"], cwd=tmp_path, check=True)
    (page,) = tmp_path.glob("page*.pgm")
    read = subprocess.run(["zbarimg", "-q", "--raw", str(page)], capture_output=True, check=True)
    assert read.stdout.decode().strip() == report.issue.address


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    assert "href" not in qr("https://credit.example/verify/1/")
