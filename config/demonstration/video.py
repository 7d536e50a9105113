"""Slides and tones into an MP4 that every browser plays: H.264 and AAC, its index in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray
from PIL import Image

from config.demonstration.captions import line_times, slide_times
from config.demonstration.content import DemoSlide
from config.demonstration.frames import HEIGHT, WIDTH, slide_states
from config.demonstration.palette import APRICOT, HAIRLINE, Colour, face_of
from config.demonstration.sound import RATE, Passage, Samples, compose

FPS = 6
FADE_FRAMES = 3
BAR_TOP = HEIGHT - 8
LUMA = HEIGHT * WIDTH
CHROMA = LUMA // 4
SMPTE_170M = 6

Planes = NDArray[np.uint8]  # a picture as yuv420p, flat: Y, then U, then V


def make_video(slides: Sequence[DemoSlide], path: Path, seconds: int, *, font: Path, topic: str) -> None:
    """Write an MP4 of `seconds`; the first slide is its cover. Needs no screen and no ffmpeg program."""
    times = slide_times(slides, seconds)
    track = compose(
        [
            Passage(slide.tone, start, end, line_times(slide, start, end))
            for slide, (start, end) in zip(slides, times, strict=True)
        ],
        seconds,
    )
    with av.open(
        str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}
    ) as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.time_base = video.codec_context.time_base = Fraction(1, FPS)
        context = video.codec_context  # say which colours are meant, for players guess by size
        context.colorspace = context.color_primaries = context.color_trc = SMPTE_170M
        context.color_range = ColorRange.MPEG
        video.codec_context.thread_count = 1
        video.options = {
            "profile": "main",
            "preset": "veryfast",
            "tune": "stillimage",
            "crf": "27",
            "g": str(FPS * 5),
            # one thread of each kind, and no macroblock tree: with AVX-512 it reads memory nobody set,
            # so that one film in thirty came out a few bytes longer
            "x264-params": "threads=1:lookahead-threads=1:sync-lookahead=0:deterministic=1:mbtree=0",
        }
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate, audio.options = 40_000, {"aac_coder": "fast"}
        for number, planes in enumerate(_pictures(slides, times, seconds, font, topic)):
            frame = VideoFrame.from_ndarray(planes.reshape(HEIGHT * 3 // 2, WIDTH), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
            start, end = number * RATE // FPS, (number + 1) * RATE // FPS
            container.mux(audio.encode(_heard(track, start, end)))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def _heard(track: Samples, start: int, end: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(track[start:end].reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
    return frame


def _pictures(
    slides: Sequence[DemoSlide], times: Sequence[tuple[float, float]], seconds: int, font: Path, topic: str
) -> Iterator[Planes]:
    """Every frame: lines fade in one by one, one slide fades into the next, a bar shows how far it is."""
    face, total = face_of(font), seconds * FPS
    changes: list[tuple[int, Planes]] = []
    for place, (slide, (start, end)) in enumerate(zip(slides, times, strict=True)):
        states = slide_states(slide, topic=topic, face=face, is_cover=place == 0)
        moments = (start, *line_times(slide, start, end))
        changes += [(round(at * FPS), _planes(state)) for at, state in zip(moments, states, strict=True)]
    filled, empty = _yuv(APRICOT), _yuv(HAIRLINE)
    shown = before = changes[0][1]
    since, upcoming = -FADE_FRAMES, 1
    for number in range(total):
        while upcoming < len(changes) and changes[upcoming][0] <= number:
            before, shown, since = shown, changes[upcoming][1], number
            upcoming += 1
        share = number - since + 1
        picture = shown.copy() if share >= FADE_FRAMES else _blend(before, shown, share / FADE_FRAMES)
        _draw_bar(picture, (number + 1) / total, filled, empty)
        yield picture


def _planes(image: Image.Image) -> Planes:
    frame = VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
    fitting = frame.reformat(
        format="yuv420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.MPEG
    )
    return fitting.to_ndarray().reshape(-1).astype(np.uint8, copy=False)


def _yuv(colour: Colour) -> tuple[int, int, int]:
    flat = _planes(Image.new("RGB", (WIDTH, HEIGHT), colour))
    return int(flat[0]), int(flat[LUMA]), int(flat[LUMA + CHROMA])


def _blend(before: Planes, after: Planes, share: float) -> Planes:
    mixed = before.astype(np.float32) * (1 - share) + after.astype(np.float32) * share
    return mixed.astype(np.uint8)


def _draw_bar(
    picture: Planes, share: float, filled: tuple[int, int, int], empty: tuple[int, int, int]
) -> None:
    sizes = ((0, HEIGHT, WIDTH), (LUMA, HEIGHT // 2, WIDTH // 2), (LUMA + CHROMA, HEIGHT // 2, WIDTH // 2))
    for (start, height, width), done, rest in zip(sizes, filled, empty, strict=True):
        plane = picture[start : start + height * width].reshape(height, width)
        top, until = BAR_TOP * height // HEIGHT, round(width * share)
        plane[top:, :until], plane[top:, until:] = done, rest
