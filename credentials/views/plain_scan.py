"""The page of a plain scan, filled into a form that was rendered once.

Rendering verify.html takes longer than all else that an answer needs, and two scans of a day differ in a
dozen words. So it is rendered once for each language, state and day with an invented certificate, and cut
where that one's words stand; an answer puts its own there. The status is read for each answer: only the
words around it are kept. tests/credentials/views/test_plain_scan.py holds it to the template's own bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from core.templatetags.yz import day, last_day, moment
from credentials.rules.snapshot import CertificateFacts
from credentials.rules.state import State, StateOn

TEMPLATE = "credentials/verify.html"
MOST_FORMS = 64  # a day has fourteen; at midnight others begin

# Every word occurs nowhere else on a page.
STAND_IN = CertificateFacts(
    number="[number]",
    verify_code="[code]",
    edition=1,
    replaces=None,
    title="[title]",
    title_en="[title in English]",
    holder_name="[holder]",
    masked_name="[name]",
    document_tail="[tail]",
    occupation="[occupation]",
    occupation_title="[post]",
    occupation_title_en="[post in English]",
    standard_code="[standard]",
    standard_version=1,
    standard_title="[title of the standard]",
    citation="[citation]",
    minutes=86_421 * 97_531,
    class_hour_minutes=97_531,
    hours=(),
    cycle_starts_on=date(8001, 1, 1),
    issued_on=date(8002, 1, 1),
    valid_from=date(8003, 1, 1),
    valid_until=date(8004, 1, 1),
    authority="[authority]",
    division_code="[division]",
)
SINCE, UNTIL, ASKED = date(8005, 1, 1), date(8006, 1, 1), datetime(8007, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kind:
    """All that the words around the certificate's own depend on."""

    language: str | None
    state: State
    not_yet: bool
    has_since: bool
    has_until: bool
    today: date
    host: str
    demonstration: bool


_forms: dict[Kind, tuple[str, ...]] = {}


def fill(request: HttpRequest, context: Mapping[str, Any]) -> str:
    """What `render_to_string(TEMPLATE, context)` gives, for a request without a query."""
    state: StateOn = context["state"]
    kind = Kind(
        language=get_language(),
        state=state.state,
        not_yet=state.not_yet,
        has_since=state.since is not None,
        has_until=state.until is not None,
        today=context["today"],
        host=context["host"],
        demonstration=settings.DEMONSTRATION,
    )
    form = _forms.get(kind)
    if form is None:
        if len(_forms) >= MOST_FORMS:
            _forms.clear()
        form = _forms[kind] = _form(request, context)
    words = _words(context)
    return "".join(words[part] if place % 2 else part for place, part in enumerate(form))


def _form(request: HttpRequest, context: Mapping[str, Any]) -> tuple[str, ...]:
    """Text, name of a word, text, …, text."""
    state: StateOn = context["state"]
    standing_in = {
        **context,
        "facts": STAND_IN,
        "state": replace(state, since=state.since and SINCE, until=state.until and UNTIL),
        "number": STAND_IN.number,
        "code": STAND_IN.verify_code,
        "checked_at": ASKED,
    }
    names = {word: name for name, word in _words(standing_in).items()}
    page = render_to_string(TEMPLATE, standing_in, request)
    parts = re.split(f"({'|'.join(map(re.escape, names))})", page)
    return tuple(names[part] if place % 2 else part for place, part in enumerate(parts))


def _words(context: Mapping[str, Any]) -> dict[str, str]:
    """The certificate's own words, as the page prints them."""
    facts: CertificateFacts = context["facts"]
    state: StateOn = context["state"]
    words = {
        "name": escape(facts.masked_name),
        "post": escape(facts.occupation_title),
        "post_en": escape(facts.occupation_title_en),
        "hours": str(facts.class_hours),
        "each": str(facts.class_hour_minutes),
        "authority": escape(facts.authority),
        "number": escape(context["number"]),
        "code": escape(context["code"]),
        "issued": day(facts.issued_on),
        "begins": day(facts.valid_from),
        "ends": day(last_day(facts.valid_until)),
        "asked": moment(context["checked_at"]),
    }
    if state.since is not None:
        words["since"] = day(state.since)
    if state.until is not None:
        words["until"] = day(last_day(state.until))
    return words
