"""Time to answer, counted in working days.

Saturdays and Sundays do not count. Public holidays and the working weekends that make up for them
are announced each year by the State Council and are not known here: on a holiday the
count runs on, so a period over the Spring Festival is set longer by the officer who serves the notice.
"""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def after_working_days(day: date, count: int) -> date:
    """The first day after `count` whole working days that follow `day`.

    A notice served on Monday with ten working days may be answered until the Monday after next,
    that day included; this gives the Tuesday. Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    last = day
    for _ in range(count):
        last += timedelta(days=1)
        while last.weekday() >= SATURDAY:
            last += timedelta(days=1)
    return last + timedelta(days=1)
