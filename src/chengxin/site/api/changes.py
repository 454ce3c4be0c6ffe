"""The feed by API: what changed since a cursor, what a partner confirms to have applied, and whole resources to begin from.

Which feed it is follows from the key: that of what is public, or what is reported to the upper platform.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import msgspec
from django.http import HttpRequest

from chengxin.sharing.outlets import through
from chengxin.site.access import feeding
from chengxin.site.access.asked import Asked, anybody
from chengxin.site.access.cursors import key_of
from chengxin.site.actions import following
from chengxin.site.actions.api_keys import Holder
from chengxin.site.api import keys, limits
from chengxin.site.api.operations import Call, Reply, operation
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Changes, Confirm, Confirmed
from chengxin.site.api.unfit import unfit
from chengxin.site.folder import site_here
from chengxin.values.errors import Refused, Said

USUAL = 1_000  # entries in one answer, unless another number is asked for
LINES = "application/jsonl"
_PURPOSES = {"upper_platform": "upper", "publicity": "public"}  # what a key is for, and whose outlets that opens
_PURPOSE = (
    {"enum": list(_PURPOSES)},
    Said("用途：上报或公示；省略则取密钥的用途", "reported upward, or public; else what the key is for"),
)
_CURSOR = {"type": "string", "maxLength": 2_000, "pattern": "^[A-Za-z0-9_-]+$"}
_REFUSALS = ("cursor-bad", "cursor-stale", "cursor-expired", "cursor-ahead", "key-scope", "body")


@operation(
    "GET",
    "/changes",
    Said("游标之后的变动", "What changed since a cursor"),
    Said(
        "put：新提供一条信息的一个版本，last_day 是最后可提供日；gone：不再提供，只有标识，不说明原因；same：判为同一主体。"
        "同一标识的内容永不改变，更正是旧标识 gone、新标识 put。more 为真则用 cursor 接着取；应用后请确认。"
        "超过最后一日的由您自行移除。",
        "put: a version of a record from now on, until its last_day; gone: shown no longer, an id without a reason; same: judged "
        "to be one subject. What an id stands for never changes: a correction is gone for the old id and put for the new. While "
        "more is true, go on with cursor; confirm what you applied. What is past its last day you drop by yourself.",
    ),
    {200: (Changes, Said("变动和下一个游标", "The changes and the next cursor"))},
    query={
        "since": (_CURSOR, Said("上次的 cursor；省略则从头", "the last cursor; else from the beginning")),
        "limit": (
            {"type": "integer", "minimum": 1, "maximum": feeding.MOST},
            Said(f"至多几条，通常 {USUAL}", f"at most so many, {USUAL} unless said"),
        ),
        "purpose": _PURPOSE,
    },
    refusals=_REFUSALS,
)
@through("public.feed", "upper.feed")
def get_changes(request: HttpRequest, call: Call) -> Reply:
    """The next part."""
    asked = _asked(request.GET.get("purpose"), call.held, "feed")
    limit = request.GET.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 6 and 1 <= int(limit) <= feeding.MOST):
        raise unfit(f"Expected `int` from 1 to {feeding.MOST} - at `$.limit`")
    part = feeding.changes(asked, _key(), request.GET.get("since") or None, int(limit))
    following.told(call.held.authority_id, asked.outlet.name, feeding.now_at(asked))
    entries = msgspec.Raw(b"[" + b",".join(part.lines) + b"]")
    at = asked.at
    return Reply(Changes(entries, part.cursor, part.more, at.day, at.included, part.withheld))


@operation(
    "POST",
    "/changes/confirmations",
    Said("确认已应用到某个游标", "Confirm what was applied"),
    Said(
        "把该游标之前的变动全部应用之后再确认；信用办据此知道撤下的信息已处理。可以重复确认。",
        "Say it once all changes up to the cursor are applied: by this the credit office knows that what was lifted is gone at "
        "your side. Saying it again does no harm.",
    ),
    {200: (Confirmed, Said("已确认到哪里", "What is confirmed now"))},
    takes=Confirm,
    example={"cursor": "kL0…"},
    refusals=_REFUSALS,
)
@through("public.feed", "upper.feed")
def post_confirmation(request: HttpRequest, call: Call) -> Reply:
    """How far the confirmation goes."""
    wanted: Confirm = call.body
    asked = _asked(wanted.purpose, call.held, "feed")
    cursor = feeding.read_cursor(asked, _key(), wanted.cursor, feeding.now_at(asked))
    place = following.confirm(call.held.authority_id, asked.outlet.name, cursor.held)
    return Reply(Confirmed(place.included, place.committed, place.day, max(0, asked.at.included - place.included)))


@operation(
    "GET",
    "/snapshots/{resource}",
    Said("一个信息类的快照", "A snapshot of a resource"),
    Said(
        "JSON Lines，每行一条 put，边读边发；最后一行 op 为 end：行数、以上各行的 SHA-256、签名清单、续传用的游标。"
        "没有最后一行即没有收全。same_subjects 是判为同一主体的裁定。"
        "全部快照合起来等于变动逐条应用的结果；逐个加载后，从第一个快照的游标续传。",
        "JSON Lines, one put a line, sent while it is read; of the last line op is end: the count, the SHA-256 of the lines before "
        "it, the signed note, and the cursor from which the changes go on. Without that line it is not whole. same_subjects holds "
        "who is judged to be one subject. All snapshots together are what the changes come to: load one after another, then go on "
        "from the cursor of the first.",
    ),
    {200: (None, Said("快照", "The snapshot"))},
    query={"purpose": _PURPOSE},
    file=LINES,
    refusals=("key-scope", "not-found", "body"),
)
@through("public.snapshot", "upper.snapshot")
def get_snapshot(request: HttpRequest, call: Call, resource: str) -> Reply:
    """The lines, made while they are sent."""
    asked = _asked(request.GET.get("purpose"), call.held, "snapshot")
    if resource not in feeding.named_sets(asked):
        known = "、".join(feeding.named_sets(asked))
        raise Wrong("not-found", Said(f"没有这个快照。可用：{known}。", f"No such snapshot. There are: {known}."))
    headers = limits.spend(limits.SNAPSHOT, f"s:{call.held.id}")
    cursor = feeding.cursor_here(asked, _key())
    following.told(call.held.authority_id, asked.outlet.name.replace("snapshot", "feed"), feeding.now_at(asked))
    if request.method == "HEAD":
        return Reply(headers=headers, media_type=LINES)
    parts = feeding.snapshot(asked, of=resource)
    return Reply(headers=headers, stream=_lines(asked, parts, resource, cursor), media_type=LINES)


def _lines(asked: Asked, parts: Iterator[list[bytes]], resource: str, cursor: str) -> Iterator[bytes]:
    digest, count = hashlib.sha256(), 0
    for part in parts:
        lines = b"\n".join([*part, b""])
        digest.update(lines)
        count += len(part)
        yield lines
    note = feeding.signed_note(site_here().keys.log, asked.at, count, digest.hexdigest(), resource)
    end = {"op": "end", "count": count, "sha256": digest.hexdigest(), "cursor": cursor, "note": note.decode()}
    yield msgspec.json.encode(end) + b"\n"


def _asked(purpose: str | None, held: Holder, form: str) -> Asked:
    """The request at the outlet that the purpose opens, within the resources of the key. Raises Refused (key-scope), Wrong."""
    if purpose is not None and purpose not in _PURPOSES:
        raise unfit(f"Expected one of {', '.join(_PURPOSES)} - at `$.purpose`")
    wanted = purpose or next((p for p in _PURPOSES if p in held.purposes), None)
    if wanted is None:
        zh = "这把密钥不能取变动和快照：请向信用办申请用于公示或上报的密钥。"
        raise Refused(
            "key-scope", Said(zh, "This key takes no changes or snapshots: ask the credit office for one that does.")
        )
    held.may(purpose=wanted)
    outlet, among = f"{_PURPOSES[wanted]}.{form}", frozenset(held.resources)
    if wanted == "publicity":
        return replace(anybody(outlet), among=among)
    return replace(feeding.upward(outlet, keys.who(held)), among=among)


def _key() -> bytes:
    return key_of(site_here().keys.token)
