"""Open data: packages hold what the lists show, validate by an outside tool, and are signed; catalogues can read what there is."""

import csv
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from chengxin.audit.checkpoint import open_checkpoint
from chengxin.audit.notes import open_note
from chengxin.values.errors import Refused
from tests.site.conftest import DAY, Stranger, code_of, fined, firm, on, registered

LISTS = ("permits", "penalties", "serious", "abnormal", "honours")


def package(stranger: Stranger, name: str) -> dict[str, bytes]:
    """The files of a package."""
    answer = stranger.client.get(f"/open-data/packages/{name}.zip")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
        assert found.testzip() is None
        return {entry: found.read(entry) for entry in found.namelist()}


def rows(files: dict[str, bytes], table: str = "penalty.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[table].decode())))


@pytest.fixture
def filled(stranger: Stranger) -> Stranger:
    trader = {"CF_XDR_SHXYM": code_of(3, kind="92"), "CF_XDR_LB": "个体工商户", "CF_XDR_MC": firm(3)}
    shop = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": "测试丙", "法定代表人（负责人）": ""}
    stranger.desk.send("registration", [registered(1), registered(2)])
    stranger.desk.send("registration", [registered(3, 统一社会信用代码=code_of(3, kind="92"), **shop)])
    acts = [fined(1 + n % 2, f"示例字〔2026〕{n:03}号") for n in range(45)]
    acts += [fined(3, "示例字〔2026〕900号", **trader), fined(1, "示例字〔2026〕901号", X_SX_DJ="轻微")]
    stranger.desk.send(
        "penalty", [*acts, fined(1, "示例字〔2026〕902号", CF_NR="=HYPERLINK(示例)", CF_SY="事由\n分行,“引号”")]
    )
    return stranger


def test_a_package_holds_just_what_the_list_shows(filled: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.public import packages

    monkeypatch.setattr(packages, "STEP", 10)  # several parts
    told = rows(package(filled, "penalties"))
    shown = filled.client.get("/lists/penalties.json").json()["records"]
    assert [r["record_id"] for r in told] == [r["id"] for r in shown]
    assert len(told) == 46
    for row, record in zip(told, shown, strict=True):
        assert (row["subject_code"], row["subject_name"]) == (record["subject"]["code"], record["subject"]["name"])
        assert (row["decided_on"], row["received_on"], row["last_day"]) == tuple(
            record[k] for k in ("decided_on", "received_on", "last_day")
        )
        for name, value in record["content"].items():
            plain = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            assert row[name].removeprefix("'") == plain
    assert {r["CF_NR"] for r in told} == {"罚款1.5万元", "'=HYPERLINK(示例)"}
    assert set(shown[0]["content"]) <= set(told[0])


FITS: dict[str, Callable[[str], object]] = {
    "string": str,
    "number": Decimal,
    "integer": int,
    "year": lambda v: date(int(v), 1, 1),
    "date": date.fromisoformat,
    "boolean": {"true": True, "false": False}.__getitem__,
}


@pytest.mark.parametrize("name", LISTS)
def test_each_table_fits_its_description(filled: Stranger, name: str) -> None:
    files = package(filled, name)
    told = json.loads(files["datapackage.json"])
    assert told["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }
    ]
    assert {t["path"] for t in told["resources"]} == {n for n in files if n.endswith(".csv")} != set()
    for table in told["resources"]:
        data, fields = files[table["path"]], table["schema"]["fields"]
        assert (table["bytes"], table["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        found = list(csv.reader(io.StringIO(data.decode())))
        assert found[0] == [f["name"] for f in fields] and len(found) == table["rows"] + 1
        assert len({row[0] for row in found}) == len(found)
        for row in found[1:]:
            for field, cell in zip(fields, row, strict=True):
                assert not cell or FITS[field["type"]](cell) is not None
    assert {f["name"] for t in told["resources"] for f in t["schema"]["fields"]} & {"subject_code"}


@pytest.mark.parametrize("name", LISTS)
def test_an_outside_tool_finds_a_package_valid(filled: Stranger, tmp_path: Path, name: str) -> None:
    frictionless = pytest.importorskip("frictionless")
    for entry, data in package(filled, name).items():
        (tmp_path / entry).write_bytes(data)
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])[:5]
    told = json.loads((tmp_path / "datapackage.json").read_bytes())
    assert {task.name for task in report.tasks} == {t["name"] for t in told["resources"]}


def test_a_changed_table_is_no_longer_valid(filled: Stranger, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for entry, data in package(filled, "penalties").items():
        (tmp_path / entry).write_bytes(data.replace(b"1.5", b"2.5") if entry == "penalty.csv" else data)
    assert not frictionless.Package(str(tmp_path / "datapackage.json")).validate().valid


def test_the_digests_are_signed_with_the_key_of_the_log_and_are_no_checkpoint(filled: Stranger) -> None:
    from chengxin.site.store.models import Head

    files = package(filled, "penalties")
    key = filled.desk.site.keys.log.verifier
    text, _ = open_note(files["digests.note"], [key])
    head, lines = text.split("\n")[:5], text.split("\n")[5:-1]
    signed, _ = open_checkpoint(files["checkpoint"], key)
    assert head == [
        "test.example/log/open-data",
        "penalties",
        DAY.isoformat(),
        str(Head.objects.get().included),
        str(signed.size),
    ]
    told = {name: digest for _, digest, name in (line.split(" ") for line in lines)}
    assert told == {n: hashlib.sha256(d).hexdigest() for n, d in files.items() if n != "digests.note"}
    with pytest.raises(Refused):
        open_checkpoint(files["digests.note"], key)
    with pytest.raises(Refused):
        open_note(files["digests.note"].replace(b"penalty.csv", b"penalti.csv"), [key])


def test_what_ended_or_was_taken_back_is_in_no_package(filled: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.desk.send("penalty", [fined(1, "示例字〔2026〕000号", X_CX_BJ="撤销：原决定已撤销")])
    assert "示例字〔2026〕000号" not in {r["CF_WSH"] for r in rows(package(filled, "penalties"))}
    on(monkeypatch, "2026-06-06")
    assert rows(package(filled, "penalties")) == []


def test_a_package_is_written_in_bounded_memory(filled: Stranger) -> None:
    import gc

    from chengxin.site.access.asked import anybody
    from chengxin.site.folder import About
    from chengxin.site.public import packages
    from chengxin.site.public.published import LISTS as PUBLISHED

    def peak(times: int) -> int:
        part = packages.listed

        def again(asked: Any, wanted: Any, size: int, after: Any = None) -> Any:
            left = times if after is None else after
            found = part(asked, wanted, size, None)
            return type(found)(found.rows, left - 1 if left > 1 else None, 0)

        packages.listed = again  # type: ignore[assignment]
        try:
            gc.collect()
            tracemalloc.start()
            issue = packages.Issue(PUBLISHED["penalties"], anybody("public.snapshot"), "", About("test.example/log"))
            size = sum(map(len, packages.streamed(issue, None, filled.desk.site.keys.log)))
            assert size > times * 500
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            packages.listed = part

    peak(2)
    assert peak(60) < 1.5 * peak(6)


def test_the_page_and_the_catalogue_name_every_data_set(filled: Stranger) -> None:
    page = filled.get("/open-data/")
    data = filled.client.get("/open-data/catalog.jsonld").json()
    sets = {s["dct:identifier"]: s for s in data["dcat:dataset"]}
    assert set(LISTS) < set(sets)
    for name in LISTS:
        address = sets[name]["dcat:distribution"][0]["dcat:downloadURL"]["@id"]
        assert f'id="{name}"' in page and address == f"http://localhost/open-data/packages/{name}.zip"
        assert sets[name]["@id"].endswith(f"#{name}")
    assert "（46 条）" in page and str(filled.desk.site.keys.log.verifier) in page
    files = [f for s in sets.values() for f in s["dcat:distribution"]]
    for file in files:
        answer = filled.client.get(file["dcat:downloadURL"]["@id"])
        assert answer["Content-Type"].startswith(file["dcat:mediaType"])
        assert "@id" in file["dct:license"]
    filled.get("/open-data/packages/nothing.zip", 404)
