"""Who may judge a version, and that nobody judges her own: the act refuses, and so does the database."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from core.refusals import Refused
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.factories import registry as make
from tests.factories import trainers as made
from tests.factories.registry import AT
from trainers.actions import review_material
from trainers.models import MaterialReview, MaterialVersion, VersionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(trainer: Account) -> MaterialVersion:
    return made.material_version(of=made.material(owner=trainer))


def fresh(version: MaterialVersion) -> MaterialVersion:
    return MaterialVersion.objects.get(pk=version.pk)


def refused(version: MaterialVersion, by: Account, *, verdict: str = "approved", note: str = "") -> str:
    with pytest.raises(Refused) as refusal:
        review_material(version=version, verdict=verdict, note=note, by=by, at=AT)
    return refusal.value.code


def test_a_reviewer_approves_what_somebody_else_uploaded(version: MaterialVersion, reviewer: Account) -> None:
    assert list(MaterialVersion.objects.approved()) == []
    assert list(MaterialVersion.objects.waiting()) == [version]
    review = review_material(version=version, verdict="approved", note="", by=reviewer, at=AT)
    assert (review.reviewer, review.uploader) == (reviewer, version.uploaded_by)
    assert list(MaterialVersion.objects.approved()) == [version]
    assert list(MaterialVersion.objects.waiting()) == []
    assert fresh(version).state == VersionState.APPROVED
    assert Entry.objects.get(act="trainers.review_material").detail == {
        "version": version.public_id,
        "verdict": "approved",
    }


def test_a_refused_version_says_why_and_is_not_approved(version: MaterialVersion, reviewer: Account) -> None:
    review = review_material(version=version, verdict="refused", note=" 字太小 ", by=reviewer, at=AT)
    assert review.note == "字太小"
    assert list(MaterialVersion.objects.approved()) == []
    assert fresh(version).state == VersionState.REFUSED


def test_a_refusal_without_a_note_is_refused(version: MaterialVersion, reviewer: Account) -> None:
    assert refused(version, reviewer, verdict="refused", note="  ") == "note_missing"


def test_a_verdict_is_one_of_two(version: MaterialVersion, reviewer: Account) -> None:
    assert refused(version, reviewer, verdict="maybe") == "verdict"


def test_the_uploader_does_not_review_her_own_even_as_a_reviewer(
    version: MaterialVersion, trainer: Account
) -> None:
    make.duty(of=trainer, kind=DutyKind.REVIEWER)
    assert refused(version, trainer) == "own_material"


def test_the_owner_does_not_review_what_another_uploaded_for_her(reviewer: Account, trainer: Account) -> None:
    version = made.material_version(of=made.material(owner=reviewer), uploaded_by=trainer)
    assert refused(version, reviewer) == "own_material"


def test_the_database_refuses_a_review_by_the_uploader(version: MaterialVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        made.material_review(of=version, by=version.uploaded_by)


def test_the_database_refuses_a_review_that_names_a_false_uploader(
    version: MaterialVersion, reviewer: Account
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        made.material_review(of=version, by=version.uploaded_by, uploader=reviewer)
    made.material_review(of=version, by=reviewer, uploader=version.uploaded_by)


def test_a_trainer_without_the_duty_does_not_review(version: MaterialVersion, other_trainer: Account) -> None:
    assert refused(version, other_trainer) == "not_a_reviewer"


def test_a_banned_reviewer_does_not_review(version: MaterialVersion, reviewer: Account) -> None:
    assert reviewer.person is not None
    make.exclusion(of=reviewer.person)
    assert refused(version, reviewer) == "excluded"


def test_one_reviewer_has_one_verdict(version: MaterialVersion, reviewer: Account) -> None:
    review_material(version=version, verdict="approved", note="", by=reviewer, at=AT)
    assert refused(version, reviewer, verdict="refused", note="后来想想") == "reviewed"


def test_a_second_reviewer_may_refuse_what_the_first_approved_but_not_the_reverse(
    version: MaterialVersion, reviewer: Account
) -> None:
    second = make.account()
    make.duty(of=second, kind=DutyKind.REVIEWER)
    third = make.account()
    make.duty(of=third, kind=DutyKind.REVIEWER)
    review_material(version=version, verdict="approved", note="", by=reviewer, at=AT)
    assert refused(version, second) == "reviewed"
    review_material(version=version, verdict="refused", note="第三页有误", by=second, at=AT)
    assert list(MaterialVersion.objects.approved()) == []
    assert refused(version, third) == "refused_already"


def test_a_newer_version_takes_the_older_out_of_the_queue(version: MaterialVersion) -> None:
    newer = made.material_version(of=version.material)
    assert list(MaterialVersion.objects.waiting()) == [newer]


def test_a_review_is_never_edited(version: MaterialVersion, reviewer: Account) -> None:
    review = review_material(version=version, verdict="refused", note="字太小", by=reviewer, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialReview.objects.filter(pk=review.pk).update(verdict="approved")


def test_nobody_reviews_what_her_other_self_uploaded(version: MaterialVersion, trainer: Account) -> None:
    """Two records of one human being were merged; both had an account."""
    again = make.account(of=make.person(merged_into=trainer.person))
    make.duty(of=again, kind=DutyKind.REVIEWER)
    assert refused(version, again) == "own_material"
