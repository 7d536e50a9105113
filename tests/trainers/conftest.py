"""What the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from registry.models import Account
from tests.factories.registry import AT
from tests.trainers import files
from trainers.actions import upload_material
from trainers.models import MaterialVersion


@pytest.fixture
def upload(trainer: Account) -> Callable[..., MaterialVersion]:
    """Uploads bytes as the trainer."""

    def send(content: bytes | None = None, file_name: str = "洗手.pdf", **fields: Any) -> MaterialVersion:
        values = {"title": "洗手的七个步骤", "by": trainer, "at": AT, **fields}
        return upload_material(
            file=BytesIO(files.pdf() if content is None else content), file_name=file_name, **values
        )

    return send
