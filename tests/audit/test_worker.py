"""A real worker does a real piece of work, dies in the middle of it, and it is done all the same."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from audit.models import Work
from credentials.models import CertificateFile

ROOT = Path(__file__).resolve().parents[2]
ISSUE = """
import django
django.setup()
from tests.factories import credentials as make
print("credentials.issued for", make.certificate().number)
"""


class Deployment:
    """Processes that share one database, one broker and one folder, and nothing with anybody else's."""

    def __init__(self, folder: Path, broker: str, settings: Any) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("YUZHENG_", "DATABASE_URL"))
        }
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "YUZHENG_VAR": str(folder),
            "YUZHENG_ENCRYPTION_KEY": base64.b64encode(settings.ENCRYPTION_KEY).decode(),
            "YUZHENG_INDEX_PEPPER": base64.b64encode(settings.INDEX_PEPPER).decode(),
            "CELERY_BROKER_URL": broker,
        }
        name = str(connection.settings_dict["NAME"])
        if connection.vendor == "sqlite":
            (folder / "yuzheng.sqlite3").symlink_to(name)
        else:
            self.environment["DATABASE_URL"] = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"

    def run(self, program: str) -> str:
        answer = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def worker(self, **more: str) -> subprocess.Popen[bytes]:
        command = [
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--beat",
            "--concurrency",
            "1",
            "--loglevel",
            "warning",
        ]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command, "--schedule", str(self.folder / "beat")],
                cwd=ROOT,
                env={**self.environment, **more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def log(self) -> str:
        return (self.folder / "worker.log").read_text()


@pytest.fixture
def deployment(
    tmp_path: Path, settings: Any, transactional_db: None
) -> Iterator[Callable[[str], Deployment]]:
    made: list[Deployment] = []

    def make(broker: str) -> Deployment:
        made.append(Deployment(tmp_path, broker, settings))
        return made[0]

    yield make
    for one in made:
        for process in one.processes:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """-9 for the worker and all it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(true: Callable[[], bool], deployment: Deployment, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, deployment.log()
        time.sleep(0.1)


BROKERS = [
    pytest.param("filesystem://", id="embedded"),
    pytest.param(
        f"{os.environ.get('CELERY_BROKER_URL', '').rsplit('/', 1)[0]}/9", id="redis", marks=pytest.mark.redis
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("broker", BROKERS)
def test_work_rung_by_one_process_is_done_by_another(
    deployment: Callable[[str], Deployment], broker: str
) -> None:
    here = deployment(broker)
    worker = here.worker()
    assert here.run(ISSUE).startswith("credentials.issued")
    until(lambda: Work.objects.get().done_at is not None, here, seconds=19)  # beat would come after 20 s
    assert (Work.objects.get().attempts, CertificateFile.objects.count()) == (1, 1)
    worker.terminate()
    assert worker.wait(15) == 0, here.log()


@pytest.mark.slow
@pytest.mark.parametrize("broker", BROKERS)
def test_work_whose_worker_was_killed_in_the_middle_is_finished_after_a_restart(
    deployment: Callable[[str], Deployment], broker: str
) -> None:
    here = deployment(broker)
    first = here.worker(YUZHENG_FAULTS="work.credentials.issued=kill")
    here.run(ISSUE)
    until(lambda: Work.objects.get().attempts == 1, here, seconds=30)
    kill(first)
    work = Work.objects.get()
    assert (work.done_at, CertificateFile.objects.count()) == (None, 0)
    here.worker(YUZHENG_CLOCK_OFFSET_SECONDS=str(Work.CLAIM_SECONDS + 60))  # the claim has run out
    until(lambda: Work.objects.get().done_at is not None, here, seconds=45)
    assert (Work.objects.get().attempts, CertificateFile.objects.count()) == (2, 1)
