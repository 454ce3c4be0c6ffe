"""What comes later puts right what came before: withdrawals, corrections, known days, late registrations."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from chengxin.flow.way import Registers, Sent, travel
from chengxin.lists.check import check
from tests.conftest import cases_of, text
from tests.flow.conftest import DAY, csv_of, penalty, setting

REGISTRATION = {k: text(v) for k, v in cases_of("registration")["base"].items()}
CODE = REGISTRATION["DJ_TYSHXYDM"] or ""


def own(number: int = 1, **changes: Any) -> dict[str, str | None]:
    """A penalty on the registered company."""
    return penalty(number, **({"CF_XDR_SHXYM": CODE, "CF_XDR_MC": REGISTRATION["DJ_MC"]} | changes))


def registers_of(tmp_path: Path, *files: tuple[str, date, list[dict[str, str | None]]]) -> Registers:
    sent = [
        Sent(csv_of(rows, tmp_path / f"{n}.csv"), resource, setting().sender if resource == "penalty" else None, day)
        for n, (resource, day, rows) in enumerate(files)
    ]
    return travel(sent, setting(), tmp_path / "out")


def test_a_revoked_penalty_is_shown_nowhere(tmp_path: Path) -> None:
    registers = registers_of(
        tmp_path,
        ("registration", DAY, [REGISTRATION]),
        ("penalty", DAY, [own(1), own(2)]),
        ("penalty", DAY + timedelta(days=1), [own(1, X_CX_BJ="撤销：行政复议决定撤销")]),
    )
    assert check(registers.state(), CODE, DAY)["document"].to_list() == ["即市监处罚〔2026〕2号"]
    assert registers.state(DAY).filter(pl.col("resource") == "penalty").height == 2


def test_a_correction_is_not_known_before_it_came(tmp_path: Path) -> None:
    later = DAY + timedelta(days=10)
    registers = registers_of(
        tmp_path,
        ("registration", DAY, [REGISTRATION]),
        ("penalty", DAY, [own(1)]),
        ("penalty", later, [own(1, CF_NR_FK="0.3", CF_NR="罚款人民币3000元")]),
    )
    for day, fine in ((DAY, "0.500000"), (later, "0.300000")):
        found = check(registers.state(day), CODE, day)
        assert found.height == 1
        assert f'"CF_NR_FK":"{fine}"' in found["content"][0] or f'"CF_NR_FK":{fine}' in found["content"][0]
    assert check(registers.state(DAY - timedelta(days=1)), CODE, DAY - timedelta(days=1)).is_empty()


def test_one_document_in_other_signs_is_one_decision(tmp_path: Path) -> None:
    numbers = [
        "即市监处罚〔2026〕A-1号",
        "即市监处罚[2026]a-1号",
        "即市监处罚（2026）A—1 号",
        "即市监处罚〔２０２６〕ａ－１号",
    ]
    files = [("penalty", DAY + timedelta(days=n), [own(1, CF_WSH=number)]) for n, number in enumerate(numbers)]
    registers = registers_of(tmp_path, ("registration", DAY, [REGISTRATION]), *files)
    assert registers.state().filter(pl.col("resource") == "penalty").height == 1


def test_a_penalty_that_came_before_its_subject_is_found_all_the_same(tmp_path: Path) -> None:
    base = {k: text(v) for k, v in cases_of("permit")["base"].items()}
    permit = base | {"XK_XDR_SHXYM": CODE, "XK_XDR_MC": REGISTRATION["DJ_MC"]}
    registers = registers_of(tmp_path, ("penalty", DAY, [own(1)]), ("permit", DAY + timedelta(days=3), [permit]))
    assert registers.waiting == {}
    assert check(registers.state(), CODE, DAY).height == 1


def test_an_operators_number_does_not_turn_a_company_into_a_person(tmp_path: Path) -> None:
    from chengxin.values.identifiers import identity_check_character

    body = "37029919900101001"
    shop = own(1, CF_XDR_ZJLX="身份证", CF_XDR_ZJHM=body + identity_check_character(body))
    registers = registers_of(tmp_path, ("registration", DAY, [REGISTRATION]), ("penalty", DAY, [shop]))
    assert check(registers.state(), CODE, DAY).height == 1


def test_a_faulty_row_neither_swallows_nor_contradicts_its_mended_twin(tmp_path: Path) -> None:
    from chengxin.flow.judge import judge

    wrong = own(1, CF_JDRQ="2026-02-30")
    outcome = judge(csv_of([wrong, own(1)], tmp_path / "p.csv"), setting(), tmp_path / "out")
    assert (outcome.accepted, outcome.rejected, outcome.duplicate) == (1, 1, 0)
