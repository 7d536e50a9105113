"""The trainer's desk: her materials, a new one, a new version, and one with all its versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.refusals import Refused
from registry.rules.kinds import Kind
from trainers import queries
from trainers.actions import upload_material
from trainers.forms import UploadForm, VersionForm, say
from trainers.models import Material
from trainers.rules.forms import Unfit

A_PAGE = 20
MEGABYTE = 1024 * 1024


@require_safe
def materials(request: HttpRequest) -> HttpResponse:
    """Her own, newest first, each with the state of its newest version."""
    account: Any = request.user
    mine = Material.objects.visible_to(account).filter(owner=account).with_versions()
    page = Paginator(mine, A_PAGE).get_page(request.GET.get("page"))
    lines = [queries.material_line(material) for material in page]
    return render(request, "trainers/materials.html", {"page_obj": page, "lines": lines})


@require_safe
def material(request: HttpRequest, public_id: str) -> HttpResponse:
    """One material: its newest version to look at, all versions with their verdicts."""
    account: Any = request.user
    row = get_object_or_404(
        Material.objects.visible_to(account).select_related("owner__person").with_versions(),
        public_id=public_id,
    )
    line = queries.material_line(row)
    at = clock.now()
    return render(
        request,
        "trainers/material.html",
        {
            "line": line,
            "versions": [queries.version_line(version) for version in row.versions.all()],
            "player": queries.player(line.version, at=at) if line.version else None,
            "own": row.owner_id == account.pk,
            "reviews": Kind.REVIEWER in account.kinds and row.owner_id != account.pk,
        },
    )


@csrf_exempt  # for an instant: the cap on the stream must stand before the token is read from the same stream
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A new material."""
    cap = _cap(request)
    answer: HttpResponse = _upload(request, cap, None)
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next version of one's own material."""
    account: Any = request.user
    mine = Material.objects.visible_to(account).filter(owner=account)
    cap = _cap(request)
    answer: HttpResponse = _upload(request, cap, get_object_or_404(mine, public_id=public_id))
    return answer


@csrf_protect
def _upload(request: HttpRequest, cap: _Cap, material: Material | None) -> HttpResponse:
    account: Any = request.user
    form_class = UploadForm if material is None else VersionForm
    form = form_class(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if cap.reached:
            form.full_clean()
            form.errors.pop("file", None)
            say(form, Unfit("too_big", megabytes=settings.MATERIAL_MAX_BYTES // MEGABYTE), otherwise="file")
        elif form.is_valid():
            words = form.cleaned_data
            try:
                version = upload_material(
                    title=words.get("title", ""),
                    material=material,
                    file=words["file"],
                    file_name=words["file"].name,
                    captions=words["captions"].read() if words["captions"] else b"",
                    declared_bytes=words["declared_bytes"],
                    by=account,
                    at=clock.now(),
                )
            except Refused as refusal:
                say(form, refusal, otherwise="file")
            else:
                messages.success(request, _("Uploaded. It waits for a reviewer now."))
                return redirect("trainers:material", version.material.public_id)
    context = {"form": form, "material": material, "most_megabytes": settings.MATERIAL_MAX_BYTES // MEGABYTE}
    return render(request, "trainers/upload.html", context, status=422 if form.errors else 200)


class _Cap(FileUploadHandler):
    """Lets so many bytes of files through; reads the rest away, so that the browser hears the answer."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.left = settings.MATERIAL_MAX_BYTES + MEGABYTE  # and captions
        self.reached = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self.reached = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def _cap(request: HttpRequest) -> _Cap:
    cap = _Cap(request)
    request.upload_handlers.insert(0, cap)
    return cap
