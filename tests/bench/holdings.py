"""The certificates of the bench's province: one issued through its door, the others written in its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.conf import settings

from audit.acts import System
from core.days import SHANGHAI, add_years
from core.ids import LENGTH, SYMBOLS
from credentials.actions import Order, issue_many
from credentials.models import Certificate, NumberSeries, StatusMark
from credentials.rules.number import LETTERS, format_number, series
from credentials.rules.snapshot import CertificateFacts
from credentials.signing import KeyRing
from registry.models import Division, Person, StandardVersion
from registry.rules.names import masked_name
from tests.bench.bulk import insert, next_key

BENCH = System("bench")
COUNTY = "530102"
BREAKDOWN = {"theory": 3600, "practice": 1800, "online": 3600, "offline": 1800}
EVIDENCE = {"lines": [{"entry": number, "minutes": 180} for number in range(30)]}
SURNAMES = "李王张杨段和普马赵周罗陈木刘何高沙字尹白"
GIVEN = "禾溪苗芽林川云雁竹梅春晓安宁月星泽清雨岚"


@dataclass(frozen=True, slots=True)
class Maker:
    """What every row needs."""

    random: Random
    now: datetime
    today: date

    def name(self) -> str:
        """Invented: a surname and two characters."""
        choice = self.random.choice
        return choice(SURNAMES) + choice(GIVEN) + choice(GIVEN)

    def public_id(self) -> str:
        return "".join(self.random.choices(SYMBOLS, k=LENGTH))


def caregivers() -> StandardVersion:
    return StandardVersion.objects.select_related("standard__division").get(
        standard__code="yunnan-caregivers", number=1
    )


def order(person: Person, today: date) -> Order:
    version = caregivers()
    return Order(
        holder=person,
        standard_version=version,
        division=Division.objects.get(code=COUNTY),
        cycle_starts_on=version.in_force_from,
        valid_from=today,
        valid_until=add_years(today, 5),
        minutes=5400,
        breakdown=BREAKDOWN,
        evidence=EVIDENCE,
    )


def issued(person: Person, make: Maker) -> Certificate:
    """Through the door, so that there is a key and a text to write the others by."""
    (certificate,) = issue_many(orders=[order(person, make.today)], by=BENCH, at=make.now)
    if not isinstance(certificate, Certificate):
        raise certificate
    return certificate


def certify(make: Maker, people: Sequence[int], pattern: Certificate) -> tuple[str, ...]:
    """One each: one in five has run out, one in fifty is revoked. The codes of 5,000, drawn at random."""
    codes: list[str] = []
    start = next_key(Certificate)
    serials: Counter[int] = Counter({make.today.year: 1})
    insert(Certificate, _certificates(make, people, pattern, start, codes, serials))
    for year, last in serials.items():
        prefix = series(province="53", year=year, letter=LETTERS["caregiver"])
        NumberSeries.objects.update_or_create(prefix=prefix, defaults={"last": last})
    revoked = make.random.sample(range(start, start + len(people)), len(people) // 50)
    mark = next_key(StatusMark)
    insert(
        StatusMark,
        (
            {
                "id": mark + place,
                "certificate_id": key,
                "kind": "revoked",
                "ground": "error",
                "reason": "",
                "source": "",
                "effective_on": make.today - timedelta(days=30),
                "recorded_at": make.now,
            }
            for place, key in enumerate(revoked)
        ),
    )
    return tuple(make.random.sample(codes, min(len(codes), 5000)))


def _certificates(
    make: Maker,
    people: Sequence[int],
    pattern: Certificate,
    start: int,
    codes: list[str],
    serials: Counter[int],
) -> Iterator[dict[str, object]]:
    random, signer = make.random, KeyRing(settings.KEY_FOLDER).current("credential")
    words = CertificateFacts.from_bytes(pattern.snapshot.encode())
    for key, person in enumerate(people, start):
        age = random.randrange(5 * 365 + 2, 6 * 365) if random.random() < 1 / 5 else random.randrange(1800)
        begins = make.today - timedelta(days=age)
        serials[begins.year] += 1
        name = make.name()
        number = format_number(province="53", year=begins.year, letter="B", serial=serials[begins.year])
        code = "".join(random.choices(SYMBOLS, k=len(words.verify_code)))
        codes.append(code)
        days = {"issued_on": begins, "valid_from": begins, "valid_until": add_years(begins, 5)}
        facts = replace(
            words, number=number, verify_code=code, holder_name=name, masked_name=masked_name(name),
            document_tail=f"{random.randrange(10_000):04d}", **days,
        )  # fmt: skip
        raw = facts.canonical_bytes()
        yield {
            "id": key,
            "public_id": make.public_id(),
            "number": number,
            "verify_code": code,
            "holder_id": person,
            "standard_version_id": pattern.standard_version_id,
            "standard_code": pattern.standard_code,
            "occupation": pattern.occupation,
            "division_id": pattern.division_id,
            "cycle_starts_on": pattern.cycle_starts_on,
            "edition": 1,
            **days,
            "issued_at": datetime.combine(begins, time(9), SHANGHAI).astimezone(UTC),
            "minutes": facts.minutes,
            "evidence": EVIDENCE,
            "snapshot": raw.decode(),
            "snapshot_sha256": facts.sha256,
            "kid": signer.kid,
            "signature": signer.sign(raw),
        }
