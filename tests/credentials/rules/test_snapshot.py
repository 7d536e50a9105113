from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from credentials.rules.snapshot import BadSnapshot, CertificateFacts, HourLine
from tests.credentials.examples import CAREGIVER, facts


def changed(**changes: Any) -> bytes:
    """The caregiver's text with plain values put in, again with sorted keys and no white space."""
    data = json.loads(CAREGIVER.canonical_bytes()) | changes
    data = {key: value for key, value in data.items() if value is not ...}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_the_text_is_canonical_json() -> None:
    text = CAREGIVER.canonical_bytes().decode()
    assert text.startswith('{"authority":"云南省卫生健康委员会","citation":"云南省“十四五”')
    assert '"hours":[{"category":"theory","minutes":2700,"title":"理论"},' in text
    assert '"replaces":null' in text
    assert '"type":"yuzheng/certificate"' in text
    assert '"version":1' in text
    assert '"valid_until":"2031-05-20"' in text
    keys = list(json.loads(text))
    assert keys == sorted(keys)


def test_reading_gives_equal_facts_and_equal_bytes() -> None:
    raw = CAREGIVER.canonical_bytes()
    again = CertificateFacts.from_bytes(raw)
    assert again == CAREGIVER
    assert again.canonical_bytes() == raw
    assert again.sha256 == CAREGIVER.sha256 == hashlib.sha256(raw).hexdigest()


def test_the_bytes_are_the_same_in_another_process_with_another_hash_seed() -> None:
    program = "from tests.credentials.examples import CAREGIVER; print(CAREGIVER.sha256)"
    for seed in ("1", "2"):
        printed = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[3])},
            check=True,
            capture_output=True,
            text=True,
        )
        assert printed.stdout.strip() == CAREGIVER.sha256


@pytest.mark.parametrize(
    "change",
    [
        {"holder_name": "杨春雁"},
        {"number": "5326B0012346X"},
        {"minutes": 5401},
        {"valid_until": date(2031, 5, 21)},
        {"facility": ""},
        {"hours": ()},
        {"document_tail": "0210"},
        {"edition": 2, "replaces": CAREGIVER.number},
    ],
)
def test_any_change_changes_the_hash(change: dict[str, Any]) -> None:
    assert facts(**change).sha256 != CAREGIVER.sha256


def test_rare_names_survive() -> None:
    for name in ("𬱖䶮㛃", "阿依古丽·买买提", "O'Neill\"\\", "\u2028\x7f"):
        again = CertificateFacts.from_bytes(facts(holder_name=name).canonical_bytes())
        assert again.holder_name == name


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[1]", "not a certificate"),
        (b"{}", "not a certificate"),
        (b"[" * 100_000, "not JSON"),
        (changed(version=2), "version 2 is unknown"),
        (changed(version="1"), "version '1' is unknown"),
        (changed(colour="red"), "colour is unknown"),
        (changed(number=...), "number is missing"),
        (changed(number=12), "number is not text"),
        (changed(replaces=12), "replaces is not text"),
        (changed(minutes="5400"), "minutes is not an integer"),
        (changed(minutes=True), "minutes is not an integer"),
        (changed(minutes=5400.0), "minutes is not an integer"),
        (changed(issued_on="20260520"), "canonical form"),
        (changed(issued_on="2026-02-30"), "day is out of range"),
        (changed(valid_until="2026-05-20"), "valid on no day"),
        (changed(hours=[{"category": "theory", "title": "理论", "minutes": -1}]), "not a count"),
        (changed(hours=[{"category": "theory", "minutes": 1}]), "title"),
        (changed(hours=[{"category": "theory", "title": 1, "minutes": 1}]), "not text"),
        (changed(hours={}), "canonical form"),
        (CAREGIVER.canonical_bytes() + b"\n", "canonical form"),
        (CAREGIVER.canonical_bytes().replace(b'"edition":1,', b'"edition":1,"edition":1,'), "canonical form"),
    ],
)
def test_what_is_not_wholly_understood_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(BadSnapshot, match=words):
        CertificateFacts.from_bytes(raw)


@pytest.mark.parametrize(
    "change",
    [
        {"holder_name": ""},
        {"authority": ""},
        {"edition": 2},
        {"edition": 0, "replaces": "5326B0012345K"},
        {"replaces": "5326B0012345K"},
        {"valid_until": date(2026, 5, 20)},
        {"minutes": -1},
        {"class_hour_minutes": 0},
    ],
)
def test_impossible_facts_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadSnapshot):
        facts(**change)


def test_half_a_character_cannot_be_signed() -> None:
    with pytest.raises(BadSnapshot, match="Unicode"):
        facts(holder_name="\ud840").canonical_bytes()


def test_a_started_class_hour_is_not_counted() -> None:
    assert facts(minutes=5400).class_hours == 120
    assert facts(minutes=5399).class_hours == 119
    assert facts(hours=(HourLine("theory", "理论", 0),)).hours[0].minutes == 0
