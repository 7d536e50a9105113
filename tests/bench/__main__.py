"""python -m tests.bench: measure on SQLite, and on PostgreSQL where TEST_DATABASE_URL names one."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.databases import migrated
from tests.bench.rows import Figure, Row, table
from tests.bench.sizes import SIZES, Size

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "ci-output" / "bench.json"


def main() -> int:
    asked = _asked()
    size = SIZES[asked.size]
    address = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL") or ""
    postgres = address if address.startswith("postgres") else ""
    began = time.perf_counter()
    print(_conditions(size), flush=True)
    engines = [asked.engine] if asked.engine else ["sqlite", *(["postgresql"] if postgres else [])]
    if "postgresql" in engines and not postgres:
        raise SystemExit("TEST_DATABASE_URL names no PostgreSQL server")
    found = [measure(engine, size, postgres) for engine in engines]
    rows = [_row(row) for part in found for row in part["rows"]]
    print(f"\n{table(rows)}\n")
    for part in found:
        name = f"{part['engine']} {part['version']}"
        print(f"{name}: filled in {part['filled_seconds']} s, all in {part['seconds']} s")
    if not postgres:
        print("PostgreSQL was not measured: TEST_DATABASE_URL names none")
    broken = [f"{row.engine} {row.key}" for row in rows if not row.holds]
    bounds = f"broken by {', '.join(broken)}" if broken else "all hold"
    print(f"{time.perf_counter() - began:.0f} s. Bounds: {bounds}")
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(
        json.dumps({"size": size.as_json(), "machine": _machine(), "databases": found}, indent=1) + "\n"
    )
    return 1 if asked.check and broken else 0


def measure(engine: str, size: Size, address: str) -> dict[str, Any]:
    """All rows on one database, in a process and a folder of their own."""
    with (
        TemporaryDirectory(prefix="yuzheng-bench-") as folder,
        migrated(engine, Path(folder), address) as environment,
    ):
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "tests.bench.measure", size.name, str(answer)]
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            raise SystemExit(f"the bench broke on {engine}; its last words stand above")
        found: dict[str, Any] = json.loads(answer.read_text())
        return found


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    full = os.environ.get("FULL", "") not in ("", "0")
    parser.add_argument("--size", choices=SIZES, default="full" if full else "short")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="this one only")
    parser.add_argument("--check", action="store_true", help="fail if a ratio is below its bound")
    parser.add_argument("--json", type=Path, default=OUT, metavar="FILE")
    return parser.parse_args()


def _row(data: dict[str, Any]) -> Row:
    values = {name: value for name, value in data.items() if name != "holds"}
    return Row(**{**values, "ours": Figure(**data["ours"]), "theirs": Figure(**data["theirs"])})


def _machine() -> dict[str, Any]:
    load = os.getloadavg()
    return {
        "cores": os.cpu_count(),
        "load_before": [round(one, 2) for one in load],
        "python": platform.python_version(),
        **{name: version(name) for name in ("django", "granian", "typst")},
    }


def _conditions(size: Size) -> str:
    machine = _machine()
    data = size.as_json()
    return "\n".join(
        (
            f"Yuzheng bench, size {size.name}: {size.people:,} people in post, a signed certificate each; "
            f"seed {data['seed']}.",
            f"Each row: {size.rounds} rounds A B, B A, … after one to warm up; medians; ratios are of pairs.",
            f"HTTP: granian, 1 process, {data['connections']} keep-alive connections from a second process "
            f"on 127.0.0.1, {size.seconds} s a side.",
            f"{machine['cores']} cores, load {machine['load_before'][0]}, Python {machine['python']}, "
            f"Django {machine['django']}, granian {machine['granian']}.",
            "CPU ms: user and system time of the server's processes for one answer, PostgreSQL's included.",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
