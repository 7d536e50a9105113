"""A facility opens, is filed, and closes; its days follow each other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import (
    FacilityRow,
    close_facility,
    file_facility,
    open_facilities,
    open_facility,
    withdraw_filing,
)
from registry.models import Employment, Facility
from registry.rules.credit_code import synthetic_credit_code
from tests.factories import registry as make

BY = System("test")
AT = make.AT
TODAY = date(2026, 3, 2)
CODE = synthetic_credit_code("530199", 7)


def opened(**fields: Any) -> Facility:
    values = {
        "name": "  春芽  托育园 ",
        "credit_code": CODE.lower(),
        "division": make.division(),
        "opened_on": date(2024, 1, 1),
        "places": 40,
        "by": BY,
        "at": AT,
        **fields,
    }
    return open_facility(**values)


def test_a_facility_is_entered_in_canonical_form(db: None) -> None:
    facility = opened()
    facility.refresh_from_db()
    assert (facility.name, facility.credit_code, facility.places) == ("春芽 托育园", CODE, 40)
    assert Entry.objects.get().subject == f"facility:{facility.public_id}"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "no_name"),
        ({"credit_code": CODE[:-1]}, "length"),
        ({"division": "530100"}, "not_a_county"),
    ],
)
def test_a_facility_that_cannot_be_is_refused(db: None, fields: dict[str, Any], code: str) -> None:
    if "division" in fields:
        fields = {"division": make.division(fields["division"])}
    with pytest.raises(Refused) as refused:
        opened(**fields)
    assert refused.value.code == code
    assert not Facility.objects.exists()


def test_a_credit_code_is_taken_once(db: None) -> None:
    opened()
    with pytest.raises(Refused) as refused:
        opened(name="秋实托育园")
    assert refused.value.code == "credit_code_taken"


def test_many_facilities_come_in_together_or_not_at_all(db: None) -> None:
    county = make.division()
    rows = [
        FacilityRow(f"第{n}园", synthetic_credit_code("530199", n), county, date(2024, 1, 1))
        for n in range(20)
    ]
    assert len(open_facilities(rows=rows, by=BY, at=AT)) == 20
    assert Entry.objects.get().detail["created"] == 20
    with pytest.raises(Refused):
        open_facilities(rows=[FacilityRow("新园", CODE[:-1], county, TODAY), *rows], by=BY, at=AT)
    assert Facility.objects.count() == 20


def test_filing_has_days(home_facility: Facility) -> None:
    file_facility(facility=home_facility, number="滇备1", filed_on=date(2024, 1, 1), by=BY, at=AT)
    withdraw_filing(facility=home_facility, until=date(2025, 1, 1), by=BY, at=AT)
    file_facility(facility=home_facility, number="滇备2", filed_on=date(2025, 6, 1), by=BY, at=AT)
    filed = [bool(Facility.objects.filed_on(date(2024 + n // 2, 1 + 6 * (n % 2), 1))) for n in range(5)]
    assert filed == [True, True, False, True, True]


def test_a_filing_does_not_overlap_another(home_facility: Facility) -> None:
    file_facility(facility=home_facility, number="滇备1", filed_on=date(2024, 1, 1), by=BY, at=AT)
    for day in (date(2024, 6, 1), date(2023, 1, 1)):
        with pytest.raises(Refused) as refused:
            file_facility(facility=home_facility, number="滇备2", filed_on=day, by=BY, at=AT)
        assert refused.value.code == "already_filed"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2019, 1, 1), "before_opening"), (date(2026, 3, 3), "in_the_future")]
)
def test_a_filing_on_an_impossible_day_is_refused(home_facility: Facility, day: date, code: str) -> None:
    with pytest.raises(Refused) as refused:
        file_facility(facility=home_facility, number="滇备1", filed_on=day, by=BY, at=AT)
    assert refused.value.code == code


def test_what_is_not_filed_is_not_withdrawn(home_facility: Facility) -> None:
    with pytest.raises(Refused) as refused:
        withdraw_filing(facility=home_facility, until=TODAY, by=BY, at=AT)
    assert refused.value.code == "not_filed"


def test_closing_ends_the_filing_and_every_post(home_facility: Facility) -> None:
    make.filing(of=home_facility)
    make.employment(at=home_facility)
    make.employment(at=home_facility, started_on=date(2026, 3, 20))
    left = make.employment(at=home_facility, until=date(2023, 1, 1))
    close_facility(facility=home_facility, closed_on=TODAY, by=BY, at=AT)
    assert not Facility.objects.filed_on(TODAY).exists()
    assert Facility.objects.filed_on(date(2026, 3, 1)).exists()
    assert Employment.objects.on(date(2026, 3, 1)).count() == 1
    assert Employment.objects.on(TODAY).count() == 0
    assert Employment.objects.on(date(2026, 3, 20)).count() == 0
    left.refresh_from_db()
    assert left.until == date(2023, 1, 1)
    assert Entry.objects.get(act="registry.close_facility").detail["posts_ended"] == 2


@pytest.mark.parametrize(
    ("day", "code"), [(date(2020, 1, 1), "ends_before_start"), (date(2026, 3, 3), "in_the_future")]
)
def test_closing_on_an_impossible_day_is_refused(home_facility: Facility, day: date, code: str) -> None:
    with pytest.raises(Refused) as refused:
        close_facility(facility=home_facility, closed_on=day, by=BY, at=AT)
    assert refused.value.code == code


def test_a_facility_closes_once(home_facility: Facility) -> None:
    close_facility(facility=home_facility, closed_on=TODAY, by=BY, at=AT)
    with pytest.raises(Refused) as refused:
        close_facility(facility=home_facility, closed_on=date(2026, 1, 1), by=BY, at=AT)
    assert refused.value.code == "facility_closed"
