"""行政区划: the tree of GB/T 2260, whose codes are the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.rules.divisions import DivisionLevel, prefix_of

if TYPE_CHECKING:
    from registry.models.account import Account


__all__ = ["LEVELS", "Division", "DivisionQuerySet", "Level", "prefix_of", "within_any"]

Level = DivisionLevel  # under the name the rooms above ask for

LEVELS = [
    (DivisionLevel.PROVINCE.value, _("province")),
    (DivisionLevel.PREFECTURE.value, _("prefecture")),
    (DivisionLevel.COUNTY.value, _("county")),
]


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
    level = models.CharField(max_length=10, choices=LEVELS)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        return prefix_of(self.code)


def within_any(path: str, prefixes: tuple[str, ...]) -> models.Q:
    """A condition: the division at `path` lies below one of `prefixes`. No prefix: nothing.

    `path` ends in a code (`"code"`) or in a division's key (`"facility__division_id"`).
    """
    if path.endswith("division_id"):
        path = f"{path.removesuffix('_id')}__code"  # the same column, without a join; a key has no startswith
    if not prefixes:
        return models.Q(pk__in=[])
    condition = models.Q()
    for prefix in prefixes:
        condition |= models.Q(**{f"{path}__startswith": prefix})
    return condition
