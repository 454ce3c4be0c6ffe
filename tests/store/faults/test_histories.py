"""Whatever happens in whatever order, the registers hold what the model says; and a fault in them is found."""

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
    histories(desk, 20, 30, shrink=False)
