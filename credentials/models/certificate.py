"""证书: what was attested, once and for ever; what happened to it since stands in its marks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.days import Period
from core.ids import public_id
from credentials.models.mark import StatusMark
from registry.models import Division, Person, StandardVersion
from registry.models.division import within_any

if TYPE_CHECKING:
    from registry.models import Account


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid_on(self, day: date) -> CertificateQuerySet:
        """Inside its validity and under no mark that day, as far as is known now."""
        marks = StatusMark.objects.in_force_on(day).filter(certificate=OuterRef("pk"))
        return self.filter(valid_from__lte=day, valid_until__gt=day).exclude(Exists(marks))

    def visible_to(self, account: Account) -> CertificateQuerySet:
        """One's own; those of present staff of one's facilities; those for which one's divisions answer.

        An officer also sees what people in her posts held: what was issued before they left, and no more.
        """
        from core import clock
        from registry.models import Employment

        staff = Employment.objects.on(clock.today()).filter(facility_id__in=account.facility_ids)
        places = account.division_prefixes + account.issuing_prefixes
        posted = Employment.objects.filter(
            Q(until=None) | Q(until__gt=OuterRef("issued_on")),
            within_any("facility__division_id", places),
            person_id=OuterRef("holder_id"),
        )
        return self.filter(
            Q(holder_id__in=account.record_ids)
            | Q(holder_id__in=staff.values("person_id"))
            | Q(Exists(posted))
            | within_any("division_id", places)
        )


class Certificate(models.Model):
    """Immutable (triggers). `snapshot` is the canonical JSON that was signed: names and words as
    they were that day. A correction is a new edition that names what it replaces."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    number = models.CharField(max_length=13, unique=True)
    verify_code = models.CharField(max_length=12, unique=True)
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    standard_version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    standard_code = models.CharField(max_length=60)
    occupation = models.CharField(max_length=20)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    cycle_starts_on = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_until = models.DateField()  # first invalid day
    minutes = models.PositiveIntegerField()  # counted toward it, all categories
    evidence = models.JSONField(default=dict)  # what it was earned by: ledger lines and their digest
    snapshot = models.TextField()
    snapshot_sha256 = models.CharField(max_length=64)
    kid = models.CharField(max_length=40)
    signature = models.BinaryField()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "standard_code", "cycle_starts_on", "edition"],
                name="one_certificate_per_cycle",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="certificate_is_valid_some_day"
            ),
            models.CheckConstraint(
                condition=Q(edition=1, replaces=None) | Q(edition__gt=1, replaces__isnull=False),
                name="a_later_edition_names_what_it_replaces",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "occupation", "valid_from", "valid_until"], name="certificate_of_holder"
            ),
            models.Index(  # the rate of a province reads this and never the wide rows
                fields=["valid_until", "valid_from", "holder", "occupation", "id"],
                name="certificate_by_validity",
            ),
        ]

    @property
    def validity(self) -> Period:
        return Period(self.valid_from, self.valid_until)

    def __str__(self) -> str:
        return self.number


class CertificateFile(models.Model):
    """The printed form, made by a worker; its hash is what was handed out."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="file")
    pdf = models.FileField(upload_to="certificates/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    rendered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"PDF of certificate {self.certificate_id}"


class NumberSeries(models.Model):
    """The last serial given out per province, year and kind; locked by whoever issues."""

    prefix = models.CharField(max_length=5, primary_key=True)  # "5326B"
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last__lte=9_999_999), name="seven_digit_serials")]

    def __str__(self) -> str:
        return f"{self.prefix} {self.last}"
