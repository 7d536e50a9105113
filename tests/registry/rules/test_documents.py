"""docs/rules/documents.md, sentence by sentence. Every number is of a division nobody has."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import Refused
from registry.rules.documents import (
    SENTENCES,
    BadDocument,
    DocumentKind,
    DocumentNumber,
    Sex,
    detect_kind,
    masked,
    normalise,
    read,
)
from registry.rules.synthetic import is_synthetic, synthetic_resident_id

RESIDENT = DocumentKind.RESIDENT_ID


def checked(first_seventeen: str) -> str:
    """ISO 7064 MOD 11-2 by its definition, not by the weights of the code under test."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first_seventeen))
    return first_seventeen + "0123456789X"[(1 - total) % 11]


WOMAN = checked("53019919900101002")
MAN = checked("53019919920229013")


def ending_in_x() -> str:
    return next(n for n in (checked(f"53019919900101{i:03}") for i in range(1, 200)) if n[-1] == "X")


def code_of(kind: DocumentKind, raw: str, on: date | None = None) -> str:
    with pytest.raises(BadDocument) as refusal:
        read(kind, raw, on=on)
    return refusal.value.code


def test_resident_id_tells_birth_sex_and_division() -> None:
    assert read(RESIDENT, WOMAN) == DocumentNumber(RESIDENT, WOMAN, date(1990, 1, 1), Sex.FEMALE, "530199")


def test_a_birth_on_the_twenty_ninth_of_february_is_a_birth_of_a_man() -> None:
    assert read(RESIDENT, MAN).birth_date == date(1992, 2, 29)
    assert read(RESIDENT, MAN).sex is Sex.MALE


def test_the_published_example_of_the_standard_is_accepted() -> None:
    # GB 11643 prints 11010519491231002X as its example.
    assert read(RESIDENT, "11010519491231002X").division_code == "110105"


def test_an_old_number_finds_the_same_person() -> None:
    old = WOMAN[:6] + WOMAN[8:17]
    assert len(old) == 15
    assert read(RESIDENT, old) == read(RESIDENT, WOMAN)


@pytest.mark.parametrize(
    "spelled",
    [
        lambda n: f"  {n}\t\n",
        lambda n: f"{n[:6]} {n[6:14]}-{n[14:]}",
        lambda n: n.lower(),
        lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
        lambda n: f"\u200b{n[:5]}\ufeff{n[5:]}\u202c",
        lambda n: f"{n[:6]}\u3000{n[6:]}\u00a0",
        lambda n: f"{n[:6]}\u2014{n[6:]}",
        lambda n: f"{n[:6]}\u2212{n[6:]}",
        lambda n: f"'{n}",
        lambda n: n[:-1] + "\u2169",
        lambda n: n[:-1] + "\u2179",
    ],
)
def test_one_person_however_it_was_typed(spelled: object) -> None:
    number = ending_in_x()
    assert normalise(RESIDENT, spelled(number)) == number  # type: ignore[operator]
    assert read(RESIDENT, spelled(number)).number == number  # type: ignore[operator]


@pytest.mark.parametrize("lookalike", "Хх\u03a7\u03c7×✕")
def test_a_letter_that_only_looks_like_x_is_refused_by_name(lookalike: str) -> None:
    assert code_of(RESIDENT, ending_in_x()[:-1] + lookalike) == "lookalike"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "empty"),
        (" \u3000\u200b- ", "empty"),
        ("'", "empty"),
        (WOMAN[:17], "length"),
        (WOMAN + "1", "length"),
        ("1234", "length"),
        (WOMAN[:10] + "O" + WOMAN[11:], "characters"),
        (WOMAN[:10] + "X" + WOMAN[11:], "characters"),
        ("0" + WOMAN[1:], "characters"),
        ("٥٣٠١٩٩١٩٩٠٠١٠١٠٠٢٠", "characters"),
        (WOMAN[:17] + ("1" if WOMAN[17] != "1" else "2"), "checksum"),
        (checked("53019919900230002"), "birth_date"),
        (checked("53019919901301002"), "birth_date"),
        (checked("53019918991231002"), "birth_date"),
        (checked("53019900000101002"), "birth_date"),
        ("3.4E+17", "lost_digits"),
        ("5.30199199001011E+17", "lost_digits"),
        ("５.３０E+１７", "lost_digits"),
        ("530199199001010000.0", "lost_digits"),
        (checked("81000019900101002"), "kind"),
        (checked("83000019900101002"), "kind"),
        (checked("95315619900101002"), "kind"),
    ],
)
def test_what_cannot_be_a_resident_id_is_refused_by_its_reason(raw: str, code: str) -> None:
    assert code_of(RESIDENT, raw) == code


def test_fifteen_digits_with_an_impossible_day_are_refused() -> None:
    assert code_of(RESIDENT, "530199900230002") == "birth_date"


def test_the_digits_that_excel_ate_are_named_as_such() -> None:
    eaten = next(
        f"53019919900101{i}000"[:18] for i in range(1, 10) if checked(f"53019919900101{i}00")[-1] != "0"
    )
    assert code_of(RESIDENT, eaten) == "lost_digits"


def test_a_genuine_number_may_end_in_three_zeros() -> None:
    genuine = next(
        n
        for n in (checked(f"530199{year}0101{i}00") for year in range(1960, 2000) for i in range(1, 10))
        if n.endswith("000")
    )
    assert read(RESIDENT, genuine).number == genuine


def test_a_birth_tomorrow_is_refused_and_one_today_is_not() -> None:
    unborn = checked("53019920261123002")
    assert code_of(RESIDENT, unborn, on=date(2026, 11, 22)) == "future"
    assert read(RESIDENT, unborn, on=date(2026, 11, 23)).birth_date == date(2026, 11, 23)


def test_a_county_that_no_table_knows_is_accepted() -> None:
    assert read(RESIDENT, checked("53299919900101002")).division_code == "532999"


@pytest.mark.parametrize("division", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macau_and_taiwan(division: str) -> None:
    number = checked(f"{division}19900101002")
    permit = DocumentKind.HMT_RESIDENCE_PERMIT
    assert read(permit, number) == DocumentNumber(permit, number, date(1990, 1, 1), Sex.FEMALE, division)


def test_a_resident_id_is_not_a_residence_permit() -> None:
    assert code_of(DocumentKind.HMT_RESIDENCE_PERMIT, WOMAN) == "kind"


def test_a_residence_permit_has_no_old_form() -> None:
    assert code_of(DocumentKind.HMT_RESIDENCE_PERMIT, "810000900101002") == "length"


def test_foreign_permanent_residents_with_the_card_of_2023() -> None:
    number = checked("95315619900101001")
    card = DocumentKind.FOREIGN_PERMANENT_RESIDENCE
    assert read(card, number) == DocumentNumber(card, number, date(1990, 1, 1), Sex.MALE, None)
    assert code_of(card, number[:17] + ("1" if number[17] != "1" else "2")) == "checksum"


def test_foreign_permanent_residents_with_the_card_before() -> None:
    card = DocumentKind.FOREIGN_PERMANENT_RESIDENCE
    assert read(card, "abc-530190010101") == DocumentNumber(card, "ABC530190010101")
    assert code_of(card, "AB1530190010101") == "characters"
    assert code_of(card, "ABC53019001010") == "length"
    assert code_of(card, WOMAN) == "kind"


@pytest.mark.parametrize(
    ("kind", "raw", "number"),
    [
        (DocumentKind.PASSPORT, "e 1234 5678", "E12345678"),
        (DocumentKind.PASSPORT, "123456789", "123456789"),
        (DocumentKind.HMT_TRAVEL_PERMIT, "h12345678", "H12345678"),
        (DocumentKind.HMT_TRAVEL_PERMIT, "M1234567803", "M12345678"),
        (DocumentKind.TAIWAN_TRAVEL_PERMIT, "１２３４５６７８", "12345678"),
    ],
)
def test_other_documents_are_read(kind: DocumentKind, raw: str, number: str) -> None:
    assert read(kind, raw) == DocumentNumber(kind, number)


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (DocumentKind.PASSPORT, "E123", "length"),
        (DocumentKind.PASSPORT, "E123456789012", "length"),
        (DocumentKind.PASSPORT, "PASSPORT", "characters"),
        (DocumentKind.PASSPORT, "E1234/678", "characters"),
        (DocumentKind.PASSPORT, "1.23E+08", "lost_digits"),
        (DocumentKind.HMT_TRAVEL_PERMIT, "A12345678", "characters"),
        (DocumentKind.HMT_TRAVEL_PERMIT, "H1234567", "length"),
        (DocumentKind.HMT_TRAVEL_PERMIT, "H123456789", "length"),
        (DocumentKind.TAIWAN_TRAVEL_PERMIT, "1234567", "length"),
        (DocumentKind.TAIWAN_TRAVEL_PERMIT, "1234567A", "characters"),
    ],
)
def test_other_documents_are_refused_by_their_reason(kind: DocumentKind, raw: str, code: str) -> None:
    assert code_of(kind, raw) == code


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (WOMAN, RESIDENT),
        (WOMAN.lower(), RESIDENT),
        ("530199900101002", RESIDENT),
        ("5.3E+17", RESIDENT),
        (checked("82000019900101002"), DocumentKind.HMT_RESIDENCE_PERMIT),
        (checked("95315619900101001"), DocumentKind.FOREIGN_PERMANENT_RESIDENCE),
        ("ABC530190010101", DocumentKind.FOREIGN_PERMANENT_RESIDENCE),
        ("H12345678", DocumentKind.HMT_TRAVEL_PERMIT),
        ("12345678", DocumentKind.TAIWAN_TRAVEL_PERMIT),
        ("EA1234567", DocumentKind.PASSPORT),
        ("", None),
        ("王小明", None),
        ("no number", None),
    ],
)
def test_a_kind_is_suggested_by_shape(raw: str, kind: DocumentKind | None) -> None:
    assert detect_kind(raw) is kind


def test_a_mask_hides_the_birth_date_and_keeps_the_length() -> None:
    assert masked("53019919900101002X") == "530*************2X"
    assert masked("E12345678") == "E******78"
    assert masked("1234") == "****"
    assert masked("") == ""


def test_neither_a_refusal_nor_a_repr_carries_the_number() -> None:
    with pytest.raises(BadDocument) as refusal:
        read(RESIDENT, WOMAN[:17] + ("1" if WOMAN[17] != "1" else "2"))
    assert WOMAN[:14] not in repr(refusal.value) + repr(refusal.value.details)
    assert WOMAN not in repr(read(RESIDENT, WOMAN))


def test_a_bad_document_is_a_refusal_with_a_sentence() -> None:
    refusal = BadDocument("checksum")
    assert isinstance(refusal, Refused)
    assert refusal.message is SENTENCES["checksum"]


@given(st.dates(date(1900, 1, 1), date(2026, 11, 22)), st.integers(1, 999))
def test_every_synthetic_number_is_valid_and_told_apart(birth: date, sequence: int) -> None:
    number = synthetic_resident_id("530199", birth, sequence)
    assert number == checked(number[:17])
    assert read(RESIDENT, number).birth_date == birth
    assert is_synthetic(number)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, step: int) -> None:
    wrong = WOMAN[:place] + str((int(WOMAN[place]) + step) % 10) + WOMAN[place + 1 :]
    with pytest.raises(BadDocument):
        read(RESIDENT, wrong)


@given(st.text(max_size=25), st.sampled_from(DocumentKind))
def test_any_text_is_read_or_refused(raw: str, kind: DocumentKind) -> None:
    detect_kind(raw)
    try:
        document = read(kind, raw)
    except BadDocument:
        return
    assert read(kind, document.number) == document


@pytest.mark.parametrize("division", ["530102", "530100", "530000", "5301", "530099", "abcdef", "539999"])
def test_no_number_is_made_for_a_division_people_live_in(division: str) -> None:
    with pytest.raises(ValueError, match=r"division|issued"):
        synthetic_resident_id(division, date(1990, 1, 1), 1)


@pytest.mark.parametrize("sequence", [0, 1000])
def test_no_number_is_made_for_a_sequence_that_does_not_fit(sequence: int) -> None:
    with pytest.raises(ValueError, match="sequence"):
        synthetic_resident_id("530199", date(1990, 1, 1), sequence)
