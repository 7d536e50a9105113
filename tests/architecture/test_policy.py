"""Every route is in the policy table, and the table holds nothing else."""

from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command

from config.policy import TABLE
from config.routes import all_routes
from core.policy import VISITOR, everyone, gather, only

# Framework routes that stay closed to everybody: no line, so the middleware refuses them.
CLOSED_FAMILIES = ("account_", "mfa_", "wagtail", "path:accounts/", "path:cms/", "path:documents/", "api:")


def test_every_route_of_ours_has_a_line() -> None:
    missing = sorted(
        {route.key for route in all_routes()}
        - set(TABLE)
        - {route.key for route in all_routes() if route.key.startswith(CLOSED_FAMILIES)}
    )
    assert missing == []


def test_no_line_is_stale() -> None:
    assert sorted(set(TABLE) - {route.key for route in all_routes()}) == []


def test_every_public_line_gives_its_reason() -> None:
    assert [key for key, line in TABLE.items() if line.public and len(line.why) < 10] == []


def test_two_rooms_cannot_claim_one_route() -> None:
    line = only("learner")
    try:
        gather({"a": line}, {"a": line})
    except ValueError as error:
        assert "a" in str(error)
    else:
        raise AssertionError("gathered twice")


def test_a_line_admits_whom_it_names_and_nobody_else() -> None:
    line = only("county")
    assert line.admits(frozenset({"county", "learner"}))
    assert not line.admits(frozenset({"learner"}))
    assert not line.admits(frozenset())
    assert everyone(why="because it is public").admits(frozenset())


def test_the_table_is_printed_as_data() -> None:
    out = StringIO()
    call_command("policy", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    verify = next(row for row in rows if row["route"] == "credentials:verify")
    assert verify["own"][VISITOR] == "allow"
    staff = next(row for row in rows if row["route"] == "oversight:facility_home")
    assert (staff["own"]["manager"], staff["other_place"]["manager"]) == ("allow", "deny")
