"""Certificates in every state, and ban cases in every stage, each through the acts that officers use."""

from __future__ import annotations

from datetime import timedelta

from config.demonstration.cast import facility_of
from config.demonstration.people import HOME
from config.demonstration.world import World, at_ten
from credentials.actions.correct import correct
from credentials.actions.decide_ban import decide_ban
from credentials.actions.open_case import open_case
from credentials.actions.overturn_ban import decide_overturn, propose_overturn
from credentials.actions.propose_ban import propose_ban, record_answer
from credentials.actions.revoke import revoke
from credentials.actions.suspend import suspend
from credentials.models import BanCase, BanSubject, Certificate
from registry.models import Division, Employment, Person


def mark_some(world: World) -> None:
    """A few suspended, revoked and replaced certificates; none of the home facility of the story."""
    chance = world.chance("marks")
    issuer = world.accounts["issuer"]
    busy = {account.person_id for account in world.accounts.values()}
    valid = list(
        Certificate.objects.valid_on(world.today)
        .exclude(holder_id__in=busy)
        .exclude(division_id=HOME)
        .order_by("number")
    )
    picked = chance.sample(valid, 24)
    for certificate in picked[:8]:
        until = world.today + timedelta(days=chance.randint(20, 120))
        suspend(
            certificate=certificate, until=until, reason="接到投诉，核查期间暂停。", by=issuer, at=world.at
        )
    for certificate in picked[8:16]:
        revoke(
            certificate=certificate,
            ground="error",
            reason="学时登记有误，本人已知悉。",
            by=issuer,
            at=world.at,
        )
    for certificate in picked[16:]:
        correct(certificate=certificate, reason="持证人更正身份信息。", by=issuer, at=world.at)


def decide_some(world: World) -> None:
    """In 五华区: a caregiver and her director banned, another alone, one ban overturned, one still open."""
    first, second, third, fourth = _certified_caregivers(world)
    banned = _case(world, first, days_ago=75)
    _propose_and_decide(world, banned, first.person, "person", 75)
    _propose_and_decide(world, banned, world.directors[first.facility_id], "manager", 75)
    overturned = _case(world, second, days_ago=200)
    subject = _propose_and_decide(world, overturned, second.person, "person", 200)
    proposal = propose_overturn(
        subject=subject,
        reason="行政复议认定事实不清，撤销原决定。",
        document="（演示）行政复议决定书",
        by=world.accounts["wuhua"],
        at=at_ten(world.today - timedelta(days=43)),
    )
    decide_overturn(
        proposal=proposal,
        overturn=True,
        reason="（演示）依复议决定撤销终身禁入。",
        by=world.accounts["province"],
        at=at_ten(world.today - timedelta(days=40)),
    )
    waiting = _case(world, third, days_ago=6)
    propose_ban(
        case=waiting,
        person=third.person,
        part="person",
        evidence="监控录像与两名同事的陈述。",
        notice_served_on=world.today - timedelta(days=4),
        suspend_until=world.today + timedelta(days=60),
        by=world.accounts["wuhua"],
        at=world.at,
    )
    _propose_and_decide(world, _case(world, fourth, days_ago=30), fourth.person, "person", 30)


def _certified_caregivers(world: World) -> list[Employment]:
    """Posts at four facilities of the home county that nobody of the story manages."""
    busy = [account.person_id for account in world.accounts.values() if account.person_id is not None]
    holders = Certificate.objects.valid_on(world.today).filter(division_id=HOME, occupation="caregiver")
    posts = (
        Employment.objects.filter(
            person_id__in=holders.values("holder_id"),
            occupation="caregiver",
            until=None,
            facility__division_id=HOME,
            started_on__lt=world.today - timedelta(days=210),  # before the oldest incident
        )
        .exclude(person_id__in=busy)
        .exclude(facility__in=[facility_of(world, name) for name in ("manager", "manager2")])
        .select_related("person", "facility")
        .order_by("pk")
    )
    by_facility = {post.facility_id: post for post in posts}
    return list(by_facility.values())[:4]


def _case(world: World, post: Employment, *, days_ago: int) -> BanCase:
    day = world.today - timedelta(days=days_ago)
    return open_case(
        division=Division.objects.get(code=HOME),
        facility=post.facility,
        incident_on=day - timedelta(days=3),
        summary="（演示）家长投诉孩子身上有伤，机构自查后上报。",
        by=world.accounts["wuhua"],
        at=at_ten(day),
    )


def _propose_and_decide(world: World, case: BanCase, person: Person, part: str, days_ago: int) -> BanSubject:
    day = world.today - timedelta(days=days_ago)
    subject = propose_ban(
        case=case,
        person=person,
        part=part,
        evidence="（演示）监控录像、诊断证明、询问笔录。",
        notice_served_on=day,
        by=world.accounts["wuhua"],
        at=at_ten(day),
    )
    subject = record_answer(
        subject=subject,
        answered_on=day + timedelta(days=5),
        answer="（演示）本人已陈述申辩。",
        by=world.accounts["wuhua"],
        at=at_ten(day + timedelta(days=5)),
    )
    return decide_ban(
        subject=subject,
        ban=True,
        reason="（演示）事实清楚，证据确凿，依规实行终身禁入。",
        read_version=subject.edited_version,
        by=world.accounts["province2"],
        at=at_ten(day + timedelta(days=12)),
    )
