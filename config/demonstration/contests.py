"""Two contested lines of hours: one that waits for its county, one that was answered."""

from __future__ import annotations

from datetime import timedelta

from config.demonstration.world import BY, World
from lms.actions.contest import answer_contest, contest_line
from lms.actions.record_hours import record_hours
from lms.models import Contest, HourEntry
from lms.queries import standings_of


def contest_two(world: World) -> None:
    """`learner3` asks `wuhua`; `learner4` asked `dalishi`, who let the line stay as it is."""
    _contested(
        world,
        "learner3",
        title="线上自学：婴幼儿睡眠",
        words="我看完了全部视频，有截图可以证明。",
        days_ago=3,
    )
    answered = _contested(
        world, "learner4", title="园内自学小组", words="园长每周组织学习，有签到表。", days_ago=9
    )
    answer_contest(
        contest=answered,
        words="现行标准不计本人自报的学时。请由培训机构组织并签到，或提交带教记录。",
        remedy=None,
        by=world.accounts["dalishi"],
        at=world.at - timedelta(days=4),
    )


def _contested(world: World, username: str, *, title: str, words: str, days_ago: int) -> Contest:
    """A line that she reported herself, which the province's standard does not count."""
    account = world.accounts[username]
    assert account.person is not None
    at = world.at - timedelta(days=days_ago)
    line = record_hours(
        person=account.person,
        minutes=90,
        content=HourEntry.Content.THEORY,
        channel=HourEntry.Channel.ONLINE,
        topic="sleep",
        source_class=HourEntry.Source.SELF,
        happened_on=(at - timedelta(days=2)).date(),
        title=title,
        source_key=f"demonstration:contest:{username}",
        by=BY,
        at=at - timedelta(days=1),
    )
    standings = standings_of(account.person, world.today)
    code = next(where.standard_code for where in standings if where.in_post and where.hours.needed)
    return contest_line(entry=line, standard_code=code, words=words, by=account, at=at)
