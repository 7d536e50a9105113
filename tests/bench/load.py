"""The load generator, a process of its own: keep-alive connections to 127.0.0.1, a round for each line read.

A round is bounded in time and in number. `fixed` sends the given requests in turn; `beats` are the heartbeats
of learners whose players run in real time, one connection for each share of the learners.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import cycle
from typing import Any

MOST_REQUESTS = 200_000
MOST_SECONDS = 60.0
HOST = "127.0.0.1"


class Connection:
    """One keep-alive connection that asks and waits."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(HOST, self.port)
        assert self.reader is not None
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _colon, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = await self.reader.readexactly(length)
        return int(head[9:12]), answer

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


class Learner:
    """A player that runs at 1.0 from its first beat on."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.path = asked["path"]
        self.headers = asked["headers"]
        self.generation = asked["generation"]
        self.sequence = 0
        self.began = 0.0

    def beat(self) -> bytes:
        now = time.monotonic()
        self.began = self.began or now
        self.sequence += 1
        played = int((now - self.began) * 1000)
        beat = {
            "generation": self.generation,
            "sequence": self.sequence,
            "position_ms": played,
            "rate_percent": 100,
            "visible": True,
            "sent_ms": played,
        }
        return json.dumps({"beats": [beat]}).encode()


class Load:
    def __init__(self) -> None:
        self.learners: dict[str, Learner] = {}

    async def round(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Latencies in milliseconds of the answers that count, and how many of each kind came."""
        connections = [Connection(asked["port"]) for _number in range(asked["connections"])]
        work = self._fixed
        if "beats" in asked:
            work = self._beats
            await self._open(connections[0], asked["beats"])
        latencies: list[float] = []
        kinds: Counter[str] = Counter()
        began = time.perf_counter()
        until = began + min(float(asked["seconds"]), MOST_SECONDS)
        await asyncio.gather(
            *(
                work(connection, share, asked, until, latencies, kinds)
                for share, connection in enumerate(connections)
            )
        )
        took = time.perf_counter() - began
        for connection in connections:
            connection.close()
        return {"seconds": took, "latencies": latencies, "kinds": kinds}

    async def _open(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        """The first beat of a learner only marks where she stands; it is sent before the round."""
        for row in rows:
            if row["path"] not in self.learners:
                learner = self.learners[row["path"]] = Learner(row)
                await connection.ask("POST", learner.path, learner.headers, learner.beat())

    async def _fixed(
        self, connection: Connection, share: int, asked: dict[str, Any], until: float, latencies: list[float],
        kinds: Counter[str],
    ) -> None:  # fmt: skip
        requests = asked["requests"]
        start = share * len(requests) // asked["connections"]
        for request in cycle(requests[start:] + requests[:start]):
            sent = time.perf_counter()
            if sent >= until or len(latencies) >= MOST_REQUESTS:
                return
            status, _answer = await connection.ask(
                request.get("method", "GET"), request["path"], request.get("headers", {})
            )
            kinds[str(status)] += 1
            if status == 200:
                latencies.append((time.perf_counter() - sent) * 1000)

    async def _beats(
        self, connection: Connection, share: int, asked: dict[str, Any], until: float, latencies: list[float],
        kinds: Counter[str],
    ) -> None:  # fmt: skip
        mine = [self.learners[row["path"]] for row in asked["beats"][share :: asked["connections"]]]
        for learner in cycle(mine):
            sent = time.perf_counter()
            if sent >= until or len(latencies) >= MOST_REQUESTS:
                return
            body = learner.beat()
            status, answer = await connection.ask("POST", learner.path, learner.headers, body)
            kind = json.loads(answer).get("verdict", str(status)) if status == 200 else str(status)
            kinds[kind] += 1
            if kind == "credited":
                latencies.append((time.perf_counter() - sent) * 1000)


def main() -> None:
    load = Load()
    for line in sys.stdin:
        print(json.dumps(asyncio.run(load.round(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
