"""Why a line counts, or does not: a code with its facts, said in the reader's language.

A `Reason` is plain data and may be compared and stored; `words` (or `str`) says
it in the active language. Every code has its sentence here; a sentence names
only facts that its reason carries, and a test says every one in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.templatetags.yz import day
from registry.rules.standard import TOPIC_PREFIX, SourceClass
from registry.rules.topics import topic_name


class Code(StrEnum):
    """Stable slugs, for tests and the API."""

    # a line of the ledger
    IN_CYCLE = "in_cycle"
    IN_CYCLE_LATE = "in_cycle_late"
    AFTER_MET_NEXT_CYCLE = "after_met_next_cycle"
    SURPLUS = "surplus"
    SURPLUS_CARRIED = "surplus_carried"
    CORRECTION = "correction"
    CAP_CUT = "cap_cut"
    CAP_FULL = "cap_full"
    PENDING = "pending"
    NOT_ACCEPTED = "not_accepted"
    SOURCE_NOT_COUNTED = "source_not_counted"
    BEFORE_FIRST_CYCLE = "before_first_cycle"
    OUTSIDE_CYCLES = "outside_cycles"
    REVERSED = "reversed"
    REVERSES = "reverses"
    REVERSES_NOTHING = "reverses_nothing"
    ALREADY_REVERSED = "already_reversed"
    REVERSES_REVERSAL = "reverses_reversal"
    # how a cycle opened
    OPENED_TAKE_UP = "opened_take_up"
    OPENED_RULE = "opened_rule"
    OPENED_CERTIFICATE = "opened_certificate"
    OPENED_UNMET = "opened_unmet"
    OPENED_CALENDAR = "opened_calendar"
    OPENED_PERIOD = "opened_period"
    # yearly duties
    DUTY_DUE = "duty_due"
    DUTY_FIRST = "duty_first"
    DUTY_OVERDUE = "duty_overdue"
    DUTY_UNCONFIRMED = "duty_unconfirmed"
    ENTRY_OWED = "entry_owed"
    ENTRY_DONE = "entry_done"
    # what a draft of a rule does to somebody
    BECOMES_MET = "becomes_met"
    NO_LONGER_MET = "no_longer_met"
    LESS_MISSING = "less_missing"
    MORE_MISSING = "more_missing"
    ENDS_LATER = "ends_later"
    ENDS_EARLIER = "ends_earlier"
    NEWLY_BOUND = "newly_bound"
    NO_LONGER_BOUND = "no_longer_bound"
    OTHER_STANDARD = "other_standard"
    DUTY_ADDED = "duty_added"
    DUTY_LIFTED = "duty_lifted"
    DUTY_SOONER = "duty_sooner"
    DUTY_LATER = "duty_later"
    CLOSED_CYCLE_MOVED = "closed_cycle_moved"
    NEXT_HARDER = "next_harder"
    NEXT_EASIER = "next_easier"
    NEXT_OTHER = "next_other"
    NEXT_NONE = "next_none"
    # attendance of a class session
    ATTENDED = "attended"
    ARRIVED_LATE = "arrived_late"
    LEFT_EARLY = "left_early"
    ABSENT_BETWEEN = "absent_between"
    NOT_SIGNED_IN = "not_signed_in"
    NOT_SIGNED_OUT = "not_signed_out"
    # quizzes
    QUIZ_PASSED = "quiz_passed"
    QUIZ_OPEN = "quiz_open"
    QUIZ_ATTEMPTS_USED = "quiz_attempts_used"
    QUIZ_COOL_OFF = "quiz_cool_off"


SENTENCES: dict[Code, Promise | str] = {
    Code.IN_CYCLE: _("Counts for cycle %(cycle)s: it happened on %(happened_on)s, inside it."),
    Code.IN_CYCLE_LATE: _(
        "Counts for cycle %(cycle)s: it happened on %(happened_on)s, inside it; it was recorded late, on "
        "%(recorded_on)s."
    ),
    Code.AFTER_MET_NEXT_CYCLE: _(
        "Counts for cycle %(cycle)s: the cycle before was already met on %(met_on)s when it happened."
    ),
    Code.SURPLUS: _(
        "Kept in cycle %(cycle)s, which was already met on %(met_on)s; "
        "hours are not carried into the next cycle."
    ),
    Code.SURPLUS_CARRIED: _(
        "Beyond what cycle %(cycle)s needed, which was met on %(met_on)s; it is carried into the next cycle."
    ),
    Code.CORRECTION: _("A correction in cycle %(cycle)s: it takes %(minutes)s minutes away."),
    Code.CAP_CUT: _(
        "Counts in part for cycle %(cycle)s: at most %(cap)s minutes of %(category)s count, "
        "so %(cut)s minutes do not."
    ),
    Code.CAP_FULL: _(
        "Does not count for cycle %(cycle)s: at most %(cap)s minutes of %(category)s count, "
        "and they were full."
    ),
    Code.PENDING: _("Not counted yet: it waits for confirmation."),
    Code.NOT_ACCEPTED: _("Does not count: it was checked and not accepted."),
    Code.SOURCE_NOT_COUNTED: _("Does not count: this standard does not accept hours that are %(source)s."),
    Code.BEFORE_FIRST_CYCLE: _("Does not count: it happened before the first cycle opened on %(starts_on)s."),
    Code.OUTSIDE_CYCLES: _("Does not count: no cycle was open on %(happened_on)s."),
    Code.REVERSED: _("Does not count: it was reversed on %(reversed_on)s."),
    Code.REVERSES: _("Reverses the entry “%(title)s”; the two cancel out."),
    Code.REVERSES_NOTHING: _("Has no effect: the entry it should reverse is not in this ledger."),
    Code.ALREADY_REVERSED: _("Has no effect: the entry was reversed before."),
    Code.REVERSES_REVERSAL: _(
        "Has no effect: a reversal cannot be reversed; record the hours again instead."
    ),
    Code.OPENED_TAKE_UP: _("Opened on %(starts_on)s, when the occupation was taken up."),
    Code.OPENED_RULE: _("Opened on %(starts_on)s, when the standard came into force."),
    Code.OPENED_CERTIFICATE: _("Opened on %(starts_on)s, when the validity of the certificate began."),
    Code.OPENED_UNMET: _("Opened on %(starts_on)s, when the cycle before ended without being met."),
    Code.OPENED_CALENDAR: _("Opened on %(starts_on)s, as the calendar period began."),
    Code.OPENED_PERIOD: _("Opened on %(starts_on)s, when the cycle before ended."),
    Code.DUTY_DUE: _("%(duty)s: last on %(done_on)s, to be renewed before %(due_on)s."),
    Code.DUTY_FIRST: _("%(duty)s: to be done for the first time before %(due_on)s."),
    Code.DUTY_OVERDUE: _("%(duty)s: overdue since %(due_on)s."),
    Code.DUTY_UNCONFIRMED: _(
        "Reported by the facility for %(done_on)s; it counts once the supervising authority has confirmed it."
    ),
    Code.ENTRY_OWED: _("%(duty)s: owed since joining on %(joined_on)s."),
    Code.ENTRY_DONE: _("%(duty)s: done on %(done_on)s."),
    Code.BECOMES_MET: _("Cycle %(cycle)s becomes met, on %(met_on)s."),
    Code.NO_LONGER_MET: _("Cycle %(cycle)s is no longer met: %(minutes)s minutes are missing."),
    Code.LESS_MISSING: _("Less is missing: %(minutes_after)s minutes instead of %(minutes_before)s."),
    Code.MORE_MISSING: _("More is missing: %(minutes_after)s minutes instead of %(minutes_before)s."),
    Code.ENDS_LATER: _("The cycle is over later: on %(until_after)s instead of %(until_before)s."),
    Code.ENDS_EARLIER: _("The cycle is over earlier: on %(until_after)s instead of %(until_before)s."),
    Code.NEWLY_BOUND: _("Is newly bound by the standard %(after)s."),
    Code.NO_LONGER_BOUND: _("Is no longer bound by the standard %(before)s."),
    Code.OTHER_STANDARD: _("Is bound by the standard %(after)s in the place of %(before)s."),
    Code.DUTY_ADDED: _("%(duty)s: owed in addition."),
    Code.DUTY_LIFTED: _("%(duty)s: owed no longer."),
    Code.DUTY_SOONER: _("%(duty)s: due earlier, by %(until_after)s instead of %(until_before)s."),
    Code.DUTY_LATER: _("%(duty)s: due later, by %(until_after)s instead of %(until_before)s."),
    Code.CLOSED_CYCLE_MOVED: _(
        "Closed cycles that would be moved: %(number)s. What is published may never do that."
    ),
    Code.NEXT_HARDER: _(
        "The next cycle, which opens on %(opens_on)s at the latest, demands more: "
        "%(minutes_after)s minutes in all, before %(minutes_before)s."
    ),
    Code.NEXT_EASIER: _(
        "The next cycle, which opens on %(opens_on)s at the latest, demands less: "
        "%(minutes_after)s minutes in all, before %(minutes_before)s."
    ),
    Code.NEXT_OTHER: _(
        "The next cycle, which opens on %(opens_on)s at the latest, demands something else: "
        "%(minutes_after)s minutes in all, before %(minutes_before)s."
    ),
    Code.NEXT_NONE: _("When this cycle is over, on %(opens_on)s, nothing more is demanded."),
    Code.ATTENDED: _("Present throughout: %(minutes)s minutes."),
    Code.ARRIVED_LATE: _("Arrived late: %(minutes)s minutes less."),
    Code.LEFT_EARLY: _("Left early: %(minutes)s minutes less."),
    Code.ABSENT_BETWEEN: _("Absent in between: %(minutes)s minutes less."),
    Code.NOT_SIGNED_IN: _("Did not sign in: no minutes."),
    Code.NOT_SIGNED_OUT: _("Did not sign out: no minutes until the trainer settles when she left."),
    Code.QUIZ_PASSED: _("This quiz is already passed."),
    Code.QUIZ_OPEN: _("An attempt is still open; continue it."),
    Code.QUIZ_ATTEMPTS_USED: _("All %(attempts)s attempts are used; ask your trainer."),
    Code.QUIZ_COOL_OFF: _(
        "Read the lesson again first; the next attempt opens %(minutes)s minutes after the last."
    ),
}

CATEGORY_WORDS: dict[str, Promise | str] = {
    "theory": _("theory"),
    "practice": _("practice"),
    "ethics": _("professional ethics"),
    "online": _("online hours"),
    "offline": _("offline hours"),
}

DUTY_WORDS: dict[str, Promise | str] = {
    "hygiene_training": _("Hygiene and health training"),
    "health_check": _("Health check"),
    "expert_training": _("Yearly training of experts"),
    "entry_training": _("Entry training"),
    "entry_assessment": _("Entry assessment"),
    "specialised_training": _("Specialised training"),
}

SOURCE_WORDS: dict[str, Promise | str] = {
    SourceClass.PLATFORM: _("verified by the platform"),
    SourceClass.TRAINING_BODY: _("verified by a training body"),
    SourceClass.MENTOR: _("confirmed by a mentor"),
    SourceClass.SELF: _("reported by the learner alone"),
}


def category_words(category: str) -> str:
    """The name of a category in the active language."""
    if category.startswith(TOPIC_PREFIX):
        return str(_("the topic “%(topic)s”") % {"topic": topic_name(category.removeprefix(TOPIC_PREFIX))})
    return str(CATEGORY_WORDS.get(category, category))


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """A code and the facts of its sentence: numbers, days, category and source names."""

    code: Code
    facts: tuple[tuple[str, Any], ...]

    def __init__(self, code: Code, **facts: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "facts", tuple(sorted(facts.items())))

    @property
    def words(self) -> str:
        """The sentence in the active language."""
        return str(SENTENCES[self.code]) % {name: _said(name, value) for name, value in self.facts}

    def __str__(self) -> str:
        return self.words

    def as_json(self) -> dict[str, Any]:
        """Plain data: the code and its facts, days as ISO dates."""
        facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in self.facts}
        return {"code": str(self.code), "facts": facts}


def said(data: dict[str, Any]) -> str:
    """A kept `Reason.as_json` in the active language."""
    facts = {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in data["facts"].items()
    }
    return Reason(Code(data["code"]), **facts).words


def _said(name: str, value: Any) -> str:
    if value is None:
        return str(_("no day at all"))
    if isinstance(value, date):
        return day(value)
    if name == "category":
        return category_words(value)
    if name == "duty":
        return str(DUTY_WORDS.get(value, value))
    if name == "source":
        return str(SOURCE_WORDS.get(value, value))
    return str(value)
