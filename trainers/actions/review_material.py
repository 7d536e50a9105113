"""Pass a version of a material, or send it back with the reason."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account
from registry.permissions import same_human
from registry.rules.kinds import DutyKind
from trainers import permissions
from trainers.models import Material, MaterialReview, MaterialVersion, VersionState


@act
def review_material(
    *, version: MaterialVersion, verdict: str, note: str, by: Account, at: datetime
) -> MaterialReview:
    """One verdict by a reviewer who is not the uploader, neither by account nor as a person.

    A second reviewer may still refuse what the first approved, never approve what was refused: the trainer
    uploads a new version instead.

    Raises Refused: not_a_reviewer, excluded, own_material, verdict, note_missing, reviewed, refused_already.
    """
    day = day_of(at)
    if permissions.excluded(by.person_id, day):
        raise Refused("excluded", _("Whoever may not work in childcare may not judge its teaching either."))
    if not permissions.has_duty(by, DutyKind.REVIEWER, day):
        raise Refused(
            "not_a_reviewer", _("Only reviewers judge material. Ask an administrator for the duty.")
        )
    if verdict not in MaterialReview.Verdict.values:
        raise Refused("verdict", _("Choose whether the material is approved or refused."))
    note = note.strip()
    if verdict == MaterialReview.Verdict.REFUSED and not note:
        raise Refused("note_missing", _("Say what is wrong, so that the trainer can mend it."))
    Material.objects.select_for_update().get(pk=version.material_id)
    version = MaterialVersion.objects.select_related("uploaded_by", "material__owner").get(pk=version.pk)
    if same_human(by, version.uploaded_by) or same_human(by, version.material.owner):
        raise Refused("own_material", _("Nobody reviews her own material. It waits for another reviewer."))
    if version.reviews.filter(reviewer=by).exists():
        raise Refused("reviewed", _("You have given your verdict on this version already."))
    state = version.state
    if state == VersionState.REFUSED:
        raise Refused("refused_already", _("This version was refused. The trainer uploads a new one."))
    if state == VersionState.APPROVED and verdict == MaterialReview.Verdict.APPROVED:
        raise Refused("reviewed", _("This version is approved already."))
    review = MaterialReview.objects.create(
        version=version, reviewer=by, uploader=version.uploaded_by, verdict=verdict, note=note, reviewed_at=at
    )
    record(
        "trainers.review_material",
        subject=f"material:{version.material.public_id}",
        by=by,
        at=at,
        version=version.public_id,
        verdict=verdict,
    )
    return review
