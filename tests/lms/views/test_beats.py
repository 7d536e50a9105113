"""What the player sends: read strictly, answered as JSON, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from core import clock
from lms.models import ActiveSession, Enrolment, WatchedInterval
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]
BEAT = {
    "generation": 1,
    "sequence": 1,
    "position_ms": 0,
    "rate_percent": 100,
    "visible": True,
    "sent_ms": 0,
}


@pytest.fixture
def enrolment(learner: Account) -> Enrolment:
    return learn.enrolment(learn.video_lesson(), learn.quiz_lesson(), of=learner.person)


def post(client: Client, enrolment: Enrolment, verb: str, body: Any, *, key: str = "watch") -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = f"/learn/course/{enrolment.public_id}/lessons/{key}/{verb}/"
    return client.post(address, raw, content_type="application/json", headers={"accept": "application/json"})


def opened(client: Client, enrolment: Enrolment, **more: Any) -> HttpResponse:
    return post(client, enrolment, "open", {"device": "phone000", **more})


def error_of(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.content)["error"]


def test_a_player_opens_plays_and_is_told_what_it_was_worth(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    with clock.set_to(learn.AT):
        assert opened(client, enrolment).json() == {"generation": 1, "presence": None}
        post(client, enrolment, "beat", {"beats": [BEAT]})
    with clock.set_to(learn.after(10)):
        later = {**BEAT, "sequence": 2, "position_ms": 10_000}
        answer = post(client, enrolment, "beat", {"beats": [later]}).json()
    assert answer == {
        "verdict": "credited",
        "credited_ms": 10_000,
        "needed_ms": 120_000,
        "watched": [[0, 10_000]],
        "gaps": [[10_000, 120_000]],
        "completed": False,
        "course_completed": False,
        "presence": None,
    }


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"device": "x"}',
     b'{"device": ["phone000"]}', b'{"device": 12345678}', b'{"device": "phone-00"}',
     b'{"device": "\xe7\x94\xb5\xe8\x84\x91\xe7\x94\xb5"}'],
)  # fmt: skip
def test_garbage_opens_nothing(
    client_of: ClientOf, learner: Account, enrolment: Enrolment, body: bytes
) -> None:
    assert error_of(post(client_of(learner), enrolment, "open", body)) == (400, "bad_request")
    assert not ActiveSession.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, {}, {"beats": None}, {"beats": {}}, {"beats": "beat"}, {"beats": []},
     {"beats": [None]}, {"beats": [[]]}, {"beats": [BEAT] * 41}],
    ids=str,
)  # fmt: skip
def test_garbage_is_no_beat(client_of: ClientOf, learner: Account, enrolment: Enrolment, body: Any) -> None:
    client = client_of(learner)
    opened(client, enrolment)
    assert error_of(post(client, enrolment, "beat", body)) == (400, "bad_request")


@pytest.mark.parametrize("name", sorted(BEAT))
@pytest.mark.parametrize("value", [None, "1", -1, 2**53, 2**64, 1.5, [], {}, "missing"])
def test_every_part_of_a_beat_has_its_bounds(
    client_of: ClientOf, learner: Account, enrolment: Enrolment, name: str, value: Any
) -> None:
    client = client_of(learner)
    opened(client, enrolment)
    beat = (
        {key: part for key, part in BEAT.items() if key != name}
        if value == "missing"
        else {**BEAT, name: value}
    )
    assert error_of(post(client, enrolment, "beat", {"beats": [beat]})) == (400, "bad_request")
    assert ActiveSession.objects.get().sequence == 0


@pytest.mark.parametrize("name", ["generation", "sequence"])
def test_a_number_the_database_cannot_hold_is_refused_before_it(
    client_of: ClientOf, learner: Account, enrolment: Enrolment, name: str
) -> None:
    client = client_of(learner)
    opened(client, enrolment)
    answer = post(client, enrolment, "beat", {"beats": [{**BEAT, name: 2**31}]})
    assert error_of(answer) == (400, "bad_request")
    assert post(client, enrolment, "beat", {"beats": [{**BEAT, "sequence": 2**31 - 1}]}).status_code == 200


def test_a_boolean_is_no_number(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> None:
    client = client_of(learner)
    opened(client, enrolment)
    answer = post(client, enrolment, "beat", {"beats": [{**BEAT, "sequence": True}]})
    assert error_of(answer) == (400, "bad_request")


def test_rules_that_say_no_are_conflicts_with_their_sentence(
    client_of: ClientOf, learner: Account, enrolment: Enrolment
) -> None:
    client = client_of(learner)
    opened(client, enrolment)
    assert error_of(opened(client, enrolment, device="laptop00")) == (409, "active_elsewhere")
    assert opened(client, enrolment, device="laptop00", take_over=True).status_code == 200
    assert error_of(post(client, enrolment, "beat", {"beats": [BEAT]})) == (409, "taken_over")
    assert error_of(post(client, enrolment, "open", {"device": "phone000"}, key="quiz")) == (
        409,
        "not_played",
    )
    assert error_of(post(client, enrolment, "open", {"device": "phone000"}, key="none")) == (
        409,
        "no_such_lesson",
    )
    make.exclusion(of=enrolment.person)
    assert error_of(opened(client, enrolment)) == (409, "excluded")


@pytest.mark.parametrize("take_over", ["yes", 1, None, [True]])
def test_only_a_plain_yes_takes_over(
    client_of: ClientOf, learner: Account, enrolment: Enrolment, take_over: Any
) -> None:
    client = client_of(learner)
    opened(client, enrolment)
    answer = opened(client, enrolment, device="laptop00", take_over=take_over)
    assert error_of(answer) == (409, "active_elsewhere")


def test_a_session_that_ended_is_said_as_json(client_of: ClientOf, enrolment: Enrolment) -> None:
    assert error_of(opened(client_of(None), enrolment)) == (401, "sign_in")


def test_getting_a_beat_is_not_possible(client_of: ClientOf, learner: Account, enrolment: Enrolment) -> None:
    address = f"/learn/course/{enrolment.public_id}/lessons/watch/beat/"
    assert client_of(learner).get(address).status_code == 405
    assert not WatchedInterval.objects.exists()


def test_a_beat_costs_few_queries_however_long_the_course(
    client_of: ClientOf, learner: Account, django_assert_max_num_queries: Any
) -> None:
    enrolment = learn.enrolment(
        learn.video_lesson(), *(learn.reading_lesson(key=f"r{n}") for n in range(5)), of=learner.person
    )
    client = client_of(learner)
    with clock.set_to(learn.AT):
        opened(client, enrolment)
        post(client, enrolment, "beat", {"beats": [BEAT]})
    with (
        clock.set_to(learn.AT + timedelta(seconds=10)),
        django_assert_max_num_queries(16),
    ):
        post(client, enrolment, "beat", {"beats": [{**BEAT, "sequence": 2, "position_ms": 10_000}]})
