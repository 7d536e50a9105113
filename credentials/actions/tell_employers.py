"""Every change of what a person may do reaches whoever employs her, as a task to acknowledge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from audit.acts import Actor, act, record
from core.days import day_of
from credentials.models import EmployerTask
from credentials.queries.impact import employers_of
from credentials.rules.answering import after_working_days
from registry.models import Person

WORKING_DAYS = 3


@act
def tell_employers(
    *, people: Sequence[Person], kind: str, source: str, by: Actor, at: datetime
) -> list[EmployerTask]:
    """One open task for each facility where one of `people` is in post now or will be.

    Due on the third working day. Telling the same thing twice is telling it once.
    """
    due_on = after_working_days(day_of(at), WORKING_DAYS) - timedelta(days=1)
    tasks = [
        EmployerTask(
            facility=facility,
            person=person,
            kind=EmployerTask.Kind(kind),
            source=source,
            raised_at=at,
            due_on=due_on,
        )
        for person in people
        for facility in employers_of(person, on=day_of(at))
    ]
    EmployerTask.objects.bulk_create(tasks, ignore_conflicts=True)
    for task in tasks:
        record(
            "credentials.tell_employer",
            subject=f"facility:{task.facility.public_id}",
            by=by,
            at=at,
            person=task.person.public_id,
            kind=kind,
            source=source,
        )
    return tasks
