"""A real browser: Chromium, as wide as a phone, reading Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client

from tests.plugins.environment import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from registry.models import Account

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--mute-audio",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser process for a file of tests; pages are cheap.

    Playwright keeps an event loop in this thread, and Django would refuse to read the database beside it;
    both end with the file, so that no other test runs under either.
    """
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone of its own for each test: 360 px, Chinese, no cookies."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """A tab. A mistake in a script of ours fails the test that met it."""
    tab = phone.new_page()

    def fail(error: Exception) -> None:
        raise AssertionError(f"a script failed: {error}")

    tab.on("pageerror", fail)
    tab.set_default_timeout(10_000)
    return tab


def sign_in(context: BrowserContext, account: Account, address: str) -> None:
    """Put the account's session into the browser; the sign-in page has its own tests."""
    client = Client()
    client.force_login(account)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
