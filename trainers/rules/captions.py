"""Captions of a video: WebVTT and nothing else."""

from __future__ import annotations

from trainers.rules.forms import Unfit

MOST_BYTES = 500_000


def read_captions(data: bytes) -> str:
    """The text of a WebVTT file with plain line ends; nothing in, nothing out. Raises Unfit("captions")."""
    if not data:
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit("captions") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    if len(data) > MOST_BYTES or (first != "WEBVTT" and not first.startswith(("WEBVTT ", "WEBVTT\t"))):
        raise Unfit("captions")
    if "-->" not in rest or "\x00" in rest:
        raise Unfit("captions")
    return text
