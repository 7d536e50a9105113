"""Charts as numbers for SVG attributes: drawn by the server, without scripts or inline styles.

Horizontal places are percentages, so that a chart stretches and its letters do not; vertical places
are pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from oversight.queries.trend import Point
from oversight.rules.rates import Rate
from oversight.rules.tiles import GRIDS

LEFT, RIGHT = 12.0, 98.0  # percent
TOP, BOTTOM = 28, 196  # pixels
HEIGHT = 232
TILE_HEIGHT, TILE_GAP = 66, 4


@dataclass(frozen=True, slots=True)
class Dot:
    """One rate in the chart; `label` says where its figure stands, or nothing."""

    x: str
    y: int
    point: Point
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stroke between two neighbouring rates."""

    x1: str
    y1: int
    x2: str
    y2: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A day under the chart."""

    x: str
    anchor: str
    on: date


@dataclass(frozen=True, slots=True)
class TrendChart:
    """`target_y` is None without a target. Where nobody was counted the line breaks."""

    points: tuple[Point, ...]
    dots: tuple[Dot, ...]
    segments: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    levels: tuple[tuple[int, int], ...]  # percent, y
    target: int | None
    target_y: int | None
    height: int = HEIGHT

    @property
    def first(self) -> Point | None:
        return self.dots[0].point if self.dots else None

    @property
    def last(self) -> Point | None:
        return self.dots[-1].point if self.dots else None


def trend_chart(points: Sequence[Point], target: int | None) -> TrendChart:
    """The axis runs from 0 to 100 %: a chart that begins at 80 makes every change look large."""
    places = [(index, point) for index, point in enumerate(points) if point.rate.tenths is not None]
    shown = {places[0][0], places[-1][0]} if places else set()
    dots = {
        index: Dot(
            _x(index, len(points)),
            _y(point.rate.tenths or 0),
            point,
            ("end" if index > len(points) // 2 else "start") if index in shown else "",
        )
        for index, point in places
    }
    segments = tuple(
        Segment(dots[one].x, dots[one].y, dots[two].x, dots[two].y)
        for one, two in pairwise(range(len(points)))
        if one in dots and two in dots
    )
    middle = len(points) // 2
    ticks = tuple(
        Tick(_x(index, len(points)), anchor, points[index].on)
        for index, anchor in ((0, "start"), (middle, "middle"), (len(points) - 1, "end"))
    )
    return TrendChart(
        points=tuple(points),
        dots=tuple(dots[index] for index, _point in places),
        segments=segments,
        ticks=ticks,
        levels=tuple((percent, _y(percent * 10)) for percent in (0, 50, 100)),
        target=target,
        target_y=None if target is None else _y(target * 10),
    )


@dataclass(frozen=True, slots=True)
class Square:
    """One tile: a prefecture by its rate."""

    code: str
    name: str
    full_name: str
    rate: Rate
    x: str
    width: str
    middle: str
    y: int


@dataclass(frozen=True, slots=True)
class TileMap:
    squares: tuple[Square, ...]
    height: int
    tile_height: int = TILE_HEIGHT - TILE_GAP


def tile_map(province: str, rates: Mapping[str, tuple[str, Rate]]) -> TileMap | None:
    """`rates`: (name, rate) by division code. None for a province without a grid, or with gaps."""
    grid = GRIDS.get(province[:2])
    if grid is None or any(f"{tile.prefix}00" not in rates for tile in grid):
        return None
    columns = max(tile.column for tile in grid) + 1
    share = 100 / columns
    squares = tuple(
        Square(
            f"{tile.prefix}00",
            tile.name,
            *rates[f"{tile.prefix}00"],
            _percent(tile.column * share + 0.5),
            _percent(share - 1),
            _percent((tile.column + 0.5) * share),
            tile.row * TILE_HEIGHT,
        )
        for tile in grid
    )
    return TileMap(squares, (max(tile.row for tile in grid) + 1) * TILE_HEIGHT)


def _x(index: int, count: int) -> str:
    return _percent(LEFT + (RIGHT - LEFT) * index / max(1, count - 1))


def _y(tenths: int) -> int:
    return BOTTOM - (BOTTOM - TOP) * tenths // 1000


def _percent(value: float) -> str:
    return f"{value:.2f}%"
