"""How the tests of this room's pages look at them."""

from __future__ import annotations

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

WRITES = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")


def look(client: Client, url: str) -> tuple[str, int]:
    """The page and how many queries it took; fails unless it is a page that left the database as it was."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    assert [query["sql"] for query in queries if query["sql"].startswith(WRITES)] == []
    return answer.content.decode(), len(queries)


def went_to(answer: HttpResponse) -> str:
    """Where a 303 leads."""
    assert answer.status_code == 303, answer.status_code
    return answer["Location"]
