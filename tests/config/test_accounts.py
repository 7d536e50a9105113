"""One door: a name and a password, a second factor for whose duty needs it, and no other way in."""

from __future__ import annotations

import base64
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from core import clock
from registry.models import Account
from registry.rules.kinds import DutyKind
from tests.factories import registry as make

PASSWORD = "a long enough sentence"
LOGIN, HOME = "/accounts/login/", "/"
ACTIVATE = "/accounts/2fa/totp/activate/"
AUTHENTICATE = "/accounts/2fa/authenticate/"
REAUTHENTICATE = "/accounts/2fa/reauthenticate/"
committed = pytest.mark.django_db(transaction=True)  # setting up is told to the session after commit


@pytest.fixture(autouse=True)
def _a_real_door(settings: Any) -> None:
    settings.SECOND_FACTOR = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def with_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(client: Client, account: Account, password: str = PASSWORD, to: str = "") -> Any:
    return client.post(
        LOGIN, {"login": account.username, "password": password, **({"next": to} if to else {})}
    )


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str) -> str:
    cache.clear()  # a code is accepted once in half a minute; the test does not wait for the next
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up(client: Client) -> str:
    """Set up the second factor as a person does; returns the secret that her phone keeps."""
    page = client.get(ACTIVATE)
    if page.status_code == 302:
        assert page["Location"].startswith("/accounts/reauthenticate/")
        client.post(page["Location"], {"password": PASSWORD})
        page = client.get(ACTIVATE)
    secret: str = page.context["form"].secret
    answer = client.post(ACTIVATE, {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/recovery-codes/")
    return secret


# ── a name and a password ───────────────────────────────────────────────────


def test_name_and_password_open_the_door_and_lead_back(client: Client, learner: Account) -> None:
    with_password(learner)
    answer = sign_in(client, learner, to="/learn/")
    assert (answer.status_code, answer["Location"]) == (302, "/learn/")
    assert signed_in(client)


def test_a_wrong_password_does_not(client: Client, learner: Account) -> None:
    with_password(learner)
    answer = sign_in(client, learner, "something else")
    assert answer.status_code == 200
    assert not signed_in(client)


def test_the_door_leads_to_no_other_site(client: Client, learner: Account) -> None:
    with_password(learner)
    assert sign_in(client, learner, to="https://elsewhere.example/")["Location"] == reverse("lms:home")


def test_the_door_leads_to_ones_work(client: Client, county_officer: Account, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    with_password(county_officer)
    assert sign_in(client, county_officer)["Location"] == reverse("oversight:home")
    client.logout()
    assert sign_in(client, county_officer, to="/standards/")["Location"] == "/standards/"


def test_after_five_wrong_passwords_the_account_rests(client: Client, learner: Account) -> None:
    with_password(learner)
    for _ in range(5):
        sign_in(client, learner, "something else")
    answer = sign_in(client, learner)
    assert not signed_in(client)
    assert "Too many failed login attempts" in answer.content.decode()
    cache.clear()  # five minutes later
    sign_in(client, learner)
    assert signed_in(client)


def test_guessing_at_many_accounts_from_one_address_rests_too(client: Client, learner: Account) -> None:
    with_password(learner)
    for number in range(20):
        client.post(LOGIN, {"login": f"nobody{number}", "password": "x"})
    sign_in(client, learner)
    assert not signed_in(client)


def test_a_closed_account_stays_outside(client: Client, learner: Account) -> None:
    with_password(learner)
    learner.is_active = False
    learner.save()
    sign_in(client, learner)
    assert not signed_in(client)


def test_the_password_is_changed_with_the_old_one_and_long_enough(client: Client, learner: Account) -> None:
    with_password(learner)
    sign_in(client, learner)
    change = reverse("account_change_password")
    new = "another sentence, longer"
    for old, wanted in (("wrong", new), (PASSWORD, "short"), (PASSWORD, "password1234")):
        client.post(change, {"oldpassword": old, "password1": wanted, "password2": wanted})
        learner.refresh_from_db()
        assert learner.check_password(PASSWORD)
    client.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    learner.refresh_from_db()
    assert learner.check_password(new)
    assert client.get("/learn/").status_code == 200, "whoever changed it stays signed in"


def test_a_changed_password_ends_the_sessions_elsewhere(client: Client, learner: Account) -> None:
    with_password(learner)
    sign_in(client, learner)
    learner.refresh_from_db()
    learner.set_password("given anew by the facility")
    learner.save()
    assert client.get("/learn/")["Location"].startswith(LOGIN)


def test_leaving_is_leaving(client: Client, learner: Account) -> None:
    with_password(learner)
    sign_in(client, learner)
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in(client), "a link alone signs nobody out"
    client.post("/accounts/logout/")
    assert not signed_in(client)


# ── no other way in ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/set/",
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/cms/password_reset/",
        "/_util/login/",
        "/_util/authenticate_with_password/1/1/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_other_door_is_closed(db: None, client: Client, address: str, method: str) -> None:
    assert getattr(client, method)(address).status_code in (403, 404)


def test_nobody_signs_herself_up(db: None, client: Client) -> None:
    sentence = {"username": "intruder", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", sentence)
    assert not Account.objects.filter(username="intruder").exists()


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/django-admin/"])
def test_there_is_no_second_administration(db: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_authoring_desk_has_no_door_of_its_own(client: Client, editor: Account) -> None:
    answer = client.get("/cms/login/?next=/cms/pages/")
    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next=%2Fcms%2Fpages%2F")
    assert client.get("/cms/")["Location"].startswith(LOGIN)
    with_password(editor)
    client.post("/cms/login/", {"username": editor.username, "password": PASSWORD})
    assert not signed_in(client)


# ── the second factor ───────────────────────────────────────────────────────


def test_a_learner_needs_none(client: Client, learner: Account) -> None:
    with_password(learner)
    sign_in(client, learner)
    assert client.get("/learn/").status_code == 200


@pytest.mark.parametrize(
    "persona",
    [
        "trainer",
        "reviewer",
        "director",
        "county_officer",
        "province_officer",
        "issuer",
        "editor",
        "administrator",
    ],
)
def test_every_duty_leads_to_setting_one_up_before_anything_else(
    request: pytest.FixtureRequest, client: Client, persona: str
) -> None:
    sign_in(client, with_password(request.getfixturevalue(persona)))
    for address in ("/learn/", "/me/", "/accounts/password/change/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{ACTIVATE}?next=")


@committed
def test_what_is_needed_to_set_it_up_is_open(client: Client, county_officer: Account, settings: Any) -> None:
    sign_in(client, with_password(county_officer))
    assert set_up(client)
    for route in sorted(settings.ROUTES_BEFORE_SECOND_FACTOR):
        answer = client.get(reverse(route))
        assert answer.status_code in (200, 302), route
        assert not answer.headers.get("Location", "").startswith(f"{ACTIVATE}?"), route


@pytest.mark.parametrize("address", ["/", "/language/", "/accounts/logout/", "/verify/"])
def test_what_is_open_to_all_is_open_before_it_too(
    client: Client, county_officer: Account, address: str
) -> None:
    sign_in(client, with_password(county_officer))
    answer = client.get(address)
    assert (answer.status_code, answer.headers.get("Location", "/")) in ((200, "/"), (302, "/"))


@committed
def test_whoever_has_set_it_up_works_and_shows_it_at_the_next_sign_in(
    client: Client, county_officer: Account
) -> None:
    sign_in(client, with_password(county_officer))
    secret = set_up(client)
    assert client.get("/oversight/").status_code == 200

    again = Client(headers={"accept-language": "en"})
    answer = sign_in(again, county_officer, to="/oversight/")
    assert (answer.status_code, answer["Location"]) == (302, AUTHENTICATE)
    assert not signed_in(again), "the password alone is not enough"
    assert again.get("/oversight/")["Location"].startswith(LOGIN)
    again.post(AUTHENTICATE, {"code": "000000"})
    assert not signed_in(again)
    answer = again.post(AUTHENTICATE, {"code": code_of(secret)})
    assert (signed_in(again), answer["Location"]) == (True, "/oversight/")
    assert again.get("/oversight/").status_code == 200


@committed
def test_a_code_works_once(client: Client, county_officer: Account) -> None:
    sign_in(client, with_password(county_officer))
    code = code_of(set_up(client))
    first, second = Client(), Client()
    sign_in(first, county_officer)
    sign_in(second, county_officer)
    first.post(AUTHENTICATE, {"code": code})
    second.post(AUTHENTICATE, {"code": code})
    assert (signed_in(first), signed_in(second)) == (True, False)


@committed
def test_a_recovery_code_stands_in_for_a_lost_phone_once(client: Client, county_officer: Account) -> None:
    sign_in(client, with_password(county_officer))
    set_up(client)
    code = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    for expected in (True, False):
        again = Client()
        sign_in(again, county_officer)
        again.post(AUTHENTICATE, {"code": code})
        assert signed_in(again) is expected


@committed
def test_a_session_from_before_must_show_it(client: Client, county_officer: Account) -> None:
    """Whoever sat in a session with the password alone does not profit from another browser's set-up."""
    with_password(county_officer)
    old = Client(headers={"accept-language": "en"})
    sign_in(old, county_officer)
    sign_in(client, county_officer)
    secret = set_up(client)
    for address in ("/oversight/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/"):
        assert old.get(address)["Location"].startswith(f"{REAUTHENTICATE}?next=")
    old.post(REAUTHENTICATE, {"code": code_of(secret), "next": "/oversight/"})
    assert old.get("/oversight/").status_code == 200


@committed
def test_whose_duty_needs_it_cannot_put_it_away(client: Client, county_officer: Account) -> None:
    sign_in(client, with_password(county_officer))
    set_up(client)
    address = reverse("mfa_deactivate_totp")
    client.post(address)
    assert Authenticator.objects.filter(user=county_officer, type="totp").exists()
    assert "You cannot deactivate two-factor authentication" in client.get(address).content.decode()


@committed
def test_a_learner_may_have_one_and_put_it_away(client: Client, learner: Account) -> None:
    sign_in(client, with_password(learner))
    set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=learner).exists()


@committed
def test_its_secret_rests_sealed(client: Client, county_officer: Account) -> None:
    sign_in(client, with_password(county_officer))
    secret = set_up(client)
    rows = Authenticator.objects.filter(user=county_officer)
    assert {row.type for row in rows} == {"totp", "recovery_codes"}
    for row in rows:
        assert secret not in str(row.data)
        for value in (row.data.get("secret"), row.data.get("seed")):
            assert value is None or base64.b64decode(value)[:1] == b"\x01"


@committed
def test_an_operator_resets_it_for_whoever_lost_all(
    client: Client, county_officer: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in(client, with_password(county_officer))
    set_up(client)
    call_command("reset_second_factor", "county_officer", by="Wang")
    assert "sets up a new second factor" in capsys.readouterr().out
    entry = Entry.objects.get()
    assert (entry.actor, entry.act, entry.subject) == (
        "system:operator Wang",
        "accounts.reset_second_factor",
        county_officer.actor,
    )
    assert client.get("/oversight/")["Location"].startswith(LOGIN), "her sessions are over"
    sign_in(client, county_officer)
    assert client.get("/oversight/")["Location"].startswith(ACTIVATE)
    with pytest.raises(CommandError, match="no second factor to reset"):
        call_command("reset_second_factor", "county_officer", by="Wang")
    with pytest.raises(CommandError, match="no account is called nobody"):
        call_command("reset_second_factor", "nobody", by="Wang")


def test_the_api_says_what_is_missing(client: Client, director: Account) -> None:
    sign_in(client, with_password(director))
    facility = director.duties.get().facility
    assert facility is not None
    answer = client.get(f"/api/v1/facilities/{facility.public_id}/staff")
    assert (answer.status_code, answer.json()["error"]) == (403, "second_factor")


# ── what a session remembers ────────────────────────────────────────────────


def test_a_revoked_duty_is_gone_with_the_next_click(
    settings: Any, client: Client, county_officer: Account
) -> None:
    settings.SECOND_FACTOR = False
    sign_in(client, with_password(county_officer))
    assert client.get("/oversight/").status_code == 200
    county_officer.duties.update(revoked_on=clock.today(), revoked_by=make.account())
    assert client.get("/oversight/").status_code == 403
    assert client.get("/learn/").status_code == 200, "she stays a learner"


def test_a_duty_ends_with_its_day_and_begins_with_it(settings: Any, client: Client, learner: Account) -> None:
    settings.SECOND_FACTOR = False
    today = clock.today()
    make.duty(
        of=learner,
        kind=DutyKind.OFFICER,
        division=make.division("530102"),
        starts_on=today + timedelta(days=1),
        until=today + timedelta(days=3),
    )
    sign_in(client, with_password(learner))
    seen = []
    for days in range(4):
        with clock.moved_by(timedelta(days=days)):
            seen.append(client.get("/oversight/").status_code)
    assert seen == [403, 200, 200, 403]


def test_granting_a_duty_asks_for_the_second_factor_at_once(client: Client, learner: Account) -> None:
    sign_in(client, with_password(learner))
    assert client.get("/learn/").status_code == 200
    make.duty(of=learner, kind=DutyKind.TRAINER)
    assert client.get("/learn/")["Location"].startswith(ACTIVATE)


# ── language ────────────────────────────────────────────────────────────────


def test_chinese_by_default_and_english_by_the_switch(db: None) -> None:
    client = Client()
    assert '<html lang="zh-hans"' in client.get(LOGIN).content.decode()
    client.post("/language/", {"language": "en", "next": LOGIN})
    page = client.get(LOGIN)
    assert '<html lang="en"' in page.content.decode()
    assert page["Content-Language"] == "en"
    client.post("/language/", {"language": "zh-hans", "next": LOGIN})
    assert '<html lang="zh-hans"' in client.get(LOGIN).content.decode()


@pytest.mark.parametrize(
    ("asked", "given"),
    [("zh-CN,zh;q=0.9", "zh-hans"), ("fr-FR", "zh-hans"), ("en-GB,en;q=0.9", "en"), ("", "zh-hans")],
)
def test_a_browser_is_answered_in_its_language_if_we_speak_it(db: None, asked: str, given: str) -> None:
    page = Client(headers={"accept-language": asked} if asked else {}).get(LOGIN)
    assert page["Content-Language"] == given


def test_the_switch_leads_to_no_other_site(db: None, client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == HOME
