"""The rulebook: standards as files, each version dated, cited and in class hours.

`registry/data/standards/<region>.toml` is written and read by people, so it counts in class hours
(学时); here they become minutes, by the version's own `class_hour_minutes`. A key that this release does
not understand is refused by name: a rule half understood is a wrong rule. docs/rules/standards.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import TypeVar

from core.days import Period
from registry.rules.divisions import BadDivision, check
from registry.rules.standard import (
    CHANNEL,
    CONTENT,
    TOPIC_PREFIX,
    Anchor,
    Audience,
    CategoryRule,
    Occupation,
    SourceClass,
    StandardRules,
    YearlyDuty,
)
from registry.rules.strict_toml import BadRulebook, Node, read_toml

Choice = TypeVar("Choice", bound=StrEnum)

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a version comes from: the document, its article, its words, the fact's id in policy-facts."""

    document: str
    article: str
    words: str
    fact: str


@dataclass(frozen=True, slots=True)
class VersionText:
    """What a standard demands from a day until a day."""

    number: int
    in_force: Period
    citation: Citation
    rules: StandardRules


@dataclass(frozen=True, slots=True)
class StandardText:
    """One standard for one occupation (or audience of duties) in one division, with all its versions.

    A file that names several occupations gives one standard for each, `code` ending in the occupation.
    """

    code: str
    title: str
    title_en: str
    division_code: str
    occupation: str
    versions: tuple[VersionText, ...]
    source_sha256: str

    def in_force_on(self, day: date) -> VersionText | None:
        """The version of that day; None before the first, after the last and in a gap."""
        return next((version for version in self.versions if day in version.in_force), None)


def parse(toml_text: str, name: str, *, divisions: Collection[str] | None = None) -> list[StandardText]:
    """The standards of one file; `name` stands in the errors.

    Raises UnknownKey for a key this release does not know; BadRulebook for a missing citation, versions
    that overlap, a division that is not in `divisions` (if given) or rules that contradict themselves.
    """
    root = read_toml(toml_text, name)
    digest = hashlib.sha256(toml_text.encode()).hexdigest()
    standards = [
        standard for node in root.tables("standards") for standard in _standards(node, divisions, digest)
    ]
    root.done()
    if not standards:
        raise BadRulebook(f"{name} holds no standard")
    return standards


def read_folder(folder: Path, *, divisions: Collection[str] | None = None) -> list[StandardText]:
    """All standards of all files of a folder, checked together. Raises as `parse` and `check_together`."""
    standards = [
        standard
        for path in sorted(folder.glob("*.toml"))
        for standard in parse(path.read_text(encoding="utf-8"), path.name, divisions=divisions)
    ]
    check_together(standards)
    return standards


def check_together(standards: Iterable[StandardText]) -> None:
    """Two standards must not share a code, nor demand the same kind of thing of the same people at once.

    Duties add up and may meet; hours and targets do not, for nobody could say which one counts.
    Raises BadRulebook.
    """
    codes: set[str] = set()
    demands: list[tuple[tuple[str, str, str], Period, str]] = []
    for standard in standards:
        if standard.code in codes:
            raise BadRulebook(f"two standards have the code {standard.code}")
        codes.add(standard.code)
        for version in standard.versions:
            for kind in _exclusive_kinds(version.rules):
                key = (standard.division_code, standard.occupation, kind)
                for other, in_force, code in demands:
                    if other == key and code != standard.code and in_force.overlaps(version.in_force):
                        raise BadRulebook(f"{code} and {standard.code} both name {kind} at the same time")
                demands.append((key, version.in_force, standard.code))


def _exclusive_kinds(rules: StandardRules) -> list[str]:
    kinds = {"hours": rules.needed_minutes > 0, "a target": rules.target_rate_percent is not None}
    return [kind for kind, named in kinds.items() if named]


def _standards(node: Node, divisions: Collection[str] | None, digest: str) -> list[StandardText]:
    code = _slug(node, "code")
    title, title_en = node.words("title"), node.words("title_en")
    division = node.words("division")
    try:
        check(division)
    except BadDivision:
        raise BadRulebook(f"{node.place}.division: {division} is no division code") from None
    if divisions is not None and division not in divisions:
        raise BadRulebook(f"{node.place}.division: {division} is not in the table of divisions")
    occupations = node.texts("occupations")
    if not occupations or len(set(occupations)) < len(occupations):
        raise BadRulebook(f"{node.place}.occupations must name each occupation once")
    known = {*Occupation, *Audience}
    for occupation in occupations:
        if occupation not in known:
            raise BadRulebook(f"{node.place}.occupations: {occupation} is unknown")
    versions = _versions(node)
    if set(occupations) & set(Audience) and any(version.rules.needed_minutes for version in versions):
        raise BadRulebook(f"{node.place}: hours are demanded of occupations only, not of {occupations}")
    node.done()
    return [
        StandardText(
            code if len(occupations) == 1 else f"{code}-{occupation}",
            title,
            title_en,
            division,
            occupation,
            versions,
            digest,
        )
        for occupation in occupations
    ]


def _versions(node: Node) -> tuple[VersionText, ...]:
    versions = [_version(child) for child in node.tables("versions")]
    if [version.number for version in versions] != list(range(1, len(versions) + 1)) or not versions:
        raise BadRulebook(f"{node.place}.versions must be numbered 1, 2, 3 …")
    for earlier, later in pairwise(versions):
        if later.in_force.starts_on <= earlier.in_force.starts_on or earlier.in_force.overlaps(
            later.in_force
        ):
            raise BadRulebook(f"{node.place}: versions {earlier.number} and {later.number} overlap")
    return tuple(versions)


def _version(node: Node) -> VersionText:
    number = node.take("number", int)
    starts_on, until = node.take("in_force_from", date), node.maybe("in_force_until", date)
    if until is not None and until <= starts_on:
        raise BadRulebook(f"{node.place}.in_force_until must come after in_force_from")
    source = node.table("citation")
    citation = Citation(*(source.words(key) for key in ("document", "article", "words", "fact")))
    source.done()
    rules = _rules(node.table("rules"))
    node.done()
    return VersionText(number, Period(starts_on, until), citation, rules)


def _rules(node: Node) -> StandardRules:
    hour = node.count("class_hour_minutes", 45, 1, 120) or 45
    needed = (node.count("needed_class_hours", 0, 0, 10_000) or 0) * hour
    categories = tuple(_category(child, hour) for child in node.tables("categories"))
    sources = node.texts("counted_sources")
    anchor = node.maybe("anchor", str)
    rules = StandardRules(
        class_hour_minutes=hour,
        needed_minutes=needed,
        categories=categories,
        anchor=_member(node, "anchor", Anchor, anchor) if anchor else Anchor.TAKE_UP,
        cycle_years=node.count("cycle_years", None, 1, 50),
        certificate_years=node.count("certificate_years", None, 1, 50),
        counted_sources=tuple(_member(node, "counted_sources", SourceClass, name) for name in sources)
        or StandardRules().counted_sources,
        carry_over=node.take_or("carry_over", bool, False),
        yearly_duties=tuple(_duty(child) for child in node.tables("yearly_duties")),
        entry_duties=tuple(_demand_slug(node, "entry_duties", name) for name in node.texts("entry_duties")),
        target_rate_percent=node.count("target_rate_percent", None, 1, 100),
        ban_answer_working_days=node.count("ban_answer_working_days", 10, 1, 365) or 10,
        contest_answer_working_days=node.count("contest_answer_working_days", 20, 1, 365) or 20,
    )
    node.done()
    _demand_sense(node, rules, anchor)
    return rules


def _demand_sense(node: Node, rules: StandardRules, anchor: str | None) -> None:
    """Refuse rules whose parts contradict each other."""
    names = [category.category for category in rules.categories]
    problems = {
        "a standard demands something: hours, duties or a target": not (
            rules.needed_minutes
            or rules.yearly_duties
            or rules.entry_duties
            or rules.target_rate_percent is not None
        ),
        "hours need an anchor": bool(rules.needed_minutes) and anchor is None,
        "only hours have a cycle, a certificate and categories": not rules.needed_minutes
        and bool(rules.cycle_years or rules.certificate_years or names),
        "every anchor but entry needs cycle_years": bool(rules.needed_minutes)
        and (rules.cycle_years is None) is not (rules.anchor is Anchor.ENTRY),
        "the anchor certificate needs certificate_years": bool(rules.needed_minutes)
        and rules.anchor is Anchor.CERTIFICATE
        and rules.certificate_years is None,
        "a category stands there twice": len(set(names)) < len(names),
        "the caps of one axis leave no way to the whole": any(
            _most(rules, axis) < rules.needed_minutes for axis in (CONTENT, CHANNEL)
        ),
        "the minimums of one axis are more than the whole": any(
            sum(c.minimum_minutes for c in rules.categories if c.category in axis) > rules.needed_minutes
            for axis in (CONTENT, CHANNEL)
        ),
    }
    for problem, is_there in problems.items():
        if is_there:
            raise BadRulebook(f"{node.place}: {problem}")


def _most(rules: StandardRules, axis: tuple[str, ...]) -> float:
    """How many minutes can count at most: each line bears one category of the axis."""
    caps = {row.category: row.cap_minutes for row in rules.categories}
    return sum(inf if (cap := caps.get(name)) is None else cap for name in axis)


def _category(node: Node, hour: int) -> CategoryRule:
    name = node.words("category")
    topic = name.removeprefix(TOPIC_PREFIX)
    if name not in (*CONTENT, *CHANNEL) and (topic == name or not _SLUG.fullmatch(topic)):
        raise BadRulebook(f"{node.place}.category: {name} is unknown")
    minimum = node.count("needed_class_hours", 0, 0, 10_000) or 0
    cap = node.count("cap_class_hours", None, 1, 10_000)
    node.done()
    if cap is not None and cap < minimum:
        raise BadRulebook(f"{node.place}: cap_class_hours is less than needed_class_hours")
    return CategoryRule(name, minimum * hour, None if cap is None else cap * hour)


def _duty(node: Node) -> YearlyDuty:
    kind = _slug(node, "kind")
    months, times = node.count("every_months", 12, 1, 120), node.count("times", 1, 1, 100)
    by_authority = node.take_or("by_authority", bool, False)
    node.done()
    return YearlyDuty(kind, months or 12, times or 1, by_authority)


def _slug(node: Node, key: str) -> str:
    return _demand_slug(node, key, node.words(key))


def _demand_slug(node: Node, key: str, text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise BadRulebook(f"{node.place}.{key}: {text!r} must be lower-case letters, digits, - and _")
    return text


def _member(node: Node, key: str, kind: type[Choice], value: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise BadRulebook(f"{node.place}.{key}: {value} is unknown; known are {known}") from None
