"""TOML tables read strictly: whatever is missing, unknown or out of bounds is refused with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class ContentError(ValueError):
    """A content file says something that cannot be used. The message names the place."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that knows where it stands and which keys it may have."""

    place: str
    data: Mapping[str, Any]
    keys: tuple[str, ...]

    def __post_init__(self) -> None:
        for key in self.data:
            if key not in self.keys:
                raise self.fail(key, "unknown key")

    def fail(self, key: str, why: str) -> ContentError:
        return ContentError(f"{self.place}: {key}: {why}")

    def text(self, key: str, most: int) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "a text is missing")
        if len(value.strip()) > most:
            raise self.fail(key, f"{len(value.strip())} characters, at most {most}")
        return value.strip()

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key, 100)
        if value not in allowed:
            raise self.fail(key, f"“{value}” is none of {', '.join(allowed)}")
        return value

    def number(self, key: str, least: int, most: int) -> int:
        value = self.data.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fail(key, f"{value!r} is not a whole number from {least} to {most}")
        return value

    def truth(self, key: str) -> bool:
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise self.fail(key, f"{value!r} is neither true nor false")
        return value

    def texts(self, key: str, least: int, most: int, longest: int) -> tuple[str, ...]:
        value = self.data.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(key, "a list of texts is missing")
        if not least <= len(value) <= most:
            raise self.fail(key, f"{len(value)} entries, wanted {least} to {most}")
        if len(set(value)) < len(value):
            raise self.fail(key, "an entry stands twice")
        for item in value:
            if len(item) > longest:
                raise self.fail(key, f"“{item}” has {len(item)} characters, at most {longest}")
        return tuple(value)

    def tables(self, key: str, keys: tuple[str, ...]) -> Iterator[Table]:
        value = self.data.get(key)
        if not isinstance(value, list) or not value:
            raise self.fail(key, "a list of tables is missing")
        for number, item in enumerate(value, start=1):
            if not isinstance(item, dict):
                raise self.fail(key, f"entry {number} is not a table")
            yield Table(f"{self.place}: {key} {number}", item, keys)

    def only(self, keys: tuple[str, ...]) -> Table:
        """The same table held to fewer keys."""
        return Table(self.place, self.data, keys)
