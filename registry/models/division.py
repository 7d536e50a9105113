"""行政区划: the tree of GB/T 2260, whose codes are the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models.account import Account


class Level(models.TextChoices):
    PROVINCE = "province", _("province")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")


class DivisionQuerySet(models.QuerySet["Division"]):
    def within(self, code: str) -> DivisionQuerySet:
        """The division itself and all below it."""
        return self.filter(code__startswith=prefix_of(code))

    def visible_to(self, account: Account) -> DivisionQuerySet:
        """Those an officer answers for."""
        return self.filter(within_any("code", account.division_prefixes))


class Division(models.Model):
    """One node. A province ends in 0000, a prefecture in 00."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        return prefix_of(self.code)


def prefix_of(code: str) -> str:
    """The part of a code that everything below it begins with."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def within_any(path: str, prefixes: tuple[str, ...]) -> models.Q:
    """A condition: the division code at `path` lies below one of `prefixes`. No prefix: nothing."""
    if not prefixes:
        return models.Q(pk__in=[])
    condition = models.Q()
    for prefix in prefixes:
        condition |= models.Q(**{f"{path}__startswith": prefix})
    return condition
