"""The feed out of the store, folded, is the snapshot, whatever the stops; it names no person and takes no foreign cursor."""

import gzip
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chengxin.sharing.feed import Entry, fold, standing
from chengxin.values.errors import Refused
from tests.store.conftest import DAY, NUMBER, PERSON, Desk, code_of, fined, firm, registered

KEY = b"k" * 32
AFTER = date(2026, 6, 5)  # the last day of what is fined below


def _asked(outlet: str, day: date = DAY) -> Any:
    from dataclasses import replace

    from chengxin.site.access.asked import Who, anybody, place
    from chengxin.site.access.feeding import upward

    if outlet.startswith("public"):
        return anybody(outlet, replace(place(), day=day))
    asked = upward(outlet, Who("upper"))
    return replace(asked, at=replace(asked.at, day=day))


def _on(held: dict[str, Entry], cursor: str | None, side: str, most: int, twice: bool = False) -> str:
    from chengxin.site.access.feeding import changes

    while True:
        part = changes(_asked(f"{side}.feed"), KEY, cursor, most)
        assert len(part.entries) <= most
        for _ in range(1 + twice):
            fold(held, part.entries)
        cursor = part.cursor
        if not part.more:
            return cursor


def _snapshot(side: str, day: date = DAY) -> dict[str, Any]:
    from chengxin.site.access.feeding import snapshot

    lines = [line for part in snapshot(_asked(f"{side}.snapshot", day), 2) for line in part]
    return {e["id"]: e for e in map(json.loads, lines)}


@pytest.mark.parametrize("side", ["public", "upper"])
@pytest.mark.parametrize("most", [1, 2, 100])
def test_the_feed_folded_is_the_snapshot_at_every_stop(desk: Desk, quick: None, side: str, most: int) -> None:
    from chengxin.site.actions.recall import take_back

    held: dict[str, Entry] = {}
    desk.send("registration", [registered(1), registered(2)])
    cursor = _on(held, None, side, most)
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(2, "示例字〔2026〕2号")])
    cursor = _on(held, cursor, side, most, twice=True)
    assert held == _snapshot(side)
    assert held
    desk.send("penalty", [fined(1, "示例字〔2026〕1号", CF_NR_FK="2")])
    last = desk.send("penalty", [fined(2, "示例字〔2026〕3号")])
    before = len(_snapshot(side))
    cursor = _on(held, cursor, side, most)
    assert held == _snapshot(side)
    take_back(desk.site, last, "测试甲", "报错")
    _on(held, cursor, side, most)
    assert held == _snapshot(side)
    assert len(held) == before - 1
    fresh: dict[str, Entry] = {}
    _on(fresh, None, side, most)
    assert fresh == held
    later = date.fromordinal(AFTER.toordinal() + 1)
    assert {e["id"] for e in standing(held, later)} == set(_snapshot(side, later))
    assert len(_snapshot(side, later)) < len(held)


def test_neither_a_person_nor_a_sole_trader_is_in_the_public_feed(desk: Desk, quick: None) -> None:
    trader = {"CF_XDR_MC": firm(3), "CF_XDR_SHXYM": code_of(3, kind="92"), "CF_XDR_LB": "个体工商户"}
    person = PERSON | {"CF_XDR_ZJHM": NUMBER}
    rows = [
        fined(1, "示例字〔2026〕1号"),
        fined(3, "示例字〔2026〕2号", **trader),
        fined(4, "示例字〔2026〕4号", **person),
    ]
    desk.send("registration", [registered(1)])
    desk.send("penalty", [row | {"CF_XDR_ZJHM": row.get("CF_XDR_ZJHM")} for row in rows])
    held: dict[str, Entry] = {}
    _on(held, None, "public", 10)
    told = str(held)
    assert "1号" in told
    assert not [word for word in ("2号", "4号", "测试丁", NUMBER, firm(3)) if word in told.replace("〕1号", "1号")]


def test_a_cursor_that_this_feed_did_not_give_is_refused(desk: Desk, quick: None) -> None:
    from chengxin.site.access.feeding import changes

    desk.send("registration", [registered(1)])
    cursor = _on({}, None, "public", 10)
    middle = len(cursor) // 2
    changed = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    for outlet, key, text in (
        ("public.feed", KEY, changed),
        ("public.feed", KEY, "诚信"),
        ("public.feed", KEY, "x"),
        ("public.feed", b"o" * 32, cursor),
        ("upper.feed", KEY, cursor),
    ):
        with pytest.raises(Refused) as refusal:
            changes(_asked(outlet), key, text)
        assert refusal.value.code == "cursor-bad"


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_snapshot_file_is_what_the_command_changes_tells_and_its_signed_note_says_so(
    desk: Desk, quick: None, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    from chengxin.audit.notes import open_note
    from chengxin.cli.feed import changes, snapshot

    desk.send("registration", [registered(1), registered(2)])
    changes(None, desk.site.folder)
    *entries, last = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    snapshot(tmp_path / name, desk.site.folder)
    data = (tmp_path / name).read_bytes()
    lines = gzip.decompress(data) if name.endswith(".gz") else data
    written = [json.loads(line) for line in lines.splitlines()]
    assert {e["id"]: e for e in entries} == {e["id"]: e for e in written}
    assert written
    text, signers = open_note((tmp_path / f"{name}.note").read_bytes(), [desk.site.keys.log.verifier])
    assert signers
    assert text.splitlines()[2:] == [str(len(written)), f"sha256 {hashlib.sha256(lines).hexdigest()}"]
    capsys.readouterr()
    changes(last["cursor"], desk.site.folder)
    assert [sorted(json.loads(line)) for line in capsys.readouterr().out.splitlines()] == [
        ["cursor", "more", "withheld"]
    ]


def test_what_stops_fitting_the_log_is_told_to_be_gone_and_comes_back_once_it_fits(desk: Desk, quick: None) -> None:
    from chengxin.site.store.models import Checked, Record

    desk.send("registration", [registered(1)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(1, "示例字〔2026〕2号")])
    held: dict[str, Entry] = {}
    cursor = _on(held, None, "public", 10)
    record = Record.objects.get(document="示例字〔2026〕1号")
    assert record.id.hex in held
    Record.objects.filter(id=record.id).update(content=record.content.replace("1.5", "9.9"))
    assert record.id.hex not in _snapshot("public")
    cursor = _on(held, cursor, "public", 10)
    assert held == _snapshot("public")
    assert record.id.hex not in held and held
    fresh: dict[str, Entry] = {}
    _on(fresh, None, "public", 1)
    assert fresh == held
    Record.objects.filter(id=record.id).update(content=record.content)
    assert record.id.hex in _snapshot("public")
    _on(held, cursor, "public", 1)
    assert held == _snapshot("public")
    assert Checked.objects.count() == 2


def test_who_is_judged_to_be_one_subject_is_told_and_taken_back(desk: Desk, quick: None) -> None:
    from chengxin.site.actions.merges import merge, split

    desk.send("registration", [registered(1), registered(2)])
    held: dict[str, Entry] = {}
    cursor = _on(held, None, "public", 1)
    merge(desk.site, code_of(1), code_of(2), "测试甲", "同一主体")
    cursor = _on(held, cursor, "public", 1)
    assert held == _snapshot("public")
    (same,) = [e for e in held.values() if "same" in e]
    subjects = {e["record"]["subject"] for e in held.values() if "record" in e}
    assert set(same["same"].values()) == subjects
    split(desk.site, code_of(1), "测试甲", "并错了")
    cursor = _on(held, cursor, "public", 1)
    assert held == _snapshot("public")
    assert not [e for e in held.values() if "same" in e]


def test_a_merge_with_a_sole_trader_is_not_public(desk: Desk, quick: None) -> None:
    from chengxin.site.actions.merges import merge

    trader = code_of(3, kind="92")
    shop = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": "测试丙", "法定代表人（负责人）": ""}
    desk.send("registration", [registered(1, 经营者=""), registered(3, 统一社会信用代码=trader, **shop)])
    merge(desk.site, trader, code_of(1), "测试甲", "同一主体")
    assert not [e for e in _snapshot("public").values() if "same" in e]
    assert [e for e in _snapshot("upper").values() if "same" in e]


@pytest.mark.parametrize("side", ["public", "upper"])
def test_many_records_at_once_are_opened_and_cut_as_each_by_itself(desk: Desk, quick: None, side: str) -> None:
    from chengxin.site.access import reading
    from chengxin.site.access.lines import put_lines
    from chengxin.site.access.steps import _SCHEMA, _SELECT
    from chengxin.site.actions.submissions import review
    from chengxin.site.store.bulk import few_where, rows_where
    from chengxin.site.store.models import Record
    from chengxin.site.store.proof import opened
    from chengxin.site.store.sound import sound

    desk.send("registration", [registered(n) for n in range(1, 6)])
    rows = [fined(n, f'示例字〔2026〕"{n}"号\u2028e\u0301', CF_SY="“引号”\\反斜杠\n第二行") for n in range(1, 6)]
    submission = desk.send("penalty", rows, reviewed=False)
    review(desk.site, submission.id.hex, "测试乙", {"CF_NR": "不宜公开"})
    desk.send("penalty", [fined(1, "示例字〔2026〕9号", CF_NR_FK="2")])
    broken = Record.objects.filter(resource="penalty").order_by("id")[1]
    Record.objects.filter(id=broken.id).update(last_day=date(2036, 1, 1))
    asked = _asked(f"{side}.snapshot")
    where = asked.where()
    frame = rows_where(f"{_SELECT}{where.sql} ORDER BY r.id", _SCHEMA, where.values)
    few = few_where(f"{_SELECT}{where.sql} ORDER BY r.id", _SCHEMA, where.values)
    good, withheld = opened(few)
    fits = sound(frame)
    assert frame.filter(fits)["id"].to_list() == [row["id"] for row in good]
    assert [i for i, _ in withheld] == [broken.id.hex]
    lines = [json.loads(line) for line in put_lines(asked, frame.filter(fits))]
    for line, row in zip(lines, good, strict=True):
        seen = reading.cut(asked, row | {"code": None, "name": None})
        plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in seen.columns.items()}
        assert (line["record"], line["content"]) == (plain, seen.content)
        assert (line["id"], line["change_set"]) == (row["id"], row["since"])
    assert len([line for line in lines if line["record"]["resource"] == "penalty"]) == 5
    assert "CF_NR" not in lines[-2]["content"]


@pytest.mark.parametrize(
    "forged",
    [
        {"previous": 2**60},
        {"previous": -1},
        {"tag": "register:record:nothing"},
        {"salt": b"x"},
        {"commitment": b""},
        {"place": 10**6},
    ],
)
def test_a_forged_event_withholds_its_record_and_breaks_nothing(
    desk: Desk, quick: None, forged: dict[str, Any]
) -> None:
    from chengxin.site.store.models import Event, Record

    desk.send("registration", [registered(1)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(1, "示例字〔2026〕2号")])
    record = Record.objects.get(document="示例字〔2026〕1号")
    Event.objects.filter(about=record.id).update(**forged)
    assert record.id.hex not in _snapshot("public")
    assert len(_snapshot("public")) == 2


def test_what_was_hidden_from_the_gate_is_found_by_a_look_at_all_and_told_to_be_gone(
    desk: Desk, quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer import Exit

    from chengxin.cli.evidence import records
    from chengxin.site.store.models import Record

    desk.send("registration", [registered(1)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(1, "示例字〔2026〕2号")])
    held: dict[str, Entry] = {}
    cursor = _on(held, None, "public", 10)
    record = Record.objects.get(document="示例字〔2026〕1号")
    Record.objects.filter(id=record.id).update(published=False)
    with pytest.raises(Exit) as end:
        records(desk.site.folder)
    assert end.value.exit_code == 1
    assert record.id.hex in capsys.readouterr().out
    cursor = _on(held, cursor, "public", 10)
    assert record.id.hex not in held and held == _snapshot("public")
    Record.objects.filter(id=record.id).update(published=True)
    with pytest.raises(Exit) as end:
        records(desk.site.folder)
    assert end.value.exit_code == 0
    _on(held, cursor, "public", 10)
    assert record.id.hex in held and held == _snapshot("public")
