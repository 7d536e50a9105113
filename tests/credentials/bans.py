"""A case of the home facility, and the acts on it with their usual words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from core.refusals import Refused
from credentials.actions.decide_ban import decide_ban
from credentials.actions.overturn_ban import Overturned, decide_overturn, propose_overturn
from credentials.actions.propose_ban import propose_ban
from credentials.models import BanCase, BanSubject, Certificate, OverturnProposal
from registry.models import Account, Facility, Person
from registry.rules.kinds import DutyKind
from tests.factories import credentials as cred
from tests.factories import registry as make

DAY = date(2026, 6, 1)  # a Monday
DECIDED = date(2026, 6, 16)  # the first day after ten working days
AT = cred.at(DAY)


@dataclass
class World:
    case: BanCase
    person: Person
    facility: Facility
    certificate: Certificate
    county: Account
    province: Account


def propose(world: World, **changes: Any) -> BanSubject:
    values = {
        "case": world.case,
        "person": world.person,
        "part": "person",
        "evidence": "监控录像 5 月 28 日",
        "notice_served_on": DAY,
        "by": world.county,
        "at": AT,
    }
    return propose_ban(**{**values, **changes})


def decide(world: World, subject: BanSubject, **changes: Any) -> BanSubject:
    values = {
        "subject": subject,
        "ban": True,
        "reason": "事实清楚",
        "read_version": 1,
        "by": world.province,
        "at": cred.at(DECIDED),
    }
    return decide_ban(**{**values, **changes})


def propose_lift(world: World, subject: BanSubject, **changes: Any) -> OverturnProposal:
    values = {
        "subject": subject,
        "reason": "复议认定事实不清",
        "document": "行政复议决定书",
        "by": world.county,
        "at": cred.at(DECIDED),
    }
    return propose_overturn(**{**values, **changes})


def lift(world: World, proposal: OverturnProposal, **changes: Any) -> Overturned:
    values = {
        "proposal": proposal,
        "overturn": True,
        "reason": "证据不足",
        "by": world.province,
        "at": cred.at(DECIDED),
    }
    return decide_overturn(**{**values, **changes})


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def officer(kind: DutyKind = DutyKind.OFFICER, code: str = "530000", **fields: Any) -> Account:
    account = make.account(**fields)
    make.duty(of=account, kind=kind, division=make.division(code))
    return account
