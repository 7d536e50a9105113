"""Open a stranger's film, document or picture without letting it harm anything.

Decoders are where hostile files bite, so the file is opened in a child process (`probe_child.py`) with
caps on memory, processor time and the clock; the worst file costs a refusal. The parent reads JSON only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trainers.rules.forms import SENTENCES, Form, Unfit

CHILD = Path(__file__).with_name("probe_child.py")


@dataclass(frozen=True, slots=True)
class Caps:
    """What looking into one file may cost."""

    seconds: int = 10  # of the processor, held by the kernel
    clock_seconds: int = 60  # on the wall: a busy machine makes no honest file unfit
    memory_bytes: int = 512 * 1024 * 1024
    pixels: int = 40_000_000
    pages: int = 2_000
    members: int = 10_000
    unpacked_bytes: int = 1_000_000_000
    ratio: int = 100
    ratio_from_bytes: int = 20_000_000
    # what the browsers of cheap phones can play
    video_codecs: tuple[str, ...] = ("h264", "vp8", "vp9", "av1")
    audio_codecs: tuple[str, ...] = ("aac", "mp3", "opus", "vorbis", "flac")


DEFAULT_CAPS = Caps()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file is, by its content. A value that its form does not have is None."""

    duration_ms: int | None = None
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def probe(path: Path, form: Form, *, caps: Caps = DEFAULT_CAPS) -> Facts:
    """Facts of the file at `path`, which must be of `form`. Raises Unfit."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-I", str(CHILD), form.suffix, str(path), json.dumps(asdict(caps))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=caps.clock_seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unfit("too_heavy") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        # Killed by a limit, or crashed in a decoder, before it could answer.
        raise Unfit("too_heavy" if done.returncode in (-9, -24) else "damaged") from None
    if "refused" in answer:
        raise Unfit(answer["refused"] if answer["refused"] in SENTENCES else "damaged")
    return Facts(**answer)
