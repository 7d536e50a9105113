"""Record who exists. Only a document identifies; a namesake or a typo goes to a human."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, IdentityDocument, Person
from registry.models.person import document_index
from registry.rules import documents
from registry.rules.documents import DocumentNumber
from registry.rules.names import PersonName, read_name

CHUNK = 500  # values in one IN (…)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One human being as somebody wrote her down."""

    name: str
    document_kind: str
    document_number: str
    phone: str | None = None

    def __repr__(self) -> str:
        return f"PersonRow({self.document_kind})"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one row: a person, new or known before, or a refusal."""

    person: Person | None
    is_new: bool = False
    refusal: Refused | None = None


class NameDiffers(Refused):
    """The document is known, under another name."""

    SENTENCE = _(
        "This document is registered under another name. Compare both with the document; "
        "if the registered name is wrong, ask the county to correct it."
    )

    def __init__(self) -> None:
        super().__init__("name_differs", self.SENTENCE)


@act
def record_person(
    *,
    name: str,
    document_kind: str,
    document_number: str,
    phone: str | None = None,
    by: Account | System,
    at: datetime,
) -> Person:
    """The person known by this document, recorded now if she was not.

    Raises BadName, BadDocument, and Refused: name_differs, unknown_kind.
    """
    row = PersonRow(name, document_kind, document_number, phone)
    answer = _find_or_create([row], at)[0]
    if answer.refusal:
        raise answer.refusal
    assert answer.person is not None
    if answer.is_new:
        record("registry.record_person", subject=answer.person.subject, by=by, at=at, kind=document_kind)
    return answer.person


@act
def record_people(*, rows: Sequence[PersonRow], by: Account | System, at: datetime) -> tuple[Recorded, ...]:
    """One answer per row, in order; a bad row hinders no other.

    Meant for batches of some thousand rows; whoever has millions calls it batch by batch.
    """
    answers = _find_or_create(rows, at)
    new = [answer.person for answer in answers if answer.is_new and answer.person]
    if new:
        digest = hashlib.sha256("\n".join(person.public_id for person in new).encode()).hexdigest()
        record(
            "registry.record_people",
            subject=f"batch:{digest[:16]}",
            by=by,
            at=at,
            rows=len(rows),
            created=len(new),
            refused=sum(answer.refusal is not None for answer in answers),
            digest=digest,
        )
    return answers


@act
def add_document(
    *, person: Person, kind: str, number: str, by: Account | System, at: datetime
) -> IdentityDocument:
    """Another document of a known person; one that she has already is given back.

    Raises BadDocument, and Refused: document_of_another, unknown_kind.
    """
    read = _read_document(kind, number, day_of(at))
    index = document_index(read.kind, read.number)
    try:
        with transaction.atomic():
            document, is_new = IdentityDocument.objects.get_or_create(
                number_index=index,
                defaults={
                    "person": person,
                    "kind": read.kind.value,
                    "number": read.number,
                    "recorded_at": at,
                },
            )
    except IntegrityError:
        document, is_new = IdentityDocument.objects.get(number_index=index), False
    if document.person_id != person.pk:
        raise Refused(
            "document_of_another",
            _("This document belongs to another person. If they are one person, tell the county."),
        )
    if is_new:
        record("registry.add_document", subject=person.subject, by=by, at=at, kind=document.kind)
    return document


def _read_document(kind: str, number: str, on: date) -> DocumentNumber:
    try:
        known = documents.DocumentKind(kind)
    except ValueError:
        raise Refused(
            "unknown_kind", _("This kind of document is not known. Choose one from the list.")
        ) from None
    return documents.read(known, number, on=on)


@dataclass(frozen=True, slots=True)
class _Read:
    name: PersonName
    document: DocumentNumber
    index: str
    phone: str | None


def _find_or_create(rows: Sequence[PersonRow], at: datetime) -> tuple[Recorded, ...]:
    """One code path for one row and for many, so that both obey the same rules."""
    today = day_of(at)
    refusals: dict[int, Refused] = {}
    read: dict[int, _Read] = {}
    for position, row in enumerate(rows):
        try:
            number = _read_document(row.document_kind, row.document_number, today)
            read[position] = _Read(
                read_name(row.name), number, document_index(number.kind, number.number), row.phone or None
            )
        except Refused as refusal:
            refusals[position] = refusal
    known = _known({line.index for line in read.values()})
    first: dict[str, _Read] = {}
    for line in read.values():
        if line.index not in known:
            first.setdefault(line.index, line)
    created: set[str] = set()
    if first:
        try:
            with transaction.atomic():
                known |= _create(first, at)
            created = set(first)
        except IntegrityError:  # somebody else recorded one of them this instant: look again, one by one
            for index, line in first.items():
                try:
                    with transaction.atomic():
                        known |= _create({index: line}, at)
                    created.add(index)
                except IntegrityError:
                    known |= _known({index})
    answers: list[Recorded] = []
    for position in range(len(rows)):
        if position in refusals:
            answers.append(Recorded(None, refusal=refusals[position]))
            continue
        line = read[position]
        person = known[line.index]
        if person.name_key != line.name.match_key:
            answers.append(Recorded(None, refusal=NameDiffers()))
        else:
            answers.append(Recorded(person, is_new=line.index in created))
            created.discard(line.index)
    return tuple(answers)


def _known(indexes: set[str]) -> dict[str, Person]:
    """Persons by the index of their document; one who was merged answers as the one she became."""
    found: dict[str, Person] = {}
    wanted = sorted(indexes)
    for start in range(0, len(wanted), CHUNK):
        documents_found = IdentityDocument.objects.filter(
            number_index__in=wanted[start : start + CHUNK]
        ).select_related("person__merged_into")
        for document in documents_found.defer("number"):
            person = document.person
            while person.merged_into is not None:
                person = person.merged_into
            found[document.number_index] = person
    return found


def _create(lines: dict[str, _Read], at: datetime) -> dict[str, Person]:
    people = [
        Person(
            name=line.name.printed,
            name_key=line.name.match_key,
            birth_date=line.document.birth_date,
            sex=line.document.sex or "",
            phone=line.phone,
            recorded_at=at,
        )
        for line in lines.values()
    ]
    Person.objects.bulk_create(people, batch_size=CHUNK)
    IdentityDocument.objects.bulk_create(
        [
            IdentityDocument(
                person=person,
                kind=line.document.kind.value,
                number=line.document.number,
                number_index=line.index,
                recorded_at=at,
            )
            for person, line in zip(people, lines.values(), strict=True)
        ],
        batch_size=CHUNK,
    )
    return dict(zip(lines, people, strict=True))
