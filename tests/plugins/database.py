"""A migrated database made once, copied for every worker and again after every transactional test.

Migrating takes tens of seconds, copying a file (or a PostgreSQL template) an instant. A transactional
test leaves rows that append-only triggers will not let a flush delete, so the copy is the only honest reset.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import Any
from weakref import WeakSet

import pytest

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "var" / "test-cache"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def _key() -> str:
    digest = hashlib.sha256()
    others = [ROOT / "requirements" / "base.txt", ROOT / "core" / "append_only.py"]
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), *others]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(name: str) -> Iterator[None]:
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _migrate(environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "-v", "0"],
        cwd=ROOT,
        check=True,
        env={**os.environ, **environment, "YUZHENG_MODE": "demonstration"},
    )


class SqliteCopies:
    def __init__(self, folder: Path) -> None:
        self.template = CACHE / f"{_key()}.sqlite3"
        self.folder = folder
        self.copies = 0

    def prepare(self) -> str:
        with _locked("sqlite"):
            if not self.template.exists():
                making = CACHE / f"making-{os.getpid()}"
                _migrate({"YUZHENG_VAR": str(making), "DATABASE_URL": ""})
                import sqlite3

                with sqlite3.connect(making / "yuzheng.sqlite3") as database:
                    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                shutil.copy(making / "yuzheng.sqlite3", making / "done")
                os.replace(making / "done", self.template)
                shutil.rmtree(making)
        return self.restore()

    def restore(self) -> str:
        """A copy under a new name: a connection that some thread forgot takes its journal away by name when
        it is closed at last, and must not take this copy's."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._name()}{suffix}").unlink(missing_ok=True)
        self.copies += 1
        shutil.copy(self.template, self._name())
        return self._name()

    def _name(self) -> str:
        return str(self.folder / f"test-{WORKER}-{self.copies}.sqlite3")

    def remove(self) -> None: ...


class PostgresCopies:
    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.template = f"yuzheng_template_{_key()}"
        self.copy = f"yuzheng_test_{WORKER}_{os.getpid()}"

    def _execute(self, *statements: str) -> list[Any]:
        import psycopg

        answers: list[Any] = []
        with psycopg.connect(
            host=self.settings["HOST"] or None,
            port=self.settings["PORT"] or None,
            user=self.settings["USER"] or None,
            password=self.settings["PASSWORD"] or None,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                answers = cursor.fetchall() if cursor.description else []
        return answers

    def prepare(self) -> str:
        with _locked("postgres"):
            found = self._execute(f"SELECT 1 FROM pg_database WHERE datname = '{self.template}'")
            if not found:
                making = f"{self.template}_making"
                self._execute(f'DROP DATABASE IF EXISTS "{making}"', f'CREATE DATABASE "{making}"')
                base = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
                _migrate({"DATABASE_URL": f"{base}/{making}"})
                self._execute(f'ALTER DATABASE "{making}" RENAME TO "{self.template}"')
        return self.restore()

    def restore(self) -> str:
        with _locked("postgres"):
            self._execute(
                f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)',
                f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.template}"',
            )
        return self.copy

    def remove(self) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self.copy}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    from django.db import connection, connections
    from django.db.backends.signals import connection_created
    from django.test.testcases import TransactionTestCase

    copies: SqliteCopies | PostgresCopies
    if connection.vendor == "sqlite":
        copies = SqliteCopies(tmp_path_factory.getbasetemp())
    else:
        copies = PostgresCopies(connection.settings_dict)

    # While a browser is driven, this thread has connections that `connections` shows only there: one of
    # them left open goes on with the copy that was thrown away.
    opened: WeakSet[Any] = WeakSet()

    def keep(connection: Any, **_more: Any) -> None:
        opened.add(connection)

    connection_created.connect(keep)

    def point_to(name: str) -> None:
        connection.settings_dict["NAME"] = connections.databases["default"]["NAME"] = name

    with django_db_blocker.unblock():
        connections.close_all()
        point_to(copies.prepare())
        connection.settings_dict["CONN_MAX_AGE"] = connections.databases["default"]["CONN_MAX_AGE"] = 0

    def restore(_case: Any) -> None:
        for one in list(opened):
            if one._thread_ident == get_ident():  # another thread may be in the middle of a query
                one.close()
        point_to(copies.restore())

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", restore)
    from django.test.testcases import TestCase

    patch.setattr(TestCase, "_fixture_teardown", _roll_back)
    yield
    patch.undo()
    connection_created.disconnect(keep)
    with django_db_blocker.unblock():
        connections.close_all()
        copies.remove()


def _roll_back(case: Any) -> None:
    """What TestCase does, without falling through to the transactional reset."""
    for name in reversed(case._databases_names()):
        if case._should_check_constraints(_connection(name)):
            _connection(name).check_constraints()
    case._rollback_atomics(case.atomics)


def _connection(name: str) -> Any:
    from django.db import connections

    return connections[name]
