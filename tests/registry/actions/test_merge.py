"""Two records of one human being: joined by two persons, parted by two persons, never with a measure lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry, Work
from core.refusals import Refused
from registry.actions import decide_merge, open_account, propose_merge, propose_undo
from registry.models import Account, Merge, Person
from registry.permissions import is_excluded, one_human, records_of
from registry.queries import humans, verify_merges
from registry.rules.kinds import DutyKind
from tests.factories import registry as make

pytestmark = pytest.mark.django_db
WHY = {"reason": "同名同生日", "evidence": "两份身份证原件"}


def in_post(code: str = "530102", **fields: Any) -> Person:
    person = make.person(**fields)
    make.employment(of=person, at=make.facility(division_code=code))
    return person


def officer(code: str = "530102", **fields: Any) -> Account:
    account = make.account(**fields)
    make.duty(of=account, kind=DutyKind.OFFICER, division=make.division(code))
    return account


@pytest.fixture
def pair() -> tuple[Person, Person]:
    return in_post(), in_post()


def propose(kept: Person, absorbed: Person, by: Account | None = None, **fields: Any) -> Merge:
    return propose_merge(kept=kept, absorbed=absorbed, by=by or officer(), **{**WHY, "at": make.AT, **fields})


def decide(proposal: Merge, by: Account | None = None, **fields: Any) -> Merge:
    values = {"accept": True, "reason": "核对无误", "at": make.AT, **fields}
    return decide_merge(proposal=proposal, by=by or officer(), **values)


def undo(merge: Merge, **fields: Any) -> Merge:
    at = fields.pop("at", make.AT)
    proposal = propose_undo(merge=merge, **WHY, by=officer(), at=at)
    return decide(proposal, at=at, **fields)


def refused(code: str, act: Any) -> None:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code


def test_one_proposes_another_decides_and_the_two_are_one(pair: tuple[Person, Person]) -> None:
    kept, absorbed = pair
    proposal = propose(kept, absorbed)
    assert records_of(kept) == [kept.pk]
    merge = decide(proposal)
    absorbed.refresh_from_db()
    assert (merge.accepted, merge.decided_on) == (True, date(2026, 3, 2))
    assert one_human(absorbed) == kept
    assert records_of(absorbed) == records_of(kept) == [kept.pk, absorbed.pk]
    acts = list(Entry.objects.filter(subject=merge.subject).values_list("act", flat=True))
    assert sorted(acts) == ["registry.accept_merge", "registry.propose_merge"]
    assert Work.objects.get(topic="registry.merged").payload["absorbed"] == absorbed.pk
    assert list(verify_merges()) == []


def test_undoing_parts_them_and_the_days_between_stay_joined(pair: tuple[Person, Person]) -> None:
    kept, absorbed = pair
    merge = decide(propose(kept, absorbed))
    undo(merge, at=make.AT + timedelta(days=10))
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None
    day = date(2026, 3, 2)
    assert humans([kept.pk], day - timedelta(days=1)) == {kept.pk: kept.pk}
    assert humans([absorbed.pk], day) == {kept.pk: kept.pk, absorbed.pk: kept.pk}
    assert humans([kept.pk], day + timedelta(days=9)) == {kept.pk: kept.pk, absorbed.pk: kept.pk}
    assert humans([absorbed.pk], day + timedelta(days=10)) == {absorbed.pk: absorbed.pk}
    refused("not_in_force", lambda: undo(merge))
    assert list(verify_merges()) == []


def test_they_can_be_merged_again(pair: tuple[Person, Person]) -> None:
    undo(decide(propose(*pair)))
    decide(propose(*pair))
    assert len(records_of(pair[0])) == 2
    assert list(verify_merges()) == []


def test_a_declined_proposal_joins_nobody_and_can_be_made_again(pair: tuple[Person, Person]) -> None:
    decide(propose(*pair), accept=False)
    assert records_of(pair[0]) == [pair[0].pk]
    assert propose(*pair).accepted is None


def test_whoever_proposed_does_not_decide_nor_does_her_second_account(pair: tuple[Person, Person]) -> None:
    one = officer()
    assert one.person is not None
    twin = officer(of=make.person(merged_into=one.person))
    proposal = propose(*pair, by=one)
    refused("own_proposal", lambda: decide(proposal, by=one))
    refused("own_proposal", lambda: decide(proposal, by=twin))


def test_nobody_merges_her_own_records(pair: tuple[Person, Person]) -> None:
    kept, absorbed = pair
    refused("own_record", lambda: propose(kept, absorbed, by=officer(of=kept)))
    proposal = propose(kept, absorbed)
    refused("own_record", lambda: decide(proposal, by=officer(of=absorbed)))


def test_an_officer_of_one_county_merges_nobody_of_another(pair: tuple[Person, Person]) -> None:
    kept, elsewhere = pair[0], in_post("532901")
    refused("no_duty", lambda: propose(kept, elsewhere))
    proposal = propose(kept, elsewhere, by=officer("530000"))
    refused("no_duty", lambda: decide(proposal))
    assert decide(proposal, by=officer("530000")).accepted


def test_a_duty_that_ended_meanwhile_decides_nothing(pair: tuple[Person, Person]) -> None:
    proposal, second = propose(*pair), officer()
    second.duties.update(until=date(2026, 3, 2))
    refused("no_duty", lambda: decide(proposal, by=second))


def test_a_decision_is_made_once(pair: tuple[Person, Person]) -> None:
    proposal = propose(*pair)
    decide(proposal)
    refused("decided", lambda: decide(proposal, accept=False))


def test_the_same_record_twice_is_proposed_once(pair: tuple[Person, Person]) -> None:
    propose(*pair)
    refused("already_proposed", lambda: propose(*pair))


def test_crossed_proposals_end_with_one_merge(pair: tuple[Person, Person]) -> None:
    there, back = propose(*pair), propose(pair[1], pair[0])
    decide(there)
    refused("merged", lambda: decide(back))


def test_a_record_that_others_were_merged_into_stays(pair: tuple[Person, Person]) -> None:
    decide(propose(*pair))
    third = in_post()
    refused("has_merged", lambda: propose(third, pair[0]))
    refused("merged", lambda: propose(third, pair[1]))
    decide(propose(pair[0], third))
    assert records_of(pair[0]) == [pair[0].pk, pair[1].pk, third.pk]


@pytest.mark.parametrize(
    "fields",
    [{}, {"kind": "suspension", "until": date(2026, 6, 1)}, {"from_day": date(2026, 4, 1)}],
    ids=["ban", "suspension", "ban of a day to come"],
)
class TestMeasures:
    def test_a_record_with_a_measure_never_goes(
        self, pair: tuple[Person, Person], fields: dict[str, Any]
    ) -> None:
        make.exclusion(of=pair[1], **fields)
        refused("measure_absorbed", lambda: propose(*pair, by=officer("530000")))

    def test_a_measure_that_came_meanwhile_stops_the_decision(
        self, pair: tuple[Person, Person], fields: dict[str, Any]
    ) -> None:
        proposal = propose(*pair)
        make.exclusion(of=pair[1], **fields)
        refused("measure_absorbed", lambda: decide(proposal, by=officer("530000"), despite_measure=True))

    def test_with_a_measure_only_the_province_decides_and_says_so(
        self, pair: tuple[Person, Person], fields: dict[str, Any]
    ) -> None:
        make.exclusion(of=pair[0], **fields)
        proposal = propose(*pair)
        refused("measure", lambda: decide(proposal, despite_measure=True))
        refused("measure", lambda: decide(proposal, by=officer("530100"), despite_measure=True))
        refused("measure", lambda: decide(proposal, by=officer("530000")))
        assert decide(proposal, by=officer("530000"), despite_measure=True).despite_measure
        assert is_excluded(pair[1], date(2026, 5, 1))

    def test_so_it_is_with_undoing(self, pair: tuple[Person, Person], fields: dict[str, Any]) -> None:
        merge = decide(propose(*pair))
        make.exclusion(of=pair[0], **fields)
        proposal = propose_undo(merge=merge, **WHY, by=officer(), at=make.AT)
        refused("measure", lambda: decide(proposal, despite_measure=True))
        assert decide(proposal, by=officer("530000"), despite_measure=True).accepted


def test_a_measure_that_is_over_hinders_nothing(pair: tuple[Person, Person]) -> None:
    make.exclusion(of=pair[0], kind="suspension", until=date(2026, 3, 2))
    make.exclusion(of=pair[1], lifted_on=date(2026, 2, 1), lifted_recorded_at=make.AT)
    assert decide(propose(*pair)).despite_measure is False


class TestLogins:
    def test_the_second_login_is_closed_and_undoing_opens_it(self, pair: tuple[Person, Person]) -> None:
        make.account(of=pair[0])
        second = make.account(of=pair[1])
        merge = decide(propose(*pair))
        second.refresh_from_db()
        assert (merge.closed_account, second.is_active) == (second, False)
        undo(merge)
        second.refresh_from_db()
        assert second.is_active

    def test_a_login_that_was_closed_before_stays_closed(self, pair: tuple[Person, Person]) -> None:
        make.account(of=pair[0])
        second = make.account(of=pair[1], is_active=False)
        undo(decide(propose(*pair)))
        second.refresh_from_db()
        assert not second.is_active

    def test_the_record_with_the_only_login_stays(self, pair: tuple[Person, Person]) -> None:
        make.account(of=pair[1])
        refused("login_absorbed", lambda: propose(*pair))

    def test_a_login_with_duties_is_not_closed_by_the_way(self, pair: tuple[Person, Person]) -> None:
        make.account(of=pair[0])
        make.duty(of=make.account(of=pair[1]), kind=DutyKind.TRAINER)
        refused("duties_absorbed", lambda: propose(*pair))

    def test_no_second_login_is_opened_for_a_merged_record(self, pair: tuple[Person, Person]) -> None:
        make.account(of=pair[0])
        decide(propose(*pair))
        pair[1].refresh_from_db()
        values: dict[str, Any] = {"username": "again", "password": "a long enough one 7", "at": make.AT}
        refused("has_account", lambda: open_account(person=pair[1], by=officer(), **values))


def test_a_merge_says_why_and_what_was_compared(pair: tuple[Person, Person]) -> None:
    refused("no_reason", lambda: propose(*pair, reason=" "))
    refused("no_evidence", lambda: propose(*pair, evidence=""))
    proposal = propose(*pair)
    refused("no_reason", lambda: decide(proposal, reason=""))


class TestTheDatabase:
    """Direct SQL as the application's role."""

    def test_no_record_is_joined_or_parted_by_hand(self, pair: tuple[Person, Person]) -> None:
        kept, absorbed = pair
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=absorbed.pk).update(merged_into=kept)
        propose(kept, absorbed)
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=absorbed.pk).update(merged_into=kept)
        decide(Merge.objects.get())
        for other in (None, in_post()):
            with pytest.raises(IntegrityError), transaction.atomic():
                Person.objects.filter(pk=absorbed.pk).update(merged_into=other)

    def test_a_decision_is_never_edited_and_no_proposal_deleted(self, pair: tuple[Person, Person]) -> None:
        merge = decide(propose(*pair))
        rows = Merge.objects.filter(pk=merge.pk)
        for change in (
            lambda: rows.update(accepted=False),
            lambda: rows.update(absorbed=in_post()),
            lambda: rows.update(reason="别的"),
            rows.delete,
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_proposer_and_decider_are_two_persons(self, pair: tuple[Person, Person]) -> None:
        proposal, one = propose(*pair), officer()
        for decider in (proposal.proposed_by_person, pair[0], pair[1]):
            with pytest.raises(IntegrityError), transaction.atomic():
                Merge.objects.filter(pk=proposal.pk).update(
                    accepted=True,
                    decided_on=make.AT.date(),
                    decided_at=make.AT,
                    decided_by=one,
                    decided_by_person=decider,
                    despite_measure=False,
                )

    def test_a_record_joined_behind_our_backs_is_found(self) -> None:
        make.person(merged_into=make.person())
        assert [problem.why for problem in verify_merges()] == ["is joined to another record by no merge"]
