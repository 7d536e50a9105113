"""A soft bed of tones under a slide, a chime for each line that appears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 32_000
CHORDS = {  # hertz, low to high
    "calm": (130.81, 196.00, 261.63, 329.63),
    "bright": (146.83, 220.00, 293.66, 369.99),
    "steady": (174.61, 261.63, 349.23, 440.00),
    "alert": (110.00, 164.81, 220.00, 261.63),
}
SCALE = (523.25, 587.33, 659.26, 783.99, 880.00)  # five tones that never clash with the chords
MELODY = (0, 2, 4, 3, 1, 2, 0, 3)

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """The sound of one slide: its chord, from when until when, and when its lines appear (seconds)."""

    tone: str
    start: float
    end: float
    chimes: tuple[float, ...]


def compose(passages: Sequence[Passage], seconds: float) -> Samples:
    """The whole soundtrack, mono, between -1 and 1, the same for the same passages."""
    track = np.zeros(round(seconds * RATE), dtype=np.float32)
    for number, passage in enumerate(passages):
        _lay(track, _bed(CHORDS[passage.tone], passage.end - passage.start), passage.start)
        for place, at in enumerate(passage.chimes):
            _lay(track, _chime(SCALE[MELODY[(number * 3 + place) % len(MELODY)]], 0.16), at)
    edge = np.linspace(0, 1, RATE // 2, dtype=np.float32)
    track[: len(edge)] *= edge
    track[-len(edge) :] *= edge[::-1]
    loudest = float(np.abs(track).max())
    quieter: Samples = track * np.float32(0.6 / loudest)
    return quieter


def _bed(chord: Sequence[float], seconds: float) -> Samples:
    t = np.arange(round(seconds * RATE), dtype=np.float32) / RATE
    tones = np.zeros_like(t)
    for place, hertz in enumerate(chord):
        breath = 1 + 0.25 * np.sin(2 * np.pi * (0.11 + 0.03 * place) * t)
        tones += breath * np.sin(2 * np.pi * hertz * t) / (place + 1.5)
    swell = np.minimum(1, np.minimum(t / 1.2, (seconds - t) / 0.8)).clip(0)
    bed: Samples = (0.05 * tones * swell).astype(np.float32)
    return bed


def _chime(hertz: float, loud: float) -> Samples:
    t = np.arange(round(2.2 * RATE), dtype=np.float32) / RATE
    bell = np.sin(2 * np.pi * hertz * t) + 0.35 * np.sin(2 * np.pi * 2.76 * hertz * t) * np.exp(-6 * t)
    struck: Samples = (loud * bell * np.exp(-2.6 * t) * np.minimum(1, t / 0.006)).astype(np.float32)
    return struck


def _lay(track: Samples, sound: Samples, at: float) -> None:
    start = round(at * RATE)
    room = max(0, min(len(sound), len(track) - start))
    track[start : start + room] += sound[:room]
