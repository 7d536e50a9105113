"""An identity number at rest: sealed, bound to its column, found by a keyed hash only."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.secrecy import CannotOpen, blind_index, seal, unseal
from registry.models import IdentityDocument
from tests.factories import registry as make

NUMBER = make.synthetic_number(7)


@given(text=st.text(max_size=200))
def test_what_was_sealed_opens(text: str) -> None:
    sealed = seal(text, context="a.b")
    assert unseal(sealed, context="a.b") == text
    assert len(sealed) == len(text.encode()) + 29


def test_equal_texts_are_sealed_differently() -> None:
    assert seal(NUMBER, context="a.b") != seal(NUMBER, context="a.b")


@pytest.mark.parametrize(
    "damage", [b"", b"\x01", b"\x01" + b"\x00" * 12, b"\x02" + b"\x00" * 40, b"\x01" + b"\x00" * 40]
)
def test_damaged_bytes_do_not_open(damage: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(damage, context="a.b")


def test_every_flipped_bit_is_found() -> None:
    sealed = seal(NUMBER, context="a.b")
    for place in range(len(sealed)):
        with pytest.raises(CannotOpen):
            unseal(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], context="a.b")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        unseal(seal(NUMBER, context="a.b"), context="a.c")


def test_another_key_does_not_open(settings: Any) -> None:
    sealed = seal(NUMBER, context="a.b")
    settings.ENCRYPTION_KEY = bytes(32)
    with pytest.raises(CannotOpen):
        unseal(sealed, context="a.b")


def test_blind_indexes_are_equal_for_one_purpose_and_pepper_only(settings: Any) -> None:
    index = blind_index(NUMBER, purpose="document")
    assert index == blind_index(NUMBER, purpose="document")
    assert index != blind_index(NUMBER, purpose="phone")
    settings.INDEX_PEPPER = bytes(32)
    assert index != blind_index(NUMBER, purpose="document")


def test_the_database_holds_no_number(db: None) -> None:
    person = make.person(number=NUMBER)
    document = IdentityDocument.objects.get(person=person)
    assert document.number == NUMBER
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM registry_identitydocument WHERE id = %s", [document.pk])
        raw = bytes(cursor.fetchone()[0])
    assert NUMBER.encode() not in raw
    assert unseal(raw, context="registry_identitydocument.number") == NUMBER


def test_looking_for_a_sealed_number_is_refused_rather_than_answered_with_nothing(db: None) -> None:
    with pytest.raises(FieldError):
        IdentityDocument.objects.filter(number=NUMBER).exists()
    assert not IdentityDocument.objects.filter(number__isnull=True).exists()
