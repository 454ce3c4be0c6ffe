"""The whole way, on a made-up district whose truth is known."""

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from chengxin.flow.files import sent_files
from chengxin.flow.judge import Setting
from chengxin.flow.way import Passage, Registers, Sent, travel
from chengxin.intake.received import Order
from chengxin.lists.check import check, in_force
from chengxin.standards.load import load_catalogue
from chengxin.world.make import make_world
from tests.flow.conftest import DAY, csv_of, penalty, setting

TODAY = date(2026, 11, 23)


@dataclasses.dataclass(frozen=True)
class District:
    """A travelled district."""

    registers: Registers
    passages: list[Passage]
    truth: pl.DataFrame


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    folder = tmp_path_factory.mktemp("district")
    make_world(5, 400, folder / "sent", TODAY)
    passages: list[Passage] = []
    start = Setting(load_catalogue(TODAY), Order("registration", TODAY, token_key=b"k" * 32))
    registers = travel(sent_files(folder / "sent"), start, folder / "results", passages.append)
    yield District(registers, passages, pl.read_parquet(folder / "sent" / "truth.parquet"))


def test_every_file_is_read_and_every_row_is_accounted_for(district: District) -> None:
    assert [p.sent.path.name for p in district.passages if p.refused] == []
    for passage in district.passages:
        done = passage.outcome
        assert done is not None
        assert done.received == done.accepted + done.rejected + done.duplicate + done.held
        expected = district.truth.filter(pl.col("file").str.ends_with(passage.sent.path.name))["expect"]
        counts = dict(expected.value_counts().iter_rows())
        assert (done.accepted, done.rejected, done.duplicate, done.held) == tuple(
            counts.get(word, 0) for word in ("accepted", "rejected", "duplicate", "held")
        ), passage.sent.path.name


def test_what_was_accepted_is_recorded_or_waits(district: District) -> None:
    accepted = sum(p.outcome.accepted for p in district.passages if p.outcome)
    assert accepted == district.registers.records.height + sum(district.registers.waiting.values())


def test_a_record_sent_again_is_one_record(district: District) -> None:
    state = district.registers.state()
    assert state["key"].n_unique() == state.height
    assert state.height < district.registers.records.height


def test_the_state_does_not_depend_on_the_order_of_arrival(district: District) -> None:
    shuffled = district.registers.records.sample(fraction=1.0, shuffle=True, seed=3)
    from chengxin.registers.record import current

    assert current(shuffled).sort("key").equals(district.registers.state().sort("key"))


def test_no_person_is_found_by_a_code(district: District) -> None:
    people = district.registers.state().filter(pl.col("subject").str.starts_with("person:"))
    assert people.height > 0
    assert not people["published"].any()
    assert district.registers.subjects["code"].str.contains("person").sum() == 0


def test_a_burden_ends_the_day_after_its_last_day(district: District) -> None:
    burdens = district.registers.state().filter(pl.col("adverse") & pl.col("last_day").is_not_null() & ~pl.col("draft"))
    assert burdens.height > 0
    for burden in burdens.head(20).iter_rows(named=True):
        last, begun = burden["last_day"], burden["decided_on"]
        if last >= begun:
            assert burden["key"] in check(burdens, burden["subject"], last)["key"]
        assert burden["key"] not in check(burdens, burden["subject"], last + timedelta(days=1))["key"]
    assert burdens.filter(in_force(date(2099, 1, 1))).is_empty()


def test_a_penalty_without_a_class_is_kept_but_not_adverse(tmp_path: Path) -> None:
    rows = [
        penalty(1),
        penalty(2, X_SX_DJ=None),
        penalty(3, X_CX_LX="简易程序"),
        penalty(4, X_SX_DJ="轻微", CF_GSJZQ=None),
    ]
    sent = [
        Sent(csv_of(_registration(), tmp_path / "r.csv"), "registration", None, DAY),
        Sent(csv_of(rows, tmp_path / "p.csv"), "penalty", setting().sender, DAY),
    ]
    registers = travel(sent, setting(), tmp_path / "out")
    state = registers.state().filter(pl.col("resource") == "penalty")
    assert state.height == 4
    found = check(registers.state(), rows[0]["CF_XDR_SHXYM"] or "", DAY)
    assert found["document"].to_list() == ["即市监处罚〔2026〕1号"]


def _registration() -> list[dict[str, str | None]]:
    from tests.conftest import cases_of, text

    return [{k: text(v) for k, v in cases_of("registration")["base"].items()}]


def test_an_adverse_row_with_an_unknown_code_or_another_name_waits(tmp_path: Path) -> None:
    base = _registration()[0]
    known = base["DJ_TYSHXYDM"]
    rows = [
        penalty(1, CF_XDR_SHXYM="91370215MXFAK0030X", CF_XDR_MC="即墨示例无人知晓有限公司"),
        penalty(2, CF_XDR_SHXYM=known, CF_XDR_MC="即墨示例完全不同有限公司"),
        penalty(3, CF_XDR_SHXYM=known, CF_XDR_MC=base["DJ_MC"]),
    ]
    sent = [
        Sent(csv_of([base], tmp_path / "r.csv"), "registration", None, DAY),
        Sent(csv_of(rows, tmp_path / "p.csv"), "penalty", setting().sender, DAY),
    ]
    registers = travel(sent, setting(), tmp_path / "out")
    assert registers.waiting == {"unknown_code": 1, "name_disagrees": 1}
    assert registers.state().filter(pl.col("resource") == "penalty")["document"].to_list() == ["即市监处罚〔2026〕3号"]
