"""The product as a newcomer starts it: one process tree, a filled province, an address."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 420


@dataclass(frozen=True)
class Served:
    """A running province; `report` is what `manage.py demo --report` wrote."""

    address: str
    environment: dict[str, str]
    report: dict[str, Any]

    def manage(self, *arguments: str) -> str:
        """Output of a management command against the same database."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def account(self, username: str) -> dict[str, Any]:
        return next(row for row in self.report["accounts"] if row["username"] == username)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """`manage.py serve --prepare` in a folder of its own; on PostgreSQL and Redis where those are named."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YUZHENG_")}
    with _database(kept) as database:
        environment = {**kept, **database, "YUZHENG_VAR": str(folder / "var"), "YUZHENG_PUBLIC_URL": address}
        log = folder / "serve.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--prepare", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait(process, f"{address}/readyz", log)
                report = folder / "report.json"
                subprocess.run(
                    [sys.executable, "manage.py", "demo", "--report", str(report)],
                    cwd=ROOT,
                    env=environment,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                yield Served(address, environment, json.loads(report.read_text()))
            finally:
                process.send_signal(signal.SIGINT)
                code = process.wait(30)
        assert code == 0, f"serve ended with {code}:\n{log.read_text()[-3000:]}"


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"did not become ready:\n{log.read_text()[-3000:]}")


@contextmanager
def _database(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """On PostgreSQL a database of its own, gone afterwards."""
    url = environment.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    import psycopg

    name = f"yuzheng_journey_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {"DATABASE_URL": f"{url.rsplit('/', 1)[0]}/{name}"}
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
