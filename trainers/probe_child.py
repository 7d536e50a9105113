"""The child process that opens a stranger's material; `probe.py` starts it and outlives it.

Imports nothing of ours, so that it starts fast and can lose everything it holds. Arguments: the suffix of
the form, the path, the caps as JSON. Answers one JSON object on standard
output: {"refused": code} or the facts.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import warnings
import zipfile
from typing import Any


class Unfit(Exception):
    """The argument is the refusal's code."""


def main() -> None:
    """Limit this process, look, answer."""
    suffix, path = sys.argv[1], sys.argv[2]
    caps: dict[str, Any] = json.loads(sys.argv[3])
    limit(caps)
    warnings.simplefilter("ignore")
    try:
        answer = LOOKS[suffix](path, caps)
    except Unfit as unfit:
        answer = {"refused": str(unfit)}
    except (MemoryError, RecursionError):
        answer = {"refused": "too_heavy"}
    except Exception:  # a process boundary: whatever a decoder trips over is a broken file
        answer = {"refused": "damaged"}
    sys.stdout.write(json.dumps(answer))


def limit(caps: dict[str, Any]) -> None:
    """From here on the system kills us rather than the machine."""
    resource.setrlimit(resource.RLIMIT_CPU, (caps["seconds"], caps["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (caps["memory_bytes"], caps["memory_bytes"]))


def film(path: str, caps: dict[str, Any]) -> dict[str, Any]:
    """How long the pictures last, by the pictures themselves: a header may claim ten hours."""
    import av

    with av.open(path, options={"protocol_whitelist": "file"}) as container:
        if not container.streams.video:
            raise Unfit("no_video")
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        codecs = {stream.codec_context.name}
        if not codecs <= alias(caps["video_codecs"]):
            raise Unfit("codec")
        for sound in container.streams.audio:
            if sound.codec_context.name not in alias(caps["audio_codecs"]):
                raise Unfit("codec")
        first = next(iter(container.decode(stream)), None)
        if first is None or first.width * first.height > caps["pixels"]:
            raise Unfit("no_video" if first is None else "too_many_pixels")
        width, height = first.width, first.height
        container.seek(0)
        base, begins, ends = stream.time_base, None, None
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            last = packet.pts + (packet.duration or 0)
            begins = packet.pts if begins is None else min(begins, packet.pts)
            ends = last if ends is None else max(ends, last)
    if begins is None or ends is None or base is None:
        raise Unfit("no_video")
    duration_ms = round(float((ends - begins) * base) * 1000)
    if duration_ms <= 0:
        raise Unfit("no_video")
    return {"duration_ms": duration_ms, "width": width, "height": height}


def alias(codecs: list[str]) -> set[str]:
    """Codecs by all the names their decoders go by."""
    names = {"vp8": ("libvpx",), "vp9": ("libvpx-vp9",), "av1": ("libdav1d", "libaom-av1"),
             "opus": ("libopus",), "vorbis": ("libvorbis",), "mp3": ("mp3float",)}  # fmt: skip
    return set(codecs).union(*(names.get(codec, ()) for codec in codecs))


def document(path: str, caps: dict[str, Any]) -> dict[str, Any]:
    """Pages of a PDF that opens without a password and runs nothing by itself."""
    from pypdf import PdfReader

    reader = PdfReader(path, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unfit("locked")
    root: Any = reader.trailer["/Root"]
    names: Any = resolved(root.get("/Names")) or {}
    form: Any = resolved(root.get("/AcroForm")) or {}
    if "/JavaScript" in names or "/AA" in root or "/XFA" in form or acts(root.get("/OpenAction")):
        raise Unfit("active")
    pages = len(reader.pages)
    if pages > caps["pages"]:
        raise Unfit("too_many_pages")
    if pages < 1:
        raise Unfit("no_pages")
    if any(reacts(part) for page in reader.pages for part in (page, *marks_on(page))):
        raise Unfit("active")
    box = reader.pages[0].mediabox
    return {
        "pages": pages,
        "width": round(float(box.width)) or None,
        "height": round(float(box.height)) or None,
    }


ACTIVE = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition")


def acts(action: Any, *, links: int = 20) -> bool:
    """Whether an action, or one it leads on to, does more than turn pages; one without end does."""
    action = resolved(action)
    if isinstance(action, list):
        return any(acts(one, links=links) for one in action)
    if not isinstance(action, dict):
        return False
    if links == 0 or resolved(action.get("/S")) in ACTIVE:
        return True
    return "/Next" in action and acts(action["/Next"], links=links - 1)


def reacts(part: Any) -> bool:
    """Whether a page, or a link or field on it, does something when it is opened, pressed or filled in."""
    events: Any = resolved(part.get("/AA")) or {}
    return acts(part.get("/A")) or any(acts(action) for action in events.values())


def marks_on(page: Any) -> list[Any]:
    found = [resolved(mark) for mark in resolved(page.get("/Annots")) or []]
    return [mark for mark in found if isinstance(mark, dict)]


def resolved(thing: Any) -> Any:
    return thing.get_object() if hasattr(thing, "get_object") else thing


def slides(path: str, caps: dict[str, Any]) -> dict[str, Any]:
    """Slides, counted in the directory of the archive; every entry is read once, within the caps."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if "ppt/presentation.xml" not in names or "[Content_Types].xml" not in names:
            office = any(name.startswith(("word/", "xl/")) for name in names)
            raise Unfit("other_office" if office else "archive")
        if len(members) > caps["members"] or len(set(names)) != len(names):
            raise Unfit("too_heavy")
        if any(member.flag_bits & 1 for member in members):
            raise Unfit("locked")
        if any(name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs", ".html")) for name in names):
            raise Unfit("active")
        unpacked = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        if unpacked > caps["unpacked_bytes"]:
            raise Unfit("too_heavy")
        if unpacked > caps["ratio_from_bytes"] and unpacked > caps["ratio"] * packed:
            raise Unfit("too_heavy")
        if archive.testzip() is not None:  # an entry that lies about its size fails its checksum
            raise Unfit("damaged")
    pages = sum(1 for name in names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name))
    if pages < 1:
        raise Unfit("no_pages")
    if pages > caps["pages"]:
        raise Unfit("too_many_pages")
    return {"pages": pages}


def picture(form: str) -> Any:
    """A look at one form of picture: its size first, and only then its pixels."""

    def look(path: str, caps: dict[str, Any]) -> dict[str, Any]:
        from PIL import Image

        Image.MAX_IMAGE_PIXELS = None  # the cap below is ours
        with Image.open(path, formats=[form]) as image:
            width, height = image.size
            if width * height > caps["pixels"]:
                raise Unfit("too_many_pixels")
            image.load()
        return {"width": width, "height": height}

    return look


LOOKS: dict[str, Any] = {
    "mp4": film,
    "webm": film,
    "pdf": document,
    "pptx": slides,
    "jpg": picture("JPEG"),
    "png": picture("PNG"),
    "webp": picture("WEBP"),
}

if __name__ == "__main__":
    main()
