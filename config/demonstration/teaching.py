"""The expert pools, the material, and the courses made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from cms.actions.publish_course import author_course
from config.demonstration.content import DemoBlock, DemoCourse, DemoLesson, load_courses
from config.demonstration.media import captions_beside, ensure_media
from config.demonstration.people import one_more
from config.demonstration.world import World, at_ten
from core.days import add_years
from lms.rules.course import (
    Block,
    BlockKind,
    Byline,
    CourseDraft,
    LessonDraft,
    LessonKind,
    MaterialRef,
    Option,
    QuestionDraft,
)
from registry.models import Division, Person
from registry.rules.credit_code import synthetic_credit_code
from trainers.actions.accredit import accredit_body
from trainers.actions.appoint import appoint
from trainers.actions.create_pool import create_pool
from trainers.actions.nominate import nominate
from trainers.actions.review_material import review_material
from trainers.actions.upload_material import upload_material
from trainers.models import ExpertPool, MaterialVersion
from trainers.models.pool import Field

FONTS = [settings.ROOT / "credentials" / "documents" / "fonts" / "NotoSansSC-Regular.otf"]
WORKPLACES = {
    Field.POLICY: ("省卫生健康研究中心", "研究员"),
    Field.CARE: ("省托育服务指导中心", "高级保育师"),
    Field.HEALTH: ("省妇幼保健院", "主任医师"),
    Field.NURSING: ("省第一示范医院", "副主任护师"),
    Field.PRESCHOOL: ("省学前教育学院", "副教授"),
    Field.FIRE: ("省消防技术服务总队", "高级工程师"),
}
SEATS = {
    Field.POLICY: 6,
    Field.CARE: 10,
    Field.HEALTH: 8,
    Field.NURSING: 6,
    Field.PRESCHOOL: 6,
    Field.FIRE: 4,
}
PREFECTURE_SEATS = 12


def seat_experts(world: World) -> None:
    """40 seats over six fields, nominated by one officer and appointed by another; prefecture pools below."""
    chance = world.chance("experts")
    province = _pool(world, "yunnan", "云南省托育服务师资库", "530000", sum(SEATS.values()))
    starts_on = date(world.today.year - 1, 3, 1)
    for field, seats in SEATS.items():
        for _ in range(seats):
            _seat(world, province, field, one_more(world, chance), starts_on, ("province", "province2"))
    for division in Division.objects.filter(code__startswith="53", level="prefecture").order_by("code"):
        pool = _pool(
            world,
            f"yunnan-{division.code}",
            f"{division.name}托育服务师资库",
            division.code,
            PREFECTURE_SEATS,
        )
        if division.code in ("530100", "532900"):
            for number in range(chance.randint(5, 9)):
                field = list(SEATS)[number % len(SEATS)]
                _seat(world, pool, field, one_more(world, chance), starts_on, ("province", "province2"))
    accredit_body(
        name="云南示范保育培训中心",
        credit_code=synthetic_credit_code("530199", 900_001),
        division=Division.objects.get(code="530100"),
        accredited_from=date(2021, 6, 1),
        by=world.accounts["province"],
        at=world.at,
    )


def _pool(world: World, code: str, name: str, division: str, seats: int) -> ExpertPool:
    return create_pool(
        code=code,
        name=name,
        division=Division.objects.get(code=division),
        seats=seats,
        by=world.accounts["province"],
        at=world.at,
    )


def _seat(
    world: World, pool: ExpertPool, field: Field, person: Person, starts_on: date, officers: tuple[str, str]
) -> None:
    workplace, title = WORKPLACES[field]
    nomination = nominate(
        pool=pool,
        person=person,
        field=field,
        workplace=workplace,
        title=title,
        reasons=f"长期从事{Field(field).label}工作，熟悉三岁以下婴幼儿照护。",
        by=world.accounts[officers[0]],
        at=at_ten(starts_on - timedelta(days=20)),
    )
    appoint(
        nomination=nomination,
        starts_on=starts_on,
        until=add_years(starts_on, 3),
        by=world.accounts[officers[1]],
        at=at_ten(starts_on - timedelta(days=5)),
    )


def publish_courses(world: World) -> None:
    """Every course through the real path: uploaded, probed, reviewed, authored, reviewed, published."""
    courses = load_courses()
    media = ensure_media(settings.VAR / "demonstration-media", FONTS, courses=courses)
    for course in courses:
        author_course(
            slug=course.slug,
            draft=_draft(world, course, media),
            by=world.accounts["editor"],
            reviewer=world.accounts["reviewer"],
            at=world.at,
        )


def _draft(world: World, course: DemoCourse, media: Mapping[tuple[str, str], Path]) -> CourseDraft:
    editor, reviewer = world.accounts["editor"], world.accounts["reviewer"]
    return CourseDraft(
        title=course.title,
        summary=course.summary,
        topic=course.topic,
        content=course.category,
        occupations=tuple(course.occupations),
        lessons=tuple(_lesson(world, course, lesson, media) for lesson in course.lessons),
        author=Byline(editor.display_name, editor.public_id),
        reviewers=(Byline(reviewer.display_name, reviewer.public_id),),
    )


def _lesson(
    world: World, course: DemoCourse, lesson: DemoLesson, media: Mapping[tuple[str, str], Path]
) -> LessonDraft:
    material = None
    if lesson.kind in ("video", "pdf"):
        material = _material(world, f"{course.title}：{lesson.title}", media[course.slug, lesson.slug])
    return LessonDraft(
        key=lesson.slug,
        kind=LessonKind(lesson.kind),
        title=lesson.title,
        class_minutes=lesson.minutes,
        blocks=tuple(_block(block) for block in lesson.blocks) if lesson.kind == "reading" else (),
        material=material,
        questions=tuple(
            QuestionDraft(
                key=question.key,
                prompt=question.stem,
                options=tuple(Option(key, text) for key, text in question.options),
                right=tuple(question.right),
                explanation=question.explanation,
                multiple=question.multiple,
                topic=question.topic,
            )
            for question in lesson.questions
        ),
        draw=lesson.draws,
        pass_percent=lesson.pass_percent or 60,
    )


def _block(block: DemoBlock) -> Block:
    kind = BlockKind(block.kind) if block.kind in tuple(BlockKind) else BlockKind.PARAGRAPH
    return Block(kind=kind, text=block.text, items=tuple(block.items))


def _material(world: World, title: str, path: Path) -> MaterialRef:
    captions = captions_beside(path)
    with path.open("rb") as file:
        version: MaterialVersion = upload_material(
            file=file,
            file_name=path.name,
            title=title[:120],
            captions=captions.read_bytes() if path.suffix == ".mp4" else b"",
            by=world.accounts["trainer"],
            at=world.at,
        )
    review_material(version=version, verdict="approved", note="", by=world.accounts["reviewer2"], at=world.at)
    return MaterialRef(
        public_id=version.public_id,
        title=title[:120],
        sha256=version.sha256,
        approved=True,
        duration_ms=version.duration_ms or 0,
        pages=version.pages or 0,
    )
