"""What a draft of a rule does to one person, and that it never moves a cycle that is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.days import Period
from lms.rules.demands import is_harder
from lms.rules.entries import Entry, Issued, Post
from lms.rules.reasons import Code
from lms.rules.rehearsal import NEXT, Outcome, Verdict, book_of, compare
from lms.rules.rehearsal_counts import Counts
from lms.rules.standing import Standing, standing
from registry.rules.amendment import amended, objections
from registry.rules.rulebook import Citation, StandardText, VersionText
from registry.rules.standard import Anchor, CategoryRule, SourceClass, StandardRules, YearlyDuty
from tests.lms.rules.facts import day, earn, issued, post

CITED = Citation("文件", "第一条", "words", "Y2")
TODAY = day("2026-11-25")
HUNDRED = StandardRules(needed_minutes=100)


def version(
    number: int, since: date | str, until: date | str | None = None, rules: StandardRules = HUNDRED
) -> VersionText:
    since, until = (day(one) if isinstance(one, str) else one for one in (since, until))
    assert since is not None
    return VersionText(number, Period(since, until), CITED, rules)


def text(*versions: VersionText, code: str = "yn", division: str = "530000") -> StandardText:
    return StandardText(code, "标准", "Standard", division, "caregiver", versions, "")


def rules(needed: int = 100, **fields: Any) -> StandardRules:
    return StandardRules(needed_minutes=needed, **fields)


def rehearsed(
    published: list[StandardText],
    draft: list[StandardText],
    entries: list[Entry],
    on: str | date,
    *,
    posts: list[Post] | None = None,
    papers: list[Issued] | None = None,
) -> list[Outcome]:
    on = day(on) if isinstance(on, str) else on
    books = book_of(published), book_of(amended(published, draft))
    before, after = (
        standing(entries, posts or [post("2023-03-01")], book, papers or [], on) for book in books
    )
    return compare(before, after, books, closed_by=TODAY)


def one(*given: Any, **named: Any) -> tuple[Verdict, list[Code]]:
    (outcome,) = rehearsed(*given, **named)
    return outcome.verdict, [effect.code for effect in outcome.effects]


TAKE_UP = rules(anchor=Anchor.TAKE_UP)
YEARLY = rules(anchor=Anchor.CALENDAR, cycle_years=1)
TWO_YEARS = text(version(1, "2000-01-01", rules=replace(TAKE_UP, cycle_years=2)))


def followed(
    old: StandardRules, new: StandardRules, since: str = "2027-01-01"
) -> tuple[list[Any], list[Any]]:
    return [text(version(1, "2000-01-01", rules=old))], [
        text(version(1, "2000-01-01", since, old), version(2, since, rules=new))
    ]


def test_who_is_in_a_cycle_keeps_its_rule_until_the_next_opens() -> None:
    for needed, code in ((150, Code.NEXT_HARDER), (50, Code.NEXT_EASIER)):
        (outcome,) = rehearsed(*followed(rules(), rules(needed)), [earn("2024-01-01", 60)], "2027-01-01")
        (effect,) = outcome.effects
        assert (outcome.verdict, effect.code, outcome.before) == (Verdict.LATER, code, outcome.after)
        assert dict(effect.facts) == {
            "opens_on": day("2028-03-01"),
            "minutes_before": 100,
            "minutes_after": needed,
        }


def test_a_calendar_years_cycle_opens_under_the_new_version() -> None:
    (outcome,) = rehearsed(*followed(YEARLY, replace(YEARLY, needed_minutes=150)), [], "2027-01-01")
    assert (outcome.verdict, [(effect.code, dict(effect.facts)) for effect in outcome.effects]) == (
        Verdict.LOSES,
        [(Code.MORE_MISSING, {"minutes_before": 100, "minutes_after": 150})],
    )
    less = one(*followed(YEARLY, replace(YEARLY, needed_minutes=40)), [], "2027-01-01")
    assert less == (Verdict.GAINS, [Code.LESS_MISSING])


def test_the_day_before_the_change_nothing_has_changed_yet() -> None:
    verdict, _effects = one(*followed(YEARLY, replace(YEARLY, needed_minutes=150)), [], "2026-12-31")
    assert verdict is Verdict.LATER


@pytest.mark.parametrize(
    ("old", "new", "minutes", "verdict", "effect"),
    [
        (100, 80, 90, Verdict.GAINS, Code.BECOMES_MET),
        (100, 80, 50, Verdict.GAINS, Code.LESS_MISSING),
        (80, 100, 90, Verdict.LOSES, Code.NO_LONGER_MET),
        (80, 100, 50, Verdict.LOSES, Code.MORE_MISSING),
    ],
)
def test_a_published_version_that_said_something_else(
    old: int, new: int, minutes: int, verdict: Verdict, effect: Code
) -> None:
    """It cannot be published so, and may be asked all the same."""
    books = [[text(version(1, "2000-01-01", rules=replace(TAKE_UP, needed_minutes=n)))] for n in (old, new)]
    found = one(books[0], books[1], [earn("2024-01-01", minutes)], "2026-11-25")
    moved = [Code.CLOSED_CYCLE_MOVED] if effect is Code.NO_LONGER_MET else []
    assert found == (verdict, [effect, *moved])


def test_met_under_one_book_alone_is_seen_though_the_next_cycle_has_opened() -> None:
    """The certificate's validity is the next cycle, in which everything is missing again."""
    books = [[text(version(1, "2000-01-01", rules=rules(needed)))] for needed in (100, 80)]
    (outcome,) = rehearsed(books[0], books[1], [earn("2024-01-01", 90)], "2026-11-25")
    assert (outcome.verdict, [effect.code for effect in outcome.effects]) == (
        Verdict.GAINS,
        [Code.BECOMES_MET],
    )
    assert [(place.cycle, place.missing) for place in (*outcome.before, *outcome.after)] == [(1, 10), (1, 0)]


def test_a_cycle_whose_end_moves() -> None:
    shorter = [text(version(1, "2000-01-01", rules=replace(TAKE_UP, cycle_years=4)))]
    longer = [text(version(1, "2000-01-01", rules=replace(TAKE_UP, cycle_years=6)))]
    published = [text(version(1, "2000-01-01", rules=TAKE_UP))]
    assert one(published, shorter, [], "2026-11-25") == (Verdict.LOSES, [Code.ENDS_EARLIER])
    assert one(published, longer, [], "2026-11-25") == (Verdict.GAINS, [Code.ENDS_LATER])


def test_a_countys_first_standard_takes_its_people_from_the_provinces() -> None:
    province = [text(version(1, "2000-01-01", rules=TAKE_UP))]
    county = [
        text(
            version(1, "2027-01-01", rules=replace(TAKE_UP, needed_minutes=80)), code="wh", division="530102"
        )
    ]
    (outcome,) = rehearsed(province, county, [earn("2024-01-01", 60)], "2027-01-01")
    assert [effect.code for effect in outcome.effects] == [
        Code.OTHER_STANDARD,
        Code.MORE_MISSING,  # hours of before the new cycle do not count in it
        Code.ENDS_LATER,
    ]
    assert (outcome.verdict, outcome.before[0].standard_code, outcome.after[0].standard_code) == (
        Verdict.LOSES,
        "yn",
        "wh",
    )
    beside = [text(version(1, "2027-01-01", rules=TAKE_UP), code="pl", division="530103")]
    assert one(province, beside, [], "2027-01-01") == (Verdict.UNCHANGED, [])


def test_who_is_newly_bound_loses_and_who_is_let_go_gains() -> None:
    first = [text(version(1, "2027-01-01", rules=TAKE_UP))]
    assert one([], first, [], "2027-01-01") == (Verdict.LOSES, [Code.NEWLY_BOUND])
    ended = [text(version(1, "2000-01-01", "2027-01-01", TAKE_UP))]
    published = [text(version(1, "2000-01-01", rules=TAKE_UP))]
    assert one(published, ended, [], "2027-01-01") == (Verdict.GAINS, [Code.NO_LONGER_BOUND])
    assert one(published, ended, [], "2026-11-25") == (Verdict.LATER, [Code.NEXT_NONE])


@pytest.mark.parametrize(
    ("before", "after", "verdict", "effect"),
    [
        ((), (YearlyDuty("health_check"),), Verdict.LOSES, Code.DUTY_ADDED),
        ((YearlyDuty("health_check"),), (YearlyDuty("health_check", 6),), Verdict.LOSES, Code.DUTY_SOONER),
        ((YearlyDuty("health_check"),), (YearlyDuty("health_check", 24),), Verdict.GAINS, Code.DUTY_LATER),
        ((YearlyDuty("health_check"),), (), Verdict.GAINS, Code.DUTY_LIFTED),
    ],
)
def test_duties_beside_the_hours(
    before: tuple[YearlyDuty, ...], after: tuple[YearlyDuty, ...], verdict: Verdict, effect: Code
) -> None:
    hours, other = replace(TAKE_UP, cycle_years=None, anchor=Anchor.ENTRY), ("entry_training",)
    published, draft = followed(
        replace(hours, yearly_duties=before), replace(hours, yearly_duties=after), "2026-01-01"
    )
    assert one(published, draft, [], "2026-11-25") == (verdict, [effect])
    _same, joining = followed(hours, replace(hours, entry_duties=other), "2026-01-01")
    assert one(published if not before else _same, joining, [], "2026-11-25")[0] is Verdict.LOSES


def test_who_is_not_in_post_that_day_is_not_asked() -> None:
    published, draft = followed(YEARLY, replace(YEARLY, needed_minutes=150))
    assert rehearsed(published, draft, [], "2027-01-01", posts=[post("2023-03-01", "2026-06-01")]) == []


def test_the_same_book_changes_nothing() -> None:
    assert one([TWO_YEARS], [TWO_YEARS], [earn("2024-01-01", 60)], "2026-11-25") == (Verdict.UNCHANGED, [])


@pytest.mark.parametrize(
    ("old", "new", "harder", "easier"),
    [
        (rules(100), rules(100), False, False),
        (rules(100), rules(120), True, False),
        (rules(100), rules(100, categories=(CategoryRule("ethics", 40),)), True, False),
        (rules(100), rules(100, categories=(CategoryRule("online", 0, 40),)), True, False),
        (rules(100), rules(100, counted_sources=(SourceClass.PLATFORM,)), True, False),
        (rules(100, carry_over=True), rules(100), True, False),
        (rules(100), rules(100, cycle_years=4), True, False),
        (rules(100), rules(100, certificate_years=4), True, False),
        (rules(100), rules(120, cycle_years=6), True, True),
    ],
)
def test_a_rule_is_harder_if_more_is_demanded_or_less_counts(
    old: StandardRules, new: StandardRules, harder: bool, easier: bool
) -> None:
    assert (is_harder(old, new), is_harder(new, old)) == (harder, easier)


def test_who_has_posts_in_two_counties_counts_once_above_them() -> None:
    (outcome,) = rehearsed(*followed(YEARLY, replace(YEARLY, needed_minutes=150)), [], "2027-01-01")
    counts = Counts()
    counts.add(outcome, ["530102", "530103"])
    counts.add(outcome, ["530102"])
    assert {code: row[Verdict.LOSES] for code, row in counts.by_division.items()} == {
        "530000": 2,
        "530100": 2,
        "530102": 2,
        "530103": 1,
    }
    assert (counts.total, counts.bound) == ({Verdict.LOSES: 2}, 2)


# ── publishing never moves a closed cycle ───────────────────────────────────

ANCHORS = (Anchor.CERTIFICATE, Anchor.TAKE_UP, Anchor.CALENDAR)
some_rules = st.builds(
    StandardRules,
    needed_minutes=st.sampled_from([60, 100, 150]),
    anchor=st.sampled_from(ANCHORS),
    cycle_years=st.sampled_from([1, 2, 5]),
    certificate_years=st.sampled_from([1, 2, 5]),
    carry_over=st.booleans(),
    categories=st.sampled_from([(), (CategoryRule("theory", 0, 50),), (CategoryRule("practice", 30),)]),
)
FIRST = date(2015, 1, 1)


@st.composite
def standards(draw: Any, code: str, division: str, first: date, last: date, most: int) -> StandardText:
    """Versions in the order of their days between two days, with gaps between some."""
    days = sorted(draw(st.sets(st.dates(first, last), min_size=1, max_size=most)))
    versions = []
    for number, begins in enumerate(days, 1):
        after = days[number] if number < len(days) else None
        until = after or draw(st.sampled_from([None, None, last + timedelta(400)]))
        if after and draw(st.booleans()):
            until = begins + (after - begins) // 2 + timedelta(1)
        versions.append(version(number, begins, until, draw(some_rules)))
    return text(*versions, code=code, division=division)


@st.composite
def drafts(draw: Any, published: list[StandardText]) -> list[StandardText]:
    """A further version of one of them, its end, or a county's own; dated around today, mostly after it."""
    first = TODAY + timedelta(draw(st.integers(1, 900) | st.integers(-900, 900)))
    kind = draw(st.sampled_from(["further", "further", "end", "county"]))
    if kind == "county" and all(one.code != "wh" for one in published):
        return [text(version(1, first, None, draw(some_rules)), code="wh", division="530102")]
    old = draw(st.sampled_from(published))
    last = old.versions[-1]
    assume(last.in_force.starts_on < first and (last.in_force.until is None or last.in_force.until <= first))
    ended = replace(last, in_force=Period(last.in_force.starts_on, last.in_force.until or first))
    more = [] if kind == "end" else [version(last.number + 1, first, None, draw(some_rules))]
    return [replace(old, versions=(*old.versions[:-1], ended, *more))]


@st.composite
def lives(draw: Any, published: list[StandardText]) -> tuple[list[Entry], list[Post], list[Issued]]:
    """Posts with a move or a break, lines told late, and the certificates as they were owed."""
    taken_up = draw(st.dates(date(2016, 1, 1), TODAY))
    posts = [post(taken_up.isoformat(), division_code=draw(st.sampled_from(["530102", "530103"])))]
    if draw(st.booleans()):
        left = taken_up + timedelta(draw(st.integers(1, 900)))
        posts = [replace(posts[0], period=Period(taken_up, left))]
        again = left + timedelta(draw(st.sampled_from([0, 30, 400])))
        posts.append(post(again.isoformat(), division_code=draw(st.sampled_from(["530102", "530103"]))))
    entries = []
    for _ in range(draw(st.integers(0, 12))):
        happened = taken_up + timedelta(draw(st.integers(-30, 3_000)))
        told = happened + timedelta(draw(st.sampled_from([0, 0, 0, 20, 500])))
        content = draw(st.sampled_from(["theory", "practice"]))
        entries.append(earn(happened, draw(st.sampled_from([20, 45, 100])), recorded=told, content=content))
    entries = [entry for entry in entries if entry.happened_on <= TODAY and entry.recorded_on <= TODAY]
    papers: list[Issued] = []
    book = book_of(published)
    for told in sorted({entry.recorded_on for entry in entries}):
        for where in standing(
            entries, [one for one in posts if one.period.starts_on <= told], book, papers, told
        ):
            papers += [
                issued(
                    award.valid_from.isoformat(),
                    award.cycle.named_on.isoformat(),
                    standard_code=award.standard_code,
                    valid_until=award.valid_until,
                    issued_on=told,
                )
                for award in where.awards
                if draw(st.sampled_from([True, True, True, False]))
            ]
    return entries, posts, papers


def closed(found: tuple[Standing, ...]) -> dict[tuple[str, int], Any]:
    """Cycles met by today or ended unmet by today, whole, but for the end of their version's days."""
    return {
        (where.standard_code, cycle.number): replace(
            cycle, version=replace(cycle.version, in_force=Period(cycle.version.in_force.starts_on))
        )
        for where in found
        for cycle in where.cycles
        if (cycle.met_on and cycle.met_on <= TODAY) or (cycle.until and cycle.until <= TODAY)
    }


@settings(max_examples=400)
@given(st.data())
def test_what_may_be_published_moves_no_closed_cycle_on_any_day(data: st.DataObject) -> None:
    published = [data.draw(standards("yn", "530000", FIRST, date(2025, 1, 1), 3))]
    if data.draw(st.booleans()):
        published.append(data.draw(standards("wh", "530102", FIRST, date(2025, 1, 1), 2)))
    draft = data.draw(drafts(published))
    assume(not list(objections(published, draft, on=TODAY)))
    entries, posts, papers = data.draw(lives(published))
    after_book = book_of(amended(published, draft))
    hers = set(closed(standing(entries, posts, book_of(published), papers, TODAY)))
    for days in (0, 1, data.draw(st.integers(0, 1_000)), data.draw(st.integers(0, 4_000))):
        on = TODAY + timedelta(days)
        before, after = (
            closed(standing(entries, posts, book, papers, on)) for book in (book_of(published), after_book)
        )
        kept = before.keys() & hers  # one that a post to come opens in the past was not hers to lose
        assert {key: after.get(key) for key in kept} == {key: before[key] for key in kept}


@settings(max_examples=100)
@given(st.data())
def test_on_the_day_it_is_published_nobody_stands_elsewhere_than_before(data: st.DataObject) -> None:
    """But who was bound by nothing may be bound by a first standard of hers."""
    published = [data.draw(standards("yn", "530000", FIRST, date(2025, 1, 1), 3))]
    draft = data.draw(drafts(published))
    assume(not list(objections(published, draft, on=TODAY)))
    entries, posts, papers = data.draw(lives(published))
    codes = {one.code for one in published}
    for outcome in rehearsed(published, draft, entries, TODAY, posts=posts, papers=papers):
        kept = tuple(place for place in outcome.after if place.standard_code in codes)
        assert (kept, outcome.moved) == (outcome.before, 0)
        assert {effect.code for effect in outcome.effects} <= NEXT | {Code.NEWLY_BOUND}


@pytest.mark.parametrize("since", ["2026-11-25", "2026-01-01"])
def test_a_draft_that_is_dated_back_would_move_closed_cycles_and_is_objected_to(since: str) -> None:
    """The property has teeth: a calendar year that was met in June is judged anew from January."""
    published, draft = followed(YEARLY, replace(YEARLY, needed_minutes=150), since)
    (outcome,) = rehearsed(published, draft, [earn("2026-06-01", 100)], "2026-11-25")
    assert [objection.code for objection in objections(published, draft, on=TODAY)] == [
        "ends_in_the_past",
        "begins_in_the_past",
    ]
    assert outcome.moved == (1 if since == "2026-01-01" else 0)
