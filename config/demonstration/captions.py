"""When each slide is on, and the WebVTT captions that say what is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from config.demonstration.content import DemoSlide

CUE_CHARACTERS = 24  # about one line under a small video
LEAD = 0.3  # seconds of silence at either end of a slide
PAUSES = "\uff0c\uff1a\uff1b"  # full-width comma, colon, semicolon
STOPS = "\u3002\uff01\uff1f"  # full stop, exclamation and question mark
FIRST_LINE_AT = 0.8
LAST_LINE_BEFORE_END = 2.5


def slide_times(slides: Sequence[DemoSlide], seconds: float) -> list[tuple[float, float]]:
    """Start and end of each slide when all of them together play `seconds`, in proportion to their speech."""
    whole = sum(slide.seconds for slide in slides)
    marks = [0.0]
    for slide in slides:
        marks.append(marks[-1] + seconds * slide.seconds / whole)
    return list(pairwise(marks))


def line_times(slide: DemoSlide, start: float, end: float) -> tuple[float, ...]:
    """When each line of the slide appears."""
    room = max(0.0, end - start - FIRST_LINE_AT - LAST_LINE_BEFORE_END)
    return tuple(start + FIRST_LINE_AT + room * place / len(slide.lines) for place in range(len(slide.lines)))


def webvtt(slides: Sequence[DemoSlide], seconds: float) -> str:
    """The captions of the whole video."""
    cues = [
        f"{number}\n{_stamp(start)} --> {_stamp(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(_cues(slides, seconds), start=1)
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def _cues(slides: Sequence[DemoSlide], seconds: float) -> Iterator[tuple[float, float, str]]:
    for slide, (start, end) in zip(slides, slide_times(slides, seconds), strict=True):
        phrases = _phrases(slide.spoken)
        at, room = start + LEAD, end - start - 2 * LEAD
        for phrase in phrases:
            until = at + room * len(phrase) / sum(map(len, phrases))
            yield at, until, phrase
            at = until


def _phrases(spoken: str) -> list[str]:
    """Cut after punctuation; short pieces join while they fit one cue and no sentence ends between."""
    phrases: list[str] = []
    for piece in re.findall(f"[^{PAUSES}{STOPS}]+[{PAUSES}{STOPS}]*[”’]?", spoken):
        if phrases and phrases[-1][-1] in PAUSES and len(phrases[-1] + piece) <= CUE_CHARACTERS:
            phrases[-1] += piece
        else:
            phrases.append(piece)
    return phrases


def _stamp(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
