"""The environment is read by type; production refuses what a demonstration may do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import environment
from tests.deploy_check import production_environment

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, **changed: str | None) -> subprocess.CompletedProcess[str]:
    values = production_environment(str(folder))
    for name, value in changed.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return run("import config.settings", values)


def run(program: str, values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=values, capture_output=True, text=True, check=False
    )


def test_production_starts_when_everything_is_given(tmp_path: Path) -> None:
    answer = start(tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"YUZHENG_SECRET_KEY": None}, "YUZHENG_SECRET_KEY is the default"),
        ({"YUZHENG_SECRET_KEY": "short"}, "shorter than 32"),
        ({"YUZHENG_ENCRYPTION_KEY": None}, "YUZHENG_ENCRYPTION_KEY is missing"),
        ({"YUZHENG_INDEX_PEPPER": None}, "YUZHENG_INDEX_PEPPER is missing"),
        ({"YUZHENG_DEBUG": "true"}, "YUZHENG_DEBUG is on"),
        ({"YUZHENG_SECOND_FACTOR": "false"}, "YUZHENG_SECOND_FACTOR is off"),
        ({"YUZHENG_UPLOAD_URL": "https://yuzheng.example"}, "has the host of YUZHENG_PUBLIC_URL"),
        ({"YUZHENG_PUBLIC_URL": "http://yuzheng.example"}, "is not https"),
        ({"YUZHENG_UPLOAD_URL": "http://content.yuzheng.example"}, "YUZHENG_UPLOAD_URL is not https"),
        ({"YUZHENG_CLOCK_OFFSET_SECONDS": "60"}, "YUZHENG_CLOCK_OFFSET_SECONDS is set"),
        ({"YUZHENG_WEB_PROCESSES": "2"}, "YUZHENG_WEB_PROCESSES is over 1 without Redis"),
    ],
)
def test_production_refuses(tmp_path: Path, changed: dict[str, str | None], sentence: str) -> None:
    answer = start(tmp_path, **changed)
    assert answer.returncode != 0
    assert sentence in answer.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("YUZHENG_SECERT_KEY", "x", "not a setting of Yuzheng: YUZHENG_SECERT_KEY"),
        ("YUZHENG_DATABASE_URL", "postgres://x/y", "not a setting of Yuzheng: YUZHENG_DATABASE_URL"),
        ("YUZHENG_DEBUG", "maybe", "^YUZHENG_DEBUG: "),
        ("YUZHENG_PUBLIC_URL", "yuzheng.example/path", "not an origin"),
        ("YUZHENG_ENCRYPTION_KEY", "c2hvcnQ=", "32 bytes"),
        ("YUZHENG_ENCRYPTION_KEY", "abc", "32 bytes"),
        ("YUZHENG_WEB_THREADS", "0", "^YUZHENG_WEB_THREADS: "),
        ("YUZHENG_MODE", "staging", "^YUZHENG_MODE: .*'demonstration' or 'production'$"),
        ("DATABASE_URL", "oracle://x/y", "^DATABASE_URL: must begin with postgres://"),
        ("CELERY_BROKER_URL", "kafka://x", "^CELERY_BROKER_URL: must begin with redis://"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=sentence):
        environment.read()


def test_a_command_says_it_in_one_line(tmp_path: Path) -> None:
    values = {**production_environment(str(tmp_path)), "YUZHENG_DEBUG": "true"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=values,
        capture_output=True,
        text=True,
        check=False,
    )
    said = "Yuzheng does not start: production refuses to start: YUZHENG_DEBUG is on\n"
    assert (answer.returncode, answer.stderr) == (1, said)


def test_a_demonstration_makes_its_keys_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUZHENG_VAR", str(tmp_path))
    monkeypatch.delenv("YUZHENG_ENCRYPTION_KEY", raising=False)
    first = environment.read().key("encryption_key")
    assert len(first) == 32
    assert environment.read().key("encryption_key") == first
    assert (tmp_path / "keys" / "encryption_key").stat().st_mode & 0o077 == 0


def test_a_refusal_tells_no_secret(tmp_path: Path) -> None:
    """What stands in the environment ends up in a log otherwise."""
    secret = "c2hvcnQtYnV0LXNlY3JldA=="
    answer = start(tmp_path, YUZHENG_ENCRYPTION_KEY=secret, YUZHENG_SECRET_KEY="short-but-secret")
    assert "32 bytes" in answer.stderr
    assert secret not in answer.stderr
    answer = start(tmp_path, YUZHENG_SECRET_KEY="short-but-secret")
    assert "shorter than 32" in answer.stderr
    assert "short-but-secret" not in answer.stderr


ASK = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("collectstatic", interactive=False, verbosity=0)
for path, host, secure in (
    ("/healthz", "yuzheng.example", False),
    ("/learn/", "yuzheng.example", False),
    ("/healthz", "elsewhere.example", False),
    ("/learn/", "content.yuzheng.example", True),
    ("/accounts/login/", "content.yuzheng.example", True),
):
    answer = Client().get(path, secure=secure, headers={"host": host})
    print(path, host, answer.status_code, answer.get("Location", "-"))
"""


@pytest.mark.slow
def test_production_is_asked_for_its_health_from_inside_and_for_the_rest_by_tls(tmp_path: Path) -> None:
    values = {**production_environment(str(tmp_path)), "DJANGO_SETTINGS_MODULE": "config.settings"}
    assert run(ASK, values).stdout.splitlines() == [
        "/healthz yuzheng.example 200 -",
        "/learn/ yuzheng.example 301 https://yuzheng.example/learn/",
        "/healthz elsewhere.example 400 -",
        "/learn/ content.yuzheng.example 404 -",
        "/accounts/login/ content.yuzheng.example 404 -",
    ]


def test_a_broker_that_is_down_keeps_nobody_waiting(tmp_path: Path) -> None:
    """kombu would try for a hundred times or for ever; a person waits for the answer to her click."""
    program = """
import time
import django
django.setup()
from audit.effects import perform_task
began = time.monotonic()
try:
    perform_task.delay(1)
except Exception as error:
    print(type(error).__name__, time.monotonic() - began < 4)
"""
    for broker in ("redis://127.0.0.1:9/0", "amqp://127.0.0.1:9//"):
        values = {
            **{name: value for name, value in os.environ.items() if not name.startswith("YUZHENG_")},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "YUZHENG_VAR": str(tmp_path),
            "CELERY_BROKER_URL": broker,
        }
        assert run(program, values).stdout == "OperationalError True\n"


def test_check_deploy_has_nothing_to_say() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.deploy_check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (0, "System check identified no issues (0 silenced).\n")
