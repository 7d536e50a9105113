"""The trainer's and the reviewer's desks, as pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Account
from tests.factories import trainers as made
from tests.trainers import files
from trainers.models import Material, MaterialReview, MaterialVersion

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


def sent(content: bytes, name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/html")  # what the browser calls it is not believed


def page(client: Client, route: str, *args: object) -> str:
    answer = client.get(reverse(route, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_trainer_without_material_is_told_what_to_do(client_of: ClientOf, trainer: Account) -> None:
    assert "Nothing uploaded yet" in page(client_of(trainer), "trainers:materials")


def test_a_trainer_uploads_a_file_and_sees_it_waiting(client_of: ClientOf, trainer: Account) -> None:
    client = client_of(trainer)
    answer = client.post(reverse("trainers:upload"), {"title": "洗手", "file": sent(files.pdf())})
    version = MaterialVersion.objects.get()
    assert answer.status_code in (302, 303)
    assert answer["Location"] == reverse("trainers:material", args=[version.material.public_id])
    assert (version.mime, version.uploaded_by) == ("application/pdf", trainer)
    assert "waiting for review" in page(client, "trainers:material", version.material.public_id)
    assert "洗手" in page(client, "trainers:materials")


def test_a_refused_file_keeps_the_title_and_says_why(client_of: ClientOf, trainer: Account) -> None:
    answer = client_of(trainer).post(
        reverse("trainers:upload"), {"title": "洗手的七个步骤", "file": sent(b"<html>hi", "a.pdf")}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="洗手的七个步骤"' in text
    assert "This is a web page, whatever its name says." in text
    assert not Material.objects.exists()


@pytest.mark.parametrize("words", [{"title": ""}, {"title": "x" * 121}])
def test_a_title_is_needed_and_short(client_of: ClientOf, trainer: Account, words: dict[str, str]) -> None:
    answer = client_of(trainer).post(reverse("trainers:upload"), {**words, "file": sent(files.pdf())})
    assert (answer.status_code, Material.objects.count()) == (422, 0)


def test_a_file_that_is_too_big_is_read_away_and_answered(
    client_of: ClientOf, trainer: Account, settings: Any
) -> None:
    settings.MATERIAL_MAX_BYTES = 1024 * 1024
    answer = client_of(trainer).post(
        reverse("trainers:upload"), {"title": "洗手", "file": sent(b"%PDF-" + b"x" * 4_000_000)}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "The file is too big: 1 MB at most." in text
    assert "This field is required" not in text
    assert 'value="洗手"' in text


def test_an_upload_cut_on_the_way_is_refused(client_of: ClientOf, trainer: Account) -> None:
    words = {"title": "洗手", "file": sent(files.pdf()), "declared_bytes": "999999"}
    answer = client_of(trainer).post(reverse("trainers:upload"), words)
    assert answer.status_code == 422
    assert "did not arrive whole" in answer.content.decode()


def test_an_upload_needs_its_token(trainer: Account) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(trainer)
    answer = client.post(reverse("trainers:upload"), {"title": "洗手", "file": sent(files.pdf())})
    assert (answer.status_code, Material.objects.count()) == (403, 0)


def test_a_new_version_is_added_to_her_own(client_of: ClientOf, trainer: Account) -> None:
    material = made.material(owner=trainer)
    made.material_version(of=material)
    made.material_review(of=material.versions.get(), verdict="refused", note="第三页的步骤次序有误")
    client = client_of(trainer)
    assert "第三页的步骤次序有误" in page(client, "trainers:material", material.public_id)
    client.post(
        reverse("trainers:upload_version", args=[material.public_id]), {"file": sent(files.pdf(pages=8))}
    )
    assert material.versions.count() == 2
    assert "waiting for review" in page(client, "trainers:materials")


@pytest.mark.parametrize("route", ["trainers:material", "trainers:upload_version"])
def test_another_trainers_material_is_not_found(
    client_of: ClientOf, trainer: Account, other_trainer: Account, route: str
) -> None:
    material = made.material(owner=other_trainer)
    made.material_version(of=material)
    assert client_of(trainer).get(reverse(route, args=[material.public_id])).status_code == 404
    assert client_of(other_trainer).get(reverse(route, args=[material.public_id])).status_code == 200


def test_the_list_shows_only_ones_own(client_of: ClientOf, trainer: Account, other_trainer: Account) -> None:
    made.material_version(of=made.material(owner=other_trainer, title="别人的课件"))
    assert "别人的课件" not in page(client_of(trainer), "trainers:materials")


@pytest.mark.parametrize("route", ["trainers:materials", "trainers:reviews"])
def test_a_list_asks_as_often_for_three_rows_as_for_one(
    client_of: ClientOf, trainer: Account, reviewer: Account, route: str
) -> None:
    client = client_of(trainer if route == "trainers:materials" else reviewer)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, route)
        return len(queries)

    made.material_version(of=made.material(owner=trainer))
    once = asked()
    for _number in range(2):
        made.material_version(of=made.material(owner=trainer))
    assert asked() == once


def test_a_video_is_played_with_its_captions_from_signed_addresses(
    client_of: ClientOf, reviewer: Account, upload: Callable[..., MaterialVersion]
) -> None:
    version = upload(files.video(), "a.mp4", captions=files.VTT.encode())
    text = page(client_of(reviewer), "trainers:review", version.public_id)
    assert f'src="/content/{version.public_id}/' in text
    assert "captions.vtt?key=" in text


# ── reviewing ───────────────────────────────────────────────────────────────


def test_a_reviewer_finds_what_waits_and_approves_it(
    client_of: ClientOf, reviewer: Account, trainer: Account
) -> None:
    version = made.material_version(of=made.material(owner=trainer, title="洗手的七个步骤"))
    client = client_of(reviewer)
    assert "洗手的七个步骤" in page(client, "trainers:reviews")
    answer = client.post(
        reverse("trainers:review", args=[version.public_id]), {"verdict": "approved", "note": ""}
    )
    assert answer["Location"] == reverse("trainers:reviews")
    assert list(MaterialVersion.objects.approved()) == [version]
    assert "Nothing waits" in page(client, "trainers:reviews")


def test_a_refusal_without_a_note_is_answered_beside_the_note(
    client_of: ClientOf, reviewer: Account, trainer: Account
) -> None:
    version = made.material_version(of=made.material(owner=trainer))
    address = reverse("trainers:review", args=[version.public_id])
    answer = client_of(reviewer).post(address, {"verdict": "refused", "note": " "})
    assert answer.status_code == 422
    assert "Say what is wrong, so that the trainer can mend it." in answer.content.decode()
    assert not MaterialReview.objects.exists()


def test_a_reviewer_finds_her_own_neither_in_the_queue_nor_a_form_for_it(
    client_of: ClientOf, reviewer: Account
) -> None:
    version = made.material_version(of=made.material(owner=reviewer, title="自己的"))
    client = client_of(reviewer)
    assert "自己的" not in page(client, "trainers:reviews")
    text = page(client, "trainers:review", version.public_id)
    assert 'name="verdict"' not in text
    answer = client.post(reverse("trainers:review", args=[version.public_id]), {"verdict": "approved"})
    assert (answer.status_code, MaterialReview.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("persona", "route", "status"),
    [
        ("trainer", "trainers:reviews", 403),
        ("reviewer", "trainers:materials", 403),
        ("learner", "trainers:materials", 403),
        ("learner", "trainers:upload", 403),
        (None, "trainers:materials", 302),
    ],
)
def test_each_desk_is_for_its_duty(
    client_of: ClientOf, persona: str | None, route: str, status: int, request: pytest.FixtureRequest
) -> None:
    account = request.getfixturevalue(persona) if persona else None
    assert client_of(account).get(reverse(route)).status_code == status
