from __future__ import annotations

import re
from math import cos, pi, sin, tau
from xml.etree import ElementTree

import pytest

from credentials.documents.guilloche import HEIGHT, WIDTH, frame, path


def points(data: str) -> list[tuple[float, float]]:
    """The end points of the pieces of a path of one `M` and many relative `c`."""
    numbers = re.compile(r"-?\d+\.\d+")
    start, *pieces = data.split("c")
    x, y = map(float, numbers.findall(start))
    found = [(x, y)]
    for piece in pieces:
        *_, dx, dy = map(float, numbers.findall(piece))
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_a_path_runs_through_the_points_of_its_curve() -> None:
    def curve(t: float) -> tuple[float, float]:
        return 100 + 50 * cos(t), 100 + 50 * sin(t)

    found = points(path(curve, 0, tau, 64))
    assert len(found) == 65
    for place, point in enumerate(found):
        assert point == pytest.approx(curve(tau * place / 64), abs=0.02)  # also the last one: no drift


def test_the_control_points_lie_on_the_tangents() -> None:
    # The classic quarter circle: handles of 4/3·tan(π/8) = 0.5523; Hermite form gives (π/2)/3 = 0.5236.
    data = path(lambda t: (100 * cos(t), 100 * sin(t)), 0, pi / 2, 1)
    assert data == "M100.00 0.00c0.00 52.36 -47.64 100.00 -100.00 100.00"


def test_the_frame_is_one_svg_that_stays_on_the_page() -> None:
    root = ElementTree.fromstring(frame())
    assert root.attrib["viewBox"] == "0 0 210 297"
    drawn = 0
    for element in root:
        for data in re.findall(r"M[^M]+", element.attrib.get("d", "")):
            for x, y in points(data):
                assert 2 < x < WIDTH - 2
                assert 2 < y < HEIGHT - 2
                drawn += 1
    assert drawn > 2000


def test_the_frame_is_the_same_each_time() -> None:
    first = frame()
    frame.cache_clear()
    assert frame() == first
    assert len(first) < 250_000
