"""The facts that hours are judged by: ledger lines, posts, certificates, rules in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.translation import get_language

from core.days import Period, day_of
from registry.rules.standard import TOPIC_PREFIX, SourceClass, StandardRules


class Kind(StrEnum):
    """What a line of the ledger does."""

    EARN = "earn"
    ADJUST = "adjust"
    REVERSE = "reverse"
    TRANSFER = "transfer"


class State(StrEnum):
    """Whether the evidence of a line has been decided. A line of the ledger proper is accepted;
    claims that wait or were turned down are shown beside it."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: signed whole minutes, one content, one channel, at most one topic.

    `happened_on` is claimed, `recorded_at` is the server's; for a claim decided
    later it is the moment of the decision. A REVERSE names its target in `reverses`.
    """

    id: int | str
    kind: Kind
    minutes: int
    content: str
    channel: str
    source: SourceClass
    happened_on: date
    recorded_at: datetime
    topic: str | None = None
    title: str = ""
    reverses: int | str | None = None
    state: State = State.ACCEPTED
    note: str = ""  # why a line was corrected, as its officers wrote it

    @property
    def categories(self) -> tuple[str, ...]:
        """The names a rule may bound this line by."""
        if self.topic:
            return (self.content, self.channel, TOPIC_PREFIX + self.topic)
        return (self.content, self.channel)

    @property
    def recorded_on(self) -> date:
        """The Beijing day on which the server learnt of it."""
        return day_of(self.recorded_at)


@dataclass(frozen=True, slots=True)
class Post:
    """A person in an occupation at a facility of a division, for a time."""

    occupation: str
    division_code: str
    period: Period


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as it was issued. `issued_on` and `voided_on` are what could be known on a day.

    `cycle_starts_on` names the cycle it closed; for a certificate from elsewhere it may
    match none. `voided_on`: revoked, or replaced by another; `lifted`: the days of marks that were lifted.
    """

    standard_code: str
    valid_from: date
    valid_until: date
    cycle_starts_on: date
    issued_on: date
    voided_on: date | None = None
    lifted: tuple[Period, ...] = ()

    def is_void_on(self, day: date) -> bool:
        voided = self.voided_on is not None and self.voided_on <= day
        return voided or any(day in period for period in self.lifted)

    def stands_on(self, day: date) -> bool:
        """Issued by then and not void that day, whether its validity has begun or not."""
        return self.issued_on <= day and not self.is_void_on(day)

    def is_valid_on(self, day: date) -> bool:
        return self.stands_on(day) and self.valid_from <= day < self.valid_until


@dataclass(frozen=True, slots=True)
class VersionInForce:
    """One dated version of a standard, as the rulebook hands it out."""

    standard_code: str
    number: int
    title: str
    occupation: str
    division_code: str
    in_force: Period
    rules: StandardRules
    citation: str = ""
    title_en: str = ""

    @property
    def name(self) -> str:
        """The title in the active language."""
        english = (get_language() or "").startswith("en")
        return self.title_en if english and self.title_en else self.title

    def governs(self, post: Post) -> bool:
        """True if the post is of this occupation and lies in this division or below it."""
        return post.occupation == self.occupation and is_within(post.division_code, self.division_code)


def is_within(division_code: str, above: str) -> bool:
    """True if the first GB/T 2260 code lies in the subtree of the second."""
    return division_code.startswith(stem_of(above))


def stem_of(division_code: str) -> str:
    """The part that a division shares with all below it: trailing zero pairs are open."""
    while division_code.endswith("00") and len(division_code) > 2:
        division_code = division_code[:-2]
    return division_code
