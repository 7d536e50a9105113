"""A standard's numbers in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core.templatetags.yz import class_hours
from registry.rules.standard import TOPIC_PREFIX, Anchor, CategoryRule, SourceClass, StandardRules, YearlyDuty

Words = Promise | str

CATEGORIES: dict[str, Words] = {
    "theory": gettext_lazy("theory"),
    "practice": gettext_lazy("practice"),
    "ethics": gettext_lazy("professional ethics"),
    "online": gettext_lazy("online"),
    "offline": gettext_lazy("offline"),
    "topic:care_skills": gettext_lazy("topic: care skills"),
    "topic:safety": gettext_lazy("topic: safety"),
    "topic:emergency": gettext_lazy("topic: emergencies"),
}
ANCHORS: dict[Anchor, Words] = {
    Anchor.TAKE_UP: gettext_lazy("counted from the day the occupation is taken up"),
    Anchor.CERTIFICATE: gettext_lazy("first from taking up the occupation, then with each certificate"),
    Anchor.CALENDAR: gettext_lazy("from 1 January on"),
    Anchor.ENTRY: gettext_lazy("once, on joining a facility"),
}
SOURCES: dict[SourceClass, Words] = {
    SourceClass.PLATFORM: gettext_lazy("verified by this platform"),
    SourceClass.TRAINING_BODY: gettext_lazy("signed by a training body"),
    SourceClass.MENTOR: gettext_lazy("confirmed by a mentor"),
    SourceClass.SELF: gettext_lazy("reported by the learner"),
}
DUTIES: dict[str, Words] = {
    "hygiene_training": gettext_lazy("hygiene and health training"),
    "health_check": gettext_lazy("health check"),
    "expert_training": gettext_lazy("training of the experts"),
    "specialised_training": gettext_lazy("specialised training"),
    "entry_training": gettext_lazy("entry training"),
    "entry_assessment": gettext_lazy("qualification assessment on entry"),
}


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """`cap` or `needed` is empty where there is none."""

    name: Words
    needed: str
    cap: str


@dataclass(frozen=True, slots=True)
class Demands:
    """`headline` is what a person remembers; `facts` are pairs; `categories` the finer bounds."""

    headline: str
    facts: tuple[tuple[str, str], ...]
    categories: tuple[CategoryWords, ...]


def demands_of(rules: StandardRules) -> Demands:
    """All that a version says, in the reader's language; a name nobody translated shows as it is written."""
    return Demands(_headline(rules), tuple(_facts(rules)), tuple(_categories(rules)))


def _headline(rules: StandardRules) -> str:
    if rules.needed_minutes:
        hours = class_hours(rules.needed_minutes, rules.class_hour_minutes)
        if rules.cycle_years is None:
            return _("%(hours)s class hours, once") % {"hours": hours}
        if rules.cycle_years == 1:
            return _("%(hours)s class hours every year") % {"hours": hours}
        return _("%(hours)s class hours in %(years)s years") % {"hours": hours, "years": rules.cycle_years}
    if rules.yearly_duties:
        return pgettext("list", ", ").join(
            str(DUTIES.get(duty.kind, duty.kind)) for duty in rules.yearly_duties
        )
    if rules.entry_duties:
        return pgettext("list", ", ").join(str(DUTIES.get(kind, kind)) for kind in rules.entry_duties)
    return _("at least %(rate)s%% of the staff certified") % {"rate": rules.target_rate_percent}


def _facts(rules: StandardRules) -> list[tuple[str, str]]:
    facts: list[tuple[str, str]] = []
    if rules.needed_minutes:
        facts += [
            (_("Minutes in a class hour"), str(rules.class_hour_minutes)),
            (_("Period"), f"{_years(rules.cycle_years)}{_(', ')}{ANCHORS[rules.anchor]}"),
            (
                _("Certificate"),
                _("valid %(years)s") % {"years": _years(rules.certificate_years)}
                if rules.certificate_years
                else _("none"),
            ),
            (_("Hours that count"), _("; ").join(str(SOURCES[source]) for source in rules.counted_sources)),
            (
                _("Hours above the need"),
                _("go into the next period") if rules.carry_over else _("do not go into the next period"),
            ),
        ]
    if apart := [_category(part.category) for part in rules.categories if not _is_bound(part)]:
        facts.append((_("Counted apart, nothing demanded"), pgettext("list", ", ").join(apart)))
    facts += [(str(DUTIES.get(duty.kind, duty.kind)), _often(duty)) for duty in rules.yearly_duties]
    facts += [(str(DUTIES.get(kind, kind)), _("once, on joining a facility")) for kind in rules.entry_duties]
    if rules.target_rate_percent is not None:
        facts.append(
            (_("Target"), _("%(rate)s%% of the staff certified") % {"rate": rules.target_rate_percent})
        )
    return facts


def _categories(rules: StandardRules) -> list[CategoryWords]:
    return [
        CategoryWords(
            _category(part.category),
            class_hours(part.minimum_minutes, rules.class_hour_minutes) if part.minimum_minutes else "",
            class_hours(part.cap_minutes, rules.class_hour_minutes) if part.cap_minutes is not None else "",
        )
        for part in rules.categories
        if _is_bound(part)
    ]


def _is_bound(part: CategoryRule) -> bool:
    return bool(part.minimum_minutes) or part.cap_minutes is not None


def _category(name: str) -> str:
    return str(CATEGORIES.get(name, name.removeprefix(TOPIC_PREFIX)))


def _years(years: int | None) -> str:
    if years is None:
        return _("without end")
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def _often(duty: YearlyDuty) -> str:
    often = _rhythm(duty)
    if duty.by_authority:
        return _("%(often)s; counts once the authority has confirmed it") % {"often": often}
    return often


def _rhythm(duty: YearlyDuty) -> str:
    words = {"times": duty.times, "months": duty.every_months}
    if duty.every_months == 12:
        return ngettext("once a year", "%(times)s times a year", duty.times) % words
    return ngettext("once in %(months)s months", "%(times)s times in %(months)s months", duty.times) % words
