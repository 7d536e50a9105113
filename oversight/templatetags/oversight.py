"""Words of this room's pages."""

from __future__ import annotations

from django import template

from credentials.rules.number import grouped

register = template.Library()


@register.filter
def number(compact: str) -> str:
    """A certificate's number as it is printed."""
    return grouped(compact)
