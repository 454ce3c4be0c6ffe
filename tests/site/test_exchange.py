"""The exchange with the upper platform by a folder: packages, receipts, rows that come back, the daily comparison."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from chengxin.audit.notes import Signer, open_note, sign_note
from chengxin.values.errors import Refused
from tests.site.conftest import DAY, NUMBER, PERSON, Cast, Stranger, code_of, fined, firm, registered
from tests.site.test_changes import roster, shop

CITY = Signer("city.example/exchange", b"c" * 32)
CODE = code_of(102, kind="11")


@dataclass
class City:
    """The upper platform, as far as it answers: what it holds by data file and id, and how it signs."""

    folder: Path
    site: Any
    held: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    batches: list[str] = field(default_factory=list)

    def signed(self, name: str, data: bytes, what: str, *about: str) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        lines = "\n".join([f"{CITY.name}/{what}", *about, f"sha256 {hashlib.sha256(data).hexdigest()}", ""])
        path.with_name(f"{name}.note").write_bytes(sign_note(lines, [CITY]))
        return path

    def opened(self, package: Any) -> tuple[Any, dict[str, list[list[str]]]]:
        """The header and rows of a package, once signature, counts and digests were found right."""
        with zipfile.ZipFile(self.folder / package.name) as packed:
            head = packed.read("header.xml")
            text, _ = open_note(packed.read("header.xml.note"), [self.site.keys.log.verifier])
            root = etree.fromstring(head)
            batch = root.findtext("报文头/批次编号")
            name = self.site.keys.log.name
            assert text == f"{name}/package\n{batch}\nsha256 {hashlib.sha256(head).hexdigest()}\n"
            files: dict[str, list[list[str]]] = {}
            for one in root.iterfind("数据文件/文件"):
                data = packed.read(one.findtext("名称"))
                assert hashlib.sha256(data).hexdigest() == one.findtext("摘要")
                rows = list(csv.reader(io.StringIO(data.decode())))
                assert len(rows) - 1 == int(one.findtext("行数"))
                files[one.findtext("名称").removesuffix(".csv")] = rows
            assert set(packed.namelist()) == {"header.xml", "header.xml.note", *(f"{n}.csv" for n in files)}
        return root, files

    def apply(self, package: Any) -> dict[str, list[list[str]]]:
        """Take a package over, as its header says."""
        root, files = self.opened(package)
        if root.findtext("报文头/方式") == "全量":
            self.held.clear()
        for row in files.get("gone", [])[1:]:
            for rows in self.held.values():
                rows.pop(row[1], None)
        for name in set(files) - {"gone"}:
            self.held.setdefault(name, {}).update({row[1]: row[1:] for row in files[name][1:]})
        self.batches.append(root.findtext("报文头/批次编号"))
        return files

    def receipt(self, package: Any, errors: list[dict[str, Any]] | None = None, name: str = "", **more: Any) -> Path:
        errors, total = errors or [], sum(package.counts.values())
        told = {"批次编号": package.id.hex, "时间": "2026-03-10T10:00:00", "摘要": package.digest}
        told |= {"接收": total - len(errors), "退回": len(errors), "重复": 0} | more
        root = etree.Element("回执")
        for key, value in told.items():
            etree.SubElement(root, key).text = str(value)
        listed = etree.SubElement(root, "错误清单")
        for error in errors:
            one = etree.SubElement(listed, "错误")
            for key, value in error.items():
                etree.SubElement(one, key).text = str(value)
        data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        return self.signed(name or f"receipt-{package.number}.xml", data, "receipt", str(told["批次编号"]))

    def table(self, day: Any = DAY, name: str = "holdings.csv") -> Path:
        """What it holds, summed up by resource and day of decision."""
        found: dict[tuple[str, str], list[list[str]]] = {}
        for file, rows in self.held.items():
            for _, row in sorted(rows.items()):
                if not row[2] or row[2] >= str(day):  # what is over it drops by itself
                    found.setdefault((file, "" if file == "same_subjects" else row[4]), []).append(row)
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["信息类", "决定日期", "行数", "摘要"])
        for key, rows in sorted(found.items()):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            writer.writerow([*key, len(rows), hashlib.sha256(text.getvalue().encode()).hexdigest()])
        return self.signed(name, stream.getvalue().encode(), "holdings", self.batches[-1], str(day))


@pytest.fixture
def city(stranger: Stranger, tmp_path: Path) -> City:
    roster(stranger, f"{CODE},示例市信用平台,,上级平台")
    folder = tmp_path / "exchange"
    folder.mkdir()
    return City(folder, stranger.desk.site)


def out(city: City, **more: Any) -> Any:
    from chengxin.site.actions.exchange import out as write

    return write(city.site, city.folder, **more)


def take(city: City, path: Path) -> str:
    from chengxin.site.actions.exchange import take_receipt

    return take_receipt(city.site, path, CITY.verifier).zh


def refused(city: City, path: Path, code: str) -> str:
    from chengxin.site.store.models import Package, Returned

    before = list(Package.objects.values()), Returned.objects.count()
    with pytest.raises(Refused) as refusal:
        take(city, path)
    assert refusal.value.code == code, refusal.value.said
    assert path.name in refusal.value.said.zh and path.name in refusal.value.said.en
    assert (list(Package.objects.values()), Returned.objects.count()) == before
    return refusal.value.said.zh


def fault(files: dict[str, list[list[str]]], name: str, row: int, **more: Any) -> dict[str, Any]:
    told = {"文件": f"{name}.csv", "行号": row, "信息标识": files[name][row][1], "数据项": "CF_NR_FK"}
    return told | {"规则": "U-12", "说明": "罚款金额与决定书不一致"} | more


@pytest.fixture
def sent(stranger: Stranger, city: City) -> Any:
    stranger.desk.send("registration", [registered(1), registered(2)])
    return stranger.desk.send("penalty", [fined(n, f"示例字〔2026〕{n}号") for n in (1, 2)])


def test_packages_hold_what_is_new_and_folded_they_are_what_may_be_reported(
    stranger: Stranger, city: City, sent: Any
) -> None:
    from chengxin.site.actions.merges import merge
    from chengxin.site.actions.recall import take_back
    from tests.store.test_feed import _snapshot

    first = out(city)
    files = city.apply(first)
    root, _ = city.opened(first)
    assert {n: len(rows) - 1 for n, rows in files.items()} == {"registration": 2, "penalty": 2} == first.counts
    assert (root.findtext("报文头/方式"), root.findtext("报文头/接收方代码")) == ("全量", CODE)
    head, row, _ = files["penalty"]
    assert head[:3] == ["行号", "信息标识", "变更集"]
    told = dict(zip(head, row, strict=True))
    assert (told["行号"], told["CF_XDR_SHXYM"], told["CF_CFLB"]) == ("1", code_of(1), "罚款")
    assert out(city) is None  # nothing is new
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕1号", CF_NR_FK="2")])
    merge(city.site, code_of(1), code_of(2), "测试甲", "同一主体")
    second = out(city)
    assert second.counts == {"penalty": 1, "gone": 1, "same_subjects": 1}
    assert city.opened(second)[0].findtext("报文头/方式") == "增量"
    city.apply(second)
    take_back(city.site, sent, "测试甲", "报错")
    city.apply(out(city))
    held = {i for rows in city.held.values() for i in rows}
    assert held == set(_snapshot("upper")) and held


def test_no_person_is_in_a_package(stranger: Stranger, city: City, sent: Any) -> None:
    rows = [fined(4, "示例字〔2026〕4号", **PERSON, CF_XDR_ZJHM=NUMBER)]
    rows += [
        fined(3, "示例字〔2026〕3号", CF_XDR_SHXYM=code_of(3, kind="92"), CF_XDR_LB="个体工商户", CF_XDR_ZJHM=None)
    ]
    stranger.desk.send("registration", [registered(5, 经营者=""), shop(3)])
    stranger.desk.send("penalty", rows)
    package = out(city)
    with zipfile.ZipFile(city.folder / package.name) as packed:
        text = "".join(packed.read(name).decode() for name in packed.namelist())
    assert "〕3号" in text and firm(3) in text
    assert not [word for word in ("〕4号", "测试丁", NUMBER) if word in text]


def test_what_comes_back_is_shown_to_its_sender_alone_until_it_is_seen_to(
    stranger: Stranger, city: City, sent: Any, cast: Cast
) -> None:
    from chengxin.site.store.models import Look

    package = out(city)
    files = city.apply(package)
    said = take(city, city.receipt(package, [fault(files, "penalty", 2, 说明="金额<b>不符</b>\n请核对")]))
    assert "接收 3 行，退回 1 行" in said
    looks = Look.objects.count()
    page = cast("clerk").get("/bumen/wenti/").content.decode()
    assert "上级平台退回" in page and "金额&lt;b&gt;不符&lt;/b&gt; 请核对" in page and "罚款金额" in page
    assert Look.objects.count() == looks + 1
    identity = files["penalty"][2][1]
    assert f"/bumen/xinxi/{identity}/" in page
    assert cast("clerk").get(f"/bumen/xinxi/{identity}/").status_code == 200
    assert "上级平台退回" not in cast("neighbour").get("/bumen/wenti/").content.decode()
    office = cast("office").get("/xinyongban/hezuofang/").content.decode()
    assert "已回执" in office and "不符" not in office
    stranger.desk.send("penalty", [fined(2, "示例字〔2026〕2号", CF_NR_FK="3")])
    assert "已更正或撤销" in cast("clerk").get("/bumen/wenti/").content.decode()
    again = out(city)
    assert again.counts == {"penalty": 1, "gone": 1}


def test_a_row_of_tombstones_that_comes_back_goes_to_who_sent_the_record(
    stranger: Stranger, city: City, sent: Any, cast: Cast
) -> None:
    city.apply(out(city))
    stranger.desk.send("penalty", [fined(2, "示例字〔2026〕2号", CF_NR_FK="3")])
    package = out(city)
    files = city.apply(package)
    take(city, city.receipt(package, [fault(files, "gone", 1, 说明="没有这条信息")]))
    assert "没有这条信息" in cast("clerk").get("/bumen/wenti/").content.decode()


def test_a_receipt_twice_changes_nothing_and_another_one_is_not_taken(city: City, sent: Any) -> None:
    from chengxin.site.store.models import Returned

    package = out(city)
    files = city.apply(package)
    receipt = city.receipt(package, [fault(files, "penalty", 1)])
    take(city, receipt)
    assert "此前已读过" in take(city, receipt)
    assert Returned.objects.count() == 1
    assert "已有另一份" in refused(city, city.receipt(package, name="other.xml"), "other-receipt")


def test_a_receipt_that_is_cut_off_altered_or_unsigned_is_not_taken(city: City, sent: Any) -> None:
    package = out(city)
    receipt = city.receipt(package)
    whole, note = receipt.read_bytes(), receipt.with_name(f"{receipt.name}.note")
    for data in (whole[:-20], whole.replace(b"<\xe9\x87\x8d", b" <\xe9\x87\x8d"), b""):
        receipt.write_bytes(data)
        assert "没有传完整，或被改动" in refused(city, receipt, "altered")
    receipt.write_bytes(whole)
    signed = note.read_bytes()
    for data, code in ((signed[:-10], "note-malformed"), (b"x", "note-malformed"), (b"\xff", "note-malformed")):
        note.write_bytes(data)
        refused(city, receipt, code)
    note.write_bytes(sign_note(signed.decode().partition("\n\n")[0] + "\n", [Signer("stranger.example", b"s" * 32)]))
    refused(city, receipt, "note-unsigned")
    note.unlink()
    assert "签名清单" in refused(city, receipt, "no-note")
    note.write_bytes(signed)
    assert "接收 4 行" in take(city, receipt)


def test_a_receipt_of_an_unknown_or_other_package_says_so(city: City, sent: Any) -> None:
    package = out(city)
    for batch in ("0" * 32, "nothing"):
        told = refused(city, city.receipt(package, name="unknown.xml", 批次编号=batch), "unknown-package")
        assert "没有发出过" in told
    assert "不同" in refused(city, city.receipt(package, 摘要="0" * 64), "other-package")


@pytest.mark.parametrize(
    ("change", "counts", "word"),
    [
        ({}, {"接收": 4}, "之和"),
        ({}, {"接收": 2, "退回": 2}, "行数"),
        ({"行号": 3}, {}, "没有 penalty 第 3 行"),
        ({"行号": 0}, {}, "没有 penalty 第 0 行"),
        ({"行号": "一"}, {}, "应为数字"),
        ({"文件": "secret.csv"}, {}, "没有 secret"),
        ({"文件": "registration.csv"}, {}, "不是这一类的"),
        ({"信息标识": "0" * 32}, {}, "不是这一类的"),
        ({"信息标识": "x"}, {}, "不是我们的标识"),
        ({"说明": ""}, {}, "缺少“说明”"),
    ],
)
def test_a_receipt_that_cannot_be_says_where(city: City, sent: Any, change: Any, counts: Any, word: str) -> None:
    package = out(city)
    files = city.apply(package)
    assert word in refused(city, city.receipt(package, [fault(files, "penalty", 1) | change], **counts), "bad-receipt")


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE 回执 [<!ENTITY a "aaaa">]><回执>&a;</回执>',
        '<!DOCTYPE 回执 SYSTEM "file:///etc/passwd"><回执/>',
        "<回执><批次编号>",
        "<别的/>",
        "<回执/>",
        "{}",
    ],
)
def test_what_is_no_receipt_is_told_so(city: City, sent: Any, text: str) -> None:
    refused(city, city.signed("odd.xml", text.encode(), "receipt", "0" * 32), "bad-receipt")


def test_a_package_that_was_lost_is_made_anew_and_its_old_receipt_is_void(
    stranger: Stranger, city: City, sent: Any
) -> None:
    lost = out(city)
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕9号")])
    out(city)
    anew = out(city, again=1)
    assert anew.number == 3 and anew.counts == {"registration": 2, "penalty": 3}
    assert "已重做" in refused(city, city.receipt(lost), "replaced-package")
    city.apply(anew)
    take(city, city.receipt(anew))
    for number in (3, 1, 9):
        with pytest.raises(Refused, match="no-package"):
            out(city, again=number)


def test_a_crash_before_a_package_has_its_name_is_put_right(
    city: City, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.store.models import Package

    def crash(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            out(city)
    package = Package.objects.get()
    assert [p.name for p in city.folder.iterdir()] == [f".{package.name}.part"]
    (city.folder / ".CX-000002-x.zip.part").write_bytes(b"half")
    assert out(city) is None
    assert [p.name for p in city.folder.iterdir()] == [package.name]
    city.apply(package)


def test_when_other_things_may_be_told_all_is_told_anew(city: City, sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from chengxin.site.access import feeding

    out(city)
    allows = feeding.allows
    monkeypatch.setattr(feeding, "allows", lambda asked: allows(asked)[::-1])
    package = out(city)
    assert city.opened(package)[0].findtext("报文头/方式") == "全量" and package.counts == {
        "registration": 2,
        "penalty": 2,
    }


def test_what_the_upper_platform_took_without_a_gap_it_has_confirmed(
    stranger: Stranger, city: City, sent: Any, cast: Cast
) -> None:
    from chengxin.site.actions.recall import take_back

    page = "/xinyongban/hezuofang/"
    take(city, city.receipt(out(city)))
    assert "正常" in cast("office").get(page).content.decode()
    take_back(city.site, sent, "测试甲", "报错")
    assert "撤下待确认" in cast("office").get(page).content.decode()
    second = out(city)
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕9号")])
    third = out(city)
    take(city, city.receipt(third))
    assert "撤下待确认" in cast("office").get(page).content.decode()
    take(city, city.receipt(second))
    assert "正常" in cast("office").get(page).content.decode()


def compared(city: City, path: Path) -> Any:
    from chengxin.site.actions.reconcile import compare

    return compare(path, CITY.verifier)


def test_the_daily_comparison_lists_what_differs_by_resource_and_day(
    stranger: Stranger, city: City, sent: Any, cast: Cast
) -> None:
    page = "/xinyongban/hezuofang/"
    city.apply(out(city))
    found = compared(city, city.table())
    assert (found.row.differences, found.row.rows, found.again) == ([], 4, False)
    assert "一致" in cast("office").get(page).content.decode()
    stranger.desk.send("penalty", [fined(1, "示例字〔2026〕9号", CF_JDRQ="2026/03/06")])  # not told yet: no difference
    assert compared(city, city.table(name="again.csv")).again
    altered = next(iter(city.held["penalty"].values()))
    altered[-1] += "改"
    city.held["registration"].popitem()
    city.held["permit"] = {"0" * 32: ["0" * 32, "1", "", "0" * 32, "2026-03-01"]}
    differences = compared(city, city.table(name="wrong.csv")).row.differences
    assert [(d["resource"], d["ours"] and d["ours"][0], d["theirs"] and d["theirs"][0]) for d in differences] == [
        ("penalty", 2, 2),
        ("permit", None, 1),
        ("registration", 2, 1),
    ]
    assert "3 处不一致" in cast("office").get(page).content.decode()


def test_the_comparison_holds_after_the_last_day_with_nothing_sent(
    city: City, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    city.apply(out(city))
    monkeypatch.setenv("CHENGXIN_TODAY", "2026-06-06")
    found = compared(city, city.table(date(2026, 6, 6)))
    assert (found.row.differences, found.row.rows) == ([], 2)


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n", "信息类,决定日期,行数,摘要\npenalty,2026-03-05,x,0\n", "信息类,决定日期,行数,摘要\np,,1,0\np,,1,0\n"],
)
def test_a_table_that_is_none_says_which_line(city: City, sent: Any, text: str) -> None:
    city.apply(out(city))
    path = city.signed("odd.csv", text.encode(), "holdings", city.batches[-1], str(DAY))
    with pytest.raises(Refused, match="bad-holdings"):
        compared(city, path)
    for about in ((city.batches[-1], "2020-01-01"), (city.batches[-1],), (city.batches[-1], "9999-12-31")):
        with pytest.raises(Refused, match="bad-holdings"):
            compared(city, city.signed("odd.csv", b"x", "holdings", *about))
    with pytest.raises(Refused, match="unknown-package"):
        compared(city, city.signed("odd.csv", b"x", "holdings", "0" * 32, str(DAY)))


def test_the_commands_say_what_was_done_file_by_file(
    city: City, sent: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from typer import Exit

    from chengxin.cli import exchange
    from chengxin.site.store.models import Package

    exchange.out(city.folder, city.site.folder, None, None)
    assert "数据包 1 已写到" in capsys.readouterr().out
    exchange.out(city.folder, city.site.folder, None, None)
    assert "没有新的变动" in capsys.readouterr().out
    package = Package.objects.get()
    city.apply(package)
    exchange.read(city.folder, str(CITY.verifier), city.site.folder)
    assert "没有回执" in capsys.readouterr().out
    city.receipt(package)
    city.table()
    exchange.read(city.folder, str(CITY.verifier), city.site.folder)
    told = capsys.readouterr().out
    assert "接收 4 行" in told and "一致" in told
    (city.folder / "holdings.csv").write_bytes(b"")
    with pytest.raises(Refused, match="not-taken"):
        exchange.read(city.folder, str(CITY.verifier), city.site.folder, as_json=True)
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == ["altered", ""]
    city.held["penalty"].popitem()
    with pytest.raises(Exit):
        exchange.compare(city.table(name="less.csv"), str(CITY.verifier), city.site.folder)
    assert "penalty 2026-03-05：本站 2 行" in capsys.readouterr().out


def test_without_an_upper_platform_in_the_roster_no_package_is_written(stranger: Stranger, tmp_path: Path) -> None:
    from chengxin.site.actions.exchange import out as write

    with pytest.raises(Refused, match="no-receiver") as refusal:
        write(stranger.desk.site, tmp_path)
    assert "：没有）" in refusal.value.said.zh and refusal.value.said.en.endswith("(kind upper): none.")
    with pytest.raises(Refused, match="no-folder"):
        write(stranger.desk.site, tmp_path / "nothing")
