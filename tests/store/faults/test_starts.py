"""The next start says what it put right, and a reader's start is stopped by nothing."""

import polars as pl
import pytest

from chengxin.site.folder import open_site
from chengxin.values.errors import Refused, Said
from tests.store.conftest import COLLEAGUE, Desk, fined, registered
from tests.store.faults import acts
from tests.store.faults.acts import Place
from tests.store.faults.house import House
from tests.store.faults.points import kill

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def registers(desk: Desk) -> Desk:
    desk.send("registration", [registered(n) for n in range(3)])
    return desk


def told(desk: Desk) -> list[str]:
    from chengxin.site.store import journal

    return [line["en"] for line in journal.lines(desk.site.folder)]


def test_a_half_written_change_set_is_taken_back_and_named(registers: Desk, caplog: pytest.LogCaptureFixture) -> None:
    from django.utils import timezone

    from chengxin.site.store.models import ChangeSet, Head

    sent = registers.send("penalty", [fined(1, "1号")], reviewed=False)
    number = Head.objects.get().committed + 1
    ChangeSet.objects.create(
        number=number,
        kind="submission",
        actor=COLLEAGUE,
        item="penalty",
        authority="",
        submission=sent,
        known_on=sent.known_on,
        known_at=timezone.now(),
    )
    open_site(registers.site.folder)
    (line,) = told(registers)
    assert f"Change set {number} ({sent.name}) was half written" in line
    assert "已全部撤回" in caplog.text
    open_site(registers.site.folder)
    assert len(told(registers)) == 1


def test_what_was_recorded_but_not_logged_is_logged_and_named(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.store import log

    with monkeypatch.context() as down:
        down.setattr(log, "include", lambda *_: [])
        registers.send("penalty", [fined(1, "1号")])
    assert registers.documents(1) == []
    open_site(registers.site.folder)
    assert registers.documents(1) == ["1号"]
    assert [line.split(":")[0] for line in told(registers)] == ["Change set 2 was recorded but not in the log"]


def test_where_nothing_was_left_nothing_is_said(registers: Desk) -> None:
    open_site(registers.site.folder)
    assert told(registers) == []


def test_a_reader_can_start_where_nothing_can_be_put_right(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.store import log

    def down(*_: object) -> list[int]:
        raise Refused("log-set-back", Said("", ""))

    with monkeypatch.context() as without:
        without.setattr(log, "include", lambda *_: [])
        registers.send("penalty", [fined(1, "1号")])
    monkeypatch.setattr(log, "include", down)
    open_site(registers.site.folder)
    assert registers.documents(1) == []


def test_a_renamed_party_keeps_its_file_while_the_log_is_down(registers: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.store import log

    registers.send("penalty", [fined(1, "1号")])
    monkeypatch.setattr(log, "include", lambda *_: [])
    registers.send("registration", [registered(1, 名称="青岛示例改名商贸有限公司")])
    assert registers.file(1).subject["name"] == "青岛示例改名商贸有限公司"
    assert registers.documents(1) == ["1号"]


def test_a_killed_process_is_named_by_the_next(house: House, prepared: Place) -> None:
    place = house.copy(prepared)
    points = house.run(acts.act, house.copy(prepared), "penalties")["points"]
    before_the_log = len(points) - points[::-1].index("file fsync")
    assert house.run(acts.act, place, "penalties", before_the_log, kill) is None
    house.run(acts.look, place, "penalties")
    assert "已补入日志" in (place.folder / "journal.jsonl").read_text("utf-8")


def test_what_a_killed_process_left_in_the_clear_goes_with_the_next_start(registers: Desk) -> None:
    from chengxin.site.work import clear, work_folder

    folder = registers.site.folder
    with work_folder(folder) as busy:
        (busy / "rows").write_text("测试丁")
        open_site(folder)
        assert (busy / "rows").exists()
    left = folder / "work" / "left"
    left.mkdir()
    (left / "rows").write_text("测试丁")
    open_site(folder)
    assert not left.exists()
    assert clear(folder) == 0


def test_the_same_file_again_stands_in_for_an_original_that_is_gone(registers: Desk) -> None:
    path = registers.folder / "gone.csv"
    pl.DataFrame([fined(1, "1号")]).write_csv(path)
    registers.send_file("penalty", path, reviewed=False)
    for kept in (registers.site.folder / "kept").iterdir():
        kept.unlink()
    assert registers.send_file("penalty", path).state == "effective"
    assert registers.documents(1) == ["1号"]


def test_a_kept_file_that_was_changed_is_refused_in_words(registers: Desk) -> None:
    from chengxin.site.actions.submissions import review

    sent = registers.send("penalty", [fined(1, "1号")], reviewed=False)
    for kept in (registers.site.folder / "kept").iterdir():
        kept.write_bytes(kept.read_bytes()[:-1])
    with pytest.raises(Refused) as caught:
        review(registers.site, sent.id.hex, COLLEAGUE, {})
    assert caught.value.code == "kept-changed"
