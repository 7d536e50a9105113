"""The rate of a division, its parts, and the same as a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from oversight.charts import tile_map, trend_chart
from oversight.documents.rates import occupation_name, rate_sheet
from oversight.documents.safe_cells import CSV, XLSX, csv_bytes, xlsx_bytes
from oversight.forms import AskForm
from oversight.permissions import divisions_of
from oversight.queries.counted import Place
from oversight.queries.desk import desk
from oversight.queries.people import Which
from oversight.queries.rates import RateTable, Row, rate_table
from oversight.queries.trend import trend
from oversight.rules.rates import Figures, Rate
from oversight.views.asking import Asked, crumbs, data_of, not_understood, overseen_division, understood
from registry.models import Division, Standard, StandardVersion
from registry.models.division import Level
from registry.rules.standard import Occupation
from registry.views import account_of

MIME = {"csv": CSV, "xlsx": XLSX}


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it. `people` leads to the people behind its figures, without `which`."""

    label: str
    url: str
    people: str
    figures: Figures
    undemanded: int

    @property
    def rate(self) -> Rate:
        return self.figures.rate


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first of her divisions, the others beside it."""
    return _page(request, divisions_of(account_of(request))[0])


@require_safe
def division(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, overseen_division(request, code))


@require_safe
def export(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The table of the page as a file, with the same figures."""
    place = overseen_division(request, code)
    form = AskForm(data_of(request))
    asked = understood(form)
    if asked is None:
        return not_understood(request, form, place.name)
    sheet = rate_sheet(rate_table(place, on=asked.on, occupation=asked.occupation))
    content = csv_bytes(sheet) if kind == "csv" else xlsx_bytes(sheet)
    response = HttpResponse(content, content_type=MIME[kind])
    name = "-".join(["rates", place.code, *([asked.occupation] if asked.occupation else []), f"{asked.on}"])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, place: Division) -> HttpResponse:
    form = AskForm(data_of(request))
    asked = understood(form)
    if asked is None:
        return not_understood(request, form, place.name)
    table = rate_table(place, on=asked.on, occupation=asked.occupation)
    points = trend(Place.of(place), on=asked.on, now=table.rate, occupation=asked.occupation)
    rows = [_line(row, place, asked) for row in table.rows]
    whole = _whole(table)
    own = divisions_of(account_of(request))
    context = {
        "place": place,
        "asked": asked,
        "form": form,
        "crumbs": crumbs(request, place.code, asked.query)[:-1],
        "siblings": own if len(own) > 1 and place in own else (),
        **headline(table, asked),
        "rows": _sorted(rows, request.GET.get("sort", "")),
        "sort": request.GET.get("sort", ""),
        "parts": by_occupation(table),
        "whole": whole,
        "urls": {which.value: whole.people + asked.query_of(which) for which in Which},
        "desk": desk(place.code, on=asked.on),
        "chart": trend_chart(points, table.target),
        "tiles": _tiles(place, table),
        "by_facility": any(row.facility for row in table.rows),
        "sources": sources(table),
        "occupation": occupation_name(asked.occupation),
    }
    return render(request, "oversight/division.html", context)


def headline(table: RateTable, asked: Asked) -> dict[str, Any]:
    """What the one large figure of a page needs; `lacks` is None without a target."""
    return {
        "table": table,
        "lacks": None if table.target is None else table.rate.lacks(table.target),
        "certified_query": asked.query_of(Which.CERTIFIED),
        "without_query": asked.query_of(Which.WITHOUT),
    }


def _line(row: Row, place: Division, asked: Asked) -> Line:
    if row.facility is not None:
        url = reverse("oversight:facility_people", args=[row.code])
        people = url
    elif row.code == place.code:  # facilities that hang on the place itself have no page of their own
        url = people = ""
    else:
        url = reverse("oversight:division", args=[row.code])
        people = reverse("oversight:people", args=[row.code])
    return Line(row.name, url and url + asked.query, people, row.figures, row.counted.undemanded_total)


def _whole(table: RateTable) -> Line:
    place = table.place
    assert isinstance(place, Division)
    people = reverse("oversight:people", args=[place.code])
    return Line(place.name, "", people, table.whole.total, table.whole.undemanded_total)


@dataclass(frozen=True, slots=True)
class Part:
    """One occupation of a place; `asked` leads to the same page for it alone."""

    name: str
    asked: Asked
    figures: Figures
    undemanded: int

    @property
    def rate(self) -> Rate:
        return self.figures.rate


def by_occupation(table: RateTable) -> list[Part]:
    """Every occupation that is counted or that somebody holds."""
    whole = table.whole
    return [
        Part(
            occupation_name(one),
            Asked(table.on, one),
            whole.by_occupation.get(one, Figures()),
            whole.undemanded.get(one, 0),
        )
        for one in Occupation
        if one in table.occupations or one in whole.undemanded
    ]


def _sorted(rows: list[Line], by: str) -> Sequence[Line]:
    """As the divisions' codes go, or those with the lowest rate first, nobody to count last."""
    if by != "rate":
        return rows
    return sorted(rows, key=lambda row: (row.rate.tenths is None, row.rate.tenths or 0, -row.rate.missing))


def _tiles(place: Division, table: RateTable) -> object:
    if place.level != Level.PROVINCE:
        return None
    return tile_map(place.code, {row.code: (row.name, row.rate) for row in table.rows})


def sources(table: RateTable) -> list[tuple[str, list[Standard]]]:
    """(where it is written, the standards from there) behind the figures. One query."""
    wanted = {(rules.code, rules.number) for rules in table.rules}
    versions = StandardVersion.objects.filter(standard__code__in=[code for code, _number in wanted])
    found: defaultdict[str, list[Standard]] = defaultdict(list)
    for version in versions.select_related("standard").order_by("standard__code", "number"):
        if (version.standard.code, version.number) in wanted:
            citation = f"{version.citation.get('document', '')} · {version.citation.get('article', '')}"
            found[citation.strip(" ·")].append(version.standard)
    return list(found.items())
