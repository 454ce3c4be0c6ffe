"""The form by which a report is ordered, at whichever desk: what was typed, and the order that it makes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from chengxin.reports.compose import Order
from chengxin.standards.readers import Kind
from chengxin.standards.reports import Form, Forms
from chengxin.values.errors import Refused, Said

LANGUAGES = {"zh": Said("中文", "Chinese"), "en": Said("中文附英文对照", "Chinese with an English gloss")}


def offered(forms: Forms, today: date, kind: Kind) -> dict[str, Any]:
    """What may be chosen on a day for a kind of subject, as the form shows it (`reports/order.html`)."""
    may = {name: form for name, form in forms.on(today).items() if form.of(kind)}
    return {
        "forms": may.items(),
        "uses": [(n, said) for n, said in forms.uses.items() if any(not f.uses or n in f.uses for f in may.values())],
        "years": any(form.years for form in may.values()),
        "domains": forms.domains.values(),
        "languages": LANGUAGES.items(),
    }


def typed(given: Any, today: date, may: Iterable[tuple[str, Form]] = ()) -> dict[str, Any]:
    """What a form holds, whatever it is, cut to what fits. `may`: the forms of report on offer, the first is meant by nothing."""
    language = given.get("language", "zh")
    return {
        "form": given.get("form", next((name for name, _ in may), ""))[:40],
        "purpose": given.get("purpose", "")[:40],
        "since": given.get("since", "")[:10],
        "until": given.get("until", "")[:10],
        "domains": given.getlist("domain")[:100],
        "language": language if language in LANGUAGES else "zh",
        "today": today,
    }


def order_from(typed: dict[str, Any]) -> Order:
    """What was typed as an order; days that are none are refused. The standard form takes no period and no domains."""
    special = typed["form"] == "special"
    since, until = (_day(typed[name]) if special else None for name in ("since", "until"))
    return Order(typed["form"], typed["purpose"], since, until, tuple(typed["domains"]) if special else ())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("period", Said("日期写成 2026-03-01 的样子。", "Write a day like 2026-03-01.")) from None
