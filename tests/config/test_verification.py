"""Everything that can be re-derived is, and one mismatch is enough."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from audit.queries import end_of_chain
from config import schedule
from config.verification import Mismatch, checks, kept_checkpoint, mismatches
from tests.factories import credentials as certificates
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
    assert set(checks()) == {"audit", "certificates", "ledgers", "materials", "merges"}


def test_a_mismatch_is_told_and_fails_the_command(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    before = mismatches()
    assert [one for one in before if one.check == "audit"] == []
    damage_the_chain()
    assert Mismatch("audit", "1", "was edited") in mismatches()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_all", json=True)
    assert ended.value.code == 1
    assert {"check": "audit", "subject": "1", "why": "was edited"} in json.loads(capsys.readouterr().out)


def test_the_nights_checkpoint_outlives_the_database(
    db: None, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR = tmp_path
    certificates.certificate()
    schedule.verify_all()
    end = end_of_chain()
    assert kept_checkpoint() == end
    with connection.cursor() as cursor:
        for name in ("no_update", "no_delete"):
            suffix = "" if connection.vendor == "sqlite" else " ON audit_entry"
            cursor.execute(f"DROP TRIGGER audit_entry_{name}{suffix}")
        cursor.execute("DELETE FROM audit_entry")
        cursor.execute("UPDATE audit_chainhead SET sequence = 0, digest = %s", ["0" * 64])
    lost = Mismatch("audit", str(end.sequence), "the chain does not reach its checkpoint any more")
    assert lost in mismatches()
    schedule.verify_all()
    assert kept_checkpoint() == end, "a broken chain is no new checkpoint"
    (tmp_path / "audit-checkpoint.json").write_text("{}")
    assert "the checkpoint cannot be read" in next(one.why for one in mismatches() if one.check == "audit")


def test_a_house_that_holds_is_told_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_all")
    assert capsys.readouterr().out == "audit, certificates, ledgers, materials, merges: 0 mismatches\n"
