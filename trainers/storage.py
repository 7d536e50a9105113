"""Where uploaded bytes rest: first aside, hashed as they come, then under their own hash for ever.

Works with any Django storage; on a local disk the last step is one atomic rename, so that whoever
looks under a hash sees the whole file or none.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from trainers.rules.forms import Form, Unfit

PIECE_BYTES = 1024 * 1024
FOLDER = "materials"


class Readable(Protocol):
    """What can be uploaded: an UploadedFile, an open file, bytes in memory."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that has arrived and is not yet judged."""

    path: Path
    sha256: str
    bytes: int


@contextmanager
def staged(file: Readable, *, most_bytes: int) -> Iterator[Staged]:
    """Stream `file` aside while hashing it; it is gone after the block. Raises Unfit: empty, too_big."""
    folder = _aside()
    handle, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
    path = Path(name)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as out:
            while piece := file.read(PIECE_BYTES):
                size += len(piece)
                if size > most_bytes:
                    raise Unfit("too_big", megabytes=most_bytes // (1024 * 1024))
                digest.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if size == 0:
            raise Unfit("empty")
        yield Staged(path=path, sha256=digest.hexdigest(), bytes=size)
    finally:
        path.unlink(missing_ok=True)


def keep(incoming: Staged, form: Form) -> str:
    """Put a judged file under its hash and return its name in the storage. The same bytes are kept once."""
    name = f"{FOLDER}/{incoming.sha256[:2]}/{incoming.sha256}.{form.suffix}"
    if default_storage.exists(name) and default_storage.size(name) == incoming.bytes:
        return name
    if _is_local():
        target = Path(default_storage.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        if settings.FILE_UPLOAD_PERMISSIONS is not None:
            incoming.path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        incoming.path.replace(target)
        return name
    with incoming.path.open("rb") as source:
        return default_storage.save(name, File(source))


def _is_local() -> bool:
    try:
        default_storage.path("")
    except NotImplementedError:
        return False
    return True


def _aside() -> str | None:
    """On the disk of the storage, so that keeping is a rename; elsewhere the system's own place."""
    if not _is_local():
        return None
    folder = Path(default_storage.path(f"{FOLDER}/incoming"))
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)
