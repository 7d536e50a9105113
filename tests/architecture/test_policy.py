"""Every route is in the policy table or closed for good, and the table holds nothing else."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from config.navigation import ITEMS
from config.policy import TABLE
from config.routes import all_routes
from core.policy import VISITOR

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "registry", "credentials", "trainers", "lms", "oversight", "cms")
OURS = (*(f"{room}:" for room in ROOMS), "api:")

# Frameworks' routes that stay closed to everybody: no line, so the middleware refuses them.
CLOSED_FAMILIES = ("account_", "mfa_", "wagtail", "path:accounts/", "path:cms/", "path:documents/")
CLOSED_OURS = {"api:api-root": "an empty page of the API's framework"}


def test_every_route_is_named_or_closed_for_good() -> None:
    missing = {
        route.key
        for route in all_routes()
        if route.key not in TABLE and not route.key.startswith(CLOSED_FAMILIES)
    }
    assert missing == set(CLOSED_OURS)


def test_no_line_is_stale() -> None:
    assert sorted(set(TABLE) - {route.key for route in all_routes()}) == []


def test_every_public_line_gives_its_reason() -> None:
    public = {key: line.why for key, line in TABLE.items() if line.public}
    assert len(public) > 10
    assert [key for key, why in public.items() if len(why) < 10] == []


def test_no_address_of_ours_shows_a_primary_key() -> None:
    """`<int:…>` counts for whoever asks: public ids stand in addresses. Pages of the desk are Wagtail's."""
    numbered = {
        route.key for route in all_routes() if route.key.startswith(OURS) and "<int:" in route.pattern
    }
    assert numbered == {
        "trainers:page",  # the number of a page of a document
        "cms:review",  # Wagtail's page, as Wagtail numbers it, behind the reviewers' door
    }


def test_the_masthead_leads_to_doors_that_exist() -> None:
    assert [route for route, _label in ITEMS if route not in TABLE] == []


def test_templates_link_only_to_routes_that_exist() -> None:
    """`{% url "lms:home" %}` of a missing route is found here and not by a reader."""
    named = re.compile(r"""\{%-?\s*url\s+["']([^"']+)["']""")
    known = {route.key for route in all_routes()}
    used = {
        (str(path.relative_to(ROOT)), name)
        for room in ("core", *ROOMS)
        for path in (ROOT / room / "templates").rglob("*.html")
        for name in named.findall(path.read_text())
    }
    assert len(used) > 50
    assert sorted((path, name) for path, name in used if name not in known) == []


def test_the_table_is_printed_as_data() -> None:
    out = StringIO()
    call_command("policy", "--json", stdout=out)
    rows = {row["route"]: row for row in json.loads(out.getvalue())}
    assert set(rows) == {route.key for route in all_routes()}
    assert rows["credentials:verify"]["own"][VISITOR] == "allow"
    staff = rows["oversight:facility_home"]
    assert (staff["own"]["manager"], staff["other_place"]["manager"], staff["own"]["learner"]) == (
        "allow",
        "deny",
        "deny",
    )
    closed = rows["wagtailusers_users:index"]
    assert set(closed["own"].values()) == {"deny"}


def test_the_table_is_printed_for_people() -> None:
    out = StringIO()
    call_command("policy", stdout=out)
    assert re.search(r"lms:sessions +trainer\n", out.getvalue())
    assert re.search(r"\d+ routes, \d+ without a line \(closed to all\)", out.getvalue())
