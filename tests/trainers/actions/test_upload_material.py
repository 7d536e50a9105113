"""What a trainer may store, and by which name everything else is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from core.refusals import Refused
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.factories import registry as make
from tests.trainers import files
from trainers.models import Material, MaterialVersion
from trainers.rules.forms import Unfit

Upload = Callable[..., MaterialVersion]
pytestmark = pytest.mark.django_db


def test_a_video_is_stored_under_its_hash_with_its_length_from_the_pictures(upload: Upload) -> None:
    content = files.video(seconds=3, sound=True)
    version = upload(content, "洗手.MP4", kind="video", captions=files.VTT.encode())
    digest = hashlib.sha256(content).hexdigest()
    assert version.file.name == f"materials/{digest[:2]}/{digest}.mp4"
    with default_storage.open(version.file.name) as stored:
        assert stored.read() == content
    assert (version.sha256, version.bytes, version.number) == (digest, len(content), 1)
    assert (version.mime, version.duration_ms, version.width, version.height) == ("video/mp4", 3000, 64, 48)
    assert version.file_name == "洗手.mp4"
    assert version.captions == files.VTT
    assert version.material.kind == "video"
    assert Entry.objects.get(act="trainers.upload_material").detail["sha256"] == digest


@pytest.mark.parametrize(
    ("content", "name", "kind", "mime", "facts"),
    [
        (
            lambda: files.video(form="webm", codec="libvpx-vp9"),
            "a.webm",
            "video",
            "video/webm",
            (2000, None, 64, 48),
        ),
        (lambda: files.video(front=True), "a.mp4", "video", "video/mp4", (2000, None, 64, 48)),
        (lambda: files.pdf(pages=5), "a.pdf", "pdf", "application/pdf", (None, 5, 595, 842)),
        (files.picture, "a.png", "image", "image/png", (None, None, 40, 30)),
        (lambda: files.picture(form="JPEG"), "a.jpeg", "image", "image/jpeg", (None, None, 40, 30)),
        (lambda: files.picture(form="WEBP"), "a", "image", "image/webp", (None, None, 40, 30)),
        (lambda: files.picture(form="JPEG"), "really.png", "image", "image/jpeg", (None, None, 40, 30)),
    ],
)
def test_an_honest_file_is_what_its_content_says(
    upload: Upload, content: Any, name: str, kind: str, mime: str, facts: tuple[int | None, ...]
) -> None:
    version = upload(content(), name)
    assert (version.material.kind, version.mime) == (kind, mime)
    assert (version.duration_ms, version.pages, version.width, version.height) == facts


def test_slides_are_counted(upload: Upload) -> None:
    version = upload(files.pptx(slides=4), "洗手.pptx")
    assert (version.material.kind, version.pages) == ("slides", 4)


def bomb() -> bytes:
    return files.pptx(more={"ppt/media/image1.bmp": b"\0" * 60_000_000})


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "empty"),
        (files.archive(**{"a.txt": b"x"}), "film.mp4", "archive"),
        (files.pptx(), "film.mp4", "archive"),
        (files.archive(**{"a.txt": b"x"}), "slides.pptx", "archive"),
        (files.archive(**{"word/document.xml": b"x"}), "slides.pptx", "other_office"),
        (b"<!DOCTYPE html><script>alert(1)</script>%PDF-1.7 %%EOF", "handout.pdf", "html"),
        (b"\xef\xbb\xbf \n<html><body>", "picture.png", "html"),
        (b'<?xml version="1.0"?><svg xmlns="x"><script/></svg>', "picture.png", "svg"),
        (b"MZ\x90\x00" + b"\0" * 100, "film.mp4", "program"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "slides.ppt", "old_office"),
        (b"GIF89a" + b"\0" * 100, "picture.gif", "gif"),
        (b"hello, world", "text.pdf", "unknown"),
        (b"\0\0\0\x14ftypqt  " + b"\0" * 100, "film.mov", "quicktime"),
        (b"\0\0\0\x14ftypheic" + b"\0" * 100, "picture.heic", "heic"),
        (files.picture(), "handout.pdf", "renamed"),
        (files.pdf(), "film.mp4", "renamed"),
        (files.png_bomb(), "picture.png", "too_many_pixels"),
        (files.picture()[:-30], "picture.png", "damaged"),
        (files.picture(form="JPEG")[:300], "picture.jpg", "damaged"),
        (files.pdf()[:-40], "handout.pdf", "damaged"),
        (b"%PDF-1.7\nnothing\n%%EOF", "handout.pdf", "damaged"),
        (files.pdf(password="geheim"), "handout.pdf", "locked"),
        (files.pdf(script="app.alert(1)"), "handout.pdf", "active"),
        (files.active_pdf("page"), "handout.pdf", "active"),
        (files.active_pdf("link"), "handout.pdf", "active"),
        (files.active_pdf("field"), "handout.pdf", "active"),
        (files.active_pdf("next"), "handout.pdf", "active"),
        (files.active_pdf("form"), "handout.pdf", "active"),
        (files.pptx(more={"ppt/vbaProject.bin": b"x"}), "slides.pptx", "active"),
        (files.pptx(slides=0), "slides.pptx", "no_pages"),
        (files.pptx()[:-30], "slides.pptx", "damaged"),
        (bomb(), "slides.pptx", "too_heavy"),
        (files.video()[:-100], "film.mp4", "damaged"),
        (files.video(front=True)[:-100], "film.mp4", "damaged"),
        (files.video(form="webm", codec="libvpx-vp9")[:-100], "film.webm", "damaged"),
        (files.video(codec="mpeg4"), "film.mp4", "codec"),
        (files.sound_only(), "film.mp4", "no_video"),
    ],
)  # fmt: skip
def test_a_file_is_refused_by_the_name_of_its_fault(
    upload: Upload, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(Unfit) as refusal:
        upload(content, name)
    assert refusal.value.code == code
    assert str(refusal.value)
    assert not Material.objects.exists()
    assert not Entry.objects.exists()
    incoming = Path(django_settings.MEDIA_ROOT) / "materials" / "incoming"
    assert not any(incoming.iterdir())


def test_a_document_with_links_and_a_first_page_is_no_program(upload: Upload) -> None:
    assert upload(files.active_pdf("nowhere")).pages == 2


def test_a_file_is_refused_above_the_cap_and_taken_at_it(upload: Upload, settings: Any) -> None:
    content = files.pdf(pages=7)
    settings.MATERIAL_MAX_BYTES = len(content) - 1
    with pytest.raises(Unfit) as refusal:
        upload(content)
    assert refusal.value.code == "too_big"
    settings.MATERIAL_MAX_BYTES = len(content)
    assert upload(content).bytes == len(content)


@pytest.mark.parametrize(
    "declared", [{"declared_bytes": 1_000_000}, {"declared_sha256": hashlib.sha256(b"another").hexdigest()}]
)
def test_an_upload_that_arrived_other_than_sent_is_refused(upload: Upload, declared: dict[str, Any]) -> None:
    with pytest.raises(Unfit) as refusal:
        upload(files.pdf(), **declared)
    assert refusal.value.code == "cut_short"


def test_an_upload_that_arrived_as_sent_is_taken(upload: Upload) -> None:
    content = files.pdf()
    digest = hashlib.sha256(content).hexdigest()
    assert upload(content, declared_bytes=len(content), declared_sha256=digest.upper()).sha256 == digest


@pytest.mark.parametrize(
    "captions", [b"1\n00:00:01,000 --> 00:00:02,000\nSRT", b"WEBVTT", b"\xff\xfeW", b"<html>"]
)
def test_captions_that_are_not_webvtt_are_refused(upload: Upload, captions: bytes) -> None:
    with pytest.raises(Unfit) as refusal:
        upload(files.video(), "film.mp4", captions=captions)
    assert refusal.value.code == "captions"


def test_captions_of_a_document_are_refused(upload: Upload) -> None:
    with pytest.raises(Unfit) as refusal:
        upload(files.pdf(), captions=files.VTT.encode())
    assert refusal.value.code == "captions_for_video"


def test_a_new_version_counts_on(upload: Upload) -> None:
    first = upload(files.pdf(pages=1))
    second = upload(files.pdf(pages=2), material=first.material)
    assert (second.number, second.material) == (2, first.material)


def test_the_same_bytes_are_refused_as_the_version_they_are(upload: Upload) -> None:
    first = upload(files.pdf(pages=1))
    upload(files.pdf(pages=2), material=first.material)
    with pytest.raises(Refused) as refusal:
        upload(files.pdf(pages=1), material=first.material)
    assert (refusal.value.code, refusal.value.details) == ("same_version", {"number": 1})
    assert first.material.versions.count() == 2


def test_the_same_film_with_its_first_captions_is_a_new_version(upload: Upload) -> None:
    first = upload(files.video(), "film.mp4")
    second = upload(files.video(), "film.mp4", material=first.material, captions=files.VTT.encode())
    assert (second.number, second.file.name) == (2, first.file.name)


def test_a_version_of_another_kind_is_refused(upload: Upload) -> None:
    first = upload(files.pdf(pages=1))
    with pytest.raises(Unfit) as refusal:
        upload(files.picture(), "a.png", material=first.material)
    assert refusal.value.code == "other_kind"


def test_a_file_of_another_kind_than_announced_is_refused(upload: Upload) -> None:
    with pytest.raises(Unfit) as refusal:
        upload(files.picture(), "a.png", kind="video")
    assert refusal.value.code == "renamed"


def test_a_material_without_title_is_refused(upload: Upload) -> None:
    with pytest.raises(Refused) as refusal:
        upload(title="  ")
    assert refusal.value.code == "title_missing"


def test_another_trainer_adds_no_version(upload: Upload, other_trainer: Account) -> None:
    first = upload()
    with pytest.raises(Refused) as refusal:
        upload(files.pdf(pages=9), material=first.material, by=other_trainer)
    assert refusal.value.code == "not_yours"


def test_a_learner_uploads_nothing(upload: Upload, learner: Account) -> None:
    with pytest.raises(Refused) as refusal:
        upload(by=learner)
    assert refusal.value.code == "not_a_trainer"


def test_a_banned_trainer_uploads_nothing(upload: Upload, trainer: Account) -> None:
    assert trainer.person is not None
    make.exclusion(of=trainer.person)
    with pytest.raises(Refused) as refusal:
        upload()
    assert refusal.value.code == "excluded"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\李\\洗手.PDF", "洗手.pdf"),
        ('a"<b>?.pdf', "a__b__.pdf"),
        (".pdf", "material.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_a_name_keeps_no_folder_and_ends_in_what_the_file_is(upload: Upload, sent: str, kept: str) -> None:
    assert upload(files.pdf(), sent).file_name == kept


def test_the_same_bytes_of_two_trainers_are_kept_once(upload: Upload, other_trainer: Account) -> None:
    assert upload(files.pdf()).file.name == upload(files.pdf(), by=other_trainer).file.name


def test_a_stored_version_is_never_edited_or_deleted(upload: Upload) -> None:
    version = upload()
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        MaterialVersion.objects.filter(pk=version.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        MaterialVersion.objects.create(
            material=version.material, number=1, sha256="1" * 64, bytes=1, uploaded_by=version.uploaded_by,
            uploaded_at=version.uploaded_at,
        )  # fmt: skip


def test_a_reviewer_alone_may_not_upload(upload: Upload) -> None:
    account = make.account()
    make.duty(of=account, kind=DutyKind.REVIEWER)
    with pytest.raises(Refused) as refusal:
        upload(by=account)
    assert refusal.value.code == "not_a_trainer"
