"""`manage.py serve`: one process tree that comes up, mends itself, and leaves nobody behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.plugins.database import SqliteCopies

ROOT = Path(__file__).resolve().parents[2]
PROC = Path("/proc")
needs_proc = pytest.mark.skipif(not PROC.joinpath("self/environ").exists(), reason="no /proc on this system")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str) -> int:
    """The status; 0 if nobody answers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        asked.request("GET", path)
        return asked.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        asked.close()


class House:
    """A deployment of its own: folder, database, broker and port."""

    def __init__(self, folder: Path) -> None:
        self.var = folder / "var"
        self.var.mkdir()
        self.port = free_port()
        os.replace(SqliteCopies(folder).prepare(), self.var / "yuzheng.sqlite3")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("YUZHENG_")}
        self.environment = {**kept, "YUZHENG_VAR": str(self.var), "DATABASE_URL": "", "CELERY_BROKER_URL": ""}
        self.log = folder / "serve.log"
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def processes(self, *words: str) -> list[int]:
        """Every living process of this house whose command line holds these words, wherever it hangs."""
        mark = f"YUZHENG_VAR={self.var}".encode()
        found = []
        for folder in PROC.iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                mine = mark in (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mine and command and all(word in command for word in words):
                found.append(int(folder.name))
        return found

    def until(self, true: Callable[[], object], *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def is_up(self) -> bool:
        return ask(self.port, "/healthz") == 200 and ask(self.port, "/readyz") == 200


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    for pid in made.processes():
        os.kill(pid, signal.SIGKILL)
    for process in made.started:
        process.wait(10)


@needs_proc
@pytest.mark.slow
def test_it_comes_up_mends_itself_and_stops_cleanly(house: House) -> None:
    serving = house.start()
    house.until(house.is_up, seconds=90)
    house.until(lambda: house.processes("celery", "worker"), seconds=30)
    house.until(lambda: "is at http://127.0.0.1" in house.log.read_text(), seconds=10)

    for words in (("granian", "config.wsgi"), ("celery", "worker")):  # kill -9 for every one of them at once
        before = set(house.processes(*words)) - {serving.pid}
        leashed = set(house.processes("leash.py", *words))
        for pid in before - leashed:
            os.kill(pid, signal.SIGKILL)
        house.until(lambda: set(house.processes(*words)) - before, seconds=20)  # noqa: B023
        assert set(house.processes(*words)) & before == set(), "nobody of the old ones is left"
    house.until(house.is_up, seconds=30)

    (leash,) = house.processes("leash.py", "granian")
    old = set(house.processes("granian")) - {serving.pid}
    os.kill(leash, signal.SIGKILL)  # it takes its command along
    house.until(lambda: not old & set(house.processes("granian")), seconds=5)
    house.until(house.is_up, seconds=30)

    began = time.monotonic()
    serving.send_signal(signal.SIGINT)
    assert serving.wait(15) == 0, house.log.read_text()
    assert time.monotonic() - began < 15
    assert house.processes() == []
    assert house.log.read_text().rstrip().endswith("Stopped.")


@needs_proc
@pytest.mark.slow
def test_nobody_outlives_a_killed_supervisor_and_the_next_start_works(house: House) -> None:
    serving = house.start()
    house.until(house.is_up, seconds=90)
    house.until(lambda: house.processes("celery", "worker"), seconds=30)
    os.kill(serving.pid, signal.SIGKILL)
    serving.wait()
    next_one = house.start()  # at once, while the old children are still being cleared away
    house.until(lambda: _strangers(house, next_one.pid) == [], seconds=10)
    house.until(house.is_up, seconds=90)
    next_one.send_signal(signal.SIGTERM)
    assert next_one.wait(15) == 0, house.log.read_text()
    assert house.processes() == []


def _strangers(house: House, supervisor: int) -> list[int]:
    """Processes of this house that do not descend from this supervisor."""
    left = []
    for pid in house.processes():
        ancestor = pid
        while ancestor not in (supervisor, 0, 1):
            try:
                ancestor = int((PROC / str(ancestor) / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                ancestor = supervisor  # it ended while we looked
        if ancestor != supervisor:
            left.append(pid)
    return left


STUBBORN = """
import sys
from config import supervisor
supervisor.STOP_SECONDS = 1.0
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
child = supervisor.Child("stubborn", [sys.executable, "-c", deaf])
sys.exit(supervisor.Supervisor([child]).run(ready=lambda: False, on_ready=print))
"""


def test_a_child_that_does_not_stop_is_killed_and_told() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "deaf\n"
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    assert (process.returncode, said) == (1, "stubborn did not stop in 1 s and was killed\n")


DYING = """
import sys
from config import supervisor
child = supervisor.Child("dying", [sys.executable, "-c", "raise SystemExit(3)"])
sys.exit(supervisor.Supervisor([child]).run(ready=lambda: False, on_ready=print))
"""


def test_a_child_that_dies_at_once_is_started_again_later_and_later() -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", DYING], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(3)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert [line.rpartition("in ")[2] for line in told] == ["0.5 s\n", "1.0 s\n", "2.0 s\n"]
    # at once: within the ten seconds of a calm life, however busy the machine
    assert all(re.match(r"dying ended with 3 after \d s;", line) for line in told)
    assert process.returncode == 0


def test_a_port_that_stays_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = (
            "from config.management.commands import serve; import config.management.commands.serve as it;"
            f"it.STOP_SECONDS = -2.5; it._await_port('127.0.0.1', {port}, say=print)"
        )
        answer = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup(); {program}"],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "YUZHENG_VAR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert "waiting a moment" in answer.stdout
    assert f"port {port} of 127.0.0.1 is taken" in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--port", "99999"), "'99999' is no port"),
        (("--port", "0"), "'0' is no port"),
        (("--host", "203.0.113.9"), "cannot listen at 203.0.113.9, port 8000: "),
    ],
)
def test_an_address_that_cannot_be_had_is_told(arguments: tuple[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("serve", *arguments)


def test_ctrl_c_while_preparing_is_no_traceback() -> None:
    program = (
        "import manage, django.core.management as it, signal;"
        "it.execute_from_command_line = lambda _: signal.raise_signal(signal.SIGINT); manage.main()"
    )
    answer = subprocess.run(
        [sys.executable, "-c", f"import signal; signal.signal(2, signal.default_int_handler); {program}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (130, "Stopped.\n", "")
