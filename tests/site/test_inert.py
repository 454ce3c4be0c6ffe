"""Files that a spreadsheet opens: whatever was sent in, nothing in them is run."""

import csv
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest

from tests.site.conftest import Cast, Stranger, code_of, fined, firm, registered
from tests.site.test_crawl import GIVEN, named_addresses
from tests.site.work import upload, work

RUN = tuple("=+-@\t\r\n＝＋－＠")
# Every free text of a penalty begins like something that a spreadsheet runs.
EVIL = fined(
    1,
    "=1+1号",
    CF_NR="+HYPERLINK(1)",
    CF_WFXW="@SUM(1)",
    CF_SY="-2+3",
    CF_YJ="＝cmd|示例",
    CF_CFJG="=示例局",
    CF_SJLY="@示例局",
)
SHEETS = {"list_file", "search_file", "tile_file", "package", "department_findings", "department_annotated"}
SHEETS |= {"office_report_csv", "office_report_xlsx", "office_report_zip"}  # by `test_report_batches`
NOT_SENT_IN = {"department_template"}  # made of the catalogue alone


def cells_of(content: bytes) -> list[str]:
    """The texts of a CSV, of a workbook, or of all tables of a zip; a cell that is run fails at once."""
    if not content.startswith(b"PK"):
        return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if "[Content_Types].xml" not in packed.namelist():
            return [cell for n in packed.namelist() if n.endswith(".csv") for cell in cells_of(packed.read(n))]
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"} and not any(cell.hyperlink for cell in cells)
    return []


def inert(answer: Any) -> None:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    assert [cell for cell in cells_of(content) if cell.startswith(RUN)] == []


def test_each_address_that_gives_a_sheet_is_looked_at_here(stranger: Stranger) -> None:
    gives = {n for n, p in named_addresses().items() if re.search("csv|xlsx|zip", str(p.pattern))}
    assert gives == SHEETS | NOT_SENT_IN


@pytest.mark.parametrize("name", ["list_file", "search_file", "tile_file", "package"])
def test_public_sheets_run_nothing(stranger: Stranger, name: str) -> None:
    from django.urls import reverse

    stranger.desk.send("registration", [registered(1, 名称=f"＝{firm(1)}", 登记机关="=示例局")])
    sent = stranger.desk.send("penalty", [EVIL])
    assert sent.counts["accepted"] == 1
    for place in GIVEN[name][0]:
        if place.get("form") != "json":
            address = reverse(name, kwargs=place)
            inert(stranger.client.get(address, {"q": code_of(1)} if name == "search_file" else {}))


def test_what_a_clerk_gets_back_runs_nothing(stranger: Stranger, cast: Cast) -> None:
    wrong = EVIL | {"=处罚日子": "1", "CF_JDRQ": "=1+1", "CF_NR_FK": "+9万", "CF_XDR_SHXYM": f"={code_of(1)}"}
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for page in (book.active, book.create_sheet("+HYPERLINK(1)")):
        for row in (list(wrong), list(wrong.values())):
            page.append(row)
            for cell in page[page.max_row]:
                cell.data_type = "s"
    book.active.title = "=1+1"
    book.save(stream)
    address = upload(cast("clerk"), "penalty", stream.getvalue(), "报送.xlsx")
    work()
    listed = cast("clerk").get(f"{address}wenti.csv")
    inert(listed)
    assert "'=1+1" in listed.content.decode()  # the name of a sheet
    inert(cast("clerk").get(f"{address}pizhu.xlsx"))
