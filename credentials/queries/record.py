"""Does the room hold what the record of acts says was done? Asked by night, of everything."""

from __future__ import annotations

from collections.abc import Iterator

from audit.models import Entry
from credentials.models import BanSubject, Certificate, StatusMark
from credentials.queries.proof import Problem
from registry.models import Exclusion
from registry.permissions import one_human

ISSUING = ("credentials.issue", "credentials.correct")
DECIDING = {
    "credentials.ban": BanSubject.State.BANNED,
    "credentials.dismiss_ban": BanSubject.State.DISMISSED,
    "credentials.overturn_ban": BanSubject.State.OVERTURNED,
}


def verify_all_acts() -> Iterator[Problem]:
    """Certificates, revocations and bans against the acts on record.

    Finds what a chain that was cut and joined again cannot tell: the rows outlive it, or it outlives them.
    Acts may go on meanwhile: of them, only those up to `known` must have left their rows.
    """
    known = Entry.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    yield from _certificates(known)
    yield from _revocations(known)
    yield from _bans(known)


def _certificates(known: int) -> Iterator[Problem]:
    columns = Certificate.objects.order_by("pk").values_list("number", "snapshot_sha256", "holder__public_id")
    rows = {number: (digest, holder) for number, digest, holder in columns.iterator(chunk_size=5000)}
    acts = Entry.objects.filter(act__in=ISSUING).values_list("sequence", "subject", "detail")
    for sequence, subject, detail in acts.iterator(chunk_size=5000):
        row = rows.pop(subject.removeprefix("certificate:"), None)
        if row is None:
            if sequence <= known:
                yield Problem(subject, "it was issued and is gone")
            continue
        digest, holder = row
        if digest != detail.get("snapshot"):
            yield Problem(subject, "it is not the one that was issued")
        if holder != detail.get("holder", holder):
            yield Problem(subject, "it was issued to another person")
    for number in rows:
        yield Problem(f"certificate:{number}", "no act on record issued it")


def _revocations(known: int) -> Iterator[Problem]:
    marks = StatusMark.objects.filter(kind=StatusMark.Kind.REVOKED)
    marked = set(marks.values_list("certificate__number", flat=True))
    acts = Entry.objects.filter(act="credentials.revoke", sequence__lte=known).order_by("subject")
    for subject in acts.values_list("subject", flat=True).distinct():
        if subject.removeprefix("certificate:") not in marked:
            yield Problem(subject, "it was revoked and its mark is gone")


def _bans(known: int) -> Iterator[Problem]:
    rows = list(BanSubject.objects.select_related("person__merged_into").order_by("pk"))
    still = Exclusion.objects.filter(kind=Exclusion.Kind.BAN, lifted_on=None)
    kept_out = set(still.values_list("source", "person_id"))
    acts = Entry.objects.filter(act__in=DECIDING).order_by("sequence")
    decided: dict[str, tuple[int, str]] = {}
    for sequence, subject, act in acts.values_list("sequence", "subject", "act"):
        decided[subject] = (sequence, DECIDING[act])  # the last one counts
    for row in rows:
        sequence, state = decided.pop(row.source, (0, BanSubject.State.PROPOSED))
        if sequence > known:
            continue
        if row.state != state:
            yield Problem(row.source, "its state is not what was last decided")
        elif state == BanSubject.State.BANNED and kept_out.isdisjoint(
            {(row.source, row.person_id), (row.source, one_human(row.person).pk)}
        ):
            yield Problem(row.source, "the banned person is not kept out")
    for subject, (sequence, _state) in decided.items():
        if sequence <= known:
            yield Problem(subject, "it was decided and is gone")
