"""Whatever happens in whatever order, the registers hold what the model says; and a fault in them is found."""

import itertools
import os
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.store.conftest import Desk
from tests.store.faults.histories import machine

pytestmark = pytest.mark.usefixtures("quick")


def histories(desk: Desk, examples: int, steps: int, shrink: bool = True) -> None:
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    run = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    run_state_machine_as_test(machine(desk), settings=run)


def test_the_registers_hold_what_was_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGXIN_TODAY", "2026-03-10")
    histories(desk, 6, 12)


@pytest.mark.prove
def test_the_registers_hold_what_was_said_in_long_histories(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGXIN_TODAY", "2026-03-10")
    histories(desk, 14, 30, shrink=False)


def _never_late(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.flow import record

    changes = record.changes
    monkeypatch.setattr(
        record, "changes", lambda new, now: changes(new, now.with_columns(source_order=pl.lit(-(10**9))))
    )


def _never_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import recording

    monkeypatch.setattr(recording, "missing_steps", lambda *_: [])


def _recalled_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recall removes, and what was there before does not come back."""
    from chengxin.site.actions import recall

    left = recall.left
    monkeypatch.setattr(recall, "left", lambda *given: left(*given).clear())


def _recalled_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier recall brought back is not found by a later one."""
    from chengxin.site.actions import standing

    monkeypatch.setattr(standing, "_LEFT", standing._LEFT.replace("AND s.undone_in IS NULL", ""))


def _said_once_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said again is not kept, and goes with the first batch that said it."""
    from chengxin.flow import record

    monkeypatch.setattr(record, "SAYS_AGAIN", ())


def _never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a code goes on waiting once the code is registered."""
    from chengxin.site.actions import queue

    monkeypatch.setattr(queue, "retry", lambda *_: 0)


def _told_apart_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same content looks like another one each time."""
    from chengxin.flow import record

    digests = record.digests
    chance = itertools.count()
    monkeypatch.setattr(record, "digests", lambda texts, key: digests(texts + _mark(texts, chance), key))


def _mark(texts: pl.Series, chance: Iterator[int]) -> str:
    return "" if texts.name == "key" else f" {next(chance)}"


def _known_as_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.store import standpoint

    position = standpoint.position
    monkeypatch.setattr(standpoint, "position", lambda known: position(None))


def _judged_on_the_day_of_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import queue

    record = queue._record
    monkeypatch.setattr(queue, "_record", lambda *given: record(*given[:-1], given[1].known_on))


def _subjects_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A party that is registered again gets another id."""
    from chengxin.site.store.registers import SiteStore

    known = SiteStore.subjects
    monkeypatch.setattr(SiteStore, "subjects", lambda store, codes: known(store, codes).clear())


def _a_day_short(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.registers import record

    last = record.last_day
    monkeypatch.setattr(record, "last_day", lambda *given: last(*given).dt.offset_by("60d"))


def _keys_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.actions import keys

    monkeypatch.setattr(keys, "PersonKey", SimpleNamespace(objects=_Nothing()))


class _Nothing:
    def filter(self, **given: object) -> Any:
        from chengxin.site.store.models import PersonKey

        found = PersonKey.objects.filter(**given)
        return SimpleNamespace(delete=lambda: None, first=found.first)


def _miscounted(monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.flow.record import Recorded

    count = Recorded.count
    monkeypatch.setattr(Recorded, "count", lambda done, action, n: count(done, action, n + (action == "unchanged")))


def _judgements_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judgement is taken back, and what it recorded stays."""
    from chengxin.site.actions import recall

    monkeypatch.setattr(recall, "undo", lambda *given: given[-1]())


def _leaves_bent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log holds something else than what happened."""
    from chengxin.flow import events

    leaves = events.leaves_of
    monkeypatch.setattr(events, "leaves_of", lambda *given: bytes(32) + leaves(*given)[32:])


FAULTS = [
    *(_never_late, _never_missing, _recalled_for_good, _recalled_by_halves, _never_again, _told_apart_by_chance),
    *(_known_as_of_now, _judged_on_the_day_of_receipt, _subjects_forgotten, _a_day_short, _keys_stay, _miscounted),
    *(_judgements_stay, _leaves_bent, _said_once_only),
]
QUICKLY_FOUND = (_subjects_forgotten, _keys_stay, _leaves_bent)


@pytest.mark.parametrize(
    "fault", [pytest.param(f, id=f.__name__, marks=[] if f in QUICKLY_FOUND else pytest.mark.prove) for f in FAULTS]
)
def test_each_fault_in_the_registers_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None]
) -> None:
    if "CHENGXIN_DATABASE" in os.environ and fault not in QUICKLY_FOUND:
        pytest.skip("the faults are not in the database: once is enough")
    monkeypatch.setenv("CHENGXIN_TODAY", "2026-03-10")
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        histories(desk, 20, 30, shrink=False)
