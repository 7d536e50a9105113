"""The desk asks Django's groups, which follow the duties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from registry.actions.sync_groups import sync_groups
from registry.models import Account


@pytest.fixture
def editor(editor: Account) -> Account:
    sync_groups(account=editor, on=date(2026, 3, 2))
    return editor


@pytest.fixture
def reviewer(reviewer: Account) -> Account:
    sync_groups(account=reviewer, on=date(2026, 3, 2))
    return reviewer


def posted(page: Any, **changes: Any) -> dict[str, Any]:
    """What the editor's browser sends for this course page."""
    data: dict[str, Any] = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "topic": page.topic,
        "category": page.category,
        "occupations": page.occupations,
        "language": page.language,
        "poster": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": "",
        **changes,
    }
    lessons = data.pop("lessons", None)
    if lessons is None:
        lessons = page.lessons.stream_block.get_prep_value(page.lessons)
    _children(data, "lessons", lessons)
    return data


def _children(data: dict[str, Any], prefix: str, items: list[dict[str, Any]]) -> None:
    data[f"{prefix}-count"] = len(items)
    for number, item in enumerate(items):
        here = f"{prefix}-{number}"
        data[f"{here}-deleted"], data[f"{here}-order"] = "", number
        data[f"{here}-id"], data[f"{here}-type"] = item["id"], item["type"]
        _value(data, f"{here}-value", item["value"])


def _value(data: dict[str, Any], prefix: str, value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            _value(data, f"{prefix}-{name}", part)
    elif isinstance(value, list):
        _children(data, prefix, value)
    elif value is True:
        data[prefix] = "on"
    elif value is not None and value is not False:
        data[prefix] = value
