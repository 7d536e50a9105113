"""The calendar of cycles, sentence by sentence of docs/rules/cycles.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from lms.rules.cycles import Cycle
from lms.rules.entries import Entry
from lms.rules.reasons import Code
from lms.rules.standing import Standing, standing
from registry.rules.standard import YearlyDuty
from tests.lms.rules.facts import Anchor, adjust, day, earn, issued, post, reverse, version


def stand(entries: Iterable[Entry], on: str, **given: Any) -> Standing:
    """One person in post since 1 May 2010 under one standard."""
    values: dict[str, Any] = {"posts": [post("2010-05-01")], "versions": [version()], "issued": [], **given}
    (found,) = standing(list(entries), day=day(on), **values)
    return found


def outline(found: Standing) -> list[tuple[str, str | None, str, str | None]]:
    """(starts_on, until, closed_as, met_on) of each cycle."""

    def text(on: date | None) -> str | None:
        return on.isoformat() if on else None

    return [
        (one.starts_on.isoformat(), text(one.until), str(one.closed_as), text(one.met_on))
        for one in found.cycles
    ]


def opened(cycles: Iterable[Cycle]) -> list[Code]:
    return [cycle.opened_by.code for cycle in cycles]


def test_the_first_cycle_opens_when_the_occupation_is_taken_up_and_lasts_five_years() -> None:
    found = stand([], "2010-05-01")
    assert outline(found) == [("2010-05-01", "2015-05-01", "open", None)]
    assert opened(found.cycles) == [Code.OPENED_TAKE_UP]


def test_nobody_stands_anywhere_before_taking_up_an_occupation() -> None:
    assert standing([], [post("2010-05-01")], [version()], [], day("2010-04-30")) == ()


def test_meeting_the_hours_opens_the_next_cycle_that_day() -> None:
    found = stand([earn("2011-01-01", 60), earn("2012-03-04", 40)], "2012-03-04")
    assert outline(found) == [
        ("2010-05-01", "2012-03-04", "met", "2012-03-04"),
        ("2012-03-04", "2017-03-04", "open", None),
    ]
    assert opened(found.cycles) == [Code.OPENED_TAKE_UP, Code.OPENED_CERTIFICATE]
    (award,) = found.awards
    assert (award.valid_from, award.valid_until) == (day("2012-03-04"), day("2017-03-04"))


def test_the_day_before_it_was_still_open() -> None:
    found = stand([earn("2011-01-01", 60), earn("2012-03-04", 40)], "2012-03-03")
    assert outline(found) == [("2010-05-01", "2015-05-01", "open", None)]
    assert found.awards == ()


def test_a_renewal_starts_where_the_old_certificate_ends() -> None:
    entries = [earn("2011-01-01", 100), earn("2014-07-01", 100)]
    found = stand(entries, "2016-01-01")
    assert outline(found) == [
        ("2010-05-01", "2011-01-01", "met", "2011-01-01"),
        ("2011-01-01", "2016-01-01", "met", "2014-07-01"),
        ("2016-01-01", "2021-01-01", "open", None),
    ]
    assert [(award.valid_from, award.valid_until) for award in found.awards] == [
        (day("2016-01-01"), day("2021-01-01"))  # the first is over: nothing to issue for it any more
    ]


def test_a_cycle_that_ends_unmet_is_closed_and_the_next_opens() -> None:
    found = stand([earn("2011-01-01", 99)], "2015-05-01")
    assert outline(found) == [
        ("2010-05-01", "2015-05-01", "unmet", None),
        ("2015-05-01", "2020-05-01", "open", None),
    ]
    assert opened(found.cycles)[1] is Code.OPENED_UNMET
    assert found.hours.counted == 0  # nothing is carried over


def test_after_a_lapse_the_next_certificate_begins_the_day_the_hours_are_met() -> None:
    entries = [earn("2011-01-01", 100), earn("2017-02-02", 100)]  # the renewal cycle ended unmet in 2016
    found = stand(entries, "2017-02-02")
    assert outline(found)[1:] == [
        ("2011-01-01", "2016-01-01", "unmet", None),
        ("2016-01-01", "2017-02-02", "met", "2017-02-02"),
        ("2017-02-02", "2022-02-02", "open", None),
    ]


@pytest.mark.parametrize(
    ("on", "met"), [("2015-04-30", "2015-04-30"), ("2015-05-01", None)], ids=["last day", "a day too late"]
)
def test_the_last_day_of_a_cycle_is_inside_it(on: str, met: str | None) -> None:
    found = stand([earn("2011-01-01", 99), earn(on, 1)], "2015-05-02")
    assert outline(found)[0][3] == met


def test_beijing_midnight_decides_the_day_on_which_a_record_counts() -> None:
    from datetime import UTC, datetime

    before = datetime(2015, 4, 30, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Beijing
    for moment, met in ((before, "2015-04-30"), (before.replace(hour=16, minute=0, second=0), "2015-05-01")):
        entry = earn("2015-04-30", 100, recorded_at=moment)
        assert outline(stand([entry], "2015-05-02"))[0][3] == met


def test_a_cycle_that_begins_on_29_february_ends_with_february() -> None:
    found = stand([], "2030-01-01", posts=[post("2024-02-29")])
    assert outline(found) == [
        ("2024-02-29", "2029-03-01", "unmet", None),
        ("2029-03-01", "2034-03-01", "open", None),
    ]


def test_what_happens_after_the_hours_were_met_counts_for_the_next_cycle() -> None:
    first, closing, same_day, later = (
        earn("2011-01-01", 60),
        earn("2012-03-04", 70),
        earn("2012-03-04", 20),
        earn("2012-03-05", 30),
    )
    found = stand([first, closing, same_day, later], "2012-04-01")
    assert [(line.entry.id, line.cycle and line.cycle.number, line.code) for line in found.lines] == [
        (first.id, 1, Code.IN_CYCLE),
        (closing.id, 1, Code.IN_CYCLE),
        (same_day.id, 2, Code.AFTER_MET_NEXT_CYCLE),
        (later.id, 2, Code.IN_CYCLE),
    ]
    assert found.hours.counted == 50  # and the 30 minutes beyond the first 100 are not carried


def test_work_recorded_after_a_cycle_was_met_stays_with_the_cycle_it_happened_in() -> None:
    late = earn("2011-06-01", 30, recorded="2012-06-01")
    found = stand([earn("2011-01-01", 60), earn("2012-03-04", 40), late], "2012-06-01")
    line = next(line for line in found.lines if line.entry is late)
    assert (line.cycle and line.cycle.number, line.code, line.is_late) == (1, Code.IN_CYCLE_LATE, True)
    assert found.hours.counted == 0


def test_a_renewal_met_early_keeps_its_surplus() -> None:
    surplus = earn("2015-01-01", 50)
    found = stand([earn("2011-01-01", 100), earn("2014-07-01", 100), surplus], "2016-02-01")
    line = next(line for line in found.lines if line.entry is surplus)
    assert (line.cycle and line.cycle.number, line.code, line.counted_minutes) == (2, Code.SURPLUS, 50)
    assert found.hours.counted == 0


def test_a_rule_that_carries_over_says_so_and_does() -> None:
    entries = [earn("2011-01-01", 130), earn("2014-07-01", 90)]
    found = stand(entries, "2016-02-01", versions=[version(carry_over=True)])
    assert [(one.carried_minutes, str(one.closed_as)) for one in found.cycles] == [
        (0, "met"),
        (30, "met"),
        (20, "open"),
    ]
    assert found.hours.remaining == 80


def test_late_records_close_a_cycle_late_and_move_no_dates() -> None:
    late = earn("2015-04-30", 40, recorded="2015-05-08")
    entries = [earn("2011-01-01", 60), earn("2015-05-03", 10), late]
    before, after = stand(entries, "2015-05-07"), stand(entries, "2015-05-08")
    assert outline(before) == [
        ("2010-05-01", "2015-05-01", "unmet", None),
        ("2015-05-01", "2020-05-01", "open", None),
    ]
    assert outline(after) == [
        ("2010-05-01", "2015-05-01", "met", "2015-05-08"),
        ("2015-05-01", "2020-05-01", "open", None),
    ]
    (award,) = after.awards  # nothing that was said yesterday becomes false, and lateness gains no time
    assert (award.valid_from, award.valid_until) == (day("2015-05-08"), day("2020-05-01"))
    assert after.hours.counted == before.hours.counted == 10


def test_late_records_of_long_ago_earn_no_certificate_that_would_be_over() -> None:
    found = stand([earn("2011-01-01", 100, recorded="2021-01-01")], "2021-01-01")
    assert outline(found)[0] == ("2010-05-01", "2015-05-01", "met", "2021-01-01")
    assert found.awards == ()


def test_the_certificate_as_issued_opens_the_next_cycle() -> None:
    entries = [earn("2011-01-01", 100), earn("2011-01-02", 10)]
    given = [issued("2011-01-05", "2010-05-01")]  # issued four days after the hours were met
    found = stand(entries, "2011-02-01", issued=given)
    assert outline(found) == [
        ("2010-05-01", "2011-01-05", "met", "2011-01-01"),
        ("2011-01-05", "2016-01-05", "open", None),
    ]
    assert found.hours.counted == 10
    assert found.awards == ()
    assert found.valid_until == day("2016-01-05")


def test_a_certificate_that_stands_keeps_its_cycle_closed_whatever_is_reversed_later() -> None:
    earned = earn("2011-01-01", 100)
    found = stand(
        [earned, reverse(earned, "2013-01-01")], "2014-01-01", issued=[issued("2011-01-01", "2010-05-01")]
    )
    assert outline(found)[0] == ("2010-05-01", "2011-01-01", "met", "2011-01-01")
    assert found.awards == ()


def test_once_it_is_voided_the_ledger_alone_speaks() -> None:
    earned = earn("2011-01-01", 100)
    void = issued("2011-01-01", "2010-05-01", voided_on=day("2013-01-01"))
    found = stand([earned, reverse(earned, "2013-01-01")], "2014-01-01", issued=[void])
    assert outline(found) == [("2010-05-01", "2015-05-01", "open", None)]
    kept = stand([earned], "2014-01-01", issued=[void])  # revoked for another reason: the dates stay
    assert outline(kept)[0] == ("2010-05-01", "2011-01-01", "met", "2011-01-01")
    assert kept.awards == ()
    assert kept.valid_until is None
    assert stand([earned], "2012-12-31", issued=[void]).valid_until == day("2016-01-01")


def test_a_renewal_after_a_voided_certificate_begins_at_once() -> None:
    entries = [earn("2011-01-01", 100), earn("2014-01-01", 100)]
    void = issued("2011-01-01", "2010-05-01", voided_on=day("2013-01-01"))
    (award,) = stand(entries, "2014-01-01", issued=[void]).awards
    assert award.valid_from == day("2014-01-01")


def test_a_certificate_brought_along_is_the_first_cycle() -> None:
    found = stand([], "2010-06-01", issued=[issued("2008-01-01", "2007-01-01")])
    assert outline(found) == [("2008-01-01", "2013-01-01", "open", None)]
    assert found.valid_until == day("2013-01-01")


def test_renewals_chain_into_one_validity() -> None:
    given = [
        issued("2011-01-01", "2010-05-01"),
        issued("2016-01-01", "2011-01-01", issued_on=day("2014-07-01")),
    ]
    entries = [earn("2011-01-01", 100), earn("2014-07-01", 100)]
    assert stand(entries, "2014-06-30", issued=given).valid_until == day("2016-01-01")
    assert stand(entries, "2014-07-01", issued=given).valid_until == day("2021-01-01")
    assert stand(entries, "2014-07-01", issued=given).awards == ()


def test_a_rule_changed_in_mid_cycle_waits_for_the_next() -> None:
    versions = [version("2000-01-01", "2012-01-01"), version("2012-01-01", number=2, needed_minutes=200)]
    found = stand([earn("2013-01-01", 100)], "2014-01-01", versions=versions)
    assert [(one.version.number, one.met_on) for one in found.cycles] == [(1, day("2013-01-01")), (2, None)]
    assert found.hours.remaining == 200


def test_a_person_in_post_before_the_rule_begins_with_the_rule() -> None:
    found = stand([earn("2011-01-01", 100)], "2022-03-01", versions=[version("2022-02-08")])
    assert outline(found) == [("2022-02-08", "2027-02-08", "open", None)]
    assert opened(found.cycles) == [Code.OPENED_RULE]
    assert [line.code for line in found.lines] == [Code.BEFORE_FIRST_CYCLE]


def test_while_no_version_is_in_force_no_cycle_opens() -> None:
    versions = [version("2000-01-01", "2014-01-01"), version("2017-01-01", number=2)]
    outside = earn("2016-01-01", 100)
    found = stand([outside], "2018-01-01", versions=versions)
    assert outline(found) == [
        ("2010-05-01", "2015-05-01", "unmet", None),
        ("2017-01-01", "2022-01-01", "open", None),
    ]
    assert [line.code for line in found.lines] == [Code.OUTSIDE_CYCLES]


def test_a_break_in_employment_neither_stops_nor_restarts_the_clock() -> None:
    posts = [post("2010-05-01", "2011-01-01"), post("2014-01-01")]
    found = stand([], "2014-02-01", posts=posts)
    assert outline(found) == [("2010-05-01", "2015-05-01", "open", None)]
    assert (found.in_post, stand([], "2012-01-01", posts=posts).in_post) == (True, False)


def test_who_moves_is_bound_by_the_rules_of_the_new_place_from_the_move() -> None:
    posts = [post("2010-05-01", "2013-01-01"), post("2013-01-01", division_code="310117")]
    versions = [version(), version(standard_code="SJ", division_code="310117")]
    shanghai, yunnan = standing([], posts, versions, [], day("2013-02-01"))
    assert (shanghai.standard_code, shanghai.cycle.starts_on, shanghai.in_post) == (
        "SJ",
        day("2013-01-01"),
        True,
    )
    assert (yunnan.standard_code, yunnan.cycle.starts_on, yunnan.in_post) == ("YN", day("2010-05-01"), False)


def test_two_occupations_are_two_standards_on_one_ledger() -> None:
    posts = [post("2010-05-01"), post("2012-05-01", occupation="director")]
    versions = [version(), version(standard_code="YND", occupation="director", needed_minutes=50)]
    caregiver, director = standing([earn("2012-06-01", 60)], posts, versions, [], day("2012-06-02"))
    assert (caregiver.hours.counted, director.cycles[0].met_on) == (60, day("2012-06-01"))


def test_calendar_cycles_are_whole_years_for_everybody() -> None:
    rules = version("2021-01-01", anchor=Anchor.CALENDAR, cycle_years=1, certificate_years=None)
    entries = [earn("2021-02-01", 60), earn("2021-12-31", 40), earn("2022-01-01", 10)]
    found = stand(entries, "2022-06-01", posts=[post("2021-06-15")], versions=[rules])
    assert outline(found) == [
        ("2021-01-01", "2022-01-01", "met", "2021-12-31"),
        ("2022-01-01", "2023-01-01", "open", None),
    ]
    assert found.hours.counted == 10
    assert found.awards == ()


def test_calendar_cycles_of_several_years_are_counted_from_the_first_version() -> None:
    rules = version("2021-04-01", anchor=Anchor.CALENDAR, cycle_years=3, certificate_years=None)
    found = stand([], "2025-06-01", posts=[post("2025-05-01")], versions=[rules])
    assert outline(found) == [("2024-01-01", "2027-01-01", "open", None)]


def test_take_up_cycles_run_their_time_though_met() -> None:
    rules = version(anchor=Anchor.TAKE_UP)
    found = stand([earn("2011-01-01", 100), earn("2012-01-01", 30)], "2015-05-01", versions=[rules])
    assert outline(found) == [
        ("2010-05-01", "2015-05-01", "met", "2011-01-01"),
        ("2015-05-01", "2020-05-01", "open", None),
    ]
    assert [line.code for line in found.lines] == [Code.IN_CYCLE, Code.SURPLUS]


def test_entry_training_is_owed_once_and_never_closes() -> None:
    rules = version(anchor=Anchor.ENTRY, cycle_years=None, certificate_years=None)
    assert outline(stand([], "2040-01-01", versions=[rules])) == [("2010-05-01", None, "open", None)]
    found = stand([earn("2030-01-01", 100)], "2040-01-01", versions=[rules])
    assert outline(found) == [("2010-05-01", None, "met", "2030-01-01")]


def test_a_standard_of_yearly_duties_alone_demands_no_hours() -> None:
    rules = version(needed_minutes=0, certificate_years=None, yearly_duties=(YearlyDuty("health_check"),))
    found = stand([earn("2011-01-01", 10)], "2011-02-01", versions=[rules])
    assert outline(found) == [("2010-05-01", "2015-05-01", "met", "2010-05-01")]
    assert (found.awards, found.what_next) == ((), ())


def test_a_correction_counts_from_the_day_it_corrects() -> None:
    entries = [
        earn("2011-01-01", 90),
        adjust("2011-01-01", -30, recorded="2012-01-01"),
        earn("2011-06-01", 10),
    ]
    assert outline(stand(entries, "2011-07-01"))[0][3] == "2011-06-01"  # nobody knew yet
    assert outline(stand(entries, "2012-01-01"))[0][3] is None


def test_a_past_day_can_be_had_as_it_looked_and_as_it_is_known_now() -> None:
    late = earn("2011-01-01", 100, recorded="2011-03-01")
    assert stand([late], "2011-02-01").hours.counted == 0
    (line,) = stand([late], "2011-02-01", known_on=day("2011-03-01")).lines
    assert line.counted_minutes == 100
