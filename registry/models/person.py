"""人员 and 证件: a human being, known by identity documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import public_id
from core.secrecy import SealedTextField, blind_index
from registry.rules.documents import KIND_NAMES, masked

if TYPE_CHECKING:
    from registry.models.account import Account

DOCUMENT_PURPOSE = "person-document"


class PersonQuerySet(models.QuerySet["Person"]):
    def with_document(self, kind: str, number: str) -> PersonQuerySet:
        """The person known by exactly this document; `number` in canonical form."""
        return self.filter(documents__number_index=document_index(kind, number))

    def with_records(self) -> PersonQuerySet:
        """These, and every record joined with one of them."""
        into = self.exclude(merged_into=None).values("merged_into")
        own = self.values("pk")
        return Person.objects.filter(
            Q(pk__in=own) | Q(merged_into__in=own) | Q(pk__in=into) | Q(merged_into__in=into)
        )

    def in_post_on(self, day: object) -> PersonQuerySet:
        return self.filter(
            Q(employments__started_on__lte=day),
            Q(employments__until=None) | Q(employments__until__gt=day),
        ).distinct()

    def visible_to(self, account: Account) -> PersonQuerySet:
        """Oneself; the staff, past or present, of one's facilities; those employed in one's divisions."""
        from registry.models.employment import Employment

        posts = Employment.objects.visible_to(account)
        return self.filter(Q(pk=account.person_id) | Q(pk__in=posts.values("person_id")))


class Person(models.Model):
    """A human being. Two namesakes are two persons; only a document number identifies."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")
        UNKNOWN = "", _("not known")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    name = models.CharField(max_length=100)  # as printed on the document
    name_key = models.CharField(max_length=100, db_index=True)  # normalised, for search
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True, default="")
    phone = SealedTextField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="nobody_merges_into_herself")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """How the audit names her."""
        return f"person:{self.public_id}"


class IdentityDocument(models.Model):
    """One document of one person: the number sealed, found by keyed hash, unique over all persons."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30, choices=[(kind.value, name) for kind, name in KIND_NAMES.items()])
    number = SealedTextField()  # canonical form
    number_index = models.CharField(max_length=64, unique=True, editable=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"

    @property
    def masked_number(self) -> str:
        """What everybody may see who may see the person."""
        return masked(self.number)


def document_index(kind: str, number: str) -> str:
    """What a document is found by. `number` must be canonical."""
    return blind_index(f"{kind}:{number}", purpose=DOCUMENT_PURPOSE)
