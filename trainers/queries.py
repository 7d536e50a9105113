"""What one asks this room: addresses of content, the public seat chart, a trainer's list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from trainers import addresses
from trainers.models import (
    Appointment,
    ExpertPool,
    Field,
    Material,
    MaterialReview,
    MaterialVersion,
    VersionState,
)
from trainers.models.pool import ExpertPoolQuerySet
from trainers.rules.forms import PDF
from trainers.rules.terms import ENDING_SOON

# ── content ─────────────────────────────────────────────────────────────────


def content_url(version: MaterialVersion, *, at: datetime) -> str:
    """The signed address of a version's file, good for at least six hours from `at`.

    On the upload host in production; relative in a demonstration, which has one host. The address stays
    the same within an hour, so that a browser keeps what it has loaded.
    """
    return _signed("trainers:content", version, at, file_name=version.file_name)


def captions_url(version: MaterialVersion, *, at: datetime) -> str:
    """The signed address of a version's captions (WebVTT); empty if it has none."""
    return _signed("trainers:captions", version, at) if version.captions_sha256 else ""


def page_urls(version: MaterialVersion, *, at: datetime) -> list[str]:
    """Signed addresses of a PDF's pages as pictures, in order; none for anything else."""
    pages = version.pages or 0 if version.mime == PDF.mime else 0
    return [_signed("trainers:page", version, at, number=number) for number in range(1, pages + 1)]


def _signed(route: str, version: MaterialVersion, at: datetime, **parts: str | int) -> str:
    path = reverse(
        route, kwargs={"public_id": version.public_id, "prefix": version.sha256[: addresses.PREFIX], **parts}
    )
    host = "" if settings.DEMONSTRATION else settings.UPLOAD_URL
    return f"{host}{path}?key={addresses.sign(version.public_id, at=at)}"


@dataclass(frozen=True, slots=True)
class Player:
    """What a page needs to show a version: `kind` is the material's, the addresses are signed."""

    kind: str
    title: str
    address: str
    captions: str
    first_page: str
    mime: str
    file_name: str


def player(version: MaterialVersion, *, at: datetime) -> Player:
    """For the partial `trainers/_player.html`."""
    return Player(
        kind=version.material.kind,
        title=version.material.title,
        address=content_url(version, at=at),
        captions=captions_url(version, at=at),
        first_page=next(iter(page_urls(version, at=at)), ""),
        mime=version.mime,
        file_name=version.file_name,
    )


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with where it stands: `chip` is a state of the design system."""

    version: MaterialVersion
    chip: str
    word: str
    on: datetime
    note: str


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A material with its newest version; None before the first (which cannot happen by our acts)."""

    material: Material
    version: MaterialVersion | None
    newest: VersionLine | None


_CHIPS = {VersionState.WAITING: "pending", VersionState.APPROVED: "valid", VersionState.REFUSED: "refused"}


def version_line(version: MaterialVersion) -> VersionLine:
    """Needs `reviews` prefetched in a list."""
    state = VersionState(version.state)
    review = _decisive(version, state)
    return VersionLine(
        version=version,
        chip=_CHIPS[state],
        word=str(state.label),
        on=review.reviewed_at if review else version.uploaded_at,
        note=review.note if review else "",
    )


def _decisive(version: MaterialVersion, state: VersionState) -> MaterialReview | None:
    return next((review for review in version.reviews.all() if review.verdict == state.value), None)


def material_line(material: Material) -> MaterialLine:
    """Needs a material from `Material.objects.with_versions()`: its versions come newest first."""
    version = next(iter(material.versions.all()), None)
    return MaterialLine(material, version, version_line(version) if version else None)


# ── the expert pools, as everybody may see them ─────────────────────────────


@dataclass(frozen=True, slots=True)
class ExpertView:
    """What the public learns of an expert. `until` is the first day outside the term."""

    name: str
    workplace: str
    title: str
    field: str
    field_label: str
    starts_on: date
    until: date


@dataclass(frozen=True, slots=True)
class SeatView:
    """One numbered seat; `expert` is None when it is empty."""

    number: int
    expert: ExpertView | None

    @property
    def holder(self) -> str:
        return self.expert.name if self.expert else ""

    @property
    def field(self) -> str:
        return self.expert.field_label if self.expert else ""


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How many experts of a field are seated."""

    field: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PoolLink:
    """Another pool, as a line in a list."""

    code: str
    name: str
    division: str
    seats: int
    taken: int


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool on a day: every seat, empty ones too, and the pools of the prefectures below it."""

    code: str
    name: str
    division: str
    on: date
    seats: tuple[SeatView, ...]
    field_counts: tuple[FieldCount, ...]
    prefecture_pools: tuple[PoolLink, ...]

    @property
    def taken(self) -> int:
        return sum(1 for seat in self.seats if seat.expert)

    @property
    def vacant(self) -> int:
        return len(self.seats) - self.taken

    @property
    def experts_by_field(self) -> tuple[tuple[FieldCount, tuple[ExpertView, ...]], ...]:
        """Fields in their order, each with its experts in the order of their seats; empty fields too."""
        experts = [seat.expert for seat in self.seats if seat.expert]
        return tuple(
            (count, tuple(expert for expert in experts if expert.field == count.field))
            for count in self.field_counts
        )


def public_pool(code: str, day: date) -> PoolView:
    """The pool with this code as of `day`. Raises ExpertPool.DoesNotExist. Three queries."""
    pool = ExpertPool.objects.select_related("division").get(code=code)
    seated = {
        appointment.seat: _expert(appointment)
        for appointment in pool.appointments.on(day).select_related("person", "nomination")
    }
    counts = Counter(expert.field for expert in seated.values())
    below = ExpertPool.objects.filter(division__parent_id=pool.division_id)
    return PoolView(
        code=pool.code,
        name=pool.name,
        division=pool.division.name,
        on=day,
        seats=tuple(SeatView(number, seated.get(number)) for number in range(1, pool.seats + 1)),
        field_counts=tuple(FieldCount(field.value, str(field.label), counts[field.value]) for field in Field),
        prefecture_pools=pool_lines(day, below),
    )


def _expert(appointment: Appointment) -> ExpertView:
    return ExpertView(
        name=appointment.person.name,
        workplace=appointment.nomination.workplace,
        title=appointment.nomination.title,
        field=appointment.field,
        field_label=str(appointment.get_field_display()),
        starts_on=appointment.starts_on,
        until=appointment.until,
    )


def pool_lines(day: date, pools: ExpertPoolQuerySet) -> tuple[PoolLink, ...]:
    """These pools, each with how many experts are seated on `day`. One query."""
    seated = (
        Appointment.objects.on(day)
        .filter(pool=OuterRef("pk"))
        .order_by()
        .values("pool")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = pools.annotate(taken=Coalesce(Subquery(seated, output_field=IntegerField()), 0))
    return tuple(
        PoolLink(*row) for row in rows.values_list("code", "name", "division__name", "seats", "taken")
    )


# ── the same pool, as its officers see it ───────────────────────────────────


@dataclass(frozen=True, slots=True)
class OfficerSeat:
    """A seat with its appointment's page; `state` is one of the design system's."""

    number: int
    holder: str
    field: str
    state: str
    url: str


def officer_seats(pool: ExpertPool, day: date) -> tuple[OfficerSeat, ...]:
    """Every seat as of `day`: held, ending within sixty days, held by somebody suspended, or vacant."""
    serving = set(pool.appointments.on(day).values_list("pk", flat=True))
    held: Mapping[int, Appointment] = {
        each.seat: each for each in pool.appointments.holding_on(day).select_related("person")
    }
    return tuple(_officer_seat(number, held.get(number), serving, day) for number in range(1, pool.seats + 1))


def _officer_seat(number: int, held: Appointment | None, serving: set[int], day: date) -> OfficerSeat:
    if held is None:
        return OfficerSeat(number, "", "", "missing", "")
    ends_soon = held.ended_on is None and held.until <= day + ENDING_SOON
    return OfficerSeat(
        number=number,
        holder=held.person.name,
        field=str(held.get_field_display()),
        state="suspended" if held.pk not in serving else "expiring" if ends_soon else "valid",
        url=reverse("trainers:appointment", kwargs={"public_id": held.public_id}),
    )
