"""Who rules the database and joins the chain again still has the rows against the acts."""

from __future__ import annotations

import pytest
from django.db import connection

from credentials.actions.revoke import revoke
from credentials.models import StatusMark
from credentials.queries import verify_all_acts
from registry.models import Account
from tests.credentials.bans import AT, World, decide, lift, propose, propose_lift
from tests.factories import credentials as cred
from tests.factories import registry as make

pytestmark = pytest.mark.django_db


def problems() -> list[tuple[str, str]]:
    return [(problem.subject, problem.why) for problem in verify_all_acts()]


def tamper(table: str, statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def test_all_is_well(world: World, issuer: Account) -> None:
    assert problems() == []
    revoke(certificate=cred.certificate(), ground="error", reason="x", by=issuer, at=AT)
    dismissed, banned = propose(world), propose(world, person=make.person())
    waiting = propose(world, person=make.person())
    decide(world, dismissed, ban=False)
    decide(world, banned)
    lift(world, propose_lift(world, banned))
    assert waiting.state == "proposed"
    assert problems() == []


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE credentials_certificate SET holder_id = %s", "it was issued to another person"),
        ("UPDATE credentials_certificate SET snapshot_sha256 = %s", "it is not the one that was issued"),
        ("UPDATE credentials_certificate SET number = %s", "it was issued and is gone"),
    ],
)
def test_another_certificate_than_the_one_issued(statement: str, why: str) -> None:
    certificate = cred.certificate()
    tamper("credentials_certificate", statement, make.person().pk)
    assert (f"certificate:{certificate.number}", why) in problems()


def test_a_certificate_that_no_act_issued() -> None:
    certificate = cred.certificate()
    tamper("audit_entry", "DELETE FROM audit_entry WHERE act = 'credentials.issue'")
    assert problems() == [(f"certificate:{certificate.number}", "no act on record issued it")]


def test_a_revocation_that_was_taken_away(issuer: Account) -> None:
    certificate = cred.certificate()
    mark = revoke(certificate=certificate, ground="error", reason="x", by=issuer, at=AT)
    tamper("credentials_statusmark", "DELETE FROM credentials_statusmark WHERE id = %s", mark.pk)
    assert not StatusMark.objects.exists()
    assert problems() == [(f"certificate:{certificate.number}", "it was revoked and its mark is gone")]


@pytest.mark.parametrize(
    ("table", "statement", "why"),
    [
        ("credentials_bansubject", "UPDATE credentials_bansubject SET state = 'dismissed'",
         "its state is not what was last decided"),
        ("registry_exclusion", "DELETE FROM registry_exclusion", "the banned person is not kept out"),
        ("registry_exclusion",
         "UPDATE registry_exclusion SET lifted_on = '2026-06-17', lifted_recorded_at = recorded_at",
         "the banned person is not kept out"),
        ("registry_exclusion", "UPDATE registry_exclusion SET source = 'another'",
         "the banned person is not kept out"),
    ],
)  # fmt: skip
def test_a_ban_that_was_taken_away(world: World, table: str, statement: str, why: str) -> None:
    subject = decide(world, propose(world))
    tamper(table, statement)
    assert problems() == [(subject.source, why)]
