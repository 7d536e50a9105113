"""Small real files of every kind, honest and hostile, made when a test asks."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

import av
import numpy
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NullObject,
    PdfObject,
    TextStringObject,
)


@cache
def video(
    *,
    seconds: int = 2,
    form: str = "mp4",
    codec: str = "libx264",
    front: bool = False,
    shade: int = 90,
    sound: bool = False,
) -> bytes:
    """A grey film at 10 pictures a second; `front`: with its index before the pictures."""
    out = Path(tempfile.mkdtemp()) / "film"  # the index moves to the front of a real file only
    options = {"movflags": "+faststart"} if front else {}
    with av.open(str(out), "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        voice = container.add_stream("aac", rate=16000, layout="mono") if sound else None
        for number in range(seconds * 10):
            picture = numpy.full((48, 64, 3), (shade + number) % 255, dtype=numpy.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if voice is not None:
            silence = av.AudioFrame.from_ndarray(numpy.zeros((1, 1024), dtype=numpy.float32), "fltp", "mono")
            silence.sample_rate = 16000
            container.mux(voice.encode(silence))
            container.mux(voice.encode())
    content = out.read_bytes()
    out.unlink()
    out.parent.rmdir()
    return content


def sound_only() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=16000, layout="mono")
        silence = av.AudioFrame.from_ndarray(numpy.zeros((1, 1024), dtype=numpy.float32), "fltp", "mono")
        silence.sample_rate = 16000
        container.mux(stream.encode(silence))
        container.mux(stream.encode())
    return out.getvalue()


def pdf(*, pages: int = 3, password: str = "", script: str = "") -> bytes:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _action(kind: str, **more: PdfObject) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(f"/{kind}")} | _named(more))


def _named(more: dict[str, PdfObject]) -> dict[NameObject, PdfObject]:
    return {NameObject(f"/{name}"): value for name, value in more.items()}


SCRIPT = {"JS": TextStringObject("app.alert(1)")}


def active_pdf(where: str) -> bytes:
    """Two pages that run a script when the second is opened, a mark is pressed, a page is turned."""
    writer = PdfWriter()
    for _number in range(2):
        writer.add_blank_page(595, 842)
    script = writer._add_object(_action("JavaScript", **SCRIPT))
    mark: dict[str, PdfObject] = {"Type": NameObject("/Annot"), "Subtype": NameObject("/Link")}
    last = writer.pages[1]
    if where == "page":
        last[NameObject("/AA")] = DictionaryObject(_named({"O": script}))
    elif where == "link":
        last[NameObject("/Annots")] = ArrayObject([DictionaryObject(_named({**mark, "A": script}))])
    elif where == "field":
        events = DictionaryObject(_named({"K": script}))
        last[NameObject("/Annots")] = ArrayObject([DictionaryObject(_named({**mark, "AA": events}))])
    elif where == "next":
        turn = _action("Named", N=NameObject("/NextPage"), Next=ArrayObject([script]))
        writer.root_object[NameObject("/OpenAction")] = turn
    elif where == "form":
        form = DictionaryObject(_named({"XFA": TextStringObject("<xdp/>"), "Fields": ArrayObject()}))
        writer.root_object[NameObject("/AcroForm")] = form
    elif where == "nowhere":  # honest: a link to a page on the web, a first page to begin with
        link = _action("URI", URI=TextStringObject("https://example.org/"))
        last[NameObject("/Annots")] = ArrayObject([DictionaryObject(_named({**mark, "A": link}))])
        begin = ArrayObject([last.indirect_reference or NullObject(), NameObject("/Fit")])
        writer.root_object[NameObject("/OpenAction")] = begin
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(*, form: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form)
    return out.getvalue()


def png_bomb(*, side: int = 13_000) -> bytes:
    """A few hundred bytes that say they are a picture of `side` × `side` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in entries.items():
            box.writestr(name, data)
    return out.getvalue()


def pptx(*, slides: int = 2, more: dict[str, bytes] | None = None) -> bytes:
    entries = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p:presentation/>"}
    entries |= {f"ppt/slides/slide{number}.xml": b"<p:sld/>" for number in range(1, slides + 1)}
    return archive(**entries, **(more or {}))


VTT = "WEBVTT\n\n00:00.000 --> 00:01.500\n先洗手,再抱宝宝。\n"
