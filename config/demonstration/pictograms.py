"""One pictogram a topic, drawn from circles, boxes and curves on a field of 100 × 100."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from config.demonstration.palette import Colour

Point = tuple[float, float]
FINE = 4  # drawn so many times larger, then scaled down for smooth edges


class Pen:
    """Draws shapes that are filled (the figure) or cut out (the ground showing through)."""

    def __init__(self, pixels: int) -> None:
        self.scale = pixels * FINE / 100
        self.mask = Image.new("L", (pixels * FINE, pixels * FINE), 0)
        self.draw = ImageDraw.Draw(self.mask)

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def disc(self, x: float, y: float, radius: float, cut: bool = False) -> None:
        box = self._at([(x - radius, y - radius), (x + radius, y + radius)])
        self.draw.ellipse([*box[0], *box[1]], fill=0 if cut else 255)

    def box(self, upper_left: Point, lower_right: Point, radius: float = 0, cut: bool = False) -> None:
        (a, b), (c, d) = self._at([upper_left, lower_right])
        self.draw.rounded_rectangle([a, b, c, d], radius * self.scale, fill=0 if cut else 255)

    def shape(self, points: Sequence[Point], cut: bool = False) -> None:
        self.draw.polygon(self._at(points), fill=0 if cut else 255)

    def line(self, points: Sequence[Point], width: float, cut: bool = False) -> None:
        """A line with round ends and joints."""
        self.draw.line(
            self._at(points), fill=0 if cut else 255, width=round(width * self.scale), joint="curve"
        )
        for x, y in points[:: max(1, len(points) - 1)]:
            self.disc(x, y, width / 2, cut)

    def turned(self, degrees: float) -> None:
        self.mask = self.mask.rotate(degrees, Image.Resampling.BICUBIC)
        self.draw = ImageDraw.Draw(self.mask)


def curve(*knots: Point, steps: int = 16) -> list[Point]:
    """Cubic Bézier pieces: a start, then two handles and an end for each piece."""
    points: list[Point] = [knots[0]]
    for at in range(1, len(knots), 3):
        a, (b, c, d) = points[-1], knots[at : at + 3]
        for step in range(1, steps + 1):
            t = step / steps
            u = 1 - t
            points.append(
                (
                    u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
                    u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
                )
            )
    return points


def _flame(pen: Pen) -> None:
    outer = [
        (50, 4),
        (56, 24),
        (82, 38),
        (82, 64),
        (82, 84),
        (68, 96),
        (50, 96),
        (32, 96),
        (18, 84),
        (18, 64),
    ]
    pen.shape(
        curve(*outer, (18, 48), (28, 42), (32, 28), (37, 34), (38, 38), (40, 42), (48, 32), (50, 18), (50, 4))
    )
    inner = [
        (51, 50),
        (54, 60),
        (66, 64),
        (66, 76),
        (66, 84),
        (59, 89),
        (50, 89),
        (41, 89),
        (34, 84),
        (34, 76),
    ]
    pen.shape(curve(*inner, (34, 66), (46, 62), (51, 50)), cut=True)


def _heart(x: float, y: float, size: float) -> list[Point]:
    """A heart inside a square with the upper left corner at (x, y)."""
    knots = [(50, 92), (20, 70), (4, 52), (4, 33), (4, 17), (16, 8), (28, 8), (38, 8), (46, 14), (50, 22)]
    knots += [(54, 14), (62, 8), (72, 8), (84, 8), (96, 17), (96, 33), (96, 52), (80, 70), (50, 92)]
    return [(x + a * size / 100, y + b * size / 100) for a, b in curve(*knots)]


def _first_aid(pen: Pen) -> None:
    pen.shape(_heart(2, 4, 96))
    pen.box((43, 26), (57, 68), 2, cut=True)
    pen.box((29, 40), (71, 54), 2, cut=True)


def _drop(x: float, y: float, size: float) -> list[Point]:
    knots = [(50, 0), (62, 26), (86, 44), (86, 66), (86, 86), (70, 100), (50, 100)]
    knots += [(30, 100), (14, 86), (14, 66), (14, 44), (38, 26), (50, 0)]
    return [(x + a * size / 100, y + b * size / 100) for a, b in curve(*knots)]


def _soap(pen: Pen) -> None:
    pen.box((24, 42), (68, 96), 9)
    pen.box((38, 28), (54, 40), 2)
    pen.box((43, 14), (49, 30))
    pen.box((26, 10), (58, 18), 4)
    pen.box((22, 10), (29, 24), 3)
    pen.shape(_drop(33, 54, 28), cut=True)
    pen.disc(80, 52, 8)
    pen.disc(80, 52, 4.5, cut=True)
    pen.disc(88, 32, 6)
    pen.disc(88, 32, 3.2, cut=True)
    pen.disc(74, 24, 4)


def _bowl(pen: Pen) -> None:
    pen.shape([*curve((8, 52), (8, 80), (26, 92), (50, 92), (74, 92), (92, 80), (92, 52))])
    pen.box((4, 46), (96, 55), 4)
    pen.box((34, 88), (66, 96), 3)
    for x in (34.0, 50.0, 66.0):
        pen.line(curve((x, 36), (x - 7, 28), (x + 7, 20), (x, 10)), 5)


def _shield(pen: Pen) -> None:
    knots = [(50, 3), (62, 12), (76, 16), (90, 16), (92, 52), (80, 82), (50, 97), (20, 82), (8, 52), (10, 16)]
    pen.shape(curve(*knots, (24, 16), (38, 12), (50, 3)))
    pen.shape(_heart(25, 26, 50), cut=True)


def _crib(pen: Pen) -> None:
    pen.disc(34, 22, 18)
    pen.disc(42, 16, 15, cut=True)
    for x, y, size in ((60.0, 28.0, 12.0), (78.0, 10.0, 16.0)):
        pen.line([(x, y), (x + size, y), (x, y + size), (x + size, y + size)], 3.6)
    pen.box((6, 46), (94, 54), 3)
    pen.box((6, 80), (94, 88), 3)
    for x in (6.0, 22.0, 38.0, 54.0, 70.0, 86.0):
        pen.box((x, 48), (x + (8 if x in (6.0, 86.0) else 6), 86))
    pen.box((6, 84), (14, 98), 3)
    pen.box((86, 84), (94, 98), 3)


def _virus(pen: Pen) -> None:
    for spike in range(8):
        angle = spike * pi / 4 + pi / 8
        x, y = 50 + 43 * cos(angle), 50 + 43 * sin(angle)
        pen.line([(50, 50), (x, y)], 5)
        pen.disc(x, y, 6)
    pen.disc(50, 50, 29)
    for x, y, radius in ((41.0, 41.0, 6.5), (60.0, 44.0, 4.5), (49.0, 61.0, 5.5), (64.0, 59.0, 3.0)):
        pen.disc(x, y, radius, cut=True)


def _clock(pen: Pen) -> None:
    pen.disc(50, 50, 46)
    pen.disc(50, 50, 37, cut=True)
    for hour in range(12):
        angle = hour * pi / 6
        pen.disc(50 + 30 * sin(angle), 50 - 30 * cos(angle), 3 if hour % 3 == 0 else 1.6)
    pen.line([(50, 26), (50, 50), (66, 58)], 6)
    pen.disc(50, 50, 3)


def _plaster(pen: Pen) -> None:
    pen.box((2, 33), (98, 67), 17)
    pen.box((31, 33), (34, 67), cut=True)
    pen.box((66, 33), (69, 67), cut=True)
    for x in (42.0, 50.0, 58.0):
        for y in (42.0, 50.0, 58.0):
            pen.disc(x, y, 2.4, cut=True)
    pen.turned(38)


def _bubbles(pen: Pen) -> None:
    pen.box((4, 8), (68, 56), 12)
    pen.shape([(16, 50), (16, 72), (36, 54)])
    pen.box((34, 38), (98, 86), 14, cut=True)
    pen.box((38, 42), (96, 84), 12)
    pen.shape([(84, 78), (84, 98), (64, 82)])
    pen.shape(_heart(55, 50, 25), cut=True)
    for x in (20.0, 34.0, 48.0):
        pen.disc(x, 27, 4, cut=True)


FIGURES: dict[str, Callable[[Pen], None]] = {
    "fire_safety": _flame,
    "first_aid": _first_aid,
    "hygiene": _soap,
    "nutrition": _bowl,
    "ethics": _shield,
    "sleep": _crib,
    "infection": _virus,
    "care_routine": _clock,
    "injury_prevention": _plaster,
    "communication": _bubbles,
}


@cache
def figure(topic: str, pixels: int) -> Image.Image:
    """The topic's pictogram as a mask (mode L). Raises KeyError for a topic without one."""
    pen = Pen(pixels)
    FIGURES[topic](pen)
    return pen.mask.resize((pixels, pixels), Image.Resampling.LANCZOS)


def stamp(ground: Image.Image, topic: str, at: tuple[int, int], pixels: int, colour: Colour) -> None:
    """Draw the pictogram in one colour with its upper left corner at `at`."""
    ground.paste(colour, (*at, at[0] + pixels, at[1] + pixels), figure(topic, pixels))
