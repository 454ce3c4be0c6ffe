"""A site for each test, on SQLite or on the PostgreSQL that `CHENGXIN_DATABASE` names; a small cast with their files."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest

from chengxin.site.folder import About, Site, make_site
from chengxin.standards.load import load_catalogue
from chengxin.values.identifiers import USCC_ALPHABET, organisation_check_character, uscc_check_character

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if "CHENGXIN_DATABASE" in os.environ and WORKER:  # a database for each worker, named before Django reads its settings
    with psycopg.connect(os.environ["CHENGXIN_DATABASE"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE chengxin_{WORKER}")
    os.environ["CHENGXIN_DATABASE"] = os.environ["CHENGXIN_DATABASE"].replace("/chengxin?", f"/chengxin_{WORKER}?")

OWNER = ("11370215MXFAK0X145", "青岛市即墨区市场监督管理局")
OTHER = ("11370215MXFAK0X220", "青岛市即墨区综合行政执法局")
CLERK, COLLEAGUE = "测试甲", "测试乙"
DAY = date(2026, 3, 10)


def code_of(number: int, region: str = "370215", kind: str = "91") -> str:
    """A code of the series MXFA, which no office issues."""
    tail, rest = "", number
    for _ in range(4):
        rest, digit = divmod(rest, 31)
        tail = USCC_ALPHABET[digit] + tail
    body = f"MXFA{tail}"
    seventeen = f"{kind}{region}{body}{organisation_check_character(body)}"
    return seventeen + uscc_check_character(seventeen)


def firm(number: int) -> str:
    return f"青岛示例第{number}号商贸有限公司"


def registered(number: int, **cells: Any) -> dict[str, Any]:
    base = {
        "名称": firm(number),
        "统一社会信用代码": code_of(number),
        "主体类别": "法人及非法人组织",
        "法定代表人（负责人）": "测试丙",
        "登记状态": "存续",
        "主体类型": "企业",
        "成立日期": "2019-01-02",
        "核准日期": "2020-03-04",
        "登记机关": OWNER[1],
        "登记机关统一社会信用代码": OWNER[0],
    }
    return base | cells


def fined(number: int, document: str, **cells: Any) -> dict[str, Any]:
    base = {
        "CF_XDR_MC": firm(number),
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": code_of(number),
        "CF_FRDB": "测试丙",
        "CF_WSH": document,
        "CF_WFXW": "销售超过保质期的食品",
        "CF_SY": "经查，当事人销售超过保质期的食品，事实清楚。",
        "CF_YJ": "《中华人民共和国食品安全法》第一百二十四条",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款1.5万元",
        "CF_NR_FK": "1.5",
        "CF_JDRQ": "2026/03/05",
        "CF_YXQ": "2027/03/05",
        "CF_GSJZQ": "2026/06/05",
        "CF_CFJG": OWNER[1],
        "CF_CFJGDM": OWNER[0],
        "CF_SJLY": OWNER[1],
        "CF_SJLYDM": OWNER[0],
        "X_SX_DJ": "一般",
    }
    return base | cells


@dataclass
class Desk:
    """A site with the cast's authorities, and short words for what they do."""

    site: Site
    folder: Path
    sent: int = 0
    notes: list[Any] = field(default_factory=list)

    def send(
        self, resource: str, rows: list[dict[str, Any]], sender: str = OWNER[0], reviewed: bool = True, **given: Any
    ) -> Any:
        self.sent += 1
        path = self.folder / f"{resource}-{self.sent}.csv"
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
        return self.send_file(resource, path, sender, reviewed, **given)

    def send_file(self, resource: str, path: Path, sender: str = OWNER[0], reviewed: bool = True, **given: Any) -> Any:
        from chengxin.site.actions.submissions import Sending, submit

        sending = Sending(resource, path, sender, CLERK, known_on=given.pop("on", DAY), **given)
        return submit(self.site, sending, COLLEAGUE if reviewed else "").submission

    def file(self, number: int, on: date = DAY, known: date | None = None) -> Any:
        from chengxin.site.store.files import credit_file

        return credit_file(code_of(number), on, known)

    def documents(self, number: int, on: date = DAY, known: date | None = None) -> list[str]:
        found = self.file(number, on, known)
        return [] if found is None else sorted(d for d in found.records["document"].to_list() if d)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    site = make_site(tmp_path / "site", About("test.example/log", demo=True))
    _empty()
    from chengxin.site.actions.authorities import load_roster

    roster = tmp_path / "authorities.csv"
    lists = "registration;permit;penalty;abnormal;honour"
    roster.write_text(f"code,name,resources\n{OWNER[0]},{OWNER[1]},{lists}\n{OTHER[0]},{OTHER[1]},penalty\n", "utf-8")
    load_roster(roster, load_catalogue(DAY))
    yield Desk(site, tmp_path)
    from django.db import connection

    connection.close()


def _empty() -> None:
    from django.apps import apps
    from django.db import connection

    from chengxin.site.store.models import Head

    if connection.vendor == "postgresql":
        names = ", ".join(f'"{m._meta.db_table}"' for m in apps.get_app_config("store").get_models())
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {names}")
        Head.objects.get_or_create(id=1)
