"""Fault points do nothing until armed, and an armed point that is never reached is a mistake of the test."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import faults

ROOT = Path(__file__).resolve().parents[2]


def test_an_unarmed_point_does_nothing() -> None:
    faults.point("nobody.armed.this")


def test_an_armed_point_breaks_once_reached_and_only_inside_the_block() -> None:
    with faults.armed("here"):
        faults.point("elsewhere")
        with pytest.raises(faults.InjectedFault):
            faults.point("here")
    faults.point("here")


def test_an_armed_point_that_is_never_reached_is_told() -> None:
    with pytest.raises(AssertionError, match="never reached"), faults.armed("here"):
        pass


def test_a_fault_that_the_code_swallowed_was_still_reached() -> None:
    with faults.armed("here"), contextlib.suppress(faults.InjectedFault):
        faults.point("here")


def test_an_unknown_effect_is_refused() -> None:
    with pytest.raises(ValueError, match="must be error, kill or pause"):
        faults.arm_from("here=explode")


def test_a_process_armed_from_outside_dies_like_by_kill_9() -> None:
    program = "from core import faults; faults.arm_from('here=kill'); faults.point('here'); print('alive')"
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(os.environ), capture_output=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (-signal.SIGKILL, b"")
