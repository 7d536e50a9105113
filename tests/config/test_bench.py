"""`make bench` runs, and prints every row, on each database that this machine has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "verify_html",
    "verify_json",
    "healthz",
    "empty_view",
    "heartbeat",
    "standing",
    "standing_rules",
    "rate_table",
    "issue_batch",
    "certificate_pdf",
]


@pytest.mark.slow
def test_every_row_is_measured_and_printed(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--size", "tiny", "--json", str(file)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "FULL"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(file.read_text())
    has_postgres = os.environ.get("TEST_DATABASE_URL", os.environ.get("DATABASE_URL", "")).startswith(
        "postgres"
    )
    engines = ["sqlite", "postgresql"] if has_postgres else ["sqlite"]
    assert [part["engine"] for part in found["databases"]] == engines
    assert (found["size"]["people"], found["size"]["seed"]) == (300, 20260302)
    for part in found["databases"]:
        assert [row["key"] for row in part["rows"]] == KEYS
        for row in part["rows"]:
            for side in (row["ours"], row["theirs"]):
                assert side["per_second"] > 0
                assert 0 < side["p50_ms"] <= side["p99_ms"]
            printed = [line for line in done.stdout.splitlines() if line.startswith(part["engine"])]
            assert [line for line in printed if row["what"] in line and row["yardstick"] in line], row["key"]


def test_a_ratio_below_its_bound_is_told() -> None:
    from tests.bench.rows import Figure, Row, table

    row = Row(
        key="verify_html",
        engine="sqlite",
        ours=Figure(100.0, 10.0, 20.0, 1.5),
        what="verify page",
        theirs=Figure(1000.0, 1.0, 2.0, 0.3),
        yardstick="empty view",
        ratio=0.1,
        cpu_ratio=5.0,
        bound=0.2,
        rounds=3,
    )
    assert not row.holds
    assert row.as_json()["holds"] is False
    head, rule, line = table([row]).splitlines()
    assert (head.split()[0], set(rule)) == ("database", {"─", " "})
    assert " ".join(line.split()) == (
        "sqlite verify page 100 10.0 20.0 1.50 empty view 1,000 1.00 2.00 0.30 0.10 0.20 5.00"
    )


def test_both_sides_are_measured_in_turn_and_the_first_pair_is_left_out() -> None:
    from tests.bench.rows import Figure, compare

    order: list[str] = []
    rates = iter([1.0, 60.0, 50.0, 70.0])

    def ours() -> Figure:
        order.append("A")
        return Figure(next(rates), 1.0, 1.0, 2.0)

    def theirs() -> Figure:
        order.append("B")
        return Figure(100.0, 1.0, 1.0, 1.0)

    row = compare(
        "key", engine="sqlite", what="a", yardstick="b", bound=0.1, rounds=3, ours=ours, theirs=theirs
    )
    assert "".join(order) == "ABBAABBA"
    assert (row.ratio, row.cpu_ratio, row.ours.per_second) == (0.6, 2.0, 60.0)
