"""A small province with one row of everything, and where each address of the site leads in it.

What lies at home (530102, its facility, its people) belongs to the home personas; their twins in
another prefecture may enter the same routes, but not with these parameters.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from PIL import Image as Picture
from pypdf import PdfWriter
from wagtail.documents.models import Document
from wagtail.images.models import Image

from core import clock
from core.days import day_of
from credentials.models import BanSubject
from lms.actions.take_quiz import begin_attempt
from registry.actions.sync_groups import sync_groups
from registry.actions.upload_roster import upload_roster
from registry.models import Account, Facility
from registry.rules.standard import StandardRules, YearlyDuty
from tests.factories import cms as make_cms
from tests.factories import credentials as make_credentials
from tests.factories import lms as make_lms
from tests.factories import registry as make
from tests.factories import trainers as make_trainers
from tests.registry import roster_files
from trainers import addresses

# Persona → the kinds it must count as, written down here a second time and not asked of the code under test.
KINDS: dict[str, frozenset[str]] = {
    "visitor": frozenset(),
    "learner": frozenset({"learner"}),
    "other_learner": frozenset({"learner"}),
    "trainer": frozenset({"learner", "trainer"}),
    "other_trainer": frozenset({"learner", "trainer"}),
    "reviewer": frozenset({"learner", "reviewer"}),
    "director": frozenset({"learner", "manager"}),
    "other_director": frozenset({"learner", "manager"}),
    "county_officer": frozenset({"learner", "county"}),
    "other_county_officer": frozenset({"learner", "county"}),
    "prefecture_officer": frozenset({"learner", "prefecture"}),
    "province_officer": frozenset({"learner", "province"}),
    "issuer": frozenset({"learner", "issuer"}),
    "editor": frozenset({"learner", "editor"}),
    "administrator": frozenset({"learner", "administrator"}),
}
OFFICERS = frozenset({"county_officer", "prefecture_officer", "province_officer"})
HOUSE = OFFICERS | {"director"}
ALL = frozenset(KINDS)


@dataclass(frozen=True, slots=True)
class Place:
    """Parameters that lead to something at home, and whose home it is."""

    parameters: dict[str, Any]
    owners: frozenset[str] = ALL
    query: str = ""


class UnknownParameter(LookupError):
    """A route has a parameter that the world has nothing for: say in this file where it leads."""


@dataclass
class World:
    people: dict[str, Account | None]
    places: list[tuple[str, Place]] = field(default_factory=list)

    def place(self, pattern: str, parameters: tuple[str, ...]) -> Place:
        """Where a route's pattern leads: the first known beginning of it. Raises UnknownParameter."""
        if not parameters:
            return Place({})
        for beginning, place in self.places:
            if pattern.startswith(beginning) and set(parameters) <= set(place.parameters):
                chosen = {name: place.parameters[name] for name in parameters}
                return Place(chosen, place.owners, place.query)
        raise UnknownParameter(f"{pattern} {parameters}")


@pytest.fixture
def world(request: pytest.FixtureRequest, home_facility: Facility, other_facility: Facility) -> World:
    people = {name: None if name == "visitor" else request.getfixturevalue(name) for name in KINDS}
    Account.objects.update(password=make_password("a password of the world"))
    for account in filter(None, people.values()):
        account.refresh_from_db()
    built = World(people)
    TOTP.activate(people["administrator"], generate_totp_secret())
    RecoveryCodes.activate(people["administrator"])
    for build in (_registry, _credentials, _trainers, _lms, _cms):
        build(built, home_facility)
    return built


def _at(world: World, pattern: str, owners: frozenset[str] = ALL, query: str = "", **parameters: Any) -> None:
    world.places.append((pattern, Place(parameters, owners, query)))


def _account(world: World, name: str) -> Account:
    account = world.people[name]
    assert account is not None
    return account


def _registry(world: World, home: Facility) -> None:
    director, learner = _account(world, "director"), _account(world, "learner")
    make.filing(of=home)
    make.standard()
    colleague = make.employment(of=make.person(name="新同事"), at=home)
    assert learner.person is not None
    post = learner.person.employments.get()
    roster = upload_roster(
        facility=home,
        file_name="roster.xlsx",
        content=roster_files.xlsx(roster_files.row("花名册一", 801)),
        by=director,
        at=clock.now(),
    )
    duty = director.duties.get()
    make.exclusion(of=make.person(name="被停岗者"))
    double = make.employment(of=make.person(name="重复档案"), at=home)
    merge = make.merge(kept=colleague.person, absorbed=double.person, accepted=None)
    house = {"facility_id": home.public_id}
    _at(
        world,
        "facility/<str:facility_id>/staff/<str:public_id>/account/",
        HOUSE,
        public_id=colleague.public_id,
        **house,
    )
    _at(world, "facility/<str:facility_id>/staff/", HOUSE, public_id=post.public_id, **house)
    _at(world, "facility/<str:facility_id>/roster/", HOUSE, public_id=roster.public_id, **house)
    _at(world, "facility/<str:facility_id>/edit/", HOUSE, **house)
    _at(world, "oversight/facility/", OFFICERS, public_id=home.public_id)
    _at(world, "oversight/person/", OFFICERS, public_id=learner.person.public_id)
    _at(world, "^oversight/", OFFICERS, code="530102", kind="csv")
    _at(world, "facility/<str:facility_id>/people/", HOUSE, public_id=learner.person.public_id, **house)
    _at(world, "facility/<str:public_id>/", HOUSE, public_id=home.public_id)
    people = {"public_id": learner.person.public_id, "other_id": colleague.person.public_id}
    _at(world, "merges/new/", OFFICERS, **people)
    _at(world, "merges/", OFFICERS, public_id=merge.public_id)
    _at(world, "duties/", OFFICERS | {"administrator"}, public_id=duty.public_id)
    _at(world, "standards/", code="yunnan-caregiver")


def _credentials(world: World, home: Facility) -> None:
    county, director, learner = (_account(world, name) for name in ("county_officer", "director", "learner"))
    certificate = make_credentials.certificate(of=learner.person)
    make_credentials.certificate_file(of=certificate)
    make_credentials.mark(on=make_credentials.certificate(of=make.person(name="张撤销")))
    case = make_credentials.ban_case(by=county, facility=home)
    accused = make_credentials.ban_subject(case=case, by=county)
    banned = make_credentials.ban_subject(case=case, by=county)
    BanSubject.objects.filter(pk=banned.pk).update(
        state="banned",
        decided_at=make.AT,
        decided_by=_account(world, "province_officer"),
        decided_by_person=_account(world, "province_officer").person,
        decided_version=1,
        decision_reason="证据确凿",
    )
    make_credentials.overturn_proposal(of=banned, by=county)
    task = make_credentials.employer_task(at_facility=home)
    checked = make_credentials.staff_check(at_facility=home, by=director)
    house = {"facility_id": home.public_id}
    _at(world, "facility/<str:facility_id>/check/", HOUSE, check_id=checked.public_id, **house)
    _at(world, "facility/<str:facility_id>/tasks/", HOUSE, task_id=task.public_id, **house)
    _at(world, "certificates/", HOUSE | {"learner", "issuer"}, public_id=certificate.public_id)
    ban = "oversight/bans/<str:case_id>/<str:subject_id>/"
    _at(world, f"{ban}overturn/", OFFICERS, case_id=case.public_id, subject_id=banned.public_id)
    _at(world, "oversight/bans/", OFFICERS, case_id=case.public_id, subject_id=accused.public_id)
    _at(world, "^[Cc]/", code=certificate.verify_code)
    _at(world, "api/v1/certificates/", code=certificate.verify_code)
    _at(world, "api/v1/", HOUSE, **house)


def _trainers(world: World, home: Facility) -> None:
    trainer, county = _account(world, "trainer"), _account(world, "county_officer")
    material = make_trainers.material(owner=trainer)
    captions = "WEBVTT\n\n00:00.000 --> 00:01.000\n洗手\n"
    version = make_trainers.material_version(
        of=material, content=_pdf(), captions=captions, captions_sha256=sha256(captions.encode()).hexdigest()
    )
    make_trainers.material_review(of=make_trainers.material_version(of=make_trainers.material(owner=trainer)))
    prefecture = make_trainers.pool(division_code="530100", name="昆明市师资库")
    nomination = make_trainers.nomination(to=prefecture, nominated_by=county)
    appointment = make_trainers.appointment(to=prefecture)
    body = make_trainers.training_body(division_code="530100")
    key = addresses.sign(version.public_id, at=clock.now())
    content = {"public_id": version.public_id, "prefix": version.sha256[: addresses.PREFIX]}
    _at(world, "content/", number=1, file_name=version.file_name, query=f"key={key}", **content)
    desk = frozenset({"trainer", "reviewer", "editor"})
    _at(world, "materials/<str:public_id>/upload/", frozenset({"trainer"}), public_id=material.public_id)
    _at(world, "materials/", desk, public_id=material.public_id)
    _at(world, "reviews/", public_id=version.public_id)
    _at(world, "oversight/experts/nominations/", OFFICERS, public_id=nomination.public_id)
    _at(world, "oversight/experts/appointments/", OFFICERS, public_id=appointment.public_id)
    _at(world, "oversight/experts/pools/", OFFICERS, code=prefecture.code)
    _at(world, "oversight/bodies/", OFFICERS, public_id=body.public_id)


def _lms(world: World, home: Facility) -> None:
    learner, trainer = _account(world, "learner"), _account(world, "trainer")
    enrolment = make_lms.enrolment(of=learner.person)
    make_lms.lesson_completion(of=enrolment, key="read")
    make_lms.watched_interval(of=enrolment)
    make_lms.active_session(of=enrolment)
    make_lms.presence_check(of=enrolment)
    attempt = begin_attempt(enrolment=enrolment, lesson_key="quiz", by=learner, at=clock.now())
    assert learner.person is not None
    line = make_lms.hours(of=learner.person)
    correction = make_lms.correction(of=line)
    make.standard(
        code="home-duties",
        division_code="530102",
        rules=StandardRules(yearly_duties=(YearlyDuty("health_check"),)),
    )
    refused = make_lms.hours(of=learner.person, source_class="self")
    contest = make_lms.contest(of=refused, by=learner, at=clock.now())
    duty = make_lms.duty_record(of=learner.person, at=home, by=_account(world, "director"))
    begins = clock.now()
    session = make_lms.class_session(
        led_by=trainer, starts_at=begins, ends_at=begins + timedelta(hours=3), breaks=[]
    )
    seat = make_lms.seat(in_session=session, of=learner.person, signed_in_at=begins)
    mine = frozenset({"learner"})
    _at(world, "learn/hours/", mine, public_id=refused.public_id)
    _at(world, "oversight/contests/", OFFICERS, public_id=contest.public_id)
    _at(
        world,
        "facility/<str:facility_id>/duties/",
        HOUSE,
        facility_id=home.public_id,
        public_id=duty.public_id,
    )
    one = {"public_id": enrolment.public_id}
    _at(world, "learn/courses/", public_id=make_lms.course().public_id)
    _at(world, "learn/course/<str:public_id>/lessons/<str:key>/begin/", mine, key="quiz", **one)
    _at(world, "learn/course/", mine, key="watch", **one)
    _at(world, "learn/attempt/", mine, public_id=attempt.public_id)
    _at(world, "learn/classes/", public_id=session.public_id)
    _at(world, "hours/people/", OFFICERS, public_id=learner.person.public_id)
    _at(world, "hours/lines/", OFFICERS, public_id=line.public_id)
    _at(world, "hours/corrections/", OFFICERS, public_id=correction.public_id)
    _at(world, "sessions/", frozenset({"trainer"}), public_id=session.public_id, seat=seat.public_id)


def _cms(world: World, home: Facility) -> None:
    editor = _account(world, "editor")
    for name in ("editor", "reviewer"):
        sync_groups(account=_account(world, name), on=day_of(clock.now()))
    page = make_cms.course_page(by=editor)
    page.summary = "又改了一处。"
    revision = page.save_revision(user=editor)
    make_cms.course_review(of=page)
    news = make_cms.news_page()
    image = Image.objects.create(title="poster", file=ContentFile(_png(), "poster.png"))
    document = Document.objects.create(title="notice", file=ContentFile(_pdf(), "notice.pdf"))
    _at(world, "cms-reviews/", page=page.pk)
    wagtail: dict[str, Any] = {
        "pk": page.pk,
        "page_id": page.pk,
        "parent_page_id": news.get_parent().pk,
        "page_to_move_id": news.pk,
        "destination_id": news.get_parent().pk,
        "revision_id": revision.pk,
        "content_type_app_name": "cms",
        "content_type_model_name": "newspage",
        "app_label": "cms",
        "model_name": "newspage",
        "app_name": "taggit",
        "object_id": page.pk,
        "session_id": 1,
        "image_id": image.pk,
        "document_id": document.pk,
        "doc_id": document.pk,
        "uploaded_file_id": 1,
        "filter_spec": "width-100",
    }
    _at(world, "cms/pages/^", **{"0": page.pk, "1": "earliest", "2": "latest"})
    _at(world, "cms/images/", **{**wagtail, "pk": image.pk})
    _at(world, "cms/documents/", **{**wagtail, "pk": document.pk})
    _at(world, "cms/tag-autocomplete/", **{**wagtail, "model_name": "tag"})
    _at(world, "cms/", **wagtail)
    _at(world, "^media/", path="images/poster.width-100.png")
    _at(world, "documents/", **{"0": document.pk, "1": document.filename})
    _at(world, "^((?:", **{"0": page.url_path.removeprefix("/").partition("/")[2]})


def _png() -> bytes:
    buffer = io.BytesIO()
    Picture.new("RGB", (240, 160), "#0F6B5C").save(buffer, "PNG")
    return buffer.getvalue()


def _pdf() -> bytes:
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(buffer)
    return buffer.getvalue()
