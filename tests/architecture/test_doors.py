"""All routes × all personas × own and other place: what the policy table says is what the site does.

The expectation comes from the table and from who lives where (tests/plugins/world.py), the answer from the
whole stack with all its middleware. Every request runs in a savepoint that is rolled back.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from config.policy import TABLE
from config.routes import Route, all_routes
from core import middleware
from tests.plugins.world import KINDS, Place, World

WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)

# Open to the persona, and all the same a 401, 403, 404 or the sign-in page, with the reason.
NOT_THERE = {
    "cms:desk_login": "leads to the one sign-in door, which is its purpose",
    "media": "the world holds no picture in the sizes that pages ask for",
    "mfa_authenticate": "only in the middle of signing in",
    "mfa_deactivate_totp": "only the administrator of this world has a second factor",
    "mfa_download_recovery_codes": "only the administrator of this world has a second factor",
    "mfa_reauthenticate": "only the administrator of this world has a second factor",
    "mfa_view_recovery_codes": "only the administrator of this world has a second factor",
    "wagtailadmin_api:pages:find": "finds nothing without a question",
    "wagtailadmin_block_preview": "shows nothing without a block",
    "wagtailadmin_editing_sessions:ping": "no session of this number is open",
    "wagtaildocs:create_multiple_from_uploaded_document": "nothing waits to be named",
    "wagtaildocs:delete_upload_multiple": "nothing waits to be named",
    "wagtailimages:create_multiple_from_uploaded_image": "nothing waits to be named",
    "wagtailimages:delete_upload_multiple": "nothing waits to be named",
}
NEVER_OPENED = {"cms:desk_login", "media", "mfa_authenticate"} | {
    key for key in NOT_THERE if "wagtail" in key
}
# Wagtail's desk answers a form without its hidden fields with 500. No page of ours sends such a form, and
# nothing is written; ours are not excused.
WAGTAIL_BREAKS_ON_AN_EMPTY_FORM = {
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_pages:add",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:edit",
    "wagtailadmin_pages:revisions_revert",
}


def may_be_written_by_a_get(table: str) -> bool:
    """Sessions keep messages and tokens; Wagtail's desk keeps renditions, open editors, sizes of files."""
    return table == "django_session" or table.startswith("wagtail")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str = ""
    error: str = ""
    wrote: frozenset[str] = frozenset()

    @property
    def refused(self) -> bool:
        return self.status in (401, 403, 404) or self.to_sign_in

    @property
    def to_sign_in(self) -> bool:
        return self.status == 302 and self.location.startswith("/accounts/login/")

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.status), self.location, self.error)))


@dataclass
class Visit:
    """A persona's browser: signed in once, its cookie put back before every request."""

    client: Client
    cookie: str
    errors: list[str] = field(default_factory=list)

    def knock(self, method: str, address: str, **headers: str) -> Answer:
        self.client.cookies.clear()
        if self.cookie:
            self.client.cookies["sessionid"] = self.cookie
        self.errors.clear()
        wrote: set[str] = set()

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if match := WRITES.match(sql):
                wrote.add(match[1])
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(watch):
            response = self.client.generic(method, address, headers={"accept-language": "en", **headers})
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[attr-defined]
            connection.needs_rollback = False  # a view that broke its transaction is told by its answer
            transaction.set_rollback(True)
        return Answer(
            response.status_code,
            response.headers.get("Location", ""),
            "; ".join(self.errors),
            frozenset(wrote),
        )


@pytest.fixture
def visits(world: World) -> Iterator[dict[str, Visit]]:
    made: dict[str, Visit] = {}
    broke: list[str] = []

    def note(sender: Any, request: Any, **_: Any) -> None:
        broke.append(repr(sys.exc_info()[1]))

    got_request_exception.connect(note)
    for name, account in world.people.items():
        client = Client(raise_request_exception=False)
        if account is not None:
            client.force_login(account)
        cookie = client.cookies["sessionid"].value if account is not None else ""
        made[name] = Visit(client, cookie, broke)
    yield made
    got_request_exception.disconnect(note)


def address_of(route: Route, place: Place) -> str:
    """The pattern with its parameters filled in, whatever dialect it is written in."""
    text = route.pattern
    for name, value in place.parameters.items():
        if name.isdigit():
            text = re.sub(r"\((?:[^()]|\([^()]*\))*\)", str(value), text, count=1)
        else:
            text = re.sub(rf"\(\?P<{name}>[^()]*\)|<(?:\w+:)?{name}>", str(value), text)
    text = text.replace("[Cc]", "C").replace("/?$", "").replace("^.*/$", "nowhere/")
    text = text.replace("\\.", ".").replace("^", "").replace("$", "")
    return f"/{text}" + (f"?{place.query}" if place.query else "")


def place_of(world: World, route: Route) -> Place:
    """A closed route leads nowhere, so anything will do; an open one must be known to the world."""
    if route.key not in TABLE:
        return Place(dict.fromkeys(route.parameters, "1"))
    return world.place(route.pattern, route.parameters)


def judge(route: str, method: str, persona: str, place: Place, answer: Answer) -> str:
    """What is wrong with the answer; "" if it is what the table says."""
    if answer.status >= 500:
        return "" if route in WAGTAIL_BREAKS_ON_AN_EMPTY_FORM and method == "POST" else "broke"
    line = TABLE.get(route)
    if line is None or not line.admits(KINDS[persona]):
        return "" if answer.refused else "let in"
    if answer.status == 405:  # nothing was shown and nothing done
        return ""
    if line.placed and place.parameters and persona not in place.owners:
        return "" if answer.status in (403, 404) else "let in from another place"
    return "kept out" if answer.refused and route not in NOT_THERE else ""


def walk(
    world: World, visits: dict[str, Visit], routes: list[Route]
) -> Iterator[tuple[str, str, str, str, Answer]]:
    """(route, method, persona, verdict, answer) of every attempt."""
    for route in routes:
        place = place_of(world, route)
        address = address_of(route, place)
        key = middleware.route_key(resolve(address.partition("?")[0]))
        line = TABLE.get(key)
        for method in ("GET", "POST"):
            for persona, visit in visits.items():
                # The door itself answers shortly who asks for JSON, and draws no page.
                shut = line is None or not line.admits(KINDS[persona])
                answer = visit.knock(method, address, **({"accept": "application/json"} if shut else {}))
                yield key, method, persona, judge(key, method, persona, place, answer), answer


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")  # Wagtail's previews
def test_every_door_opens_to_whom_the_table_names_and_to_nobody_else(
    world: World, visits: dict[str, Visit], capsys: pytest.CaptureFixture[str]
) -> None:
    routes = list(all_routes())
    wrong: list[str] = []
    entered: Counter[str] = Counter()
    written: list[str] = []
    attempts = refused = 0
    for key, method, persona, verdict, answer in walk(world, visits, routes):
        attempts += 1
        refused += answer.refused
        if verdict:
            wrong.append(f"{method} {key} as {persona}: {verdict} ({answer})")
        if not answer.refused and answer.status not in (405, 500):
            entered[key] += 1
        tables = sorted(table for table in answer.wrote if not may_be_written_by_a_get(table))
        if method == "GET" and tables:
            written.append(f"GET {key} as {persona} wrote {', '.join(tables)}")
    with capsys.disabled():
        print(
            f"\n{attempts} attempts on {len(routes)} routes by {len(visits)} personas: {refused} refused, "
            f"{attempts - refused} let in, {len(wrong)} against the table, {len(written)} GETs that wrote"
        )
    dead = [f"{key} opened to nobody" for key in sorted(set(TABLE) - set(entered) - NEVER_OPENED)]
    assert not wrong + written + dead, "\n".join(wrong + written + dead)


def test_the_personas_are_those_of_the_plugin(world: World) -> None:
    assert {name: account.kinds for name, account in world.people.items() if account} == {
        name: kinds for name, kinds in KINDS.items() if name != "visitor"
    }


def test_every_address_is_filled_in(world: World) -> None:
    """No pattern is left in an address, and each leads to a route."""
    left = []
    for route in all_routes():
        address = address_of(route, place_of(world, route)).partition("?")[0]
        if re.search(r"[<>()|\\\[\]^$*+]", address):
            left.append((route.pattern, address))
        resolve(address)
    assert left == []


def test_without_the_middleware_the_walk_tells(
    world: World, visits: dict[str, Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test has teeth: take the coarse door away and it names those who got in."""
    monkeypatch.setattr(middleware.PolicyMiddleware, "process_view", lambda *_: None)
    routes = [
        route for route in all_routes() if route.key in ("trainers:pools", "lms:sessions", "registry:me")
    ]
    assert len(routes) == 3
    found = {
        (key, persona) for key, _method, persona, verdict, _answer in walk(world, visits, routes) if verdict
    }
    assert {("trainers:pools", "learner"), ("lms:sessions", "learner"), ("registry:me", "visitor")} <= found
