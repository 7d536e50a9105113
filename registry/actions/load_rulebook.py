"""Take the rulebook's files into the table. What was published does not change; a change is a new version."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from audit.acts import System, act, record
from core.days import day_of
from core.refusals import Refused
from registry.models import Account, Division, Standard, StandardVersion
from registry.rules.amendment import SENTENCES, Objection, amended, objections
from registry.rules.rulebook import StandardText, VersionText, read_folder

STANDARDS = Path(__file__).resolve().parents[1] / "data" / "standards"


class RulebookRefused(Refused):
    """A file contradicts what was published; `details` name `standard`, `version` and `field`."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(objection.code, SENTENCES[objection.code], **dict(objection.details))
        self.objection = objection

    def __str__(self) -> str:
        return self.objection.words


@dataclass(frozen=True, slots=True)
class RulebookLoaded:
    """What was new, by name: `yunnan-caregivers@1`."""

    published: tuple[str, ...]
    ended: tuple[str, ...]
    unchanged: int


@act
def load_rulebook(*, by: Account | System, at: datetime, folder: Path = STANDARDS) -> RulebookLoaded:
    """Idempotent; all files or none. Of a published version only the missing end may be filled in, and
    what changes begins after the day of `at`.

    Raises UnknownKey, BadRulebook (also for a division that is not loaded, and for what contradicts a
    published standard that is in no file any more), RulebookRefused: standard_changed, version_changed,
    version_missing, begins_in_the_past, ends_in_the_past.
    """
    codes = set(Division.objects.values_list("code", flat=True))
    published: list[str] = []
    ended: list[str] = []
    unchanged = 0
    texts = read_folder(folder, divisions=codes)
    book = Standard.objects.texts()
    amended(book, texts)
    for objection in objections(book, texts, on=day_of(at)):
        raise RulebookRefused(objection)
    for text in texts:
        standard = _standard(text)
        known = {version.number: version for version in standard.versions.all()}
        for version in text.versions:
            name = f"{text.code}@{version.number}"
            row = known.get(version.number)
            if row is None:
                _publish(standard, text, version, at)
                published.append(name)
            elif row.in_force_until != version.in_force.until:
                row.in_force_until = version.in_force.until
                row.save(update_fields=["in_force_until"])
                ended.append(name)
            else:
                unchanged += 1
    if published or ended:
        record("registry.load_rulebook", subject="rulebook", by=by, at=at, published=published, ended=ended)
    return RulebookLoaded(tuple(published), tuple(ended), unchanged)


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
