"""Making certificates: the printed page, and a batch at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.conf import settings
from django.db import connection, transaction

from core import clock
from core.ids import public_id
from credentials.actions import issue_many
from credentials.documents import fonts
from credentials.documents.certificate import render
from credentials.documents.qr import qr_text
from credentials.models import Certificate
from credentials.rules.snapshot import CertificateFacts
from registry.models import Person
from tests.bench.holdings import BENCH, order
from tests.bench.rows import Figure, Row, compare
from tests.bench.timing import batch, of_one_core
from tests.bench.world import World

BLANK = """
#set page(paper: "a4")
#set document(date: datetime(year: 2026, month: 3, day: 2))
#sys.inputs.number
"""


def rows(world: World) -> Iterator[Row]:
    yield _issued(world)
    with TemporaryDirectory() as folder:
        yield _drawn(world, Path(folder))


def _drawn(world: World, folder: Path) -> Row:
    """`per_second` is of one core: the pages divided by the processor time they took."""
    size = world.size
    snapshots = Certificate.objects.order_by("pk").values_list("snapshot", flat=True)[
        : size.drawn * (size.rounds + 1)
    ]
    facts = itertools.cycle([CertificateFacts.from_bytes(text.encode()) for text in snapshots])
    page = folder / "blank.typ"
    page.write_text(BLANK)
    blank = typst.Compiler(
        str(page), root=str(folder), font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True
    )

    def certificate() -> None:
        one = next(facts)
        render(one, qr_text(settings.PUBLIC_URL, one.verify_code))

    numbers = itertools.count()

    def empty_page() -> None:
        blank.compile(format="pdf", pdf_standards=["a-3b"], sys_inputs={"number": str(next(numbers))})

    return compare(
        "certificate_pdf", engine=connection.vendor, what="certificate PDF, one core",
        yardstick="PDF/A page with one word",
        bound=0.02, rounds=size.rounds,
        ours=of_one_core(certificate, size.drawn), theirs=of_one_core(empty_page, size.drawn),
    )  # fmt: skip


def _issued(world: World) -> Row:
    """`per_second` counts certificates, the milliseconds are of a whole batch."""
    size = world.size
    waiting = _batches(world)
    made: list[int] = []

    def issue() -> Figure:
        orders = [order(person, world.today) for person in next(waiting)]

        def work() -> None:
            answers = issue_many(orders=orders, by=BENCH, at=clock.now())
            made[:] = [answer.pk for answer in answers if isinstance(answer, Certificate)]

        figure = batch(work, len(orders))
        if len(made) != len(orders):
            raise RuntimeError(f"{len(made)} of {len(orders)} certificates were issued")
        return figure

    serial = itertools.count()

    def insert() -> Figure:
        columns, values = _copies(made, next(serial))
        names = ", ".join(columns)
        marks = ", ".join(["%s"] * len(columns))

        def work() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO credentials_certificate ({names}) VALUES ({marks})", values)

        return batch(work, len(values))

    return compare(
        "issue_batch", engine=connection.vendor, what=f"issue {size.batch:,} certificates",
        yardstick="bare INSERT of the same rows", bound=0.02, rounds=size.batches, ours=issue, theirs=insert,
    )  # fmt: skip


def _batches(world: World) -> Iterator[tuple[Person, ...]]:
    for start in range(0, len(world.waiting), world.size.batch):
        yield world.waiting[start : start + world.size.batch]


def _copies(keys: list[int], serial: int) -> tuple[list[str], list[list[object]]]:
    """The rows of a batch again, under other numbers: what the database itself needs to take them in."""
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(keys))
        cursor.execute(f"SELECT * FROM credentials_certificate WHERE id IN ({marks})", keys)
        columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    del columns[columns.index("id")]
    for number, row in enumerate(rows):
        row |= {
            "public_id": public_id(),
            "number": f"B{serial:04d}{number:08d}",
            "verify_code": f"B{serial:04d}{number:07d}",
            "standard_code": f"bench-{serial}",
        }
        if connection.vendor == "postgresql" and not isinstance(row["evidence"], str):
            from psycopg.types.json import Jsonb

            row["evidence"] = Jsonb(row["evidence"])
    return columns, [[row[column] for column in columns] for row in rows]
