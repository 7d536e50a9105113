"""What a trainer may upload, and how it is recognised: by its first bytes, never by its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused

HEAD_BYTES = 4096  # enough to recognise anything below


@dataclass(frozen=True, slots=True)
class Form:
    """One accepted format. `kind` is a value of Material.Kind; `suffix` without the dot."""

    name: str
    kind: str
    mime: str
    suffix: str
    inline: bool = True  # shown in the browser; otherwise saved


MP4 = Form("MP4", "video", "video/mp4", "mp4")
WEBM = Form("WebM", "video", "video/webm", "webm")
PDF = Form("PDF", "pdf", "application/pdf", "pdf")
PPTX = Form(
    "PPTX",
    "slides",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pptx",
    inline=False,
)
JPEG = Form("JPEG", "image", "image/jpeg", "jpg")
PNG = Form("PNG", "image", "image/png", "png")
WEBP = Form("WebP", "image", "image/webp", "webp")
FORMS = (MP4, WEBM, PDF, PPTX, JPEG, PNG, WEBP)
BY_MIME = {form.mime: form for form in FORMS}

# What a name promises. A name that promises nothing we know is not held against the content.
PROMISES = {
    "mp4": "video", "m4v": "video", "webm": "video", "mov": "video", "avi": "video", "mkv": "video",
    "pdf": "pdf", "pptx": "slides", "ppt": "slides",
    "jpg": "image", "jpeg": "image", "png": "image", "webp": "image",
}  # fmt: skip

ACCEPTED = _("Upload a video (MP4, WebM), a PDF, slides (PPTX) or a picture (JPEG, PNG, WebP).")
SENTENCES: dict[str, Promise | str] = {
    "empty": _("The file is empty. Choose it again."),
    "too_big": _("The file is too big: %(megabytes)d MB at most. Compress the video, or split it."),
    "cut_short": _("The file did not arrive whole: the connection broke off. Upload it again."),
    "html": _("This is a web page, whatever its name says. A page could run programs at the learner's."),
    "svg": _("SVG pictures can contain programs. Export the picture as PNG."),
    "archive": _("This is an archive, whatever its name says. Unpack it and upload what is inside."),
    "old_office": _("This is an old PowerPoint or Word file. Save it as .pptx or as PDF."),
    "other_office": _("This is a Word or Excel file. Save it as PDF."),
    "quicktime": _("This is a QuickTime film, which many phones cannot play. Export it as MP4 (H.264)."),
    "heic": _("This is a HEIC picture, which browsers cannot show. Export it as JPEG."),
    "gif": _("GIF pictures are not accepted. Export it as PNG, or as an MP4 video if it moves."),
    "audio": _("This is sound without pictures. Make a video of it, with slides."),
    "video_form": _("Browsers cannot play this kind of video. Export it as MP4 (H.264)."),
    "program": _("This is a program, whatever its name says. It is not accepted."),
    "unknown": _("What this file is cannot be recognised."),
    "renamed": _("The name of the file promises something else than what it contains."),
    "other_kind": _("This is not what the material was before. Upload it as a new material."),
    "damaged": _("The file is damaged or incomplete. Export it again and upload that."),
    "too_heavy": _("Opening the file took too long or too much memory. Export a simpler one."),
    "no_video": _("The file has no moving picture, or it lasts no time at all."),
    "codec": _("Many phones cannot play the way this video is stored. Export it as MP4 (H.264 with AAC)."),
    "too_many_pixels": _("The picture is too large: 40 million pixels at most. Make it smaller."),
    "too_many_pages": _("The document has more than 2,000 pages. Split it."),
    "locked": _("The file is protected with a password. Remove the password, then upload it again."),
    "active": _("The file contains programs or macros. Save it without them, or as a plain PDF."),
    "no_pages": _("The file has no pages."),
    "captions": _("These captions are not WebVTT. The first line of such a file is WEBVTT."),
    "captions_for_video": _("Captions belong to a video only. Take them away."),
}


class Unfit(Refused):
    """A file that is not taken. `code` is a key of SENTENCES."""

    def __init__(self, code: str, **details: object) -> None:
        sentence = SENTENCES[code]
        super().__init__(code, sentence % details if details else sentence, **details)


_MP4_BRANDS = frozenset(
    (
        b"isom",
        b"iso2",
        b"iso3",
        b"iso4",
        b"iso5",
        b"iso6",
        b"mp41",
        b"mp42",
        b"avc1",
        b"M4V ",
        b"MSNV",
        b"dash",
    )
)
_PICTURE_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"))
_SOUND_BRANDS = frozenset((b"M4A ", b"M4B "))
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<!--")
_ARCHIVES = frozenset(("zip", "rar", "7z", "gz", "bz2", "xz", "tar", "zst", "lz", "cab"))
_OTHER_OFFICE = frozenset(("docx", "xlsx", "odt", "ods", "odp"))


def recognise(head: bytes, *, file_name: str = "") -> Form:
    """The format that begins with these bytes (the first HEAD_BYTES of a file). Raises Unfit.

    A ZIP is taken for PPTX if its first entry says so; whether it is one is for the probe to say.
    """
    form = _magic(head)
    if form is PPTX and PurePath(file_name.lower()).suffix not in (".pptx", "", ".ppt"):
        raise Unfit("archive")
    promised = PROMISES.get(PurePath(file_name.lower()).suffix.lstrip("."))
    if promised is not None and promised != form.kind:
        raise Unfit("renamed")
    return form


def _magic(head: bytes) -> Form:
    if not head:
        raise Unfit("empty")
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        if b"webm" in head[:64]:
            return WEBM
        raise Unfit("video_form")
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return PPTX
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    raise Unfit(_name_of(head))


def _by_brand(brand: bytes) -> Form:
    if brand in _MP4_BRANDS:
        return MP4
    if brand == b"qt  ":
        raise Unfit("quicktime")
    if brand in _PICTURE_BRANDS:
        raise Unfit("heic")
    raise Unfit("audio" if brand in _SOUND_BRANDS else "video_form")


def _name_of(head: bytes) -> str:
    """What a stranger is, as a key of SENTENCES."""
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").lower()
    if b"<svg" in text[:1024] and text.startswith((b"<", b"<?xml")):
        return "svg"
    if text.startswith(_PAGES) or (text.startswith(b"<?xml") and b"<html" in text):
        return "html"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "old_office"
    if head.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")):
        return "program"
    guess = filetype.guess(head)
    if guess is None:
        return "unknown"
    if guess.extension == "gif":
        return "gif"
    if guess.extension in _ARCHIVES:
        return "archive"
    if guess.extension in _OTHER_OFFICE:
        return "other_office"
    family = guess.mime.partition("/")[0]
    return {"audio": "audio", "video": "video_form"}.get(family, "unknown")
