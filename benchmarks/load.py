"""Load: requests over kept-alive connections, closed loop (as fast as answers come) or open loop (at a rate, come what may)."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Loaded:
    """What came of it: answers a second, milliseconds from when a request was due to its answer, how many were not 200."""

    rate: float
    latencies: list[float]
    failed: int

    def at(self, share: float) -> float:
        """The latency that this share of requests stays under."""
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


class _Line:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, request: bytes) -> bool:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")  # type: ignore[union-attr]
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await self.reader.readexactly(int(length.partition(b":")[2]))  # type: ignore[union-attr]
        return head.startswith(b"HTTP/1.1 200")


async def closed(port: int, requests: Sequence[bytes], lines: int, seconds: float) -> Loaded:
    """`lines` callers, each asking again as soon as it is answered."""
    latencies: list[float] = []
    failed, at = 0, 0
    end = time.perf_counter() + seconds

    async def caller() -> None:
        nonlocal failed, at
        line = _Line(port)
        while (begun := time.perf_counter()) < end:
            at += 1
            answered = await line.ask(requests[at % len(requests)])
            failed += not answered  # in two steps: others count while this one waits
            latencies.append((time.perf_counter() - begun) * 1000)

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(lines)))
    return Loaded(len(latencies) / (time.perf_counter() - begun), latencies, failed)


async def opened(port: int, requests: Sequence[bytes], rate: float, seconds: float, lines: int = 64) -> Loaded:
    """`rate` requests a second, each on a free connection; the clock of a request runs from when it was due."""
    latencies: list[float] = []
    failed = 0
    free: asyncio.Queue[_Line] = asyncio.Queue()
    for _ in range(lines):
        free.put_nowait(_Line(port))

    async def one(request: bytes, due: float) -> None:
        nonlocal failed
        line = await free.get()
        answered = await line.ask(request)
        failed += not answered
        latencies.append((time.perf_counter() - due) * 1000)
        free.put_nowait(line)

    begun = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(requests[number % len(requests)], due)))
    await asyncio.gather(*tasks)
    return Loaded(len(latencies) / (time.perf_counter() - begun), latencies, failed)
