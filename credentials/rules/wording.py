"""The words a certificate is printed with. They enter its snapshot: a later change leaves old ones alone."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import override

from credentials.rules.snapshot import HourLine
from registry.rules.topics import topic_name

TITLE = "托育服务人员培训合格证书"
TITLE_EN = "Certificate of Training for Childcare Staff"

OCCUPATIONS = {
    "director": ("机构负责人", "Director of a childcare facility"),
    "caregiver": ("保育人员", "Caregiver"),
    "health": ("卫生保健人员", "Health worker"),
    "security": ("安保人员", "Security guard"),
}

CATEGORIES = {
    "theory": "理论",
    "practice": "实践",
    "ethics": "职业道德",
    "online": "线上",
    "offline": "线下",
}
_TOPIC = "topic:"


def authority(province_name: str) -> str:
    """The department that issues: 云南省 → 云南省卫生健康委员会."""
    return f"{province_name}卫生健康委员会"


def hour_lines(breakdown: Mapping[str, int]) -> tuple[HourLine, ...]:
    """Lines in the order people expect: content, channel, then topics by name; empty ones left out."""
    order = {category: place for place, category in enumerate(CATEGORIES)}
    ranked = sorted(breakdown.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))
    return tuple(HourLine(category, _title(category), minutes) for category, minutes in ranked if minutes)


def citation(source: Mapping[str, object]) -> str:
    """The document a standard rests on, with its article where it names one."""
    document, article = str(source.get("document", "")), str(source.get("article", "") or "")
    return f"{document} {article}".strip()


def _title(category: str) -> str:
    """In Chinese, whatever language is active: it is printed, signed and stays."""
    with override("zh-hans"):
        return CATEGORIES.get(category) or topic_name(category.removeprefix(_TOPIC))
