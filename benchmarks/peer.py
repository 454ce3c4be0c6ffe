"""The peer of `checks.py`: the least that anything durable over HTTP can do. One SELECT, one INSERT that is on the disk."""

import os
from typing import Any

import asyncpg

POOL: dict[str, Any] = {}
FOUND = "SELECT subject FROM store_identifier WHERE value = $1 AND until IS NULL"
KEPT = "INSERT INTO bench_kept (code, at) VALUES ($1, now())"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """A bare ASGI handler: the body is the code."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                POOL["pool"] = await asyncpg.create_pool(os.environ["CHENGXIN_DATABASE"], min_size=4, max_size=8)
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body = (await receive())["body"].decode()
    async with POOL["pool"].acquire() as connection:
        found = await connection.fetchval(FOUND, body)
        await connection.execute(KEPT, body)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b'{"found":"%s"}' % str(found).encode()})
