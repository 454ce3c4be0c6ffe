"""The worked examples given with the project."""

import json
from pathlib import Path

import pytest

from chengxin.intake.csv_careful import CarefulReader
from tests.intake.made import take


def test_the_plain_workbook(examples: Path) -> None:
    taken = take(examples / "workbooks" / "plain_12.xlsx")
    assert taken.frame["row"].to_list() == list(range(2, 14))
    assert not taken.marks
    assert set(taken.frame["CF_JDRQ"]) == {"2025-03-07"}


def test_titles_notes_groups_totals_and_a_signature(examples: Path) -> None:
    taken = take(examples / "workbooks" / "title_note_merged_header.xlsx")
    assert taken.parts[0].heading_row == 5
    assert taken.frame["row"].to_list() == list(range(6, 18))
    assert taken.marks == [(18, None, "row_not_data"), (19, None, "row_not_data")]


def test_the_web_table_named_xls(examples: Path) -> None:
    taken = take(examples / "workbooks" / "html_table_named.xls")
    assert taken.frame.height == 12
    assert taken.frame["CF_XDR_MC"][0] == "即墨示例阳晨新材料有限公司"
    assert "wrong-extension" in taken.codes


def test_codes_that_became_numbers(examples: Path) -> None:
    taken = take(examples / "workbooks" / "code_as_number.xlsx")
    assert taken.marks == [(r, "CF_XDR_SHXYM", "digits_lost") for r in (2, 3, 4, 5)]


def test_a_good_permit_sheet(examples: Path) -> None:
    taken = take(examples / "uploads" / "licence_clean_400.xlsx", "permit")
    assert taken.frame.height == 400
    assert all(h.field for h in taken.parts[0].headings)


@pytest.mark.parametrize(
    "name",
    [
        "comma_in_quotes",
        "empty",
        "empty_crlf",
        "escaped_quotes",
        "json",
        "newlines",
        "newlines_crlf",
        "quotes_and_newlines",
        "simple",
        "simple_crlf",
        "utf8",
    ],
)
def test_the_csv_spectrum(examples: Path, name: str) -> None:
    data = (examples / "csv" / "spectrum" / f"{name}.csv").read_bytes()
    expected = json.loads((examples / "csv" / "spectrum" / f"{name}.json").read_text())
    head, *rows = [r.cells for r, _ in CarefulReader(",", 1 << 18).records(data, True)]
    assert [dict(zip(head, r, strict=True)) for r in rows] == expected
