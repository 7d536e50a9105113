"""A map without boundaries: one tile for each prefecture, placed roughly where it lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    """`name` is the short form that fits a tile; `column` and `row` count from 0."""

    prefix: str
    name: str
    column: int
    row: int


# Drawn for this project; a province without a grid shows its table alone.
GRIDS: dict[str, tuple[Tile, ...]] = {
    "53": (
        Tile("5334", "迪庆", 1, 0),
        Tile("5306", "昭通", 4, 0),
        Tile("5333", "怒江", 0, 1),
        Tile("5307", "丽江", 1, 1),
        Tile("5305", "保山", 0, 2),
        Tile("5329", "大理", 1, 2),
        Tile("5323", "楚雄", 2, 2),
        Tile("5301", "昆明", 3, 2),
        Tile("5303", "曲靖", 4, 2),
        Tile("5331", "德宏", 0, 3),
        Tile("5309", "临沧", 1, 3),
        Tile("5308", "普洱", 2, 3),
        Tile("5304", "玉溪", 3, 3),
        Tile("5328", "版纳", 2, 4),
        Tile("5325", "红河", 3, 4),
        Tile("5326", "文山", 4, 4),
    ),
}
