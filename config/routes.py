"""Every route the process answers, frameworks' included, as the policy table names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    key: str  # as core.middleware.route_key says it
    pattern: str
    parameters: tuple[str, ...]  # those of the addresses it is included under come first; unnamed: "0", "1"


def all_routes() -> Iterator[Route]:
    yield from _walk(get_resolver(), "", (), ())


def _walk(
    resolver: URLResolver, pattern: str, namespaces: tuple[str, ...], parameters: tuple[str, ...]
) -> Iterator[Route]:
    for part in resolver.url_patterns:
        whole = pattern + str(part.pattern)
        named = (*parameters, *_parameters(part))
        if isinstance(part, URLResolver):
            inner = (*namespaces, part.namespace) if part.namespace else namespaces
            yield from _walk(part, whole, inner, named)
        elif isinstance(part, URLPattern):
            name = ":".join((*namespaces, part.name)) if part.name else f"path:{whole}"
            yield Route(key=name, pattern=whole, parameters=named)


def _parameters(part: URLPattern | URLResolver) -> tuple[str, ...]:
    """Named ones, or, where a regular expression names none, their places: Django passes one or the other."""
    regex = part.pattern.regex
    return tuple(regex.groupindex) or tuple(str(place) for place in range(regex.groups))
