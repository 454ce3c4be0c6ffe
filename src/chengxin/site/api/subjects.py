"""Public files by API: what the page of a subject shows, as data."""

import hashlib
from typing import Any

import msgspec
from django.http import HttpRequest

from chengxin.sharing.outlets import cache_key, through
from chengxin.site.access import reading
from chengxin.site.access.asked import anybody, place
from chengxin.site.access.subjects import Subject, led_to, with_same
from chengxin.site.api.operations import Call, Reply, operation
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import PublicFile, PublicRecord, PublicSubject
from chengxin.site.public.shown import Shown
from chengxin.values.errors import Said


@operation(
    "GET",
    "/subjects/{code}",
    Said("一个主体的公开档案", "The public file of a subject"),
    Said(
        "任何人可以看到的：主体和它公开的信息。现用代码、曾用代码或旧编号都可以。自然人不在其中。"
        "ETag 随法定日和日志中的位置而变：带 If-None-Match 再问，没有变化则答 304。",
        "What anybody may see, by present or former code or older number. Nobody's person is in it. The ETag changes with the "
        "legal day and the place in the log: ask again with If-None-Match, and what has not changed answers 304.",
    ),
    {200: (PublicFile, Said("公开档案", "The file")), 304: (None, Said("没有变化", "Not changed"))},
    with_key=False,
    headers={"If-None-Match": ({"type": "string"}, Said("上次的 ETag", "the ETag of last time"))},
    refusals=("unknown-subject",),
)
@through("public.answer")
def get_subject(request: HttpRequest, call: Call, code: str) -> Reply:
    """The file, or 304 if the reader has it."""
    at = place()
    found = led_to(anybody("public.find", at), code.upper())
    if not found:
        raise Wrong("unknown-subject", Said("登记信息中没有这个代码的主体。", "No subject has this code."))
    asked = anybody("public.answer", at)
    group = with_same(asked, found[0])
    key = cache_key(asked.outlet, at, (group[0].id,)) or ""
    tag = f'"{hashlib.sha256(f"{asked.catalogue.digest}/{key}".encode()).hexdigest()[:32]}"'
    if tag in [t.strip().removeprefix("W/") for t in request.headers.get("If-None-Match", "").split(",")]:
        return Reply(status=304, headers={"ETag": tag})
    seen, withheld = reading.of_subjects(asked, [s.id for s in group])
    records = msgspec.convert([_plain(Shown(one, asked.catalogue)) for one in seen], tuple[PublicRecord, ...])
    subject, *same = map(_subject, group)
    return Reply(PublicFile(subject, at.day, at.included, records, tuple(same), withheld), headers={"ETag": tag})


def _plain(shown: Shown) -> dict[str, Any]:
    return shown.as_data()


def _subject(found: Subject) -> PublicSubject:
    return PublicSubject(
        found.code, found.name, found.kind.value, found.register, found.status, found.status_on, found.former_names,
        found.former_codes,
    )  # fmt: skip
