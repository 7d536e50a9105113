"""Facts of invented certificates for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from credentials.rules.number import format_number
from credentials.rules.snapshot import CertificateFacts, HourLine

CAREGIVER = CertificateFacts(
    number=format_number(province="53", year=2026, letter="B", serial=12345),
    verify_code="4K7P0QXM9ATB",
    edition=1,
    replaces=None,
    title="托育服务人员培训合格证书",
    title_en="Certificate of Training for Childcare Staff",
    holder_name="杨春燕",
    masked_name="杨*燕",
    document_tail="021X",
    occupation="caregiver",
    occupation_title="保育人员",
    occupation_title_en="Caregiver",
    standard_code="yunnan-caregiver",
    standard_version=1,
    standard_title="云南省托育机构保育人员全员培训标准",
    citation="云南省“十四五”托育发展规划（征求意见稿），云南省卫生健康委员会，2022-02-08",
    minutes=5400,
    class_hour_minutes=45,
    hours=(
        HourLine("theory", "理论", 2700),
        HourLine("practice", "实践", 2250),
        HourLine("ethics", "职业道德", 450),
    ),
    cycle_starts_on=date(2024, 3, 1),
    issued_on=date(2026, 5, 20),
    valid_from=date(2026, 5, 20),
    valid_until=date(2031, 5, 20),
    authority="云南省卫生健康委员会",
    division_code="530102",
    facility="昆明市五华区春城里托育园",
)


def facts(**changes: Any) -> CertificateFacts:
    """The caregiver's facts with some of them changed."""
    return replace(CAREGIVER, **changes)
