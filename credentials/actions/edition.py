"""Writing editions: number, code, snapshot, signature, row. The doors are `issue` and `correct`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.acts import Actor
from core import faults
from core.days import day_of
from core.refusals import Refused
from credentials.actions.key import signing_key
from credentials.models import Certificate, NumberSeries
from credentials.queries.holder import HolderFacts
from credentials.rules import wording
from credentials.rules.code import new_code
from credentials.rules.number import LAST_SERIAL, LETTERS, format_number, series
from credentials.rules.snapshot import CertificateFacts
from registry.models import Division, StandardVersion
from registry.rules.names import masked_name

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All of an edition but its number, code and signature."""

    holder: HolderFacts
    standard_version: StandardVersion
    division: Division
    cycle_starts_on: date
    valid_from: date
    valid_until: date
    minutes: int
    breakdown: Mapping[str, int]
    evidence: Mapping[str, Any]
    issued_at: datetime
    replaces: Certificate | None = None

    @property
    def occupation(self) -> str:
        return self.standard_version.standard.occupation

    @property
    def province(self) -> str:
        return self.division.code[:2]

    @property
    def series(self) -> str:
        return series(
            province=self.province, year=day_of(self.issued_at).year, letter=LETTERS[self.occupation]
        )


def write_editions(drafts: Sequence[Draft], *, by: Actor, at: datetime) -> list[Certificate]:
    """One row for each draft, in order. Called inside an act, after all rows it needs are locked:
    the series of numbers is locked here, late, because everybody who issues waits for it.

    Raises Refused: series_full.
    """
    signer = signing_key(by=by, at=at)
    provinces = Division.objects.in_bulk({f"{draft.province}0000" for draft in drafts})
    serials = _allocate(drafts)
    rows = []
    for draft, serial in zip(drafts, serials, strict=True):
        facts = _facts(draft, serial, provinces[f"{draft.province}0000"])
        raw = facts.canonical_bytes()
        rows.append(
            Certificate(
                number=facts.number,
                verify_code=facts.verify_code,
                holder=draft.holder.person,
                standard_version=draft.standard_version,
                standard_code=facts.standard_code,
                occupation=facts.occupation,
                division=draft.division,
                cycle_starts_on=facts.cycle_starts_on,
                edition=facts.edition,
                replaces=draft.replaces,
                issued_on=facts.issued_on,
                issued_at=draft.issued_at,
                valid_from=facts.valid_from,
                valid_until=facts.valid_until,
                minutes=facts.minutes,
                evidence=dict(draft.evidence),
                snapshot=raw.decode(),
                snapshot_sha256=hashlib.sha256(raw).hexdigest(),
                kid=signer.kid,
                signature=signer.sign(raw),
            )
        )
    faults.point("issue.before_certificate")
    return Certificate.objects.bulk_create(rows, batch_size=BATCH)


def _allocate(drafts: Sequence[Draft]) -> list[int]:
    """A serial for each draft: one block of each series, series locked in the order of their names."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        wanted[draft.series].append(place)
    serials = [0] * len(drafts)
    for prefix in sorted(wanted):
        faults.point("issue.before_number")
        row, _made = NumberSeries.objects.select_for_update().get_or_create(prefix=prefix)
        first = row.last + 1
        row.last += len(wanted[prefix])
        if row.last > LAST_SERIAL:
            raise Refused("series_full", _("This year's certificate numbers are used up. Tell the operator."))
        row.save(update_fields=["last"])
        for serial, place in enumerate(wanted[prefix], start=first):
            serials[place] = serial
    return serials


def _facts(draft: Draft, serial: int, province: Division) -> CertificateFacts:
    version, standard = draft.standard_version, draft.standard_version.standard
    issued_on = day_of(draft.issued_at)
    title, title_en = wording.OCCUPATIONS[draft.occupation]
    person = draft.holder.person
    return CertificateFacts(
        number=format_number(
            province=draft.province, year=issued_on.year, letter=LETTERS[draft.occupation], serial=serial
        ),
        verify_code=new_code(),
        edition=draft.replaces.edition + 1 if draft.replaces else 1,
        replaces=draft.replaces.number if draft.replaces else None,
        title=wording.TITLE,
        title_en=wording.TITLE_EN,
        holder_name=person.name,
        masked_name=masked_name(person.name),
        document_tail=draft.holder.document_tail,
        occupation=draft.occupation,
        occupation_title=title,
        occupation_title_en=title_en,
        standard_code=standard.code,
        standard_version=version.number,
        standard_title=standard.title,
        citation=wording.citation(version.citation),
        minutes=draft.minutes,
        class_hour_minutes=version.rules.class_hour_minutes,
        hours=wording.hour_lines(draft.breakdown),
        cycle_starts_on=draft.cycle_starts_on,
        issued_on=issued_on,
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        authority=wording.authority(province.name),
        division_code=draft.division.code,
        facility=draft.holder.facility_on(issued_on, draft.occupation),
    )
