"""Over HTTP: the verify page, its JSON, a heartbeat; each against an empty view of the same server."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.urls import reverse

from core import clock
from lms.actions.enrol import enrol
from lms.actions.watch import open_lesson
from lms.models import Course, CourseVersion
from lms.rules.course import Block, BlockKind, Byline, CourseDraft, LessonDraft, LessonKind, MaterialRef
from registry.models import Account
from tests.bench.rows import Figure, Row, compare
from tests.bench.server import Load, Server, serving
from tests.bench.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
HTML = {"Accept": "text/html", "Accept-Language": "zh-CN"}
JSON = {"Accept": "application/json"}
CSRF = "b" * 32
LESSON = "film"
EMPTY, SIGNED_IN = "/bench/empty/", "/bench/empty-signed-in/"


def rows(world: World) -> Iterator[Row]:
    size, engine = world.size, connection.vendor
    learners = _learners(world)
    same = {"engine": engine, "rounds": size.rounds}
    with Load() as load, serving() as server:

        def get(path: str | tuple[str, ...], headers: dict[str, str], at: Server = server) -> Figure:
            paths = (path,) if isinstance(path, str) else path
            requests = [{"path": one, "headers": headers} for one in paths]
            return load.round(at, counted="200", seconds=size.seconds, requests=requests)

        pages = tuple(reverse("credentials:verify", args=[code]) for code in world.codes)
        empty = partial(get, EMPTY, HTML)
        yield compare(
            "verify_html", what="verify page", yardstick="empty view", bound=0.08,
            ours=partial(get, pages, HTML), theirs=empty, **same,
        )  # fmt: skip
        yield compare(
            "verify_json", what="verify as JSON", yardstick="empty view", bound=0.08,
            ours=partial(get, pages, JSON), theirs=empty, **same,
        )  # fmt: skip
        yield compare(
            "healthz", what="healthz", yardstick="empty view", bound=0.5,
            ours=partial(get, "/healthz", HTML), theirs=empty, **same,
        )  # fmt: skip
        with serving("tests.bench.bare:application") as bare:
            yield compare(
                "empty_view", what="empty view", yardstick="without middleware", bound=0.1,
                ours=empty, theirs=partial(get, EMPTY, HTML, bare), **same,
            )  # fmt: skip

        def beats() -> Figure:
            return load.round(server, counted="credited", seconds=size.seconds, beats=learners)

        def posts() -> Figure:
            requests = [{"method": "POST", "path": SIGNED_IN, "headers": row["headers"]} for row in learners]
            return load.round(server, counted="200", seconds=size.seconds, requests=requests)

        yield compare(
            "heartbeat", what="heartbeat credited", yardstick="empty POST, signed in", bound=0.03,
            ours=beats, theirs=posts, **same,
        )  # fmt: skip


def _learners(world: World) -> list[dict[str, Any]]:
    """Each signed in, enrolled in a film of a day's length, its player open."""
    course = _course(world)
    found = []
    for account in world.learners:
        assert account.person is not None
        now = clock.now()
        enrolment = enrol(person=account.person, course=course, by=account, at=now)
        session = open_lesson(
            enrolment=enrolment, lesson_key=LESSON, device="bench000", take_over=False, by=account, at=now
        )
        found.append(
            {
                "path": reverse("lms:beat", args=[enrolment.public_id, LESSON]),
                "generation": session.generation,
                "headers": {
                    "Content-Type": "application/json",
                    "Cookie": f"sessionid={_session(account)}; csrftoken={CSRF}",
                    "X-CSRFToken": CSRF,
                },
            }
        )
    return found


def _session(account: Account) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.save()
    assert store.session_key is not None
    return store.session_key


def _course(world: World) -> Course:
    """A frozen course: one film, eleven short readings, as the desk would publish it."""
    film = MaterialRef("BENCH00000000000", "影片", "0" * 64, approved=True, duration_ms=86_400_000)
    lessons = [LessonDraft(LESSON, LessonKind.VIDEO, "看护", class_minutes=1440, material=film)]
    text = (Block(BlockKind.PARAGRAPH, "孩子睡觉的时候，大人不睡。每十分钟看一次脸色和呼吸，记下来。" * 20),)
    for number in range(11):
        lessons.append(LessonDraft(f"read{number}", LessonKind.READING, "阅读", class_minutes=2, blocks=text))
    draft = CourseDraft(
        title="托育机构消防安全培训", summary="", topic="fire_safety", content="theory",
        occupations=("caregiver",), lessons=tuple(lessons), author=Byline("", ""),
    )  # fmt: skip
    course = Course.objects.create(slug="bench")
    course.current = CourseVersion.objects.create(
        course=course,
        number=1,
        title=draft.title,
        topic=draft.topic,
        category=draft.content,
        minutes=draft.minutes,
        content=draft.as_json(),
        content_sha256=draft.sha256(),
        author=world.learners[0],
        reviewer=world.learners[1],
        published_at=clock.now(),
    )
    course.save()
    return course
