"""Whether what is stored is still what was reviewed: the room's part of `verify_all`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from trainers.models import MaterialVersion


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not what it should be."""

    subject: str
    why: str


def verify_all_materials() -> Iterator[Problem]:
    """Every stored version still has the bytes it was reviewed with."""
    for version in MaterialVersion.objects.order_by("pk").iterator(chunk_size=200):
        subject = f"material-version:{version.public_id}"
        try:
            with version.file.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield Problem(subject, "its file is missing")
            continue
        if digest != version.sha256:
            yield Problem(subject, "its file was changed")
