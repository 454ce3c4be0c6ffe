"""A person's number in the name of a sheet, of a member, of a column or in a remark is said back nowhere."""

from pathlib import Path

import pytest

from tests.intake.made import (
    HEADINGS,
    ROWS,
    Taken,
    as_csv,
    as_xlsx,
    as_zip,
    changed_member,
    made_identity,
    refusal,
    take,
)

NUMBER = made_identity()
SPELLINGS = [NUMBER, f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}", f"{NUMBER[:6]}.{NUMBER[6:14]}.{NUMBER[14:]}"]


def told(taken: Taken) -> str:
    """Everything that leaves intake, digits only."""
    frames = [f for c in taken.chunks for f in (c.frame, c.marks)]
    return "".join(filter(str.isdigit, repr([taken.parts, taken.notes, [c.part for c in taken.chunks]]) + str(
        [list(f.iter_rows()) for f in frames]
    )))  # fmt: skip


@pytest.mark.parametrize("number", SPELLINGS)
def test_in_the_name_of_a_sheet(tmp_path: Path, number: str) -> None:
    book = changed_member(
        as_xlsx(tmp_path, ROWS), "xl/workbook.xml", 'name="数据"'.encode(), f'name="{number}"'.encode()
    )
    taken = take(book)
    assert taken.table() == ROWS
    assert NUMBER not in told(taken)
    hidden = changed_member(book, "xl/workbook.xml", b'sheetId="1"', b'sheetId="1" state="hidden"')
    assert NUMBER not in "".join(filter(str.isdigit, str(refusal(hidden).said)))


@pytest.mark.parametrize("number", SPELLINGS)
def test_in_the_name_of_a_member_and_two_such_names_stay_two(tmp_path: Path, number: str) -> None:
    content, other = as_csv(tmp_path, ROWS).read_bytes(), made_identity(serial="002")
    taken = take(as_zip(tmp_path, {f"{number}.csv": content, f"{other}.csv": content}))
    assert len({p.name for p in taken.parts}) == 2
    assert NUMBER not in told(taken) and other not in told(taken)
    refused = refusal(as_zip(tmp_path, {f"{number}.pdf": b"%PDF-1.7"}))
    assert NUMBER not in "".join(filter(str.isdigit, str(refused.said)))


@pytest.mark.parametrize("number", SPELLINGS)
@pytest.mark.parametrize("heading", ["{}", "违法事实（{}）", "收入{}", "这一栏的名称很长很长很长很长很长{}"])
def test_in_a_heading(tmp_path: Path, number: str, heading: str) -> None:
    heads = [*HEADINGS[:5], heading.format(number), heading.format(number), heading.format(number) + "乙"]
    taken = take(as_xlsx(tmp_path, [[*row, "x", "y"] for row in ROWS], headings=heads))
    assert NUMBER not in told(taken)


@pytest.mark.parametrize("number", SPELLINGS)
def test_in_a_remark_below_the_table(tmp_path: Path, number: str) -> None:
    remarks = [[f"说明1、{number}", *[None] * 5], [f"备注：{number}", *[None] * 5], [f"备注{number}：", *[None] * 5]]
    taken = take(as_csv(tmp_path, [*ROWS, *remarks]))
    assert {m for _, _, m in taken.marks} == {"row_not_data"}
    assert NUMBER[:14] not in told(taken)
