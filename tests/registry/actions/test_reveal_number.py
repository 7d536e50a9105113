"""A whole number is shown to whose duty needs it, and its owner can see who looked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit.models import Entry
from core.refusals import Refused
from registry.actions import reveal_number
from registry.models import Account, IdentityDocument
from tests.factories import registry as make


@pytest.fixture
def document(learner: Account) -> IdentityDocument:
    return IdentityDocument.objects.get(person=learner.person)


@pytest.mark.parametrize("who", ["director", "county_officer", "prefecture_officer", "province_officer"])
def test_those_whose_duty_needs_it_see_it(document: IdentityDocument, request: Any, who: str) -> None:
    account = request.getfixturevalue(who)
    number = reveal_number(document=document, by=account, at=make.AT, why="compare")
    assert number == document.number
    entry = Entry.objects.get()
    assert (entry.actor, entry.subject, entry.detail["why"]) == (
        account.actor,
        f"person:{document.person.public_id}",
        "compare",
    )
    assert number not in str(entry.detail)


@pytest.mark.parametrize(
    "who",
    ["other_director", "other_county_officer", "learner", "trainer", "issuer", "editor", "administrator"],
)
def test_nobody_else_sees_it(document: IdentityDocument, request: Any, who: str) -> None:
    with pytest.raises(Refused) as refused:
        reveal_number(document=document, by=request.getfixturevalue(who), at=make.AT, why="compare")
    assert refused.value.code == "may_not_see"
    assert not Entry.objects.exists()


def test_a_manager_sees_present_staff_only_an_officer_the_past_too(
    document: IdentityDocument, director: Account, county_officer: Account
) -> None:
    document.person.employments.update(until=date(2026, 3, 2))
    with pytest.raises(Refused):
        reveal_number(document=document, by=director, at=make.AT, why="compare")
    assert reveal_number(document=document, by=county_officer, at=make.AT, why="authority")


def test_without_a_reason_nobody_sees_it(document: IdentityDocument, director: Account) -> None:
    with pytest.raises(Refused) as refused:
        reveal_number(document=document, by=director, at=make.AT, why="")
    assert refused.value.code == "no_reason"
