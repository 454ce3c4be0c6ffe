"""Template: a workbook made from the standard, which our own intake reads back."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chengxin.intake.headings import Known
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Resource
from chengxin.standards.template import ROWS, template
from chengxin.standards.words import base_row
from chengxin.values.errors import Refused
from tests.standards.conftest import DAY

CATALOGUE = load_catalogue(DAY)
PENALTY = CATALOGUE.resource("penalty")


def made(resource: Resource, folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(template(resource, CATALOGUE, folder))


def column_of(sheet: Worksheet, heading: str) -> int:
    return next(c.column for c in sheet[1] if str(c.value).rstrip("*") == heading)


@pytest.mark.parametrize("name", CATALOGUE.resources)
def test_intake_knows_every_heading_of_every_template(name: str, tmp_path: Path) -> None:
    resource = CATALOGUE.resource(name)
    known = Known(resource, {})
    for sheet in ("数据", "示例"):
        headings = [str(c.value) for c in made(resource, tmp_path)[sheet][1]]
        assert [known.heading(i, h).field for i, h in enumerate(headings)] == [f.name for f in resource.fields]


def test_it_opens_at_the_first_row_of_the_data_with_the_headings_frozen_and_the_codes_hidden(tmp_path: Path) -> None:
    book = made(PENALTY, tmp_path)
    assert book.sheetnames == ["填报说明", "数据", "码表", "示例"]
    data = book["数据"]
    assert book.active is data
    assert (data.freeze_panes, data.sheet_view.selection[0].activeCell) == ("A2", "A2")
    assert book["码表"].sheet_state == "hidden"
    assert data.max_row == 1
    assert {p.name: p.value for p in book.custom_doc_props.props} == {"chengxin-template": f"penalty 2018-07-01 {DAY}"}


def test_required_headings_have_a_star_and_the_word(tmp_path: Path) -> None:
    data = made(PENALTY, tmp_path)["数据"]
    for cell, field in zip(data[1], PENALTY.fields, strict=True):
        assert str(cell.value).endswith("*") == field.constraints.required
        assert cell.comment.text.startswith("必填") == field.constraints.required


def test_codes_numbers_and_documents_are_text_beforehand(tmp_path: Path) -> None:
    data = made(PENALTY, tmp_path)["数据"]
    for heading in (
        "行政相对人代码_1(统一社会信用代码)",
        "行政相对人代码_2(工商注册号)",
        "行政处罚决定书文号",
        "自然人证件号码",
    ):
        letter = openpyxl.utils.get_column_letter(column_of(data, heading))
        assert data.column_dimensions[letter].number_format == "@"


def test_a_choice_refers_to_the_sheet_of_codes_for_all_prepared_rows(tmp_path: Path) -> None:
    book = made(PENALTY, tmp_path)
    data, codes = book["数据"], book["码表"]
    letter = openpyxl.utils.get_column_letter(column_of(data, "处罚类别"))
    check = next(v for v in data.data_validations.dataValidation if str(v.sqref) == f"{letter}2:{letter}{ROWS + 1}")
    source = check.formula1.split("!")[1].replace("$", "")
    labels = [row[0].value for row in codes[source]]
    assert check.formula1.startswith("码表!")
    assert labels == [v.label for v in CATALOGUE.code_list("penalty_kind").values]


def test_the_example_sheet_shows_the_good_row_of_the_cases(tmp_path: Path) -> None:
    sheet = made(PENALTY, tmp_path)["示例"]
    shown = {f.name: c.value for f, c in zip(PENALTY.fields, sheet[2], strict=True) if c.value is not None}
    assert shown == {k: str(v) for k, v in base_row(PENALTY, CATALOGUE).items()}


def test_the_same_standard_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (template(PENALTY, CATALOGUE, tmp_path / f"{n}.xlsx").read_bytes() for n in "ab")
    assert first == second


def test_what_can_not_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    for out in (tmp_path / "no-such-folder" / "a.xlsx", tmp_path / "a.xls"):
        with pytest.raises(Refused):
            template(PENALTY, CATALOGUE, out)
    assert list(tmp_path.iterdir()) == []
