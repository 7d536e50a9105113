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
    ("lms:contests", _(N, "Contested hours")),
    ("lms:corrections", _(N, "Corrections of hours")),
    ("registry:merges", _(N, "Merged records")),
    ("credentials:find", _(N, "Certificates")),
    ("trainers:pools", _(N, "Expert pools")),
    ("trainers:bodies", _(N, "Training bodies")),
    ("trainers:materials", _(N, "Materials")),
    ("trainers:reviews", _(N, "Material reviews")),
    ("cms:reviews", _(N, "Course reviews")),
    ("lms:sessions", _(N, "Class sessions")),
    ("registry:duties", _(N, "Duties")),
    ("wagtailadmin_home", _(N, "Authoring")),
)
OWN = (  # in the menu under one's name
    ("credentials:mine", _(N, "My certificates")),
    ("registry:me", _(N, "My data")),
)
ICONS = {"credentials:mine": "valid", "registry:me": "person"}
FOOT = (  # for everybody to read, with or without a session
    ("registry:standards", _(N, "Training standards")),
    ("credentials:enter_code", _(N, "Verify")),
)
DESKS = (  # where a day's work begins, the first an account may enter
    "oversight:home",
    "oversight:facility",
    "credentials:find",
    "trainers:reviews",
    "wagtailadmin_home",
    "trainers:materials",
    "registry:duties",
    "lms:home",
)


@dataclass(frozen=True, slots=True)
class Item:
    url: str
    label: Any
    current: bool
    icon: str = ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Lazy: a public page that shows no navigation reads no session."""
    return {
        "nav_items": SimpleLazyObject(lambda: _items(request, ITEMS)),
        "own_items": SimpleLazyObject(lambda: _items(request, OWN)),
        "foot_items": [Item(reverse(route), label, current=False) for route, label in FOOT],
    }


def desk_of(account: Any) -> str:
    """The address where the account's work begins; people without a duty begin with their own learning."""
    return next((reverse(route) for route in DESKS if TABLE[route].admits(account.kinds)), reverse("home"))


def _items(request: HttpRequest, entries: tuple[tuple[str, Any], ...]) -> list[Item]:
    account = getattr(request, "user", None)
    kinds = account.kinds if account is not None and account.is_authenticated else frozenset()
    places = []
    for route, label in entries:
        line = TABLE.get(route)
        if line is None or not line.admits(kinds):
            continue
        try:
            places.append((reverse(route), label, ICONS.get(route, "")))
        except NoReverseMatch:
            continue
    here = max((url for url, _label, _icon in places if request.path.startswith(url)), key=len, default=None)
    return [Item(url, label, url == here, icon) for url, label, icon in places]
