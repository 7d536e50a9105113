"""Makes the media of the demonstration's courses: videos with sound and captions, handouts, posters.

The same content and font give the same file, named by their hash, so what exists
is never made twice, and two processes may make it at once: each writes beside the
place and moves the finished file in.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

from config.demonstration.captions import webvtt
from config.demonstration.content import DemoCourse, DemoLesson, load_courses
from config.demonstration.frames import draw_poster
from config.demonstration.handout import make_pdf
from config.demonstration.palette import face_of
from config.demonstration.video import make_video

__all__ = ["POSTER", "captions_beside", "ensure_media", "make_image", "make_pdf", "make_video", "webvtt"]

RECIPE = 2  # raise it when the same content should look or sound different
POSTER = "poster"  # stands where a lesson's slug stands

Maker = Callable[[Path], object]


def ensure_media(
    folder: Path, font_paths: Sequence[Path], *, courses: Sequence[DemoCourse] | None = None
) -> dict[tuple[str, str], Path]:
    """Make what is missing; the file of each (course slug, lesson slug), and of (course slug, POSTER).

    Captions lie beside their video (`captions_beside`). The first of `font_paths` that exists
    is used; raises FileNotFoundError if none does.
    """
    font = next((path for path in font_paths if path.is_file()), None)
    if font is None:
        raise FileNotFoundError(f"no font at {', '.join(map(str, font_paths))}")
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[tuple[str, str], Path] = {}
    jobs: list[tuple[Path, Maker]] = []
    for course in load_courses() if courses is None else courses:
        for lesson in course.lessons:
            if lesson.kind == "video":
                path = _place(folder, course, lesson.slug, font, "mp4")
                jobs.append((path, partial(_write_video, course, lesson, font)))
                jobs.append((captions_beside(path), partial(_write_captions, lesson)))
            elif lesson.kind == "pdf":
                path = _place(folder, course, lesson.slug, font, "pdf")
                jobs.append((path, partial(_write_handout, course, lesson, font)))
            else:
                continue
            found[course.slug, lesson.slug] = path
        found[course.slug, POSTER] = path = _place(folder, course, POSTER, font, "png")
        jobs.append((path, partial(_write_poster, course, font)))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as hands:  # encoders let go of the interpreter
        for made in [hands.submit(_once, path, make) for path, make in jobs]:
            made.result()
    return found


def captions_beside(video: Path) -> Path:
    """Where the WebVTT file of a made video lies."""
    return video.with_suffix(".vtt")


def make_image(course: DemoCourse, path: Path, *, font: Path) -> None:
    """Write the course's poster, 1200 × 630, as a PNG of few colours."""
    draw_poster(course, face=face_of(font)).quantize(64).save(path, "PNG", optimize=True)


def _write_video(course: DemoCourse, lesson: DemoLesson, font: Path, to: Path) -> None:
    make_video(lesson.slides, to, lesson.seconds, font=font, topic=course.topic)


def _write_captions(lesson: DemoLesson, to: Path) -> None:
    to.write_text(webvtt(lesson.slides, lesson.seconds), "utf-8")


def _write_handout(course: DemoCourse, lesson: DemoLesson, font: Path, to: Path) -> None:
    make_pdf(
        lesson.title,
        lesson.blocks,
        to,
        font=font,
        topic=course.topic,
        course=course.title,
        basis=course.basis,
    )


def _write_poster(course: DemoCourse, font: Path, to: Path) -> None:
    make_image(course, to, font=font)


def _place(folder: Path, course: DemoCourse, part: str, font: Path, suffix: str) -> Path:
    """The file's place, named by all that it is made of."""
    own = course if part == POSTER else next(lesson for lesson in course.lessons if lesson.slug == part)
    about = (RECIPE, course.title, course.topic, course.basis, own, _digest(font))
    return folder / f"{course.slug}-{part}-{hashlib.sha256(repr(about).encode()).hexdigest()[:16]}.{suffix}"


@cache
def _digest(font: Path) -> str:
    with font.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _once(path: Path, make: Maker) -> None:
    """Have the file made unless it is there; whoever looks sees a whole file or none."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        make(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
