"""Evidence, not trust: what was changed behind the store's back has no effect and is named; keys erase; crashes leave nothing."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import connection

from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused
from tests.store.conftest import COLLEAGUE, NUMBER, OWNER, PERSON, Desk, code_of, fined, registered

HOUSE = Path(__file__).parents[2]


@pytest.fixture
def registers(desk: Desk) -> Desk:
    desk.send("registration", [registered(n) for n in range(4)])
    desk.send("penalty", [fined(n, f"{n}号") for n in range(4)])
    return desk


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults(desk: Desk) -> list[str]:
    from chengxin.site.store import log

    return [f.said.en for f in log.verify(desk.site.keys)]


@pytest.mark.parametrize("column", ["content", "last_day", "adverse", "severity", "clause", "sender"])
def test_an_edited_record_is_named_and_withheld(registers: Desk, column: str) -> None:
    changed = {"last_day": "'2099-12-31'", "adverse": "NOT adverse"}.get(column, "'换'")
    sql(f"UPDATE store_record SET {column} = {changed} WHERE document = '1号'")
    found = registers.file(1)
    assert [why for _, why in found.withheld] == ["differs-from-the-log"]
    assert registers.documents(1) == []
    assert registers.documents(2) == ["2号"]


def test_an_inserted_record_has_no_effect(registers: Desk) -> None:
    columns = "version, resource, subject, state, document, authority, sender, adverse, published, draft, clause, content, digest"
    columns += ", source_order, withheld, said_in, since"
    fresh = "'" + "0" * 31 + "1'"
    sql(
        f"INSERT INTO store_record (id, key, {columns}) SELECT {fresh}, {fresh}, {columns} FROM store_record WHERE document = '1号'"
    )
    assert [why for _, why in registers.file(1).withheld] == ["not-in-the-log"]
    assert registers.documents(1) == ["1号"]


def test_the_log_verifies_and_names_what_was_changed(registers: Desk) -> None:
    assert faults(registers) == []
    other = bytes(32)
    sql("UPDATE store_event SET commitment = %s WHERE change_set = 2 AND place = 1", other)
    assert "does not fit its event" in " ".join(faults(registers))


def test_the_log_is_never_signed_after_the_database_was_set_back(registers: Desk) -> None:
    sql("DELETE FROM store_checkpoint WHERE size = (SELECT max(size) FROM store_checkpoint)")
    with pytest.raises(Refused) as caught:
        registers.send("penalty", [fined(1, "新1号")])
    assert caught.value.code == "log-set-back"


def verified(desk: Desk, folder: Path) -> bool:
    """Whether the independent verifier finds the published log sound."""
    from chengxin.site.store import log

    log.publish(folder / "log")
    key = str(desk.site.keys.log.verifier)
    command = [sys.executable, HOUSE / "verifier" / "verify.py", folder / "log", "--key", key]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_the_published_log_satisfies_the_independent_verifier(registers: Desk, tmp_path: Path) -> None:
    assert verified(registers, tmp_path)


def test_a_person_is_one_token_and_one_ciphertext(registers: Desk) -> None:
    sent = registers.send("penalty", [fined(1, "人1号", **PERSON, CF_XDR_ZJHM=NUMBER)])
    assert sent.counts["added"] == 1, sent.counts
    whole = _everything()
    for secret in ("测试丁", NUMBER, "0000001990"):
        assert secret not in whole


def test_entries_about_persons_come_in_sixteens_so_that_nobody_counts_them(registers: Desk, tmp_path: Path) -> None:
    from chengxin.site.actions.keys import destroy
    from chengxin.site.store import log
    from chengxin.site.store.models import ChangeSet, Checkpoint, Event, Subject

    rows = [fined(n, f"{n}号", CF_NR="罚款2万元", CF_NR_FK="2") for n in range(4)]
    people = [fined(1, f"人{n}号", **PERSON, CF_XDR_ZJHM=NUMBER) for n in range(17)]
    registers.send("penalty", [*rows, *people])
    destroy(registers.site, Subject.objects.get(kind="person").id.hex, COLLEAGUE, "依法销毁", OWNER[0])
    told = [
        entry for change in ChangeSet.objects.order_by("number") for part in log.entries_of(change) for entry in part
    ]
    weeks = [json.loads(entry).get("week") for entry in told]
    for size in Checkpoint.objects.values_list("size", flat=True):
        assert all(count % 16 == 0 for week, count in Counter(weeks[:size]).items() if week)
    assert len(weeks) - weeks.count(None) == 16 + 32 + 16
    assert Event.objects.filter(person=True).exclude(tag="person:event:padding").count() == 1 + 17 + 1
    assert faults(registers) == []
    assert verified(registers, tmp_path)


def test_destroying_the_key_erases_and_the_log_still_verifies(registers: Desk) -> None:
    from chengxin.site.actions.keys import destroy, open_person
    from chengxin.site.store.models import Subject

    registers.send("penalty", [fined(1, "人1号", **PERSON, CF_XDR_ZJHM=NUMBER)])
    person = Subject.objects.get(kind="person").id.hex
    assert "测试丁" in open_person(registers.site, person)[0]
    destroy(registers.site, person, COLLEAGUE, "依法销毁", OWNER[0])
    with pytest.raises(Refused):
        open_person(registers.site, person)
    assert faults(registers) == []


def test_rotated_keys_open_what_older_ones_sealed(registers: Desk) -> None:
    from chengxin.site.actions.keys import open_person, rotate
    from chengxin.site.folder import open_site
    from chengxin.site.store.models import Subject

    registers.send("penalty", [fined(1, "人1号", **PERSON, CF_XDR_ZJHM=NUMBER)])
    before = registers.site.keys.newest
    rotate(registers.site)
    site = open_site(registers.site.folder)
    assert before not in site.keys.wrapping
    assert "测试丁" in open_person(site, Subject.objects.get(kind="person").id.hex)[0]


def test_a_key_file_that_others_can_read_is_refused(registers: Desk) -> None:
    from chengxin.site.folder import open_site

    (registers.site.folder / "keys.json").chmod(0o644)
    with pytest.raises(Refused) as caught:
        open_site(registers.site.folder)
    assert caught.value.code == "keys-open"


def test_a_kept_file_is_sealed_and_goes_on_its_day(registers: Desk) -> None:
    from datetime import timedelta

    from chengxin.site.actions.kept import sweep
    from chengxin.site.store.models import Kept

    kept = list((registers.site.folder / "kept").iterdir())
    assert len(kept) == Kept.objects.count()
    assert Kept.objects.filter(what="original").count() == 2
    assert all(code_of(1).encode() not in path.read_bytes() for path in kept)
    sweep(registers.site, legal_today() + timedelta(days=31))
    assert not list((registers.site.folder / "kept").iterdir())


@pytest.mark.parametrize("size", [0, 5, 10, 25])
def test_a_kept_file_opens_as_it_was_and_not_if_a_piece_was_cut_off_added_or_moved(
    registers: Desk, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    from chengxin.site.actions import kept
    from chengxin.site.store.models import Kept, Submission

    monkeypatch.setattr(kept, "_PIECE", 10)
    sent, path = Submission.objects.filter(resource="penalty").get(), registers.folder / "pieces"
    path.write_bytes(bytes(range(size)))
    kept.keep(registers.site, path, sent, "other", legal_today())
    sealed = registers.site.folder / "kept" / Kept.objects.get(what="other").id.hex
    with kept.opened(registers.site, sent, "other", "pieces") as opened:
        assert opened.read_bytes() == path.read_bytes()
    whole, piece = sealed.read_bytes(), 10 + 16
    parts = [whole[at : at + piece] for at in range(0, len(whole), piece)]
    for wrong in ([], parts[:-1], [*parts, parts[-1]], [*parts, bytes(16)], parts[1:], [*parts[1:], parts[0]]):
        if wrong == parts:
            continue
        sealed.write_bytes(b"".join(wrong))
        with pytest.raises(Refused) as caught, kept.opened(registers.site, sent, "other", "pieces"):
            pass
        assert caught.value.code == "kept-changed"


def _everything() -> str:
    """All that the database holds, as text."""
    from django.apps import apps

    rows = [r for m in apps.get_app_config("store").get_models() for r in m._default_manager.values_list()]
    return repr(rows)


SUBMIT = """
import os, sys
from datetime import date
from pathlib import Path
from chengxin.site.folder import open_site
site = open_site(Path(sys.argv[1]))
from chengxin.site.actions.judging import Sending
from chengxin.site.actions.submissions import submit
print("ready", flush=True)
done = submit(site, Sending("penalty", Path(sys.argv[2]), sys.argv[3], "测试甲", known_on=date(2026, 3, 10)), "测试乙")
print("acknowledged", done.submission.id.hex, flush=True)
"""


def submit_and_kill(desk: Desk, path: Path, after: float) -> bool:
    """Submit in a process that is killed after some time; True if it had acknowledged."""
    command = [sys.executable, "-c", textwrap.dedent(SUBMIT), str(desk.site.folder), str(path), OWNER[0]]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    return "acknowledged" in process.communicate()[0]


def test_a_kill_at_any_moment_loses_nothing_acknowledged_and_shows_nothing_half(registers: Desk) -> None:
    for round_, after in enumerate([0.02, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2]):
        path = registers.folder / f"kill-{round_}.csv"
        documents = [f"杀{round_}-{n}号" for n in range(300)]
        pl.DataFrame([fined(n % 4, d) for n, d in enumerate(documents)], infer_schema_length=None).write_csv(path)
        connection.close()
        acknowledged = submit_and_kill(registers, path, after)
        seen = {d for n in range(4) for d in registers.documents(n)} & set(documents)
        assert len(seen) in (0, 300)
        assert not acknowledged or len(seen) == 300
        again = registers.send_file("penalty", path)  # the next one puts right what was left, and doubles nothing
        assert again.state == "effective"
        seen = {d for n in range(4) for d in registers.documents(n)} & set(documents)
        assert len(seen) == 300
    assert faults(registers) == []


def test_the_same_file_again_puts_into_the_log_what_a_crash_left_out_of_it(
    registers: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store import log

    path = registers.folder / "left.csv"
    pl.DataFrame([fined(2, "遗2号")]).write_csv(path)
    with monkeypatch.context() as down:
        down.setattr(log, "include", lambda *_: [])
        registers.send_file("penalty", path)
    assert "遗2号" not in registers.documents(2)
    registers.send_file("penalty", path)
    assert "遗2号" in registers.documents(2)


def test_without_the_log_no_burden_has_effect_and_lifting_does(
    registers: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store import log

    with monkeypatch.context() as down:
        down.setattr(log, "include", lambda *_: [])
        registers.send("penalty", [fined(2, "新2号")])
        registers.send("penalty", [fined(1, "1号", X_CX_BJ="撤销：原决定已撤销")])
        assert "新2号" not in registers.documents(2)
        assert registers.documents(1) == []
    registers.send("penalty", [fined(3, "新3号")])
    assert "新2号" in registers.documents(2)
    assert faults(registers) == []


def test_one_file_sent_twice_at_once_is_one_submission(registers: Desk) -> None:
    import polars as pl

    from chengxin.site.store.models import Submission

    path = registers.folder / "twice.csv"
    pl.DataFrame([fined(1, f"双{n}号") for n in range(50)], infer_schema_length=None).write_csv(path)
    connection.close()
    command = [sys.executable, "-c", textwrap.dedent(SUBMIT), str(registers.site.folder), str(path), OWNER[0]]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    ids = {out.split("acknowledged ")[1].strip() for out, _ in told}
    assert len(ids) == 1, told
    assert Submission.objects.filter(name="twice.csv").count() == 1
    assert sum(d.startswith("双") for d in registers.documents(1)) == 50
