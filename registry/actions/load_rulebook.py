"""Take the rulebook's files into the table. What was published does not change; a change is a new version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.acts import System, act, record
from core.days import Period
from core.refusals import Refused
from registry.models import Account, Division, Standard, StandardVersion
from registry.rules.rulebook import Citation, StandardText, VersionText, check_together, read_folder

STANDARDS = Path(__file__).resolve().parents[1] / "data" / "standards"

SENTENCES: dict[str, Promise | str] = {
    "standard_changed": _("A published standard keeps its division and occupation: write another one."),
    "version_changed": _("A published version does not change: end it and write the next version."),
    "version_missing": _("A published version is missing in the file. Published versions stay."),
}


class RulebookRefused(Refused):
    """A file contradicts what was published; `details` name `standard`, `version` and `field`."""

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code, SENTENCES[code], **details)

    def __str__(self) -> str:
        return f"{self.message} ({', '.join(f'{key}: {value}' for key, value in self.details.items())})"


@dataclass(frozen=True, slots=True)
class RulebookLoaded:
    """What was new, by name: `yunnan-caregivers@1`."""

    published: tuple[str, ...]
    ended: tuple[str, ...]
    unchanged: int


@act
def load_rulebook(*, by: Account | System, at: datetime, folder: Path = STANDARDS) -> RulebookLoaded:
    """Idempotent; all files or none. Of a published version only the missing end may be filled in.

    Raises UnknownKey, BadRulebook (also for a division that is not loaded, and for what contradicts a
    published standard that is in no file any more), RulebookRefused: standard_changed, version_changed,
    version_missing.
    """
    codes = set(Division.objects.values_list("code", flat=True))
    published: list[str] = []
    ended: list[str] = []
    unchanged = 0
    texts = read_folder(folder, divisions=codes)
    check_together([*texts, *_in_no_file({text.code for text in texts})])
    for text in texts:
        standard = _standard(text)
        known = {version.number: version for version in standard.versions.all()}
        missing = sorted(known.keys() - {version.number for version in text.versions})
        if missing:
            raise RulebookRefused("version_missing", standard=text.code, version=missing[0])
        for version in text.versions:
            name = f"{text.code}@{version.number}"
            row = known.get(version.number)
            if row is None:
                _publish(standard, text, version, at)
                published.append(name)
            elif _ends_now(row, version, text.code):
                ended.append(name)
            else:
                unchanged += 1
    if published or ended:
        record("registry.load_rulebook", subject="rulebook", by=by, at=at, published=published, ended=ended)
    return RulebookLoaded(tuple(published), tuple(ended), unchanged)


def _in_no_file(codes: Collection[str]) -> list[StandardText]:
    """What was published and whose file is gone or bears another code: it is still in force."""
    return [
        StandardText(
            code=standard.code,
            title=standard.title,
            title_en=standard.title_en,
            division_code=standard.division_id,
            occupation=standard.occupation,
            versions=tuple(
                VersionText(
                    version.number,
                    Period(version.in_force_from, version.in_force_until),
                    Citation(**version.citation),
                    version.rules,
                )
                for version in standard.versions.all()
            ),
            source_sha256="",
        )
        for standard in Standard.objects.exclude(code__in=codes).prefetch_related("versions")
    ]


def _standard(text: StandardText) -> Standard:
    standard, _is_new = Standard.objects.get_or_create(
        code=text.code,
        defaults={
            "division_id": text.division_code,
            "occupation": text.occupation,
            "title": text.title,
            "title_en": text.title_en,
        },
    )
    for field in ("division_id", "occupation"):
        if getattr(standard, field) != getattr(text, field.replace("_id", "_code")):
            raise RulebookRefused("standard_changed", standard=text.code, field=field)
    if (standard.title, standard.title_en) != (text.title, text.title_en):
        standard.title, standard.title_en = text.title, text.title_en
        standard.save(update_fields=["title", "title_en"])
    return standard


def _publish(standard: Standard, text: StandardText, version: VersionText, at: datetime) -> None:
    StandardVersion.objects.create(
        standard=standard,
        number=version.number,
        in_force_from=version.in_force.starts_on,
        in_force_until=version.in_force.until,
        rules_json=version.rules.as_json(),
        citation=asdict(version.citation),
        source_sha256=text.source_sha256,
        loaded_at=at,
    )


def _ends_now(row: StandardVersion, version: VersionText, code: str) -> bool:
    """True if the end was filled in; RulebookRefused if anything else differs."""
    until = version.in_force.until
    differences = {
        "in_force_from": row.in_force_from != version.in_force.starts_on,
        "rules": row.rules != version.rules,
        "citation": row.citation != asdict(version.citation),
        "in_force_until": row.in_force_until is not None and row.in_force_until != until,
    }
    for field, differs in differences.items():
        if differs:
            raise RulebookRefused("version_changed", standard=code, version=row.number, field=field)
    if row.in_force_until == until:
        return False
    row.in_force_until = until
    row.save(update_fields=["in_force_until"])
    return True
