"""The pictures of a course: slides of its video, its poster."""

from __future__ import annotations

from PIL import Image, ImageDraw

from config.demonstration.content import DemoCourse, DemoSlide
from config.demonstration.palette import (
    AMBER,
    APRICOT,
    DEEP_JADE,
    HAIRLINE,
    INK,
    JADE,
    MINT,
    MIST,
    PAPER,
    Colour,
    Face,
    titled,
    wrapped,
)
from config.demonstration.pictograms import stamp

WIDTH, HEIGHT = 854, 480
POSTER = (1200, 630)
MARGIN = 56
GROUNDS = {"theory": JADE, "practice": DEEP_JADE, "ethics": INK}
CATEGORIES = {"theory": "理论课程", "practice": "实操课程", "ethics": "职业道德课程"}


def slide_states(slide: DemoSlide, *, topic: str, face: Face, is_cover: bool) -> list[Image.Image]:
    """The slide with none of its lines shown, with one, and so on to all."""
    if is_cover:
        ground = _cover(slide, topic, face)
        colour, top, step, size, dot = PAPER, 262, 50, 30, APRICOT
    else:
        ground = _page(slide, topic, face)
        colour, top, step, size, dot = INK, 134, 60, 33, AMBER if slide.tone == "alert" else APRICOT
    states = [ground]
    for number, line in enumerate(slide.lines):
        state = states[-1].copy()
        draw = ImageDraw.Draw(state)
        y = top + number * step + step // 2
        _disc(state, (MARGIN, y - 7), 14, dot)
        draw.text((MARGIN + 32, y), line, font=face.sized(size), fill=colour, anchor="lm")
        states.append(state)
    return states


def _cover(slide: DemoSlide, topic: str, face: Face) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), JADE)
    draw = ImageDraw.Draw(image)
    _disc(image, (WIDTH - 350, 70), 340, DEEP_JADE)
    stamp(image, topic, (WIDTH - 285, 135), 210, PAPER)
    size = 60 if len(slide.title) <= 7 else 46
    lines = titled(slide.title, face.sized(size), WIDTH - 350 - MARGIN)
    y = 226 - len(lines) * round(size * 1.3)
    for line in lines:
        _bold(draw, (MARGIN, y), line, face=face, size=size, colour=PAPER)
        y += round(size * 1.3)
    draw.rounded_rectangle([MARGIN, 244, MARGIN + 72, 250], 3, fill=APRICOT)
    return image


def _page(slide: DemoSlide, topic: str, face: Face) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), MIST)
    draw = ImageDraw.Draw(image)
    stamp(image, topic, (WIDTH - 236, HEIGHT - 250), 210, (0xE6, 0xEF, 0xEC))
    accent = AMBER if slide.tone == "alert" else JADE
    left = MARGIN
    if slide.tone == "alert":
        _caution(image, (MARGIN, 50), 44)
        left += 60
    _bold(draw, (left, 44), slide.title, face=face, size=44, colour=accent)
    draw.line([(MARGIN, 118), (WIDTH - MARGIN, 118)], fill=HAIRLINE, width=2)
    draw.rounded_rectangle([MARGIN, 116, MARGIN + 72, 121], 2, fill=APRICOT)
    return image


def _bold(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, *, face: Face, size: int, colour: Colour
) -> None:
    """The one weight for emphasis: a regular face, its strokes widened."""
    draw.text(
        at, text, font=face.sized(size), fill=colour, stroke_width=max(1, size // 56), stroke_fill=colour
    )


def _disc(image: Image.Image, at: tuple[int, int], size: int, colour: Colour) -> None:
    """A disc with a smooth edge, its square's upper left corner at `at`."""
    fine = Image.new("L", (size * 4, size * 4), 0)
    ImageDraw.Draw(fine).ellipse([0, 0, size * 4 - 1, size * 4 - 1], fill=255)
    mask = fine.resize((size, size), Image.Resampling.LANCZOS)
    image.paste(colour, (*at, at[0] + size, at[1] + size), mask)


def _caution(image: Image.Image, at: tuple[int, int], size: int) -> None:
    """A warning triangle, so that an alert is not told by colour alone."""
    fine = Image.new("L", (size * 4, size * 4), 0)
    draw = ImageDraw.Draw(fine)
    whole = size * 4
    draw.polygon(
        [(whole / 2, whole * 0.06), (whole * 0.98, whole * 0.92), (whole * 0.02, whole * 0.92)], fill=255
    )
    draw.rounded_rectangle([whole * 0.46, whole * 0.36, whole * 0.54, whole * 0.66], whole * 0.03, fill=0)
    draw.ellipse([whole * 0.45, whole * 0.72, whole * 0.55, whole * 0.82], fill=0)
    mask = fine.resize((size, size), Image.Resampling.LANCZOS)
    image.paste(AMBER, (*at, at[0] + size, at[1] + size), mask)


def draw_poster(course: DemoCourse, *, face: Face) -> Image.Image:
    """The course's picture for catalogue and shared links, 1200 × 630."""
    width, height = POSTER
    ground = GROUNDS[course.category]
    image = Image.new("RGB", POSTER, ground)
    draw = ImageDraw.Draw(image)
    _disc(image, (width - 492, 86), 444, MINT)
    stamp(image, course.topic, (width - 410, 168), 280, ground)
    draw.rectangle([0, height - 14, width, height], fill=APRICOT)
    text_width = width - 540 - 72
    title = titled(course.title, face.sized(68), text_width)
    english = wrapped(course.title_en, face.sized(28), text_width)
    y = (height - 14 - len(title) * 92 - len(english) * 40 - 96) // 2
    tag = CATEGORIES[course.category]
    tag_width = round(face.sized(28).getlength(tag)) + 40
    draw.rounded_rectangle([72, y, 72 + tag_width, y + 48], 24, outline=MINT, width=2)
    draw.text((92, y + 24), tag, font=face.sized(28), fill=MINT, anchor="lm")
    y += 72
    for line in title:
        _bold(draw, (72, y), line, face=face, size=68, colour=PAPER)
        y += 92
    y += 16
    for line in english:
        draw.text((72, y), line, font=face.sized(28), fill=MINT)
        y += 40
    return image
