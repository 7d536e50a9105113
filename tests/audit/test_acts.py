"""An act leaves its trace in its own transaction, or none at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, connection, transaction

from audit.acts import NotInAnAct, System, act, owe, record
from audit.models import ChainHead, Entry, Work
from audit.queries import Break, _broken_end, broken_links, end_of_chain
from core import faults

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BY = System("test")


class Broken(RuntimeError):
    """The outer act fails."""


@act
def say(*, word: str) -> str:
    record("test.say", subject=f"word:{word}", by=BY, at=AT, length=len(word))
    owe("test.said", key=f"said:{word}", payload={}, at=AT)
    return word


@act
def say_twice(*, fail: bool = False) -> None:
    say(word="one")
    try:
        with faults.armed("test.inner"):
            fails_inside()
    except faults.InjectedFault:
        pass
    if fail:
        raise Broken


@act
def fails_inside() -> None:
    say(word="never")
    faults.point("test.inner")


def test_an_act_leaves_its_entry_and_its_debt(db: None) -> None:
    assert say(word="hello") == "hello"
    entry = Entry.objects.get()
    assert (entry.actor, entry.act, entry.subject, entry.detail) == (
        "system:test",
        "test.say",
        "word:hello",
        {"length": 5},
    )
    assert Work.objects.get().key == "said:hello"
    assert broken_links() == []


def test_a_failed_inner_act_is_forgotten_by_the_outer_one(db: None) -> None:
    say_twice()
    assert [entry.subject for entry in Entry.objects.all()] == ["word:one"]
    assert [work.key for work in Work.objects.all()] == ["said:one"]


def test_a_failed_act_leaves_nothing(db: None) -> None:
    with pytest.raises(Broken):
        say_twice(fail=True)
    assert not Entry.objects.exists()
    assert not Work.objects.exists()
    assert ChainHead.objects.get().sequence == 0


def test_recording_outside_an_act_is_refused(db: None) -> None:
    with pytest.raises(NotInAnAct):
        record("test.say", subject="x", by=BY, at=AT)


def test_owing_twice_is_owing_once(db: None) -> None:
    say(word="again")
    say(word="again")
    assert Work.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"],
)
def test_the_database_refuses_to_edit_the_record(db: None, statement: str) -> None:
    say(word="kept")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("UPDATE audit_entry SET subject = 'word:other' WHERE sequence = 2", "was edited"),
        ("DELETE FROM audit_entry WHERE sequence = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entry WHERE sequence = 3", "the end of the chain was cut or added to"),
    ],
)
def test_damage_by_someone_with_all_rights_is_found(db: None, damage: str, why: str) -> None:
    for word in ("a", "b", "c"):
        say(word=word)
    assert broken_links() == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
            cursor.execute("DROP TRIGGER audit_entry_no_delete")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        cursor.execute(damage)
        if connection.vendor != "sqlite":
            cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER ALL")
    assert why in [found.why for found in broken_links()]


def unguard() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_entry_no_update")
            cursor.execute("DROP TRIGGER audit_entry_no_delete")
        else:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")


def cut(after: int) -> None:
    """The end of the chain, and its head put back as if it had never been longer."""
    Entry.objects.filter(sequence__gt=after).delete()
    end = Entry.objects.filter(sequence=after).first()
    ChainHead.objects.update(sequence=after, digest=end.digest if end else "0" * 64)


@pytest.mark.parametrize("after", [2, 0])
def test_a_cut_that_was_joined_again_is_found_from_a_checkpoint(db: None, after: int) -> None:
    for word in ("a", "b", "c"):
        say(word=word)
    since = end_of_chain()
    say(word="d")
    assert broken_links(since=since) == []
    unguard()
    cut(after)
    assert broken_links() == []
    assert broken_links(since=since) == [Break(3, "the chain does not reach its checkpoint any more")]


def test_a_chain_that_was_written_anew_is_found_from_a_checkpoint(db: None) -> None:
    for word in ("a", "b"):
        say(word=word)
    since = end_of_chain()
    unguard()
    cut(1)
    say(word="other")
    assert broken_links() == []
    assert broken_links(since=since) == [Break(2, "is not the entry that the checkpoint saw")]


def test_a_lost_end_is_told_and_an_act_in_between_is_no_break(db: None) -> None:
    for word in ("a", "b"):
        say(word=word)
    first = Entry.objects.get(sequence=1)
    assert _broken_end(1, first.digest) == []  # the second came after the walk
    assert _broken_end(1, "0" * 64) != []
    ChainHead.objects.all().delete()
    assert broken_links() == [Break(2, "the end of the chain is lost")]


def test_the_moment_may_be_told_in_any_time_zone(db: None) -> None:
    """What is digested is the moment, not the words for it: the database gives it back in UTC."""
    beijing = AT.astimezone(timezone(timedelta(hours=8)))

    @act
    def told() -> None:
        record("test.told", subject="word:late", by=BY, at=beijing, day=beijing.date())

    told()
    assert broken_links() == []
