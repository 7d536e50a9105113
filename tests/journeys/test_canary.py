"""A canary in every text of one county: those of another place look everywhere they can, and never see it.

Every column of text, of every room, of every row that belongs to the home county is overwritten with a token
that names the column. Then people of another prefecture walk: each route with the home county's ids, every
link and every search form from their own pages, the API, the exports. A new model is planted by itself.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from pypdf import PdfReader

from config.routes import all_routes
from core import clock
from credentials.models import BanSubject
from registry.actions.upload_roster import upload_roster
from registry.models import Account, Facility, Person
from tests.architecture.test_doors import address_of, place_of
from tests.factories import credentials as make_credentials
from tests.factories import lms as make_lms
from tests.factories import registry as make
from tests.factories import trainers as make_trainers
from tests.plugins.world import World
from tests.registry import roster_files

ROOMS = ("registry", "credentials", "trainers", "lms", "oversight")
OTHERS = ("other_learner", "other_trainer", "other_director", "other_county_officer")
TOKEN = re.compile(r"qzx(\d{3})qzx")

# Not planted, with the reason. Key: a model, or a column.
NOT_PLANTED = {
    "registry.Division": "names of GB/T 2260, for everybody",
    "registry.Standard": "the law, for everybody",
    "registry.StandardVersion": "the law, for everybody",
    "registry.Account.password": "a hash, and the way in",
    "registry.Duty.pool_code": "names a pool by its code",
    "registry.Exclusion.source": "names a case by its public id",
    "registry.RosterImport.file_sha256": "a digest",
    "credentials.StatusMark.source": "names a case by its public id",
    "credentials.EmployerTask.source": "names a case by its public id",
    "credentials.Certificate": "signed: one is issued afterwards for a planted person",
    "credentials.CertificateFile": "a digest of that certificate's sheet",
    "credentials.NumberSeries": "counts numbers",
    "credentials.SigningKey": "public halves of keys",
    "trainers.MaterialVersion.mime": "decides how a file is served",
    "trainers.MaterialVersion.sha256": "a digest",
    "trainers.MaterialVersion.captions_sha256": "a digest",
    "trainers.ExpertPool.code": "part of its address",
    "lms.Course": "the catalogue is for everybody",
    "lms.CourseVersion": "the catalogue is for everybody",
    "lms.LessonCompletion.lesson_key": "names a lesson of a course",
    "lms.QuizAttempt.lesson_key": "names a lesson of a course",
    "lms.PresenceCheck.lesson_key": "names a lesson of a course",
    "lms.PresenceCheck.kind": "names what a question asks for",
    "lms.ActiveSession.lesson_key": "names a lesson of a course",
    "lms.WatchedInterval.lesson_key": "names a lesson of a course",
    "lms.HourEntry.source_key": "names what earned the hours by its public id",
    "lms.ClassSession.secret": "hexadecimal; its own test says that nobody else is shown a code",
}
# Seen by people of another place on purpose: column → the routes, and why.
SHOWN_TO_ALL = {
    "lms.ClassSession.title": ({"classes", "sign"}, "a class session is offered to every learner"),
    "lms.ClassSession.place": ({"classes", "sign"}, "a class session is offered to every learner"),
    "trainers.TrainingBody.name": ({"plan_session"}, "accreditation is announced; a session names its body"),
}


@dataclass
class Canaries:
    """Which number stands for which column."""

    columns: list[str] = field(default_factory=list)

    def token(self, column: str) -> str:
        if column not in self.columns:
            self.columns.append(column)
        return f"qzx{self.columns.index(column):03d}qzx"

    def seen_in(self, text: str) -> set[str]:
        return {self.columns[int(number)] for number in TOKEN.findall(text.lower())}


def planted_columns() -> Iterator[tuple[type[models.Model], str, models.Field[Any, Any]]]:
    """(model, column, field) of every text that people or the house write in."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for column in model._meta.local_concrete_fields:
                name = f"{model._meta.label}.{column.name}"
                text = isinstance(column, models.CharField | models.TextField) and not column.choices
                if (
                    text
                    and column.name not in ("public_id", "number_index", "credit_code")
                    and not {model._meta.label, name} & set(NOT_PLANTED)
                ):
                    yield model, name, column


def plant(spared: dict[str, set[Any]]) -> Canaries:
    """Overwrite all but the `spared` rows (by model label), past every trigger."""
    canaries = Canaries()
    with _triggers_off() as cursor:
        for model, name, column in planted_columns():
            rows = model._default_manager.exclude(pk__in=spared.get(model._meta.label, set()))
            for pk, before in list(rows.values_list("pk", column.attname)):
                text = canaries.token(name) + (str(pk) if column.unique else "")
                assert column.max_length is None or len(text) <= column.max_length, name
                try:
                    with transaction.atomic():
                        cursor.execute(
                            f'UPDATE "{model._meta.db_table}" SET "{column.column}" = %s '
                            f'WHERE "{model._meta.pk.column}" = %s',
                            [text, pk],
                        )
                except IntegrityError:  # words of a state that the row is not in, such as why it ended
                    assert not before, name
    return canaries


class _triggers_off:
    """The test itself is the superuser here; what triggers refuse is tested elsewhere."""

    def __enter__(self) -> Any:
        self.cursor = connection.cursor()
        if connection.vendor == "sqlite":
            self.cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            self.triggers = self.cursor.fetchall()
            for name, _sql in self.triggers:
                self.cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            self.cursor.execute("SET session_replication_role = replica")
        return self.cursor

    def __exit__(self, *_: object) -> None:
        if connection.vendor == "sqlite":
            for _name, sql in self.triggers:
                self.cursor.execute(sql)
        else:
            self.cursor.execute("SET session_replication_role = DEFAULT")
        self.cursor.close()


@dataclass
class Planted:
    world: World
    canaries: Canaries
    addresses: list[str]


@pytest.fixture
def planted(world: World, home_facility: Facility, other_facility: Facility) -> Planted:
    accounts = [_account(world, name) for name in OTHERS]
    people = {account.person_id for account in accounts}
    canaries = plant(
        {
            "registry.Facility": {other_facility.pk},
            "registry.Person": people,
            "registry.Account": {account.pk for account in accounts},
        }
    )
    for account in filter(None, world.people.values()):
        account.refresh_from_db()
    home_facility.refresh_from_db()
    certificates = [_at_home(world, home_facility), _elsewhere(world, other_facility, home_facility)]
    addresses = [
        address
        for one in certificates
        for address in (
            *(f"/certificates/{one.public_id}/{page}" for page in ("", "code/", "certificate.pdf")),
            f"/C/{one.verify_code}",
            f"/api/v1/certificates/{one.verify_code}",
        )
    ]
    return Planted(world, canaries, addresses)


def _account(world: World, name: str) -> Account:
    account = world.people[name]
    assert account is not None
    return account


def _at_home(world: World, home: Facility) -> Any:
    """What cannot be overwritten is made of planted words: a signed certificate, a sealed roster."""
    colleague = Person.objects.filter(employments__facility=home).exclude(account=None).first()
    assert colleague is not None
    certificate = make_credentials.certificate(of=colleague, cycle_starts_on=date(2010, 1, 1))
    assert home.name in certificate.snapshot
    assert colleague.name in certificate.snapshot
    make_credentials.certificate_file(of=certificate)
    upload_roster(
        facility=home,
        file_name=f"{home.name}.xlsx",
        content=roster_files.xlsx(roster_files.row(colleague.name, 877)),
        by=_account(world, "director"),
        at=clock.now(),
    )
    return certificate


def _elsewhere(world: World, facility: Facility, home: Facility) -> Any:
    """The others have rows of their own to walk through, and a colleague who has moved to the home county."""
    learner, trainer, director, officer = (_account(world, name) for name in OTHERS)
    assert learner.person is not None
    make_credentials.certificate(of=learner.person, division_code="532901")
    make_lms.enrolment(of=learner.person)
    make_lms.hours(of=learner.person)
    make_trainers.material_version(of=make_trainers.material(owner=trainer))
    own = make_lms.class_session(led_by=trainer, division=make.division("532901"))
    make_lms.seat(in_session=own, of=learner.person)
    case = make_credentials.ban_case(by=officer, facility=facility, division=make.division("532901"))
    make_credentials.ban_subject(case=case, by=officer)
    make_credentials.employer_task(at_facility=facility, person=learner.person)
    make_credentials.staff_check(at_facility=facility, by=director)
    upload_roster(
        facility=facility,
        file_name="roster.xlsx",
        content=roster_files.xlsx(roster_files.row("花名册二", 802)),
        by=director,
        at=clock.now(),
    )
    moved = make.person(name="杨远行")
    make.employment(of=moved, at=facility, started_on=date(2021, 1, 1), until=date(2024, 1, 1))
    make.employment(of=moved, at=home, started_on=date(2024, 2, 1))
    certificate = make_credentials.certificate(of=moved)
    assert home.name in certificate.snapshot
    make_lms.hours(of=moved, title=home.name)
    assert BanSubject.objects.visible_to(officer).count() == 1
    return certificate


class Page(HTMLParser):
    """Links and search forms of a page."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.links, self.searches = address, set[str](), list[str]()
        self.form: tuple[str, list[tuple[str, str]]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "src"):
            if name in values:
                self.links.add(urljoin(self.address, unescape(values[name])))
        if tag == "form" and values.get("method", "get").lower() == "get":
            self.form = (urljoin(self.address, values.get("action", "")).partition("?")[0], [])
        if tag == "input" and self.form and values.get("name"):
            typed = values.get("type", "text") in ("text", "search")
            self.form[1].append((values["name"], "qzx" if typed else values.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form:
            self.links.add(f"{self.form[0]}?{urlencode(self.form[1])}")
            self.form = None


@dataclass
class Seen:
    pages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    leaks: set[tuple[str, str, str]] = field(default_factory=set)  # persona, route, column
    shown: set[str] = field(default_factory=set)


def look(client: Client, persona: str, address: str, canaries: Canaries, seen: Seen) -> set[str]:
    """Fetch, search the answer for tokens, and return where it leads."""
    response = client.get(address)
    raw = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    text = readable(kind, raw) + " ".join(response.headers.values())
    match = response.resolver_match
    route = match.view_name or match.route if match else ""
    for column in canaries.seen_in(text):
        routes, _why = SHOWN_TO_ALL.get(column, (set(), ""))
        if route.partition(":")[2] in routes:
            seen.shown.add(column)
        else:
            seen.leaks.add((persona, f"{route} {address}", column))
    if response.status_code == 200:
        seen.pages[persona] += 1
        seen.kinds[kind] += 1
    if response.status_code in (301, 302, 303):
        return {urljoin(address, response.headers["Location"])}
    return Page(address, raw.decode()).links if kind == "text/html" else set()


def readable(kind: str, raw: bytes) -> str:
    """All words of an answer, whatever they are wrapped in."""
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            return " ".join(book.read(name).decode(errors="replace") for name in book.namelist())
    if raw[:5] == b"%PDF-":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
    return "" if kind.startswith(("image/", "video/")) else raw.decode(errors="replace")


MOST_OF_ONE_PATH = 12  # the same page with other questions
LEFT_OUT = ("/accounts/logout/", "/static/", "/content/")


def crawl(client: Client, persona: str, start: list[str], canaries: Canaries, seen: Seen) -> None:
    waiting, met, paths = deque(start), set(start), Counter[str]()
    while waiting:
        address = waiting.popleft()
        for link in sorted(look(client, persona, address, canaries, seen)):
            parts = urlsplit(link)
            here = parts.path + (f"?{parts.query}" if parts.query else "")
            local = parts.netloc in ("", "testserver") and parts.scheme in ("", "http")
            if not local or not here.startswith("/") or here.startswith(LEFT_OUT) or here in met:
                continue
            paths[parts.path] += 1
            if paths[parts.path] <= MOST_OF_ONE_PATH:
                met.add(here)
                waiting.append(here)


def start_of(planted: Planted, persona: str) -> list[str]:
    """Every page without parameters, and every route with the ids of the home county."""
    found = [address_of(route, place_of(planted.world, route)) for route in all_routes()]
    home = [address for address in found if not address.startswith(("/cms/", *LEFT_OUT))]
    rates = [f"/api/v1/rates?division={code}" for code in ("530102", "530100", "530000", "532901")]
    return list(dict.fromkeys([*home, *planted.addresses, *rates, "/oversight/search/?q=qzx"]))


def walked(planted: Planted) -> Seen:
    seen = Seen()
    for persona in ("visitor", *OTHERS):
        client = Client(headers={"accept-language": "en"})
        account = planted.world.people[persona]
        if account is not None:
            client.force_login(account)
        crawl(client, persona, start_of(planted, persona), planted.canaries, seen)
    return seen


def test_no_word_of_a_county_is_seen_from_another_place(
    planted: Planted, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = walked(planted)
    with capsys.disabled():
        print(
            f"\n{sum(seen.pages.values())} pages seen by {len(seen.pages)} people of another place, "
            f"{len(planted.canaries.columns)} columns planted, {len(seen.leaks)} seen: {dict(seen.kinds)}"
        )
    assert not seen.leaks, "\n".join(" ".join(leak) for leak in sorted(seen.leaks))
    assert seen.shown == set(SHOWN_TO_ALL), "an exception that nobody needs any more"
    assert all(seen.pages[persona] >= 25 for persona in ("visitor", *OTHERS))
    assert {"text/html", "application/json", "text/csv"} <= set(seen.kinds)
    assert any("spreadsheet" in kind for kind in seen.kinds)


def test_at_home_every_planted_column_that_pages_show_is_seen(planted: Planted) -> None:
    """The walk has teeth: the county's own people meet the same tokens on the same routes."""
    seen = Seen()
    for persona in ("learner", "trainer", "director", "county_officer", "reviewer"):
        client = Client(headers={"accept-language": "en"})
        client.force_login(_account(planted.world, persona))
        for address in start_of(planted, persona):
            look(client, persona, address, planted.canaries, seen)
    met = {column for _persona, _route, column in seen.leaks}
    assert {
        "registry.Person.name",
        "registry.Facility.name",
        "registry.Facility.address",
        "registry.RosterImport.file_name",
        "credentials.BanCase.summary",
        "credentials.BanSubject.evidence",
        "trainers.Material.title",
        "trainers.Nomination.reasons",
        "lms.ClassSession.title",
        "lms.HourEntry.title",
    } <= met
