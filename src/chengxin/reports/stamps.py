"""Time stamps (RFC 3161) for seals, from an authority that is asked over HTTP(S)."""

import asyncio
import urllib.request
from functools import lru_cache
from typing import Any

from chengxin.values.errors import Refused, Said

_PATIENCE = 10  # seconds
_LARGEST = 1 << 16


@lru_cache(maxsize=4)
def stamper_at(url: str) -> Any:
    """What `reports.seal.sealed` takes as its stamper: asks the authority at this address. Raises Refused if it is none."""
    from asn1crypto import tsp  # noqa: PLC0415 - pyHanko takes a second to load
    from pyhanko.sign.timestamps import TimeStamper  # noqa: PLC0415

    if not url.startswith(("https://", "http://")):
        said = Said("site.json 的 stamps 应是 http(s) 地址。", "`stamps` in site.json is an http(s) address.")
        raise Refused("stamps", said)

    class _Authority(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            return tsp.TimeStampResp.load(await asyncio.to_thread(_answer, url, req.dump()))

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except Exception as error:  # whatever a silent or broken authority does to the network or a parser
                zh = "时间戳服务没有正常应答，报告没有盖章，请稍后再试。"
                raise Refused("no-stamp", Said(zh, "The time stamp authority did not answer; try later.")) from error

    return _Authority()  # type: ignore[no-untyped-call] # pyHanko's


def _answer(url: str, question: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    asked = urllib.request.Request(url, question, headers)  # noqa: S310 - only http(s), see above
    with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310
        return bytes(answer.read(_LARGEST))
