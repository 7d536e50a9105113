"""A database of the bench's own: a migrated copy, removed at the end. The tests' templates are copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dj_database_url

from tests.plugins.database import PostgresCopies, SqliteCopies


@contextmanager
def migrated(engine: str, folder: Path, address: str) -> Iterator[dict[str, str]]:
    """The environment of a process that works in it. `folder` is its `var/`."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        os.environ["DATABASE_URL"] = ""
        shutil.move(SqliteCopies(folder).prepare(), folder / "yuzheng.sqlite3")
        yield _environment(folder, "")
        return
    os.environ["DATABASE_URL"] = address
    copies = PostgresCopies(dict(dj_database_url.parse(address)))
    name = copies.prepare()
    try:
        yield _environment(folder, f"{address.rsplit('/', 1)[0]}/{name}")
    finally:
        copies.remove()


def _environment(folder: Path, address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YUZHENG_")}
    return {
        **kept,
        "YUZHENG_VAR": str(folder),
        "DATABASE_URL": address,
        "CELERY_BROKER_URL": "",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    }
