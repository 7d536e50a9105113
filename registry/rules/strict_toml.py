"""Reading a table key by key, so that a key nobody asked for is found and named."""

from __future__ import annotations

import tomllib
from typing import Any, TypeVar

from registry.rules.standard import UnknownKey

Kind = TypeVar("Kind")


class BadRulebook(ValueError):
    """A rule file contradicts itself or leaves something out. The message names file and place."""


class Node:
    """One table of a file and the place where it stands; every key is taken once."""

    def __init__(self, data: dict[str, Any], place: str) -> None:
        self._left = dict(data)
        self.place = place

    def take(self, key: str, kind: type[Kind]) -> Kind:
        """The value, which must be there and of exactly this kind (true is no number, a moment no day)."""
        if key not in self._left:
            raise BadRulebook(f"{self.place}.{key} is missing")
        value = self._left.pop(key)
        if type(value) is not kind:
            raise BadRulebook(f"{self.place}.{key} must be {kind.__name__}, not {value!r}")
        return value

    def take_or(self, key: str, kind: type[Kind], default: Kind) -> Kind:
        """The value, or the default where the key is absent."""
        return self.take(key, kind) if key in self._left else default

    def maybe(self, key: str, kind: type[Kind]) -> Kind | None:
        """The value, or None where the key is absent."""
        return self.take(key, kind) if key in self._left else None

    def words(self, key: str) -> str:
        """A text with something in it."""
        text = self.take(key, str).strip()
        if not text:
            raise BadRulebook(f"{self.place}.{key} is empty")
        return text

    def texts(self, key: str) -> list[str]:
        """A list of texts, empty where the key is absent."""
        values = self.take_or(key, list, [])
        for value in values:
            if not isinstance(value, str):
                raise BadRulebook(f"{self.place}.{key} must hold texts, not {value!r}")
        return values

    def count(self, key: str, default: int | None, least: int, most: int) -> int | None:
        """A whole number within its bounds, or the default where the key is absent."""
        number = self.maybe(key, int)
        if number is None:
            return default
        if not least <= number <= most:
            raise BadRulebook(f"{self.place}.{key} must be {least} to {most}, not {number}")
        return number

    def table(self, key: str) -> Node:
        """A table inside this one, which must be there."""
        return Node(self.take(key, dict), f"{self.place}.{key}")

    def tables(self, key: str) -> list[Node]:
        """An array of tables, empty where the key is absent."""
        found: list[Node] = []
        for number, data in enumerate(self.take_or(key, list, [])):
            if not isinstance(data, dict):
                raise BadRulebook(f"{self.place}.{key}[{number}] must be a table")
            found.append(Node(data, f"{self.place}.{key}[{number}]"))
        return found

    def done(self) -> None:
        """Raises UnknownKey, naming the first key that was not taken and where it stands."""
        for key in self._left:
            raise UnknownKey(f"{self.place}.{key}")


def read_toml(text: str, name: str) -> Node:
    """The file as a node, without the byte-order mark of some editors. Raises BadRulebook for no TOML."""
    try:
        return Node(tomllib.loads(text.removeprefix("\ufeff")), name)
    except tomllib.TOMLDecodeError as error:
        raise BadRulebook(f"{name} is no TOML: {error}") from None
    except RecursionError:
        raise BadRulebook(f"{name} is no TOML: brackets inside brackets without end") from None
