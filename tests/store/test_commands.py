"""What the commands of a site say."""

import json

import pytest

from chengxin.cli import site as commands
from tests.store.conftest import Desk, registered

pytestmark = pytest.mark.usefixtures("quick")


def test_where_nothing_was_sent_yet_the_list_says_so_and_how_to_send(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.submissions(desk.site.folder)
    said = capsys.readouterr().out
    assert "还没有报送过文件" in said
    assert "chengxin submit" in said
    commands.submissions(desk.site.folder, as_json=True)
    assert json.loads(capsys.readouterr().out) == []


def test_what_was_sent_is_listed(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sent = desk.send("registration", [registered(1)])
    commands.submissions(desk.site.folder)
    said = capsys.readouterr().out
    assert sent.id.hex in said
    assert "还没有报送过文件" not in said
