"""Take in what a trainer uploads: judge the file first, then record the version.

Judging reads a large file and starts a child process, so it happens before the database is locked;
only the record is an act.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.acts import act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account
from registry.rules.kinds import DutyKind
from trainers import permissions, storage
from trainers.models import Material, MaterialVersion
from trainers.probe import Facts, probe
from trainers.rules import containers, forms
from trainers.rules.captions import read_captions
from trainers.rules.forms import Form, Unfit
from trainers.storage import Readable, Staged


@dataclass(frozen=True, slots=True)
class _Judged:
    stored_as: str
    file_name: str
    sha256: str
    bytes: int
    form: Form
    facts: Facts
    captions: str
    captions_sha256: str


def upload_material(
    *,
    file: Readable,
    file_name: str,
    by: Account,
    at: datetime,
    title: str = "",
    kind: str | None = None,
    material: Material | None = None,
    captions: bytes = b"",
    declared_bytes: int | None = None,
    declared_sha256: str | None = None,
) -> MaterialVersion:
    """Store a file as version 1 of a new material, or as the next version of `material`.

    What it is comes from its content; `kind`, if given, must agree. `declared_bytes` and `declared_sha256`
    are what the sender says he sent: a difference means that the upload was cut. `captions` is a WebVTT file.
    Raises Refused: not_a_trainer, excluded, not_yours, title_missing, same_material, same_version;
    Unfit for the file.
    """
    _demand_may_upload(by, material, at)
    title = title.strip()
    if material is None and not title:
        raise Refused(
            "title_missing", _("Give the material a title, so that reviewers and authors can find it.")
        )
    if len(title) > 120:
        raise Refused("title_too_long", _("A title has at most 120 characters. Shorten it."))
    with storage.staged(file, most_bytes=settings.MATERIAL_MAX_BYTES) as incoming:
        if declared_bytes is not None and declared_bytes != incoming.bytes:
            raise Unfit("cut_short")
        if declared_sha256 and declared_sha256.lower() != incoming.sha256:
            raise Unfit("cut_short")
        judged = _judge(incoming, file_name=file_name, kind=kind, material=material, captions=captions)
    return _add_version(material=material, title=title, judged=judged, by=by, at=at)


def _demand_may_upload(by: Account, material: Material | None, at: datetime) -> None:
    day = day_of(at)
    if permissions.excluded(by.person_id, day):
        raise Refused("excluded", _("Whoever may not work in childcare may not teach for it either."))
    if not permissions.has_duty(by, DutyKind.TRAINER, day):
        raise Refused("not_a_trainer", _("Only trainers upload material. Ask an administrator for the duty."))
    if material is not None and material.owner_id != by.pk:
        raise Refused("not_yours", _("Only the trainer who began a material adds versions to it."))


def _judge(
    incoming: Staged, *, file_name: str, kind: str | None, material: Material | None, captions: bytes
) -> _Judged:
    with incoming.path.open("rb") as content:
        form = forms.recognise(content.read(forms.HEAD_BYTES), file_name=file_name)
        expected = material.kind if material is not None else kind
        if expected and form.kind != expected:
            raise Unfit("other_kind" if material is not None else "renamed")
        if captions and form.kind != Material.Kind.VIDEO:
            raise Unfit("captions_for_video")
        text = read_captions(captions)
        text_hash = hashlib.sha256(text.encode()).hexdigest() if text else ""
        if material is not None:
            _demand_new(material, incoming.sha256, text_hash)
        containers.demand_whole(content, size=incoming.bytes, form=form)
    return _Judged(
        facts=probe(incoming.path, form),
        stored_as=storage.keep(incoming, form),
        file_name=_plain_name(file_name, form),
        sha256=incoming.sha256,
        bytes=incoming.bytes,
        form=form,
        captions=text,
        captions_sha256=text_hash,
    )


def _demand_new(material: Material, sha256: str, captions_sha256: str) -> None:
    same = material.versions.filter(sha256=sha256, captions_sha256=captions_sha256).first()
    if same is not None:
        raise Refused(
            "same_version",
            _("This file is version %(number)d already. Change it before you upload it again.")
            % {"number": same.number},
            number=same.number,
        )


def _demand_unsent(by: Account, title: str, judged: _Judged) -> None:
    """A form sent twice makes one material. The account's row is the lock, so that both do not see none."""
    Account.objects.select_for_update(no_key=True).get(pk=by.pk)
    same = MaterialVersion.objects.filter(
        material__owner=by,
        material__title=title,
        sha256=judged.sha256,
        captions_sha256=judged.captions_sha256,
    )
    if same.exists():
        raise Refused(
            "same_material",
            _("You uploaded this file already, as “%(title)s”. Look for it among your materials.")
            % {"title": title},
        )


def _plain_name(file_name: str, form: Form) -> str:
    """The uploaded name without folders and unprintable characters, ending in what the file really is."""
    last = PurePath(file_name.replace("\\", "/")).name
    kept = "".join(char if char.isprintable() and char not in '/<>:"|?*%' else "_" for char in last)
    stem = kept.rpartition(".")[0] if "." in kept else kept
    return f"{stem.strip(' .')[:150] or 'material'}.{form.suffix}"


@act
def _add_version(
    *, material: Material | None, title: str, judged: _Judged, by: Account, at: datetime
) -> MaterialVersion:
    """Record a judged and stored file as the next version. Raises Refused: same_material, same_version."""
    if material is None:
        _demand_unsent(by, title, judged)
        material = Material.objects.create(title=title, kind=judged.form.kind, owner=by, created_at=at)
    else:
        material = Material.objects.select_for_update().get(pk=material.pk)
        _demand_new(material, judged.sha256, judged.captions_sha256)
    newest = material.versions.order_by("-number").first()
    version = MaterialVersion.objects.create(
        material=material,
        number=newest.number + 1 if newest else 1,
        file=judged.stored_as,
        file_name=judged.file_name,
        sha256=judged.sha256,
        bytes=judged.bytes,
        mime=judged.form.mime,
        duration_ms=judged.facts.duration_ms,
        pages=judged.facts.pages,
        width=judged.facts.width,
        height=judged.facts.height,
        captions=judged.captions,
        captions_sha256=judged.captions_sha256,
        uploaded_by=by,
        uploaded_at=at,
    )
    record(
        "trainers.upload_material",
        subject=f"material:{material.public_id}",
        by=by,
        at=at,
        version=version.public_id,
        number=version.number,
        sha256=version.sha256,
        bytes=version.bytes,
    )
    return version
