"""How the tests of pages ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from registry.models import Account

SignIn = Callable[[Account | None], Client]
Who = Callable[[str], Account]
DAY = date(2026, 6, 1)


def page(client: Client, name: str, *args: str, **query: str) -> Any:
    return client.get(reverse(f"credentials:{name}", args=args), query)
