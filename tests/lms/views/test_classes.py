"""Class sessions on a learner's phone and at the trainer's desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client

from core import clock
from lms.actions.attend import book
from lms.models import ClassSession, HourEntry, Seat
from lms.rules.sessions import code_at
from lms.views.classes import MOST_WRONG_CODES
from registry.models import Account
from tests.factories import lms as learn
from tests.factories import registry as make
from tests.lms.views.looking import look, went_to

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account | None], Client]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    cache.clear()
    with clock.set_to(learn.AT):
        yield


@pytest.fixture
def session(trainer: Account) -> ClassSession:
    """From nine to twelve; it is nine."""
    return learn.class_session(led_by=trainer, capacity=2)


def code_of(session: ClassSession, at: Any = learn.AT) -> str:
    return code_at(bytes.fromhex(session.secret), at)


def at_door(session: ClassSession) -> str:
    return f"/learn/classes/{session.public_id}/"


def at_desk(session: ClassSession) -> str:
    return f"/sessions/{session.public_id}/"


# ── the learner ─────────────────────────────────────────────────────────────


def test_she_books_gives_back_and_books_again(
    client_of: ClientOf, learner: Account, session: ClassSession
) -> None:
    client, address = client_of(learner), at_door(session)
    for verb, seats in (("book", 1), ("give_up", 0), ("book", 1)):
        assert went_to(client.post(address, {verb: "yes"})) == address
        assert session.seats.count() == seats
    assert "急救实操" in look(client, "/learn/classes/")[0]


def test_she_signs_in_and_out_with_the_code(
    client_of: ClientOf, learner: Account, session: ClassSession
) -> None:
    client, address = client_of(learner), at_door(session)
    assert "Are you in the room?" in look(client, address)[0]
    assert went_to(client.post(address, {"code": code_of(session)})) == address
    later = learn.after(hours=3)
    with clock.set_to(later):
        assert "Leaving?" in look(client, address)[0]
        assert went_to(client.post(address, {"code": code_of(session, later), "leaving": "yes"})) == address
        assert "when the trainer has closed the session" in look(client, address)[0]
    seat = Seat.objects.get()
    assert (seat.signed_in_at, seat.signed_out_at) == (learn.AT, later)


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６7"])
def test_a_code_that_is_none_is_explained_beside_the_field(
    client_of: ClientOf, learner: Account, session: ClassSession, typed: str
) -> None:
    answer = client_of(learner).post(at_door(session), {"code": typed})
    assert answer.status_code == 422
    assert "field-wrong" in answer.content.decode()
    assert not Seat.objects.exists()


def test_guessing_codes_is_stopped(client_of: ClientOf, learner: Account, session: ClassSession) -> None:
    client, address = client_of(learner), at_door(session)
    wrong = f"{(int(code_of(session)) + 1) % 10**6:06d}"
    for _ in range(MOST_WRONG_CODES):
        assert "This code is not valid now." in client.post(address, {"code": wrong}).content.decode()
    assert "Too many wrong codes." in client.post(address, {"code": code_of(session)}).content.decode()
    assert not Seat.objects.exists()


def test_a_count_that_expires_while_it_is_read_stops_nobody(
    client_of: ClientOf, learner: Account, session: ClassSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocMemCache, "add", lambda *_arguments, **_named: True)  # and gone again
    assert client_of(learner).post(at_door(session), {"code": code_of(session)}).status_code == 303


def test_a_full_room_says_so(client_of: ClientOf, learner: Account, session: ClassSession) -> None:
    for _ in range(2):
        book(session=session, person=make.person(), by=learn.SYSTEM, at=learn.AT)
    client = client_of(learner)
    assert "All places of this session are taken." in look(client, at_door(session))[0]
    answer = client.post(at_door(session), {"book": "yes"}, follow=True)
    assert "All places of this session are taken." in answer.content.decode()


def test_an_excluded_learner_is_told_in_a_plain_sentence(
    client_of: ClientOf, learner: Account, session: ClassSession
) -> None:
    make.exclusion(of=learner.person)  # type: ignore[arg-type]
    answer = client_of(learner).post(at_door(session), {"code": code_of(session)})
    assert (answer.status_code, Seat.objects.count()) == (422, 0)
    assert "A measure is in force against you" in answer.content.decode()


def test_what_she_earned_stands_with_its_reason(
    client_of: ClientOf, learner: Account, trainer: Account
) -> None:
    session = learn.class_session(led_by=trainer, closed_at=learn.after(hours=3), head_count=1)
    learn.seat(
        in_session=session, of=learner.person, signed_in_at=learn.AT, earned_minutes=0, reason="未签退。"
    )
    for address in (at_door(session), "/learn/classes/"):
        assert "未签退。" in look(client_of(learner), address)[0]


def test_an_empty_list_teaches(client_of: ClientOf, learner: Account) -> None:
    assert "No session is planned" in look(client_of(learner), "/learn/classes/")[0]


def test_the_lists_cost_the_same_queries_with_1_and_3_rows(
    client_of: ClientOf, learner: Account, trainer: Account
) -> None:
    counts = []
    for more in (1, 2):
        for number in range(more):
            start = learn.after(days=more * 10 + number)
            session = learn.class_session(led_by=trainer, starts_at=start, ends_at=start.replace(hour=3))
            learn.seat(in_session=session, of=learner.person)
        counts.append(
            (
                look(client_of(learner), "/learn/classes/")[1],
                look(client_of(trainer), "/sessions/")[1],
            )
        )
    assert counts[0] == counts[1]


# ── the trainer ─────────────────────────────────────────────────────────────

PLAN = {
    "title": "急救实操",
    "place": "二楼教室",
    "content": "practice",
    "topic": "first_aid",
    "starts_at": "2026-03-03T09:00",
    "ends_at": "2026-03-03T12:00",
    "break_from": "2026-03-03T10:00",
    "break_until": "2026-03-03T10:15",
    "capacity": "20",
}


def test_a_trainer_plans_a_session_in_beijing_time(client_of: ClientOf, trainer: Account) -> None:
    client = client_of(trainer)
    look(client, "/sessions/new/")
    address = went_to(client.post("/sessions/new/", {**PLAN, "division": make.division("530102").pk}))
    session = ClassSession.objects.get()
    assert address == at_desk(session)
    assert (session.offered_minutes, session.starts_at, session.led_by) == (165, learn.after(days=1), trainer)


@pytest.mark.parametrize(
    "changes",
    [{"ends_at": "2026-03-03T08:00"}, {"break_until": ""}, {"break_until": "2026-03-03T09:30"},
     {"capacity": "0"}, {"topic": "nonsense"}, {"content": "nonsense"}, {"starts_at": "yesterday"},
     {"division": "530000"},
     {"starts_at": "2026-03-01T09:00", "ends_at": "2026-03-01T12:00"}, {"title": ""}],
    ids=str,
)  # fmt: skip
def test_a_plan_that_cannot_be_is_explained_and_what_was_typed_stays(
    client_of: ClientOf, trainer: Account, changes: dict[str, str]
) -> None:
    answer = client_of(trainer).post(
        "/sessions/new/", {**PLAN, "division": make.division("530102").pk, **changes}
    )
    assert answer.status_code == 422
    assert "二楼教室" in answer.content.decode()
    assert not ClassSession.objects.exists()


def test_the_screen_shows_the_code_of_this_moment_and_asks_again(
    client_of: ClientOf, trainer: Account, session: ClassSession
) -> None:
    address = at_desk(session) + "code/"
    with clock.set_to(learn.after(7)):
        answer = client_of(trainer).get(address)
    assert code_of(session) in answer.content.decode()
    assert (answer["Refresh"], answer["Cache-Control"]) == ("3", "no-store")
    ClassSession.objects.update(closed_at=learn.AT)
    closed = client_of(trainer).get(address)
    assert ("Refresh" in closed, code_of(session) in closed.content.decode()) == (False, False)


def test_the_secret_of_the_code_is_on_no_page(
    client_of: ClientOf, trainer: Account, learner: Account, session: ClassSession
) -> None:
    for account, address in ((trainer, at_desk(session)), (learner, at_door(session))):
        page, _ = look(client_of(account), address)
        assert session.secret not in page
        assert code_of(session) not in page


def test_she_settles_who_left_and_closes_with_her_head_count(
    client_of: ClientOf, trainer: Account, session: ClassSession
) -> None:
    seat = learn.seat(in_session=session, signed_in_at=learn.AT)
    client, address = client_of(trainer), at_desk(session)
    departure = f"{address}seats/{seat.public_id}/"
    with clock.set_to(session.ends_at):
        assert departure in look(client, address)[0]
        assert "did not sign out" in look(client, departure)[0]
        assert client.post(departure, {"left_at": "2026-03-02T13:00"}).status_code == 422
        assert went_to(client.post(departure, {"left_at": "2026-03-02T11:00"})) == address
        wrong = client.post(address, {"head_count": "2"})
        assert (wrong.status_code, HourEntry.objects.count()) == (422, 0)
        assert "You counted 2 people, but 1 signed in." in wrong.content.decode()
        assert went_to(client.post(address, {"head_count": "1"})) == address
        assert "105" in look(client, address)[0]
        assert client.post(address, {"head_count": "1"}).status_code == 422
    assert HourEntry.objects.get().minutes == 105


def test_another_trainer_finds_nothing_and_a_learner_is_not_let_in(
    client_of: ClientOf, other_trainer: Account, learner: Account, session: ClassSession
) -> None:
    seat = learn.seat(in_session=session, signed_in_at=learn.AT)
    pages = [at_desk(session), at_desk(session) + "code/", f"{at_desk(session)}seats/{seat.public_id}/"]
    for address in pages:
        assert client_of(other_trainer).get(address).status_code == 404
        assert client_of(learner).get(address).status_code == 403
        assert client_of(None).get(address)["Location"].startswith("/accounts/login/")
    assert "You lead no session yet" in look(client_of(other_trainer), "/sessions/")[0]


def test_a_roll_of_people_costs_the_same_queries_with_1_and_3_rows(
    client_of: ClientOf, trainer: Account
) -> None:
    counts = []
    for number in (1, 3):
        session = learn.class_session(led_by=trainer)
        for _ in range(number):
            learn.seat(in_session=session, signed_in_at=learn.AT)
        counts.append(look(client_of(trainer), at_desk(session))[1])
    assert counts[0] == counts[1]
