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

    return {e["id"]: e for part in snapshot(_asked(f"{side}.snapshot", day), 2) for e in part}


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
