"""The presence check over HTTP: its words, its token, and nothing that foretells its moment or its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core import clock
from lms.models import ActiveSession, Enrolment, PresenceCheck
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.lms.views.test_beats import BEAT, error_of, opened, post

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


@pytest.fixture
def enrolment(learner: Account) -> Enrolment:
    return learn.enrolment(learn.video_lesson(), learn.quiz_lesson(), of=learner.person)


@pytest.fixture
def client(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> Client:
    """Twenty seconds in, a check is open."""
    client = client_of(learner)
    with clock.set_to(learn.AT):
        opened(client, enrolment)
        post(client, enrolment, "beat", {"beats": [BEAT]})
    ActiveSession.objects.update(presence_due_ms=1)
    return client


def asked(client: Client, enrolment: Enrolment) -> Any:
    with clock.set_to(learn.after(20)):
        beat = {**BEAT, "sequence": 3, "position_ms": 20_000}
        return post(client, enrolment, "beat", {"beats": [beat]}).json()


def say(client: Client, enrolment: Enrolment, body: Any, *, at: float = 25, key: str = "watch") -> Any:
    with clock.set_to(learn.after(at)):
        return post(client, enrolment, "presence", body, key=key)


def test_a_question_comes_with_a_beat_and_is_answered_with_its_token(
    client: Client, enrolment: Enrolment
) -> None:
    told = asked(client, enrolment)["presence"]
    check = PresenceCheck.objects.get()
    assert {name: told[name] for name in ("state", "token", "left_ms")} == {
        "state": "open",
        "token": check.public_id,
        "left_ms": 90_000,
    }
    assert set(told) == {"state", "token", "left_ms", "question", "choices"}
    assert len(set(told["choices"])) == 3
    answer = say(client, enrolment, {"generation": 1, "token": told["token"], "choice": check.right})
    assert (answer.status_code, answer.json()["presence"], answer.json()["credited_ms"]) == (
        200,
        None,
        20_000,
    )
    again = say(client, enrolment, {"generation": 1, "token": told["token"], "choice": check.right})
    assert error_of(again) == (409, "check_over")


def test_the_question_is_said_in_her_language(
    client_of: ClientOf, learner: Account, client: Client, enrolment: Enrolment
) -> None:
    english = asked(client, enrolment)["presence"]
    address = f"/learn/course/{enrolment.public_id}/lessons/watch/presence/"
    with clock.set_to(learn.after(26)):
        chinese = client.post(
            address,
            b'{"generation": 1}',
            content_type="application/json",
            headers={"accept-language": "zh-CN"},
        ).json()["presence"]
    assert chinese["token"] == english["token"]
    assert chinese["question"].startswith("哪一个")
    assert not set(chinese["choices"]) & set(english["choices"])


def test_a_failed_one_says_why_and_a_new_one_is_there_for_the_asking(
    client: Client, enrolment: Enrolment
) -> None:
    token = asked(client, enrolment)["presence"]["token"]
    wrong = (PresenceCheck.objects.get().right + 1) % 3
    told = say(client, enrolment, {"generation": 1, "token": token, "choice": wrong}).json()
    assert told["presence"] == {"state": "owed", "why": "wrong"}
    told = say(client, enrolment, {"generation": 1}, at=26).json()["presence"]
    assert (told["state"], told["token"] != token) == ("open", True)
    assert say(client, enrolment, {"generation": 1}, at=200).json()["presence"]["state"] == "open"
    assert [one.outcome for one in PresenceCheck.objects.all()] == ["wrong", "missed", None]


def test_a_reload_is_told_what_it_owes(client: Client, enrolment: Enrolment) -> None:
    asked(client, enrolment)
    with clock.set_to(learn.after(30)):
        told = opened(client, enrolment).json()
    assert told == {"generation": 2, "presence": {"state": "owed", "why": "left"}}


def test_nothing_foretells_the_moment_or_gives_the_answer_away(client: Client, enrolment: Enrolment) -> None:
    """Of a check to come the player is told nothing; of an open one, no place of the right word."""
    ActiveSession.objects.update(presence_due_ms=543_219)
    with clock.set_to(learn.after(10)):
        early = post(client, enrolment, "beat", {"beats": [{**BEAT, "sequence": 2, "position_ms": 10_000}]})
    assert early.json()["presence"] is None
    assert "533219" not in early.content.decode()
    page = client.get(f"/learn/course/{enrolment.public_id}/lessons/watch/").content.decode()
    assert "533219" not in page
    ActiveSession.objects.update(presence_due_ms=1)
    told = asked(client, enrolment)["presence"]
    assert set(told) == {"state", "token", "left_ms", "question", "choices"}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", {}, {"generation": "1"}, {"generation": True}, {"generation": 2**31},
     {"generation": 1, "token": 7, "choice": 0}, {"generation": 1, "token": None, "choice": 0},
     {"generation": 1, "token": "x"}, {"generation": 1, "token": "x", "choice": 3},
     {"generation": 1, "token": "x", "choice": -1}, {"generation": 1, "token": "x", "choice": "0"},
     {"generation": 1, "token": "x", "choice": [0, 1, 2]}],
    ids=str,
)  # fmt: skip
def test_garbage_answers_nothing(client: Client, enrolment: Enrolment, body: Any) -> None:
    asked(client, enrolment)
    assert error_of(say(client, enrolment, body)) == (400, "bad_request")
    assert PresenceCheck.objects.get().outcome is None


def test_another_account_device_or_generation_cannot_answer(
    client_of: ClientOf, client: Client, enrolment: Enrolment
) -> None:
    token = asked(client, enrolment)["presence"]["token"]
    right = {"generation": 1, "token": token, "choice": PresenceCheck.objects.get().right}
    other = make.account()
    other.person = make.person()
    other.save()
    assert say(client_of(other), enrolment, right).status_code == 404
    hers = learn.enrolment(learn.video_lesson(), of=other.person)
    assert opened(client_of(other), hers).status_code == 200
    assert error_of(say(client_of(other), hers, right)) == (409, "check_over")
    assert error_of(say(client, enrolment, {**right, "generation": 2})) == (409, "taken_over")
    with clock.set_to(learn.after(30)):
        assert opened(client, enrolment, device="laptop00", take_over=True).json()["generation"] == 2
    assert error_of(say(client, enrolment, right, at=31)) == (409, "taken_over")
    assert error_of(say(client, enrolment, {**right, "generation": 2}, at=31)) == (409, "check_over")
    assert PresenceCheck.objects.get().outcome == "left"


def test_a_session_that_ended_and_a_get_are_refused(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    assert error_of(post(client_of(None), enrolment, "presence", {"generation": 1})) == (401, "sign_in")
    address = f"/learn/course/{enrolment.public_id}/lessons/watch/presence/"
    assert client_of(learner).get(address).status_code == 405
