"""What pages of the office's desk share: refusals told on the page that they belong to, words about what was done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from chengxin.site.words import words
from chengxin.values.errors import Refused, Said

KEEPING = "stewardship"  # the purpose for which the office looks after the data


def told(page: HttpRequest, refusal: Refused, to: str, *places: Any) -> HttpResponse:
    """Say what was refused on the page `to`."""
    messages.error(page, words(refusal.said))
    return redirect(to, *places)


def said(page: HttpRequest, zh: str, en: str) -> None:
    """Say on the next page what was done."""
    messages.success(page, words(Said(zh, en)))


def reason_of(page: HttpRequest) -> str:
    """The reason that was given. Raises Refused where there is none."""
    reason = page.POST.get("reason", "").strip()[:1_000]
    if not reason:
        raise Refused("reason", Said("请写明理由。", "Give a reason."))
    return reason
