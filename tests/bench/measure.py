"""The child of `python -m tests.bench` that measures on one database, with that database's environment."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import django


def main(size_name: str, answer: Path) -> None:
    django.setup()
    from django.db import connection

    from tests.bench import certificates, pages, queries, world
    from tests.bench.sizes import SIZES

    began = time.perf_counter()
    province = world.fill(SIZES[size_name])
    filled = time.perf_counter() - began
    rows = []
    for part in (pages, queries, certificates):
        for row in part.rows(province):
            print(f"  {connection.vendor}: {row.what}: {row.ratio:.3g}", file=sys.stderr, flush=True)
            rows.append(row.as_json())
    found: dict[str, Any] = {
        "engine": connection.vendor,
        "version": _version(),
        "filled_seconds": round(filled, 1),
        "seconds": round(time.perf_counter() - began, 1),
        "rows": rows,
    }
    answer.write_text(json.dumps(found))


def _version() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
