"""Everything that can be re-derived is, and one mismatch is enough."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import connection

from config.verification import Mismatch, checks, mismatches
from tests.plugins.world import World


def damage_the_chain() -> None:
    """As someone with all rights over the database would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET subject = 'another' WHERE sequence = 1")


def test_there_is_a_check_for_each_kind_of_record() -> None:
    assert set(checks()) == {"audit", "certificates", "ledgers", "materials"}


def test_a_mismatch_is_told_and_fails_the_command(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    before = mismatches()
    assert [one for one in before if one.check == "audit"] == []
    damage_the_chain()
    assert Mismatch("audit", "1", "was edited") in mismatches()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_all", json=True)
    assert ended.value.code == 1
    assert {"check": "audit", "subject": "1", "why": "was edited"} in json.loads(capsys.readouterr().out)


def test_a_house_that_holds_is_told_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_all")
    assert capsys.readouterr().out == "audit, certificates, ledgers, materials: 0 mismatches\n"
