"""A browser under watch: which of our tables each of its requests changed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

ROOMS = ("audit", "registry", "credentials", "trainers", "lms", "oversight", "cms")
AUDIT = {"audit_chainhead", "audit_entry"}


def digest() -> dict[str, str]:
    """Table by table, a hash of every row of ours, whatever order the engine gives them in."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in ROOMS and model._meta.managed and not model._meta.proxy:
                table = model._meta.db_table
                cursor.execute(f'SELECT * FROM "{table}"')
                lines = sorted(repr(line) for line in cursor.fetchall())
                found[table] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


class Watched:
    """Sends requests and says which tables each of them changed."""

    def __init__(self, client: Client) -> None:
        self.client, self.before, self.changed = client, digest(), set[str]()

    def sent(self, answer: Any) -> HttpResponse:
        after = digest()
        self.changed = {table for table in after if after[table] != self.before[table]}
        self.before = after
        return answer  # type: ignore[no-any-return]

    def post(self, url: str, data: dict[str, Any] | None = None) -> HttpResponse:
        return self.sent(self.client.post(url, data or {}))

    def get(self, url: str) -> HttpResponse:
        return self.sent(self.client.get(url))


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def plain(answer: HttpResponse) -> str:
    """What a reader sees of it."""
    return " ".join(strip_tags(text(answer)).split())


def file(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
