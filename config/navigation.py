"""What stands in the masthead, by what the account may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from config.policy import TABLE

ITEMS = (
    ("cms:courses", _("Courses")),
    ("cms:experts", _("Experts")),
    ("credentials:enter_code", _("Verify")),
    ("lms:home", _("My learning")),
    ("trainers:materials", _("Materials")),
    ("trainers:reviews", _("Reviews")),
    ("lms:sessions", _("Class sessions")),
    ("oversight:facility", _("My facility")),
    ("oversight:home", _("Oversight")),
    ("registry:duties", _("Duties")),
    ("wagtailadmin_home", _("Authoring")),
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
