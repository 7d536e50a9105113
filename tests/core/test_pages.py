"""The frame around every page, and the pages shown when something is refused or broken."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from core.context import page
from core.templatetags.yz import STATES
from registry.models import Account

ROOT = Path(__file__).resolve().parents[2]
BROWSER = {"en": {"accept-language": "en"}, "zh": {"accept-language": "zh-CN,zh;q=0.9"}}


@pytest.mark.parametrize("language", BROWSER)
def test_the_design_system_shows_every_state(client: Client, language: str, db: None) -> None:
    answer = client.get("/style/", headers=BROWSER[language])
    text = answer.content.decode()
    assert answer.status_code == 200
    with translation.override("en" if language == "en" else "zh-hans"):
        assert [word for _, _, word in STATES.values() if str(word) not in text] == []
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)
    assert text.count("<h1") == 1


def test_the_design_system_keeps_no_english_for_chinese_readers(client: Client, db: None) -> None:
    text = client.get("/style/", headers=BROWSER["zh"]).content.decode()
    shown = re.sub(r"<head>.*?</head>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert set(re.findall(r"[A-Za-z]{3,}", shown)) <= {"English", "Excel", "xlsx"}


def test_the_page_says_its_language_and_offers_the_other(client: Client, db: None) -> None:
    chinese = client.get("/style/", headers=BROWSER["zh"]).content.decode()
    assert '<html lang="zh-hans">' in chinese
    assert (
        '<button type="submit" class="tool" name="language" value="en" lang="en">English</button>' in chinese
    )
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/style/"})
    assert answer["Location"] == "/style/"
    assert '<html lang="en">' in client.get("/style/", headers=BROWSER["zh"]).content.decode()


def test_the_first_thing_a_keyboard_meets_is_the_way_to_the_content(client: Client, db: None) -> None:
    text = client.get("/style/").content.decode()
    body = text[text.index("<body>") :]
    first = re.search(r"<(?:a|button|input|select|summary)\b[^>]*>", body)
    assert first is not None
    assert first.group() == '<a class="skip" href="#content">'
    assert '<main id="content"' in body


def test_a_visitor_is_offered_the_door_and_an_account_its_name_and_the_way_out(
    client_of: Callable[[Account | None], Client], learner: Account
) -> None:
    outside = client_of(None).get("/style/").content.decode()
    assert f'href="{reverse("account_login")}"' in outside
    assert reverse("account_logout") not in outside
    inside = client_of(learner).get("/style/").content.decode()
    assert str(learner.display_name) in inside
    assert f'<form method="post" action="{reverse("account_logout")}">' in inside
    assert f'href="{reverse("account_login")}"' not in inside


@pytest.mark.parametrize(("demonstration", "times"), [(True, 1), (False, 0)])
def test_only_a_demonstration_says_it_is_one(
    client: Client, settings: object, demonstration: bool, times: int, db: None
) -> None:
    settings.DEMONSTRATION = demonstration  # type: ignore[attr-defined]
    shown = render_to_string("404.html", page(RequestFactory().get("/")))
    assert shown.count('class="demonstration"') == times


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_shown_when_all_is_broken_needs_nothing(name: str, language: str) -> None:
    """No request, no context, and (the fixture is absent) no database."""
    with translation.override(language):
        shown = get_template(name).render()
    assert f'<html lang="{language}">' in shown
    assert f"{settings.STATIC_URL}core/yuzheng.css" in shown
    assert 'href="/"' in shown


def test_an_address_nobody_has_is_answered_in_plain_words(client: Client, db: None) -> None:
    answer = client.get("/no/such/address/", headers=BROWSER["en"])
    assert answer.status_code == 404
    assert "Nothing is kept here" in answer.content.decode()


@pytest.mark.parametrize(
    ("referrer", "kept"),
    [
        ("http://testserver/staff/", "http://testserver/staff/"),
        ("http://elsewhere.example/staff/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_way_back_leads_to_our_own_pages_only(referrer: str, kept: str) -> None:
    request = RequestFactory().get("/", headers={"referer": referrer})
    assert str(page(request)["back_url"]) == kept


def test_signing_in_wears_our_look_and_offers_no_door_that_is_closed(client: Client, db: None) -> None:
    text = client.get(reverse("account_login"), headers=BROWSER["en"]).content.decode()
    assert 'class="masthead"' in text
    assert "Sign Up" not in text
    assert "password/reset" not in text
    wrong = client.post(reverse("account_login"), {"login": "nobody", "password": ""}, headers=BROWSER["en"])
    assert 'class="error-summary"' in wrong.content.decode()
    assert 'href="#id_password"' in wrong.content.decode()


def test_the_second_factor_pages_wear_our_look(
    client_of: Callable[[Account | None], Client], learner: Account
) -> None:
    browser = client_of(learner)
    assert 'class="masthead"' in browser.get(reverse("mfa_index")).content.decode()


def test_every_word_of_the_look_is_translated_and_compiled() -> None:
    folder = ROOT / "core" / "locale" / "zh_Hans" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    source = (folder / "django.po").read_text()
    words = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(words) > 150
    assert '\nmsgstr ""\n\n' not in source.split("\n\n", 1)[1]
    assert "fuzzy" not in source
    in_templates = {
        word
        for path in (ROOT / "core" / "templates").rglob("*.html")
        for word in re.findall(r'{% translate "([^"]+)"', path.read_text())
    }
    keys = (key if isinstance(key, str) else key[0] for key in compiled._catalog)  # type: ignore[attr-defined]
    known = {key.rpartition("\x04")[2] for key in keys}  # without the context
    assert in_templates - known == set()
