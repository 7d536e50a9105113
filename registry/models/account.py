"""账号: a login, and what it may do today."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.ids import public_id
from registry.models.duty import Duty
from registry.models.person import Person
from registry.rules.kinds import NEEDS_SECOND_FACTOR, DutyKind, Kind


class Account(AbstractUser):
    """One login of at most one person; a person has at most one account."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.OneToOneField(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")

    @property
    def actor(self) -> str:
        return f"account:{self.public_id}"

    @property
    def display_name(self) -> str:
        return self.person.name if self.person else self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def duties_on(self, day: date) -> models.QuerySet[Duty]:
        return self.duties.in_force_on(day)

    @cached_property
    def current_duties(self) -> tuple[Duty, ...]:
        """Duties in force today; read once per request, since a request loads its account afresh.

        Nearly all accounts are learners' and have none: one look at an index says so, by hand, since every
        signed-in request comes by here and the ORM takes a millisecond to write the whole question.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM registry_duty WHERE account_id = %s LIMIT 1", [self.pk])
            if cursor.fetchone() is None:
                return ()
        return tuple(self.duties_on(clock.today()).select_related("division", "facility"))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Kinds of account this one is today, for the policy table."""
        kinds: set[str] = {Kind.LEARNER} if self.person_id else set()
        for duty in self.current_duties:
            if duty.kind == DutyKind.OFFICER:
                assert duty.division is not None
                kinds.add(Kind(duty.division.level))
            else:
                kinds.add(Kind(duty.kind))
        return frozenset(kinds)

    @cached_property
    def record_ids(self) -> tuple[int, ...]:
        """Keys of all records of this account's human being; none without a person."""
        from registry.permissions import records_of

        return tuple(records_of(self.person_id)) if self.person_id else ()

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.kinds & NEEDS_SECOND_FACTOR)

    @cached_property
    def division_prefixes(self) -> tuple[str, ...]:
        """Prefixes of the divisions this account oversees today as an officer."""
        return self._prefixes_of(DutyKind.OFFICER)

    @cached_property
    def issuing_prefixes(self) -> tuple[str, ...]:
        """Prefixes of the divisions this account issues certificates for today; they open no other record."""
        return self._prefixes_of(DutyKind.ISSUER)

    def _prefixes_of(self, kind: DutyKind) -> tuple[str, ...]:
        duties = (duty for duty in self.current_duties if duty.kind == kind)
        return tuple(sorted(duty.division.prefix for duty in duties if duty.division is not None))

    @cached_property
    def facility_ids(self) -> tuple[int, ...]:
        """Facilities this account manages today."""
        return tuple(
            duty.facility_id
            for duty in self.current_duties
            if duty.kind == DutyKind.MANAGER and duty.facility_id is not None
        )
