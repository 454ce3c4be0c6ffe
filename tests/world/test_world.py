"""The made-up district is repeatable, harmless, of the right shape, and its truth agrees with its files."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from lxml import html

from chengxin.standards.load import load_catalogue
from chengxin.values.errors import Refused
from chengxin.values.identifiers import registration_number_valid, uscc_inner_valid, uscc_valid
from chengxin.world.codes import MOST_SUBJECTS, bodies
from chengxin.world.dirt import DIRT, LATER, NUMBER_COLUMN
from chengxin.world.make import World, make_world
from chengxin.world.roster import departments
from chengxin.world.spoil import SPOIL

TODAY = date(2026, 11, 23)
Rows = dict[int, list[str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(7, 3000, tmp_path_factory.mktemp("district"), TODAY)


@pytest.fixture(scope="module")
def truth(world: World) -> pl.DataFrame:
    return pl.read_parquet(world.truth)


@pytest.fixture(scope="module")
def register(world: World) -> pl.DataFrame:
    return pl.read_parquet(world.subjects)


def texts(world: World) -> Iterator[str]:
    """The text of every file that is text, and of every cell of the others."""
    for line in pl.read_csv(world.manifest).iter_rows(named=True):
        for rows in tables(world.out / line["file"], line).values():
            yield "\n".join("\t".join(cells) for cells in rows.values())


def tables(path: Path, line: dict[str, str]) -> dict[str | None, Rows]:
    """The cells of a file as text by the row number a clerk sees, for each member (None: the file itself)."""
    if line["kind"] == "zip":
        with zipfile.ZipFile(path) as archive:
            return {name: records(archive.read(name), line["encoding"]) for name in archive.namelist()}
    readers = {"xlsx": from_sheet, "html": from_html, "jsonl": from_json, "parquet": from_parquet}
    return {
        None: readers[line["kind"]](path) if line["kind"] in readers else records(path.read_bytes(), line["encoding"])
    }


def records(data: bytes, encoding: str) -> Rows:
    text = data.decode(encoding)
    separator = "\t" if "\t" in text else ","
    return dict(enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1))


def from_sheet(path: Path) -> Rows:
    book = openpyxl.load_workbook(path)
    rows = book["数据"].iter_rows(values_only=True)
    return {n: ["" if cell is None else str(cell) for cell in row] for n, row in enumerate(rows, 1)}


def from_html(path: Path) -> Rows:
    rows = html.fromstring(path.read_bytes().decode("gbk")).iter("tr")
    return {n: [str(cell.text_content()) for cell in row] for n, row in enumerate(rows, 1)}


def from_json(path: Path) -> Rows:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {n: [str(v) for v in json.loads(line).values()] for n, line in enumerate(lines, 1)}


def from_parquet(path: Path) -> Rows:
    return {n: [str(v) for v in row] for n, row in enumerate(pl.read_parquet(path).iter_rows(), 1)}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [make_world(3, 300, tmp_path / name, TODAY) for name in ("a", "b")]
    names = [sorted(p.relative_to(w.out) for p in w.out.rglob("*") if p.is_file()) for w in made]
    assert names[0] == names[1]
    assert all((made[0].out / n).read_bytes() == (made[1].out / n).read_bytes() for n in names[0])


def test_another_seed_gives_another_district(tmp_path: Path) -> None:
    first, second = (make_world(seed, 100, tmp_path / str(seed), TODAY).subjects for seed in (1, 2))
    assert not pl.read_parquet(first).equals(pl.read_parquet(second))


def test_every_code_is_well_formed_and_nobodys(register: pl.DataFrame) -> None:
    codes = register["code"]
    assert uscc_valid(codes).all()
    assert uscc_inner_valid(codes).all()
    assert codes.n_unique() == len(codes)
    assert codes.str.slice(8, 4).unique().to_list() == ["MXFA"]
    assert not codes.str.slice(8, 5).str.contains("K$").any()
    assert set(codes.str.slice(2, 6)) == {"370215", "370282"}


def test_old_numbers_are_well_formed_and_of_no_region(register: pl.DataFrame) -> None:
    numbers = register["former_codes"].drop_nulls()
    assert len(numbers) > 100
    assert registration_number_valid(numbers).all()
    assert numbers.str.starts_with("370299").all()


def test_bodies_never_repeat() -> None:
    assert len(set(bodies(50_000, 893_000))) == 50_000


def test_the_roster_has_31_departments_with_sound_codes(world: World) -> None:
    listed = pl.read_csv(world.authorities)
    assert listed["code"].n_unique() == 31
    assert uscc_valid(listed["code"]).all()
    assert listed["note"].unique().to_list() == ["测试数据"]
    assert departments()[0].code == "11370215MXFAK0X145"
    assert departments()[9].code == "11370215MXFAK0XA8T"


def test_every_department_sends_only_what_it_may(world: World) -> None:
    may = {d.code: set(d.resources) for d in departments()}
    sent = pl.read_csv(world.manifest)
    assert all(resource in may[code] for code, resource in sent.select("authority", "resource").iter_rows())
    assert set(sent["resource"]) == set(load_catalogue(TODAY).resources)


def test_no_identity_number_has_an_existing_region(world: World) -> None:
    found = [n for text in texts(world) for n in re.findall(r"(?<![0-9A-Za-z.])\d{17}[\dX](?![0-9A-Za-z])", text)]
    lost = {n for n in found if n.startswith(("91370", "92370", "93370")) and n.endswith("000")}
    assert len(found) > 100
    assert all(n.startswith("370299") for n in found if n not in lost)


def test_every_firm_is_plainly_made_up(register: pl.DataFrame) -> None:
    assert register["name"].str.contains("示例").all()
    assert register["name"].n_unique() == register.height


def test_three_quarters_are_sole_traders(register: pl.DataFrame) -> None:
    assert 0.70 < (register["kind"] == "sole_trader").mean() < 0.77  # type: ignore[operator]


def test_records_have_a_heavy_tail(truth: pl.DataFrame, register: pl.DataFrame) -> None:
    counts = truth.filter(pl.col("resource").is_in(["permit", "penalty"])).group_by("subject_code").len()
    everyone = register.join(counts, left_on="code", right_on="subject_code", how="left")["len"].fill_null(0)
    assert everyone.median() == 0 or everyone.median() == 1
    assert everyone.max() >= 25  # type: ignore[operator]


def test_most_rows_are_clean(truth: pl.DataFrame) -> None:
    habits = (NUMBER_COLUMN, *LATER)
    dirty = truth["fault"].is_not_null() & ~truth["fault"].is_in(habits)
    assert 0.02 < dirty.mean() < 0.06  # type: ignore[operator]


def test_every_kind_of_dirt_occurs_and_has_its_hand(truth: pl.DataFrame) -> None:
    assert set(SPOIL) == set(DIRT)
    assert {*DIRT, *LATER, NUMBER_COLUMN} - set(truth["fault"].drop_nulls()) == set()


def test_the_table_of_dirt_says_what_is_in_the_truth(truth: pl.DataFrame) -> None:
    said = truth.filter(pl.col("fault").is_in(list(DIRT))).select("fault", "expect", "rules").unique()
    assert said.height == len(DIRT)
    for fault, expect, rules in said.iter_rows():
        assert (expect, rules) == (DIRT[fault].expect, ";".join(DIRT[fault].rules))


def test_every_rule_the_truth_names_is_in_the_catalogue(truth: pl.DataFrame) -> None:
    catalogue = load_catalogue(TODAY)
    named = truth.drop_nulls("rules").select("resource", "rules").unique()
    for resource, rules in named.iter_rows():
        assert set(rules.split(";")) <= {rule.kind for rule in catalogue.resource(resource).rules}


def test_a_true_row_stands_where_the_truth_says(world: World, truth: pl.DataFrame) -> None:
    kinds = set()
    clean = truth.filter(~pl.col("fault").fill_null("").is_in(list(DIRT)) & pl.col("subject_code").is_not_null())
    places = clean.partition_by("file", "member", as_dict=True)
    seen = 0
    for line in pl.read_csv(world.manifest).iter_rows(named=True):
        for member, rows in tables(world.out / line["file"], line).items():
            known = places.get((line["file"], member), clean.clear())
            seen += known.height
            wrong = [row for row, code in known.select("row", "subject_code").iter_rows() if code not in rows[row]]
            assert not wrong, (line["file"], member, wrong)
        kinds.add(line["kind"])
    assert kinds == {"csv", "zip", "xlsx", "html", "jsonl", "parquet"}
    assert seen == clean.height


def test_the_manifest_counts_the_rows_of_the_truth(world: World, truth: pl.DataFrame) -> None:
    counts = dict(truth.group_by("file").len().iter_rows())
    assert counts == dict(pl.read_csv(world.manifest).select("file", "rows").iter_rows())
    assert sum(world.rows.values()) == truth.height


def test_a_hidden_row_is_hidden_in_its_sheet(world: World, truth: pl.DataFrame) -> None:
    hidden = truth.filter(pl.col("fault") == "row_hidden")
    assert hidden["expect"].unique().to_list() == ["held"]
    for file, row in hidden.select("file", "row").iter_rows():
        assert openpyxl.load_workbook(world.out / file)["数据"].row_dimensions[row].hidden


def test_files_come_on_working_days_and_not_after_today(world: World) -> None:
    calendar = load_catalogue(TODAY).calendar
    days = {date.fromisoformat(day) for day in pl.read_csv(world.manifest)["received_on"]}
    assert all(calendar.is_working_day(day) and day <= TODAY for day in days)


@pytest.mark.parametrize("today", [date(2024, 1, 15), date(2024, 3, 5), date(2026, 3, 2), TODAY])
def test_nothing_is_sent_before_the_catalogue_has_it(today: date, tmp_path: Path) -> None:
    sent = pl.read_csv(make_world(2, 200, tmp_path / "w", today).manifest)
    days = sent.select("resource", pl.col("received_on").str.to_date()).iter_rows()
    assert [(r, d) for r, d in days if r not in load_catalogue(d).resources] == []


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    made = make_world(1, 50, tmp_path / "w", TODAY, lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(1, made.file_count + 1))
    assert {total for _, total, _ in told} == {made.file_count}


@pytest.mark.parametrize("subjects", [0, 9, MOST_SUBJECTS + 1])
def test_a_district_of_impossible_size_is_refused(subjects: int, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="world-too"):
        make_world(1, subjects, tmp_path / "w", TODAY)
    assert not (tmp_path / "w").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="world-folder-in-use"):
        make_world(1, 50, tmp_path, TODAY)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_district_can_be_made(seed: int, tmp_path: Path) -> None:
    assert make_world(seed, 10, tmp_path / "w", TODAY).subject_count == 10
