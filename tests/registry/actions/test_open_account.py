"""Accounts are given, one to a person."""

from __future__ import annotations

import pytest

from audit.acts import System
from core.refusals import Refused
from registry.actions import open_account
from registry.models import Account, Person
from tests.factories import registry as make

BY = System("test")
PASSWORD = "xihuan-tuoyu-2026"


def opened(person: Person, username: str = "xiaohe", password: str = PASSWORD) -> Account:
    return open_account(person=person, username=username, password=password, by=BY, at=make.AT)


def test_a_person_gets_one_account(db: None) -> None:
    person = make.person()
    account = opened(person)
    assert account.check_password(PASSWORD)
    assert account.kinds == {"learner"}
    with pytest.raises(Refused) as refused:
        opened(person, username="other")
    assert refused.value.code == "has_account"


@pytest.mark.parametrize(
    ("username", "password", "code"),
    [
        ("xiao he", PASSWORD, "bad_username"),
        ("", PASSWORD, "bad_username"),
        ("xiaohe", "short", "weak_password"),
        ("xiaohe", "password1234", "weak_password"),
        ("taken", PASSWORD, "username_taken"),
    ],
)
def test_a_login_that_cannot_be_is_refused(db: None, username: str, password: str, code: str) -> None:
    make.account(username="taken")
    with pytest.raises(Refused) as refused:
        opened(make.person(), username=username, password=password)
    assert refused.value.code == code
