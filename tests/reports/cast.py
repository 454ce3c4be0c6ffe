"""A firm with a few records, as the gate would let them out, and what is ordered about it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from chengxin.reports.compose import Known, Order, compose
from chengxin.reports.report import Issue, Report, Source, Subject
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Resource

DAY = date(2026, 11, 23)
CATALOGUE = load_catalogue(DAY)
FIRM = Subject("91370215MXFAK00148", "即墨示例阳晨新材料有限公司", "organisation", "存续")
MARKET, TAX, COUNCIL = "青岛市即墨区市场监督管理局", "国家税务总局青岛市即墨区税务局", "示例委员会"
ISSUE = Issue(
    "0000-0000-0000-0000-0000-0000-0000",
    datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    "示例信用办",
    "https://credit.example/verify/0/",
)
SOURCES = (
    Source(MARKET, "registration", date(2024, 1, 2), date(2026, 11, 20)),
    Source(MARKET, "penalty", date(2024, 1, 2), date(2026, 11, 20)),
    Source(MARKET, "permit", date(2024, 3, 1), date(2026, 11, 2)),
    Source(TAX, "penalty", date(2025, 1, 2), date(2026, 10, 20)),
)
STANDARD = Order("standard", "tender")


@dataclass(frozen=True)
class Out:
    """One row as the gate lets it out."""

    resource: Resource
    columns: dict[str, Any]
    content: dict[str, Any]
    received: date


def row(
    resource: str, number: int, body: str = MARKET, on: date = date(2026, 5, 6), content: Any = None, **columns: Any
) -> Out:
    told = {
        "id": f"{number:032x}", "resource": resource, "version": 1, "state": "in_force", "list": None, "subject": "f" * 32,
        "document": f"示例字〔2026〕{number}号", "authority": body, "authority_code": "11370215MXFAK0X145", "source": body,
        "sender": "11370215MXFAK0X145", "decided_on": on, "severity": None, "adverse": False, "published": True,
        "draft": False, "last_day": date(2027, 5, 6), "clause": CATALOGUE.clause("ndrc-2018-424:all").zh, "since": 1, "until": None,
    }  # fmt: skip
    return Out(CATALOGUE.resource(resource), told | columns, content or {}, on)


def fine(number: int, body: str = MARKET, on: date = date(2026, 5, 6), **columns: Any) -> Out:
    content = {"CF_NR": "罚款", "CF_NR_FK": "0.5", "CF_CFJG": body, "CF_WSH": f"示例字〔2026〕{number}号"}
    return row("penalty", number, body, on, content, severity="一般", adverse=True, **columns)


def made(rows: list[Out], order: Order = STANDARD, **known: Any) -> Report:
    facts = {"subject": FIRM, "sources": SOURCES, "included": 7, "committed": 7, "log_size": 90} | known
    return compose(rows, order, Known(**facts), CATALOGUE, ISSUE)


def special(*domains: str, since: date = date(2025, 1, 1), until: date = DAY) -> Order:
    return Order("special", "tender", since, until, domains)


def documents(report: Report) -> list[str | None]:
    return [i.document for c in report.chapters for s in c.sections for i in s.items]
