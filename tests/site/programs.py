"""Programs of authorities with their keys, what they ask, and what a problem must look like."""

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.site.conftest import OWNER, Stranger, code_of, fined

ASK = {"subject": code_of(1), "purpose": "administration", "matter": "permit"}
ROW = fined(1, "示例字〔2026〕9号")


@dataclass
class Program:
    """A program of an authority, with its key."""

    client: Any
    key: str

    def __call__(self, method: str, address: str, body: Any = None, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        if body is not None and "content_type" not in more:
            body, more["content_type"] = json.dumps(body), "application/json"
        more |= {"data": body} if body is not None else {}
        return getattr(self.client, method)(f"/api/v1/{address}", headers=headers, **more)

    def check(self, **wanted: Any) -> Any:
        return self("post", "checks", ASK | wanted)

    def send(self, rows: list[Any], headers: Any = None, **more: Any) -> Any:
        return self("post", "submissions", {"resource": "penalty", "rows": rows} | more, headers=headers or {})


def program(stranger: Stranger, body: str = OWNER[0], **scope: Any) -> Program:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key

    told = {"purposes": ["own_records", "administration"]} | scope
    _, key = give_key(
        body, COMMAND_LINE, name=f"程序{len(told)}{told['purposes']}"[:60], scope=Scope(**told), demo=True
    )
    return Program(stranger.client, key)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem that an answer must be."""
    told = json.loads(answer.content)
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code), answer.content.decode()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert re.fullmatch(r"http://localhost/api/#[a-z_-]+", told["type"]) and told["title"]
    assert told["said"]["zh"] and told["said"]["en"] and told["detail"] in told["said"].values()
    assert "Access-Control-Allow-Origin" not in answer.headers
    return told
