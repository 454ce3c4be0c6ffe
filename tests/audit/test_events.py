"""The closed list of events: three parts, fields said once, contents complete, persons all alike."""

import re
from pathlib import Path

import polars as pl
import pytest

from chengxin.audit.canonical import Content, canonical
from chengxin.audit.events import COMMON, PERSON_TAG, Tag, content, contents, table

COMMON_VALUES: dict[str, Content] = {
    "item": "penalty",
    "authority": "11370215MXFAK0X145",
    "day": "2026-11-24",
    "previous": 7,
}
VALUES: dict[str, Content] = {**COMMON_VALUES, "record": "r1", "version": 2, "subject": "s", "reason": "撤销"}


@pytest.mark.parametrize("tag", list(Tag))
def test_a_tag_has_three_parts_and_says_itself_in_both_languages(tag: Tag) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+:[a-z]+", tag)
    assert tag.said.zh
    assert tag.said.en
    assert len({"event", *COMMON, *tag.fields}) == 1 + len(COMMON) + len(tag.fields)
    assert Tag(str(tag)) is tag


def test_no_two_events_have_one_tag_and_all_persons_look_alike() -> None:
    assert len(Tag) == len(Tag.__members__)
    assert {tag.person_tag for tag in Tag} == {PERSON_TAG}
    assert PERSON_TAG not in set(Tag)


def test_a_content_has_exactly_the_fields_of_its_event() -> None:
    assert content(Tag.RECORD_MASKED, VALUES)["event"] == "register:record:masked"
    for wrong in ({**VALUES, "extra": 1}, {k: v for k, v in VALUES.items() if k != "reason"}, {**VALUES, "event": "x"}):
        with pytest.raises(ValueError, match="register:record:masked"):
            content(Tag.RECORD_MASKED, wrong)


def test_contents_in_bulk_are_the_contents_one_by_one() -> None:
    listed = [{**VALUES, "record": f"r{i}"} for i in range(3)]
    assert contents(Tag.RECORD_MASKED, pl.DataFrame(listed)).to_list() == [
        canonical(content(Tag.RECORD_MASKED, values)) for values in listed
    ]
    with pytest.raises(ValueError, match="unknown"):
        contents(Tag.RECORD_MISSING, pl.DataFrame(listed))


def test_the_table_has_a_line_for_every_event() -> None:
    lines = table().splitlines()
    assert len(lines) == 2 + len(Tag)
    assert "| `register:record:added` | 新增信用信息 | record added | item, authority, day, previous, record" in table()


def test_the_page_in_the_docs_is_this_list() -> None:
    page = Path(__file__).parents[2] / "docs" / "events.md"
    assert page.read_text("utf-8").endswith(table())
