"""Does the ledger add up, and is it the one that was written? Asked by night, of everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audit.models import Entry as Act
from core.days import day_of
from credentials.models import Certificate
from lms.models import ContestStep, CourseVersion, DutyRecord, HourEntry, WatchedInterval
from lms.rules.course import CourseDraft
from lms.rules.seal import SEALED, SEALED_DUTY, SEALED_STEP, seal
from registry.models import StandardVersion
from registry.permissions import one_human
from registry.queries import humans

MANY = "lms.record_many"
DUTY, STEP = "duty:", "contest-step:"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not add up."""

    subject: str
    why: str


def verify_all_ledgers() -> Iterator[Problem]:
    """Lines, duties and contests against the acts that wrote them, certificates against the lines they
    name, reversals, credited real time, frozen content. Yields nothing when all is well."""
    yield from _lines_and_acts()
    yield from _sealed_alone(DutyRecord, SEALED_DUTY, DUTY)
    yield from _sealed_alone(ContestStep, SEALED_STEP, STEP)
    yield from _certificates()
    yield from _reversals()
    yield from _frozen_content()
    yield from _real_time()


def _lines_and_acts() -> Iterator[Problem]:
    """Every line was written by one act on record, and says what it said then."""
    known = Act.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    newest = HourEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    single: dict[str, tuple[int, str]] = {}
    spans: list[tuple[int, int, str]] = []
    acts = Act.objects.filter(act__startswith="lms.", detail__has_key="seal").order_by("sequence")
    acts = acts.exclude(subject__startswith=DUTY).exclude(subject__startswith=STEP)
    for sequence, act, subject, detail in acts.values_list("sequence", "act", "subject", "detail").iterator(
        chunk_size=5000
    ):
        if act == MANY:
            spans.append((detail["first"], detail["last"], detail["seal"]))
        else:
            single[subject.removeprefix("entry:")] = (sequence, detail["seal"])
    spans.sort()
    lines = HourEntry.objects.order_by("pk").values_list("pk", *SEALED).iterator(chunk_size=5000)
    line = next(lines, None)
    for first, last, expected in spans:
        while line is not None and line[0] < first:
            yield from _one(line, single, newest)
            line = next(lines, None)
        found: list[tuple[Any, ...]] = []
        while line is not None and line[0] <= last:
            found.append(line[1:])
            line = next(lines, None)
        if seal(found) != expected:
            yield Problem(f"entries:{first}-{last}", "are not the lines that were recorded together")
    while line is not None:
        yield from _one(line, single, newest)
        line = next(lines, None)
    for public_id, (sequence, _seal) in single.items():
        if sequence <= known:
            yield Problem(f"entry:{public_id}", "it was recorded and is gone")


def _one(line: tuple[Any, ...], single: dict[str, tuple[int, str]], newest: int) -> Iterator[Problem]:
    pk, public_id = line[:2]
    written = single.pop(public_id, None)
    if written is None:
        if pk <= newest:
            yield Problem(f"entry:{public_id}", "no act on record wrote it")
    elif seal([line[1:]]) != written[1]:
        yield Problem(f"entry:{public_id}", "it does not say what was recorded")


def _sealed_alone(
    model: type[DutyRecord | ContestStep], sealed: tuple[str, ...], prefix: str
) -> Iterator[Problem]:
    """Every row was written by one act on record, which names it, and says what it said then."""
    known = Act.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    rows: Any = model._default_manager
    newest = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    acts = Act.objects.filter(act__startswith="lms.", subject__startswith=prefix)
    written = {
        subject: (sequence, detail["seal"])
        for sequence, subject, detail in acts.values_list("sequence", "subject", "detail").iterator(
            chunk_size=5000
        )
    }
    for line in rows.order_by("pk").values_list("pk", *sealed).iterator(chunk_size=5000):
        subject = f"{prefix}{line[1]}"
        act = written.pop(subject, None)
        if act is None:
            if line[0] <= newest:
                yield Problem(subject, "no act on record wrote it")
        elif seal([line[1:]]) != act[1]:
            yield Problem(subject, "it does not say what was recorded")
    for subject, (sequence, _seal) in written.items():
        if sequence <= known:
            yield Problem(subject, "it was recorded and is gone")


def _certificates() -> Iterator[Problem]:
    """Each certificate from its evidence: the lines it names, and the rule of its version."""
    needed = {
        (version.standard.code, version.number): version.rules.needed_minutes
        for version in StandardVersion.objects.select_related("standard")
    }
    rows = Certificate.objects.select_related("holder__merged_into").order_by("pk")
    for certificate in rows.iterator(chunk_size=1000):
        evidence = certificate.evidence
        if "lines" not in evidence or "corrects" in evidence:
            continue  # earned elsewhere, or an officer's correction of one that was checked
        for why in _unearned(certificate, evidence, needed):
            yield Problem(f"certificate:{certificate.number}", why)


def _unearned(
    certificate: Certificate, evidence: dict[str, Any], needed: dict[tuple[str, int], int]
) -> Iterator[str]:
    counted = {line["entry"]: line["minutes"] for line in evidence["lines"]}
    lines = {
        pk: (minutes, person_id, recorded_at)
        for pk, minutes, person_id, recorded_at in HourEntry.objects.filter(pk__in=counted).values_list(
            "pk", "minutes", "person_id", "recorded_at"
        )
    }
    owners = set(humans([certificate.holder_id], day_of(certificate.issued_at)))
    owners |= {one_human(certificate.holder).pk}
    for pk, minutes in counted.items():
        found = lines.get(pk)
        if found is None:
            yield f"it names line {pk}, which does not exist"
        elif found[1] not in owners:
            yield f"it names line {pk}, which is somebody else's"
        elif not (0 < minutes <= found[0] or minutes == found[0]):  # a correction counts in full
            yield f"it counts {minutes} minutes of line {pk}, which has {found[0]}"
        elif found[2] > certificate.issued_at:
            yield f"it names line {pk}, which was recorded after it"
    total = sum(counted.values())
    if total != certificate.minutes or total != evidence["counted_minutes"]:
        yield f"its lines make {total} minutes, it says {certificate.minutes}"
    rule = needed.get((evidence["standard"], evidence["version"]))
    if rule is None or total + evidence.get("carried_minutes", 0) < rule:
        yield f"its lines make {total} minutes, its rule needs {rule}"


def _reversals() -> Iterator[Problem]:
    for reversal in HourEntry.objects.filter(kind="reverse").select_related("reverses"):
        assert reversal.reverses is not None
        if (
            reversal.minutes != -reversal.reverses.minutes
            or reversal.person_id != reversal.reverses.person_id
        ):
            yield Problem(f"entry:{reversal.public_id}", "does not cancel what it reverses")


def _frozen_content() -> Iterator[Problem]:
    for version in CourseVersion.objects.all():
        if CourseDraft.from_json(version.content).sha256() != version.content_sha256:
            yield Problem(f"course-version:{version.public_id}", "content was changed after it was frozen")


def _real_time() -> Iterator[Problem]:
    """No two credits of one person lie in the same real time."""
    person, end = None, 0
    spans = WatchedInterval.objects.order_by("enrolment__person_id", "began_ms", "ended_ms").values_list(
        "enrolment__person_id", "began_ms", "ended_ms", "pk"
    )
    for owner, began, ended, pk in spans.iterator(chunk_size=5000):
        if owner != person:
            person, end = owner, 0
        if began < end:
            yield Problem(f"interval:{pk}", "overlaps another one of the same person in real time")
        end = max(end, ended)
