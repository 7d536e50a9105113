"""The environment is read by type; production refuses what a demonstration may do."""

from __future__ import annotations

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
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=values,
        capture_output=True,
        text=True,
        check=False,
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
        ({"YUZHENG_CLOCK_OFFSET_SECONDS": "60"}, "YUZHENG_CLOCK_OFFSET_SECONDS is set"),
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
        ("YUZHENG_DEBUG", "maybe", "debug"),
        ("YUZHENG_PUBLIC_URL", "yuzheng.example/path", "not an origin"),
        ("YUZHENG_ENCRYPTION_KEY", "c2hvcnQ=", "32 bytes"),
        ("YUZHENG_WEB_THREADS", "0", "web_threads"),
        ("YUZHENG_MODE", "staging", "mode"),
        ("CELERY_BROKER_URL", "kafka://x", "redis://"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=sentence):
        environment.read()


def test_a_demonstration_makes_its_keys_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUZHENG_VAR", str(tmp_path))
    monkeypatch.delenv("YUZHENG_ENCRYPTION_KEY", raising=False)
    first = environment.read().key("encryption_key")
    assert len(first) == 32
    assert environment.read().key("encryption_key") == first
    assert (tmp_path / "keys" / "encryption_key").stat().st_mode & 0o077 == 0
