"""What stands in the masthead, by what the account may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import pgettext_lazy as _

from config.policy import TABLE

N = "navigation"
ITEMS = (
    ("cms:courses", _(N, "Courses")),
    ("cms:experts", _(N, "Experts")),
    ("credentials:enter_code", _(N, "Verify")),
    ("lms:home", _(N, "My learning")),
    ("oversight:facility", _(N, "My facility")),
    ("oversight:home", _(N, "Oversight")),
    ("credentials:bans", _(N, "Ban cases")),
    ("credentials:find", _(N, "Certificates")),
    ("trainers:materials", _(N, "Materials")),
    ("trainers:reviews", _(N, "Material reviews")),
    ("cms:reviews", _(N, "Course reviews")),
    ("lms:sessions", _(N, "Class sessions")),
    ("registry:duties", _(N, "Duties")),
    ("wagtailadmin_home", _(N, "Authoring")),
)


@dataclass(frozen=True, slots=True)
class Item:
    url: str
    label: Any
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Lazy: a public page that shows no navigation reads no session."""
    return {"nav_items": SimpleLazyObject(lambda: _items(request))}


def _items(request: HttpRequest) -> list[Item]:
    account = getattr(request, "user", None)
    kinds = account.kinds if account is not None and account.is_authenticated else frozenset()
    items = []
    for route, label in ITEMS:
        line = TABLE.get(route)
        if line is None or not line.admits(kinds):
            continue
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        items.append(Item(url=url, label=label, current=request.path.startswith(url)))
    return items
