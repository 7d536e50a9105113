"""Who is excluded is excluded from that day on, in every act that asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.acts import System
from audit.models import Entry
from core.refusals import Refused
from registry.actions import exclude, lift_exclusion
from registry.models import Account, Exclusion, Person
from tests.factories import registry as make

BY = System("test")
AT = make.AT
TODAY = date(2026, 3, 2)


@pytest.fixture
def person(db: None) -> Person:
    return make.person()


def ban(person: Person, **fields: Any) -> Exclusion:
    return exclude(
        **{
            "person": person,
            "kind": "ban",
            "source": "case:1",
            "from_day": TODAY,
            "by": BY,
            "at": AT,
            **fields,
        }
    )


def test_a_ban_holds_from_its_day_on(person: Person) -> None:
    ban(person)
    assert not Exclusion.objects.on(date(2026, 3, 1)).exists()
    assert Exclusion.objects.on(TODAY).exists()
    assert Exclusion.objects.on(date(2126, 3, 2)).exists()


def test_the_same_ban_twice_is_one(person: Person) -> None:
    assert ban(person) == ban(person)
    assert Entry.objects.filter(act="registry.exclude").count() == 1


def test_a_case_does_not_ban_two_persons_under_one_name(person: Person) -> None:
    ban(person)
    with pytest.raises(Refused) as refused:
        ban(make.person())
    assert refused.value.code == "other_facts"


def test_a_suspension_lapses_by_itself_and_may_be_followed_by_a_ban(person: Person) -> None:
    until = date(2026, 4, 1)
    ban(person, kind="suspension", until=until)
    assert not Exclusion.objects.on(until).exists()
    ban(person, from_day=until)
    assert [row.kind for row in Exclusion.objects.on(until)] == ["ban"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "suspension"}, "suspension_without_end"),
        ({"kind": "suspension", "until": TODAY}, "suspension_without_end"),
        ({"until": date(2027, 1, 1)}, "ban_with_end"),
    ],
)
def test_a_measure_with_the_wrong_end_is_refused(person: Person, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        ban(person, **fields)
    assert refused.value.code == code
    assert not Exclusion.objects.exists()


def test_lifting_ends_all_of_one_case_and_keeps_the_record(person: Person) -> None:
    ban(person)
    ban(person, source="case:2")
    ban(person, kind="suspension", until=date(2026, 4, 1))
    lift_exclusion(source="case:1", by=BY, at=AT)
    assert [row.source for row in Exclusion.objects.on(TODAY)] == ["case:2"]
    assert Exclusion.objects.on(date(2026, 3, 1)).count() == 0
    assert Exclusion.objects.count() == 3


def test_lifting_twice_leaves_the_first_day(person: Person) -> None:
    ban(person)
    lift_exclusion(source="case:1", by=BY, at=AT)
    (row,) = lift_exclusion(source="case:1", from_day=date(2026, 5, 1), by=BY, at=AT)
    assert row.lifted_on == TODAY
    assert Entry.objects.filter(act="registry.lift_exclusion").count() == 1


def test_lifting_what_never_was_is_refused(db: None) -> None:
    with pytest.raises(Refused) as refused:
        lift_exclusion(source="case:9", by=BY, at=AT)
    assert refused.value.code == "unknown_source"


def test_the_database_refuses_to_edit_or_delete_an_exclusion(person: Person) -> None:
    row = ban(person)
    with pytest.raises(DatabaseError), transaction.atomic():
        Exclusion.objects.filter(pk=row.pk).update(from_day=date(2030, 1, 1))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_exclusion")
    assert Exclusion.objects.get().from_day == TODAY


def test_duties_sleep_while_their_holder_is_excluded(director: Account, editor: Account) -> None:
    from registry.actions.sync_groups import sync_groups

    assert director.person is not None
    assert editor.person is not None
    sync_groups(account=editor, on=TODAY)
    for account in (director, editor):
        ban(account.person, source=f"case:{account.pk}")  # type: ignore[arg-type]
        assert account.duties_on(TODAY).count() == 0
        assert account.duties_on(date(2026, 3, 1)).count() == 1
    assert not editor.groups.exists()
    lift_exclusion(source=f"case:{editor.pk}", by=BY, at=AT)
    assert editor.duties_on(TODAY).count() == 1
    assert [group.name for group in editor.groups.all()] == ["editor"]


def test_an_excluded_manager_has_no_kind_but_learner_at_her_next_request(director: Account) -> None:
    assert director.person is not None
    ban(director.person)
    assert Account.objects.get(pk=director.pk).kinds == {"learner"}
