"""Read a staff roster and keep it for its preview. Nobody is employed by an upload."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePath

from audit.acts import act, record
from core.days import day_of
from registry.actions.employ import MayNotEmploy
from registry.models import Account, Facility, RosterImport
from registry.rules import roster
from registry.rules.roster_file import RosterFile
from registry.rules.workbook import read_workbook


def upload_roster(
    *, facility: Facility, file_name: str, content: bytes, by: Account, at: datetime
) -> RosterImport:
    """A preview with its errors by row.

    Raises BadWorkbook and BadRoster (nothing is kept), MayNotEmploy: facility_closed.
    The file is opened before the transaction begins: a slow one holds up nobody.
    """
    today = day_of(at)
    if facility.closed_on is not None and facility.closed_on <= today:
        raise MayNotEmploy("facility_closed")
    table = read_workbook(content, file_name=file_name)
    preview = roster.preview(table, on=today)
    imported = RosterImport(
        facility=facility,
        uploaded_by=by,
        uploaded_at=at,
        file_name=PurePath(file_name.replace("\\", "/")).name[-200:],
        file_sha256=hashlib.sha256(content).hexdigest(),
        rows=RosterFile.of(table, preview).as_text(),
        errors=[error.as_json() for error in preview.errors],
        row_count=preview.row_count,
        report={
            "good": len(preview.rows),
            "ignored_columns": list(preview.header.ignored),
            "other_sheets": list(table.other_sheets),
            "cells_outside": table.outside,
        },
    )
    _keep(imported=imported, by=by, at=at)
    return imported


@act
def _keep(*, imported: RosterImport, by: Account, at: datetime) -> None:
    """The row and its entry, together."""
    imported.save(force_insert=True)
    record(
        "registry.upload_roster",
        subject=f"roster:{imported.public_id}",
        by=by,
        at=at,
        facility=imported.facility.public_id,
        sha256=imported.file_sha256,
        rows=imported.row_count,
        errors=len(imported.errors),
    )
