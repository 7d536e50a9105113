"""The design system, shown on one page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.templatetags.yz import STATES

LONG = _(
    "Yunlong Mountain Township Children First Integrated Childcare Service Centre (Second Branch, "
    "formerly the Community Nursery of the Old Market)"
)


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label=_("Name"), help_text=_("As printed on the identity document."))
    phone = forms.CharField(label=_("Phone"), required=False)
    occupation = forms.ChoiceField(
        label=_("Occupation"),
        choices=[("1", _("Caregiver")), ("2", _("Director")), ("3", _("Health worker"))],
    )
    since = forms.DateField(label=_("In post since"), widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.FileField(label=_("Roster"), help_text=_("An Excel file of up to 5 MB."))
    shift = forms.ChoiceField(
        label=_("Shift"),
        choices=[("d", pgettext_lazy("shift", "Day")), ("n", pgettext_lazy("shift", "Night"))],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("I have read what happens with these data"))


class SampleFilter(forms.Form):
    q = forms.CharField(label=_("Name or number"), required=False)
    state = forms.ChoiceField(
        label=_("Status"), choices=[("", _("All")), ("valid", _("Valid"))], required=False
    )


RATES = [
    {"label": _("Kunming"), "numerator": 1822, "denominator": 2004, "url": "#rates"},
    {"label": _("Dali Bai Autonomous Prefecture"), "numerator": 850, "denominator": 1000, "url": "#rates"},
    {"label": _("Lincang"), "numerator": 611, "denominator": 812, "url": "#rates"},
    {"label": _("Nujiang Lisu Autonomous Prefecture"), "numerator": 61, "denominator": 118, "url": "#rates"},
    {"label": _("Diqing Tibetan Autonomous Prefecture"), "numerator": 0, "denominator": 37, "url": ""},
    {"label": _("A place without staff"), "numerator": 0, "denominator": 0, "url": ""},
]

NOTES = {
    "valid": _("until 21 November 2028"),
    "expiring": _("in 23 days"),
    "suspended": _("investigation"),
    "refused": _("the scan cannot be read"),
    "revoked": _("issued on a forged record"),
    "banned": _("decision of the province"),
    "expired": _("renewal takes 40 class hours"),
    "replaced": _("by the certificate of 3 June"),
}


def _places() -> list[dict[str, Any]]:
    """Forty seats in six fields: most held, some running out, one suspended, the last vacant."""
    fields = (_("Health"), _("Nutrition"), _("Safety"), _("Development"), _("Management"), _("Law"))
    family, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "安宁一诺可欣子墨若溪景行"
    places = []
    for number in range(1, 41):
        held = number <= 34
        first = number % len(given)
        name = family[number % len(family)] + given[first : first + 1 + number % 2]
        state = "suspended" if number == 9 else "expiring" if number % 11 == 5 else "valid"
        places.append(
            {
                "number": number,
                "holder": name if held else "",
                "field": fields[number % 6],
                "state": state if held else "missing",
            }
        )
    return places


def style(request: HttpRequest) -> HttpResponse:
    """Every part in all its states; reads and writes no data."""
    wrong = SampleForm(
        {"name": "", "occupation": "9", "since": "2026-02-30", "phone": "13800000000", "note": ""},
        auto_id="wrong_%s",
    )
    wrong.add_error(None, _("A person with this document is in post at your facility already."))
    on = date(2026, 11, 22)
    context = {
        "states": [(state, on, NOTES.get(state, "")) for state in STATES],
        "form": SampleForm(),
        "wrong": wrong,
        "filter": SampleFilter(request.GET),
        "rates": RATES,
        "places": _places(),
        "no_rates": [],
        "gaps": [(0, 200), (230, 480), (470, 655), (900, 1260)],
        "whole": [(0, 1260)],
        "steps": [
            {"label": _("File read"), "state": "done", "note": _("30 rows")},
            {"label": _("Rows checked"), "state": "current", "note": _("2 rows need mending")},
            {"label": _("Staff entered"), "state": "todo"},
        ],
        "events": [
            {
                "at": datetime(2026, 11, 22, 6, 5, tzinfo=UTC),
                "text": _("Certificate issued"),
                "by": _("by itself"),
            },
            {
                "at": datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
                "text": _("Practice hours confirmed"),
                "by": _("training body"),
                "note": LONG,
            },
        ],
        "page_obj": Paginator(range(480), 30).get_page(request.GET.get("page", 4)),
        "long": LONG,
        "crumbs": [("/", _("Front page"))],
        "person": SimpleNamespace(name="欧阳若溪", number="530199199002290013", since=on),
        "on": on,
        "swatches": (
            ("jade", _("what can be acted on")),
            ("apricot", _("progress")),
            ("ink", _("text")),
            ("amber", _("suspended, expiring, to mend")),
            ("red", _("revoked and banned, nothing else")),
        ),
    }
    return render(request, "core/style.html", context)
