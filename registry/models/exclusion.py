"""A measure that keeps a person out of work with children: the dated fact, without the case.

The room above (credentials) decides and writes it through `registry.actions.exclude`;
it stands down here because hiring happens here and must be refused here (ADR 0004).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import Person


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def on(self, day: date) -> ExclusionQuerySet:
        """In force on `day`."""
        return self.filter(
            Q(from_day__lte=day), Q(until=None) | Q(until__gt=day), Q(lifted_on=None) | Q(lifted_on__gt=day)
        )

    def of_people(self, people: Collection[int]) -> Iterator[tuple[int, Exclusion]]:
        """Each with whom of `people` it concerns: also by the record she was merged into. Two queries."""
        for row in self.filter(person_id__in=people):
            yield row.person_id, row
        for row in self.filter(person__merged__in=people).annotate(concerns=F("person__merged")):
            yield row.concerns, row  # type: ignore[attr-defined, unused-ignore]

    def of_human(self, person: str) -> ExclusionQuerySet:
        """Of the person whom this key of the outer query names, or of the record she was merged into."""
        return self.filter(Q(person_id=OuterRef(person)) | Q(person__merged=OuterRef(person)))


class Exclusion(models.Model):
    """Append-only; lifting is filled in once. One source may suspend, renew, and ban in the end."""

    class Kind(models.TextChoices):
        BAN = "ban", _("lifetime ban")
        SUSPENSION = "suspension", _("interim suspension")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="exclusions")
    kind = models.CharField(max_length=12, choices=Kind)
    source = models.CharField(max_length=60)  # "ban-subject:<public id>": who knows why
    from_day = models.DateField()
    until = models.DateField(null=True, blank=True)  # a suspension lapses by itself
    recorded_at = models.DateTimeField()
    lifted_on = models.DateField(null=True, blank=True)
    lifted_recorded_at = models.DateTimeField(null=True, blank=True)

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="ban", until=None) | Q(kind="suspension", until__gt=F("from_day")),
                name="a_ban_has_no_end_and_a_suspension_has_one",
            ),
            models.UniqueConstraint(
                fields=["source", "kind", "from_day"], name="one_exclusion_per_source_and_day"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None, lifted_recorded_at=None)
                | Q(lifted_on__isnull=False, lifted_recorded_at__isnull=False),
                name="a_lifted_exclusion_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"

    def in_force_on(self, day: date) -> bool:
        """The same question as `on`, asked of a row that is at hand."""
        return (
            self.from_day <= day
            and (self.until is None or day < self.until)
            and (self.lifted_on is None or day < self.lifted_on)
        )
