"""The rate table as data, as CSV and XLSX: the same figures as on the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from oversight.documents.safe_cells import Cell, Sheet
from oversight.queries.rates import RateTable, Row
from oversight.rules.rates import Figures, Rate
from registry.models import Division, StandardVersion
from registry.models.employment import OCCUPATIONS
from registry.rules.standard import Occupation

OCCUPATION_NAMES = dict(OCCUPATIONS)


def occupation_name(occupation: Occupation | str | None) -> str:
    """In the language in use; all that are counted if none is chosen."""
    if occupation is None:
        return _("all that need a certificate")
    return str(OCCUPATION_NAMES[str(occupation)])


def citations(table: RateTable) -> tuple[str, ...]:
    """The sources of the rules behind the figures, each once. One query, none without rules."""
    wanted = {(rules.code, rules.number) for rules in table.rules}
    if not wanted:
        return ()
    versions = StandardVersion.objects.filter(standard__code__in=[code for code, _n in wanted])
    lines = [
        f"{version.citation.get('document', '')} · {version.citation.get('article', '')}".strip(" ·")
        for version in versions.select_related("standard").order_by("standard__code", "number")
        if (version.standard.code, version.number) in wanted
    ]
    return tuple(dict.fromkeys(lines))


def as_data(table: RateTable) -> dict[str, Any]:
    """Plain data for `manage.py rates --format json` and the API. The shape is in the README."""
    division = table.place
    assert isinstance(division, Division)
    return {
        "as_of": table.on.isoformat(),
        "division": {"code": division.code, "name": division.name, "level": division.level},
        "occupation": None if table.occupation is None else table.occupation.value,
        **_rate(table.rate),
        "target_percent": table.target,
        "no_certificate_demanded": table.whole.undemanded_total,
        "rows": [
            {("facility" if row.facility else "code"): row.code, "name": row.name, **_rate(row.rate)}
            for row in table.rows
        ],
    }


def rate_sheet(table: RateTable) -> Sheet:
    """The table with its facts; the code column holds a division's code or a facility's public id."""
    division = table.place
    assert isinstance(division, Division)
    by_facility = any(row.facility for row in table.rows)
    title = _("Certification rate of %(name)s") % {"name": division.name}
    facts: list[tuple[str, str]] = [
        (_("As of"), table.on.isoformat()),
        (_("Place"), f"{division.name} ({division.code})"),
        (_("Occupation"), occupation_name(table.occupation)),
    ]
    if table.target is not None:
        facts.append((_("Target"), f"{table.target}%"))
    facts += [(_("Source"), line) for line in citations(table)]
    return Sheet(
        title=title,
        facts=tuple(facts),
        columns=(
            _("As of"),
            _("Facility number") if by_facility else _("Division code"),
            _("Facility") if by_facility else _("Division"),
            _("Occupation"),
            _("Certified"),
            _("In post"),
            _("Certification rate"),
            _("Expiring within 90 days"),
            _("In post, no certificate demanded"),
        ),
        rows=tuple(_row(table, row) for row in table.rows),
        total=_cells(table, division.code, division.name, table.whole.total, table.whole.undemanded_total),
    )


def _row(table: RateTable, row: Row) -> tuple[Cell, ...]:
    return _cells(table, row.code, row.name, row.figures, row.counted.undemanded_total)


def _cells(table: RateTable, code: str, name: str, figures: Figures, undemanded: int) -> tuple[Cell, ...]:
    return (
        table.on.isoformat(),
        code,
        name,
        occupation_name(table.occupation),
        figures.certified,
        figures.in_post,
        figures.rate,
        figures.expiring,
        undemanded,
    )


def _rate(rate: Rate) -> dict[str, Any]:
    return {"numerator": rate.numerator, "denominator": rate.denominator, "percent": rate.percent}
