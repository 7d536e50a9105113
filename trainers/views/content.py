"""Uploaded content, on its own host: immutable bytes behind a signed address, a part at a time if asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseForbidden,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from trainers import addresses
from trainers.models import MaterialVersion
from trainers.pages import page_picture
from trainers.rules.forms import BY_MIME, Unfit
from trainers.rules.ranges import Span, Unsatisfiable, read_range

PIECE_BYTES = 256 * 1024
A_YEAR = "private, max-age=31536000, immutable"


@require_safe
def content(request: HttpRequest, public_id: str, prefix: str, file_name: str) -> HttpResponseBase:
    """The file of one version, whole (200) or one range of it (206)."""
    if not addresses.opens(request.GET.get("key", ""), public_id, at=clock.now()):
        return _closed()
    version = _version(public_id, prefix)
    if version.file_name != file_name:
        raise Http404
    form = BY_MIME[version.mime]
    headers = {
        "Content-Disposition": content_disposition_header(not form.inline, version.file_name) or "",
        "Accept-Ranges": "bytes",
        **_for_ever(version.sha256),
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    span = None
    if request.headers.get("If-Range", headers["ETag"]) == headers["ETag"]:
        try:
            span = read_range(request.headers.get("Range", ""), version.bytes)
        except Unsatisfiable:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{version.bytes}"})
    status = 200
    if span is not None:
        status = 206
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{version.bytes}"
    span = span or Span(0, version.bytes)
    headers["Content-Length"] = str(span.length)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=version.mime)
    return StreamingHttpResponse(
        _pieces(version.file.name or "", span), status=status, headers=headers, content_type=version.mime
    )


@require_safe
def captions(request: HttpRequest, public_id: str, prefix: str) -> HttpResponseBase:
    """The captions of one version, as WebVTT."""
    if not addresses.opens(request.GET.get("key", ""), public_id, at=clock.now()):
        return _closed()
    version = _version(public_id, prefix)
    if not version.captions_sha256:
        raise Http404
    return HttpResponse(
        version.captions, content_type="text/vtt; charset=utf-8", headers=_for_ever(version.captions_sha256)
    )


@require_safe
def page(request: HttpRequest, public_id: str, prefix: str, number: int) -> HttpResponseBase:
    """One page of a document, as a picture."""
    if not addresses.opens(request.GET.get("key", ""), public_id, at=clock.now()):
        return _closed()
    version = _version(public_id, prefix)
    try:
        picture = page_picture(version, number)
    except IndexError:
        raise Http404 from None
    except Unfit as unfit:
        return HttpResponse(str(unfit), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(picture, content_type="image/png", headers=_for_ever(f"{version.sha256}-{number}"))


def _version(public_id: str, prefix: str) -> MaterialVersion:
    version = MaterialVersion.objects.filter(public_id=public_id).first()
    if version is None or version.sha256[: addresses.PREFIX] != prefix:
        raise Http404
    return version


def _for_ever(sha256: str) -> dict[str, str]:
    """What is named by its hash never changes. Any origin may read it: no cookie opens it, the key does."""
    return {"Cache-Control": A_YEAR, "ETag": f'"{sha256}"', "Access-Control-Allow-Origin": "*"}


def _closed() -> HttpResponse:
    return HttpResponseForbidden(
        _("This address is no longer valid. Go back to the page it came from and load that again."),
        content_type="text/plain; charset=utf-8",
    )


def _pieces(name: str, span: Span) -> Iterator[bytes]:
    """The bytes of a span; the file is open from the first piece that is asked for to the last."""
    with default_storage.open(name) as file:
        file.seek(span.start)
        left = span.length
        while left > 0 and (piece := file.read(min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece
