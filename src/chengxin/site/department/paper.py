"""Receipts on paper: a PDF set by Typst with a Chinese font embedded, so that its text can be read and searched anywhere."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from chengxin.reports.paper import FONTS
from chengxin.values.clock import LEGAL_ZONE, legal_now

_HERE = Path(__file__).parent
_MOST_COUNTS = 7


def receipt_pdf(facts: dict[str, Any], asked_by: str) -> bytes:
    """The receipt as a PDF. `facts`: as `receipt.facts` gives them; who asked for it stands in the foot."""
    submission, resource = facts["submission"], facts["resource"]
    when = submission.received_at.astimezone(LEGAL_ZONE)
    lines = [
        ("批次号", submission.id.hex),
        ("信息类", resource.title.zh + ("（全量）" if submission.mode == "full" else "")),
        ("单位", f"{submission.authority.name}（{submission.authority.code}）"),
        ("文件", f"{submission.name}，{submission.size:,} 字节，{submission.kind}"),
        ("SHA-256", submission.digest[:32] + "\u200b" + submission.digest[32:]),
        ("收到", f"{when:%Y-%m-%d %H:%M}（北京时间）"),
        ("报送人", facts["sent_by"].zh),
        ("审查人", facts["reviewed_by"].zh or "尚未审查"),
        ("状态", facts["state"].said.zh + (f"：{submission.reason}" if submission.reason else "")),
    ]
    told = {
        "title": "报送回执",
        "issuer": "诚信 · 公共信用信息平台",
        "facts": lines,
        "counts": [(said.zh, f"{n:,}") for said, n in facts["counts"]][:_MOST_COUNTS],
        "next": facts["next"].zh,
        "footer": f"{legal_now():%Y-%m-%d %H:%M} 由 {asked_by} 下载。内容以平台上的回执为准。",
    }
    return bytes(_compiler().compile(format="pdf", sys_inputs={"told": json.dumps(told, ensure_ascii=False)}))


@lru_cache(maxsize=1)
def _compiler() -> Any:
    return typst.Compiler(str(_HERE / "paper.typ"), root=str(_HERE), font_paths=[str(FONTS)], ignore_system_fonts=True)
