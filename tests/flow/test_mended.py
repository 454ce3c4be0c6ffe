"""A file written anew on a page: what was mended is mended, the rest stands as it was, and nothing is lost."""

import json
from collections.abc import Callable
from pathlib import Path

from chengxin.flow.judge import Outcome
from chengxin.flow.mended import write_mended
from tests.flow.conftest import penalty, rules_by_row, setting

GOOD, FAULTY = (json.dumps(row, ensure_ascii=False) for row in (penalty(1), penalty(2, CF_JDRQ="2026-02-30")))


def test_a_record_that_could_not_be_read_stays_and_is_told_again(
    judged: Callable[..., Outcome], tmp_path: Path
) -> None:
    sent, out = tmp_path / "p.jsonl", tmp_path / "out.xlsx"
    sent.write_text(f"{GOOD}\n{FAULTY}\n[1]\n", encoding="utf-8")
    write_mended(sent, out, setting(), {"": {2: {"CF_JDRQ": "2026-03-05"}}})
    again = judged(out)
    assert (again.received, again.accepted, again.rejected) == (3, 2, 1)
    write_mended(sent, out, setting(), {}, only={"": frozenset({2, 3})})
    again = judged(out)
    assert (again.received, again.accepted, again.rejected) == (2, 0, 2)
    assert "date_unreadable" in rules_by_row(again)[2]
