"""Rooms share one catalogue at run time: the same English words have one Chinese form, and none is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTRY = re.compile(
    r'(?P<flags>(?:^#,.*\n)?)(?:^#.*\n)*'
    r'(?:^msgctxt (?P<context>(?:".*"\n)+))?^msgid (?P<msgid>(?:".*"\n)+)'
    r'(?:^msgid_plural (?:".*"\n)+)?^msgstr(?:\[0\])? (?P<msgstr>(?:".*"\n?)+)',
    re.MULTILINE,
)


def _text(quoted: str | None) -> str:
    return "".join(re.findall(r'"(.*)"', quoted or ""))


def entries() -> list[tuple[str, str, str, str]]:
    """(room, context, English, Chinese) of every catalogue."""
    return [
        (path.parts[-5], _text(found["context"]), _text(found["msgid"]), _text(found["msgstr"]))
        for path in sorted(ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
        for found in ENTRY.finditer(path.read_text())
        if _text(found["msgid"])
    ]


def test_every_string_has_its_chinese() -> None:
    rows = entries()
    assert len(rows) > 1000
    assert [(room, english) for room, _, english, chinese in rows if not chinese] == []


def test_the_same_words_have_one_form_in_all_rooms() -> None:
    """Two forms need a context (pgettext): otherwise the room listed first in the settings wins for all."""
    forms: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for room, context, english, chinese in entries():
        forms[context, english][chinese].append(room)
    clashes = {key: dict(found) for key, found in forms.items() if len(found) > 1}
    assert clashes == {}


def test_every_catalogue_is_compiled() -> None:
    for path in ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        compiled = path.with_suffix(".mo")
        assert compiled.exists(), compiled
