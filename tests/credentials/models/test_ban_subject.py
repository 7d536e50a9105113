"""Every way around the second person by SQL: the database itself refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from credentials.actions.propose_ban import edit_proposal
from credentials.models import BanSubject
from registry.models import Account
from tests.credentials.bans import AT, DAY, World, decide, officer, propose, propose_lift
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


DECISION = (
    "state='banned', decided_at='2026-06-16', decided_version=1, decided_by_id=%s, decided_by_person_id=%s"
)


def sql(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_sql_cannot_let_the_proposer_decide(world: World) -> None:
    subject = propose(world)
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {DECISION} WHERE id=%s",
            world.county.pk, world.county.person_id, subject.pk)  # fmt: skip


def test_sql_cannot_let_the_subject_decide(world: World, learner: Account) -> None:
    subject = propose(world)
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {DECISION} WHERE id=%s",
            learner.pk, learner.person_id, subject.pk)  # fmt: skip


def test_sql_cannot_let_an_editor_decide(world: World) -> None:
    subject = propose(world)
    edit_proposal(
        subject=subject,
        part="person",
        evidence="x",
        notice_served_on=DAY,
        read_version=1,
        by=world.province,
        at=AT,
    )
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {DECISION.replace('=1', '=2')} WHERE id=%s",
            world.province.pk, world.province.person_id, subject.pk)  # fmt: skip


def test_sql_of_a_lawful_decision_is_taken(world: World) -> None:
    subject = propose(world)
    sql(f"UPDATE credentials_bansubject SET {DECISION} WHERE id=%s",
        world.province.pk, world.province.person_id, subject.pk)  # fmt: skip
    subject.refresh_from_db()
    assert subject.state == "banned"


@pytest.mark.parametrize(
    "change",
    ["state='proposed', decided_at=NULL, decided_by_id=NULL, decided_by_person_id=NULL, decided_version=NULL",
     "state='dismissed'", "evidence='x'", "decision_reason='x'", "edited_version=9"],
)  # fmt: skip
def test_sql_cannot_unmake_a_decision(world: World, change: str) -> None:
    subject = decide(world, propose(world))
    with pytest.raises(IntegrityError):
        sql(f"UPDATE credentials_bansubject SET {change} WHERE id=%s", subject.pk)


def test_sql_cannot_change_who_proposed_or_whom(world: World) -> None:
    subject = propose(world)
    for column in ("person_id", "proposed_by_person_id"):
        with pytest.raises(IntegrityError):
            sql(f"UPDATE credentials_bansubject SET {column}=%s WHERE id=%s", make.person().pk, subject.pk)


def test_sql_cannot_delete_a_subject_or_insert_a_decided_one(world: World) -> None:
    subject = propose(world)
    with pytest.raises(IntegrityError):
        sql("DELETE FROM credentials_bansubject WHERE id=%s", subject.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        BanSubject.objects.create(
            case=world.case, person=make.person(), part="person", evidence="x", proposed_at=AT,
            proposed_by=world.county, proposed_by_person=world.county.person, state="banned", decided_at=AT,
            decided_by=world.province, decided_by_person=world.province.person, decided_version=1,
        )  # fmt: skip


OVERTURNED = "state='overturned', overturned_at='2026-07-01', overturned_by_id=%s, overturned_by_person_id=%s"
APPROVED = (
    "approved=true, decided_at='2026-07-01', decided_by_id=%s, decided_by_person_id=%s, decision_reason='x'"
)


def overturn(subject: BanSubject, by: Account) -> None:
    sql(f"UPDATE credentials_bansubject SET {OVERTURNED} WHERE id=%s", by.pk, by.person_id, subject.pk)


def approve(subject: BanSubject, by: Account, how: str = APPROVED) -> None:
    sql(f"UPDATE credentials_overturnproposal SET {how} WHERE subject_id=%s", by.pk, by.person_id, subject.pk)


def test_sql_cannot_overturn_alone(world: World) -> None:
    """Without a proposal, on an open one, on a refused one, on one that somebody else approved."""
    subject, second = decide(world, propose(world)), officer()
    with pytest.raises(IntegrityError):
        overturn(subject, world.province)
    propose_lift(world, subject, by=second)
    with pytest.raises(IntegrityError):
        overturn(subject, world.province)
    with pytest.raises(IntegrityError):
        approve(subject, second)
    approve(subject, world.province, APPROVED.replace("approved=true", "approved=false"))
    with pytest.raises(IntegrityError):
        overturn(subject, world.province)
    propose_lift(world, subject, by=world.county)
    sql(f"UPDATE credentials_overturnproposal SET {APPROVED} WHERE subject_id=%s AND approved IS NULL",
        world.province.pk, world.province.person_id, subject.pk)  # fmt: skip
    with pytest.raises(IntegrityError):
        overturn(subject, second)
    overturn(subject, world.province)
    subject.refresh_from_db()
    assert subject.state == "overturned"


def test_sql_cannot_change_a_proposal_to_overturn_or_insert_a_decided_one(world: World) -> None:
    subject = decide(world, propose(world))
    proposal = propose_lift(world, subject)
    for change in ("reason='x'", "document='x'", "approved=true", "proposed_by_person_id=NULL"):
        with pytest.raises(IntegrityError):
            sql(f"UPDATE credentials_overturnproposal SET {change} WHERE id=%s", proposal.pk)
    with pytest.raises(IntegrityError):
        sql("DELETE FROM credentials_overturnproposal WHERE id=%s", proposal.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        cred.overturn_proposal(
            of=subject, by=world.county, approved=True, decided_at=AT, decided_by=world.province,
            decided_by_person=world.province.person, decision_reason="x",
        )  # fmt: skip


def test_one_person_has_one_account(world: World, county_officer: Account) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.account(of=county_officer.person)
