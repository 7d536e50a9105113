"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from lms.views import (
    attempts,
    beats,
    classes,
    contests,
    corrections,
    courses,
    duties,
    lessons,
    sessions,
    standing,
)

app_name = "lms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("learn/", standing.home, name="home"),
    path("learn/hours/", standing.ledger, name="ledger"),
    path("learn/courses/<str:public_id>/enrol/", courses.enrol, name="enrol"),
    path("learn/course/<str:public_id>/", courses.course, name="course"),
    path("learn/course/<str:public_id>/leave/", courses.leave, name="leave"),
    path("learn/course/<str:public_id>/lessons/<str:key>/", lessons.lesson, name="lesson"),
    path("learn/course/<str:public_id>/lessons/<str:key>/open/", beats.open_lesson, name="open_lesson"),
    path("learn/course/<str:public_id>/lessons/<str:key>/beat/", beats.beat, name="beat"),
    path("learn/course/<str:public_id>/lessons/<str:key>/presence/", beats.presence, name="presence"),
    path("learn/course/<str:public_id>/lessons/<str:key>/begin/", attempts.begin, name="begin_attempt"),
    path("learn/attempt/<str:public_id>/", attempts.attempt, name="attempt"),
    path("learn/classes/", classes.classes, name="classes"),
    path("learn/classes/<str:public_id>/", classes.sign, name="sign"),
    path("hours/corrections/", corrections.corrections, name="corrections"),
    path("hours/corrections/<str:public_id>/", corrections.correction, name="correction"),
    path("hours/people/<str:public_id>/", corrections.person_hours, name="person_hours"),
    path("hours/lines/<str:public_id>/correct/", corrections.correct, name="correct"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/new/", sessions.plan, name="plan_session"),
    path("sessions/<str:public_id>/", sessions.session, name="session"),
    path("sessions/<str:public_id>/seats/<str:seat>/", sessions.departure, name="departure"),
    path("sessions/<str:public_id>/code/", sessions.code, name="session_code"),
    path("facility/<str:facility_id>/duties/", duties.facility_duties, name="facility_duties"),
    path("facility/<str:facility_id>/duties/<str:public_id>/", duties.take_back, name="take_back_duty"),
    path("facility/<str:facility_id>/duties/<str:public_id>/confirm/", duties.confirm, name="confirm_duty"),
    path("learn/hours/<str:public_id>/contest/", contests.contest, name="contest"),
    path("oversight/contests/", contests.contests, name="contests"),
    path("oversight/contests/<str:public_id>/", contests.answer, name="answer_contest"),
]
