"""培训标准: the rulebook, loaded from `registry/data/standards/`, each version dated and cited."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.days import Period
from registry.models.division import Division
from registry.models.employment import OCCUPATIONS
from registry.rules.rulebook import Citation, StandardText, VersionText
from registry.rules.standard import Audience, StandardRules

AUDIENCES = [
    *OCCUPATIONS,
    (Audience.EXPERT.value, _("expert of a pool")),
    (Audience.PARENTING_TRAINER.value, _("trainer of parenting guidance")),
]


class StandardQuerySet(models.QuerySet["Standard"]):
    def texts(self) -> list[StandardText]:
        """Each as it was published, whether a file still holds it or not, by its code. Two queries."""
        return [_text(standard) for standard in self.order_by("code").prefetch_related("versions")]


class Standard(models.Model):
    """What an occupation in a division must do; its versions say what exactly, and when."""

    code = models.SlugField(max_length=60, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="standards")
    occupation = models.CharField(max_length=20, choices=AUDIENCES)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)

    objects = StandardQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class StandardVersionQuerySet(models.QuerySet["StandardVersion"]):
    def in_force_on(self, day: date) -> StandardVersionQuerySet:
        return self.filter(Q(in_force_from__lte=day), Q(in_force_until=None) | Q(in_force_until__gt=day))


class StandardVersion(models.Model):
    """In force from a day until a day. Published rules do not change; a change is a new version."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    in_force_from = models.DateField()
    in_force_until = models.DateField(null=True, blank=True)
    rules_json = models.JSONField()
    citation = models.JSONField()  # {document, article, words, fact}
    source_sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    objects = StandardVersionQuerySet.as_manager()

    class Meta:
        ordering = ["standard", "number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="standard_version_number"),
            models.CheckConstraint(
                condition=Q(in_force_until=None) | Q(in_force_until__gt=F("in_force_from")),
                name="version_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard_id} v{self.number}"

    @property
    def rules(self) -> StandardRules:
        return StandardRules.from_json(self.rules_json)


def _text(standard: Standard) -> StandardText:
    return StandardText(
        code=standard.code,
        title=standard.title,
        title_en=standard.title_en,
        division_code=standard.division_id,
        occupation=standard.occupation,
        versions=tuple(
            VersionText(
                version.number,
                Period(version.in_force_from, version.in_force_until),
                Citation(**version.citation),
                version.rules,
            )
            for version in sorted(standard.versions.all(), key=lambda version: version.number)
        ),
        source_sha256="",
    )
