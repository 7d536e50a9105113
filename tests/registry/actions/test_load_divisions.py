"""The divisions come from the data file, and loading twice changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import load_divisions
from registry.actions.load_divisions import DivisionsLoaded
from registry.models import Division
from tests.factories import registry as make

BY = System("test")


def test_yunnan_comes_whole_and_twice_is_once(db: None) -> None:
    first = load_divisions(by=BY, at=make.AT)
    assert first.created == Division.objects.count() == 492
    yunnan = Division.objects.within("530000")
    assert (yunnan.filter(level="prefecture").count(), yunnan.filter(level="county").count()) == (16, 129)
    assert Division.objects.within("530100").filter(level="county").count() == 14
    assert load_divisions(by=BY, at=make.AT) == DivisionsLoaded(created=0, renamed=0, unchanged=492)
    assert Entry.objects.count() == 1


def test_a_new_name_is_taken_and_recorded(db: None, tmp_path: Path) -> None:
    make.division("530000")
    file = tmp_path / "divisions.csv"
    file.write_text("code,name,level,parent_code\n530000,彩云省,province,\n", encoding="utf-8")
    assert load_divisions(by=BY, at=make.AT, path=file) == DivisionsLoaded(0, 1, 0)
    assert Division.objects.get(code="530000").name == "彩云省"
    assert Entry.objects.get().detail == {"created": 0, "renamed": ["530000"]}


def test_a_division_does_not_move(db: None, tmp_path: Path) -> None:
    make.division("530102")
    Division.objects.filter(code="530102").update(parent_id="530000")
    with pytest.raises(Refused) as refused:
        load_divisions(by=BY, at=make.AT)
    assert (refused.value.code, refused.value.details) == ("division_moved", {"division": "530102"})
