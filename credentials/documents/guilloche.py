"""The fine line work of the certificate, computed: a braided band, corner rosettes, a pale rosette beneath.

Every curve is a smooth function drawn by cubic Bézier pieces with exact tangents (Hermite
form), so it stays a vector at any magnification; a copier that rasters it gives itself away.
Lengths are millimetres.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin, tau

Point = tuple[float, float]
Curve = Callable[[float], Point]

WIDTH, HEIGHT = 210.0, 297.0
EDGE = 9.0  # from the paper's edge to the band
BAND = 7.0  # width of the band

JADE = "#0F6B5C"
GOLD = "#B98A3C"


@cache
def frame() -> str:
    """The ornament of a whole A4 page as an SVG document with a transparent ground."""
    middle = EDGE + BAND / 2
    parts = [_underprint(), _rules()]
    for start, direction, length in (
        ((middle, middle), (1.0, 0.0), WIDTH - 2 * middle),
        ((WIDTH - middle, middle), (0.0, 1.0), HEIGHT - 2 * middle),
        ((WIDTH - middle, HEIGHT - middle), (-1.0, 0.0), WIDTH - 2 * middle),
        ((middle, HEIGHT - middle), (0.0, -1.0), HEIGHT - 2 * middle),
    ):
        parts.append(_braid(start, direction, length))
    for x in (middle, WIDTH - middle):
        for y in (middle, HEIGHT - middle):
            parts.append(_corner((x, y)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" fill="none">'
        + "".join(parts)
        + "</svg>"
    )


def path(curve: Curve, start: float, end: float, pieces: int) -> str:
    """SVG path data of `curve` between two parameters, in `pieces` cubic pieces."""
    step = (end - start) / pieces
    x, y = curve(start)
    data = [f"M{x:.2f} {y:.2f}"]
    dx, dy = _slope(curve, start)
    for piece in range(1, pieces + 1):
        t = start + piece * step
        nx, ny = curve(t)
        ndx, ndy = _slope(curve, t)
        third = step / 3
        # Relative coordinates halve the size of the document.
        data.append(
            f"c{dx * third:.2f} {dy * third:.2f} {nx - ndx * third - x:.2f} {ny - ndy * third - y:.2f} "
            f"{nx - x:.2f} {ny - y:.2f}"
        )
        # Rounded ends are carried on, so that errors do not add up along the curve.
        x, y, dx, dy = x + round(nx - x, 2), y + round(ny - y, 2), ndx, ndy
    return "".join(data)


def _slope(curve: Curve, t: float) -> Point:
    nearby = 1e-5
    (ax, ay), (bx, by) = curve(t - nearby), curve(t + nearby)
    return (bx - ax) / (2 * nearby), (by - ay) / (2 * nearby)


def _stroke(data: str, colour: str, width: float, opacity: float = 1.0) -> str:
    faint = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<path d="{data}" stroke="{colour}" stroke-width="{width:g}"{faint}/>'


def _rules() -> str:
    rules = []
    for inset, colour, width in (
        (EDGE - 1.3, GOLD, 0.5),
        (EDGE - 0.4, JADE, 0.14),
        (EDGE + BAND + 0.4, JADE, 0.14),
        (EDGE + BAND + 1.3, GOLD, 0.3),
    ):
        rules.append(
            f'<rect x="{inset:g}" y="{inset:g}" width="{WIDTH - 2 * inset:g}" height="{HEIGHT - 2 * inset:g}"'
            f' stroke="{colour}" stroke-width="{width:g}"/>'
        )
    return "".join(rules)


def _braid(start: Point, direction: Point, length: float) -> str:
    """Two bundles of sine waves in opposite phase along a line, and a fast fine wave through them."""
    (x0, y0), (ux, uy) = start, direction
    waves = round(length / 14)

    def along(wave: Callable[[float], float]) -> Curve:
        def curve(t: float) -> Point:
            across = wave(t)
            return x0 + ux * length * t - uy * across, y0 + uy * length * t + ux * across

        return curve

    bundle: list[str] = []
    for sign in (1.0, -1.0):
        for thread in range(6):
            shift = (thread - 2.5) * 0.22
            height = BAND / 2 - 0.35 - 0.16 * abs(thread - 2.5)

            def wave(t: float, sign: float = sign, shift: float = shift, height: float = height) -> float:
                return sign * height * sin(tau * waves * t + shift)

            bundle.append(path(along(wave), 0.0, 1.0, waves * 4))

    def fine(t: float, sign: float = 1.0) -> float:
        return sign * (0.9 + 0.75 * cos(2 * tau * waves * t)) * sin(tau * waves * 4 * t)

    threads = [path(along(lambda t, s=s: fine(t, s)), 0.0, 1.0, waves * 8) for s in (1.0, -1.0)]  # type: ignore[misc]
    return _stroke("".join(bundle), JADE, 0.13) + _stroke("".join(threads), GOLD, 0.12)


def _rosette(
    centre: Point, radius: float, depth: float, *, petals: int, turns: int, shift: float = 0.0
) -> str:
    """A closed wave around a circle: `petals` waves in `turns` rounds, between `radius` ± `depth`."""
    cx, cy = centre

    def curve(t: float) -> Point:
        r = radius + depth * sin(petals / turns * t + shift)
        return cx + r * cos(t), cy + r * sin(t)

    return path(curve, 0.0, tau * turns, petals * 3)


def _corner(centre: Point) -> str:
    x, y = centre
    disc = f'<circle cx="{x:g}" cy="{y:g}" r="6.9" fill="#FCF8EC" stroke="{GOLD}" stroke-width="0.3"/>'
    outer = "".join(
        _rosette(centre, 5.0, 1.45, petals=11, turns=4, shift=shift) for shift in (0.0, pi / 3, 2 * pi / 3)
    )
    inner = _rosette(centre, 2.2, 1.15, petals=9, turns=4) + _rosette(
        centre, 2.2, 1.15, petals=9, turns=4, shift=pi / 2
    )
    return (
        disc
        + _stroke(outer, JADE, 0.12)
        + _stroke(inner, GOLD, 0.14)
        + f'<circle cx="{x:g}" cy="{y:g}" r="0.7" fill="{JADE}"/>'
    )


def _underprint() -> str:
    """Pale rings behind the text: legible paper, unlike a plain sheet."""
    centre = (WIDTH / 2, 138.0)
    rings = []
    for ring, (radius, depth, petals, turns) in enumerate(
        ((18.0, 7.5, 17, 4), (33.0, 8.5, 25, 6), (49.0, 9.0, 37, 6), (64.0, 7.5, 47, 6))
    ):
        colour = GOLD if ring % 2 else JADE
        rings.append(_stroke(_rosette(centre, radius, depth, petals=petals, turns=turns), colour, 0.14, 0.17))
    return "".join(rings)
