"""Rosters and manifests are drawn up by people: columns may be called in several ways, and what can't be read is said."""

import os
from pathlib import Path

import pytest

from chengxin.flow.files import roster
from chengxin.flow.judge import Sender
from chengxin.values.errors import Refused

CODE, NAME = "11370215MXFAK0X145", "青岛市即墨区市场监督管理局"


@pytest.mark.parametrize("heads", ["code,name", "uscc,name", "统一社会信用代码,单位名称", "代码,名称"])
def test_a_roster_may_call_its_columns_as_people_do(heads: str, tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(f"{heads}\n{CODE},{NAME}\n", encoding="utf-8-sig")
    assert roster(path) == {CODE: Sender(CODE, NAME)}


def test_a_pipe_is_no_roster_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="not-a-list"):
        roster(tmp_path / "pipe")
