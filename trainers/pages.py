"""Pages of a PDF as pictures: a browser inside a chat app shows no PDF.

Drawn in a child process (`pages_child.py`) under the caps of `probe`, once; kept under the hash of the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from trainers.models import MaterialVersion
from trainers.probe import DEFAULT_CAPS
from trainers.rules.forms import PDF, Unfit

CHILD = Path(__file__).with_name("pages_child.py")
WIDTH = 1080  # pixels: sharp on a phone, readable on a laptop


def page_picture(version: MaterialVersion, number: int) -> bytes:
    """Page `number` (from 1) as PNG. Raises Unfit if it cannot be drawn, IndexError beyond the pages."""
    if version.mime != PDF.mime or not 1 <= number <= (version.pages or 0):
        raise IndexError(number)
    kept = f"pages/{version.sha256[:2]}/{version.sha256}-{number}.png"
    if not default_storage.exists(kept):
        default_storage.save(kept, ContentFile(_draw(version, number)))
    with default_storage.open(kept) as file:
        return bytes(file.read())


def _draw(version: MaterialVersion, number: int) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy, version.file.open("rb") as file:
        for piece in file.chunks():
            copy.write(piece)
        copy.flush()
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and script
                [
                    sys.executable,
                    "-I",
                    str(CHILD),
                    copy.name,
                    str(number),
                    str(WIDTH),
                    json.dumps(asdict(DEFAULT_CAPS)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=DEFAULT_CAPS.seconds,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unfit("too_heavy") from None
    if done.returncode != 0 or not done.stdout.startswith(b"\x89PNG"):
        raise Unfit("damaged")
    return done.stdout
