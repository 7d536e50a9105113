"""Rooms share one catalogue at run time: the same English has one Chinese form, and none is missing."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from gettext import GNUTranslations
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "cms", "config", "core", "credentials", "lms", "oversight", "registry", "trainers")
FRAMEWORKS = ("django", "wagtail", "allauth", "taggit")
Key = tuple[str, str]  # (context, English)

# A framework's word that ours replaces on its pages too, with the reason why it may.
REPLACED = {
    "(optional)": "says the same",
    "Account": "says the same",
    "Field": "the desk shows no database fields",
    "From": "we do not install the redirects",
    "Go back": "says the same",
    "Name": "the frameworks' lists of groups and collections are read by administrators alone",
    "Next": "says the same",
    "Note": "the framework's pages that have it are replaced by ours",
    "Phone": "says the same",
    "Previous": "says the same",
    "Show": "says the same",
    "Tasks": "says the same",
    "This field is required.": "the frameworks say it in three ways; ours asks",
    "Today": "says the same",
    "today": "no template uses the filter that has it",
}
ENTRY = re.compile(
    r"(?P<flags>(?:^#,.*\n)?)(?:^#.*\n)*"
    r'(?:^msgctxt (?P<context>(?:".*"\n)+))?^msgid (?P<msgid>(?:".*"\n)+)'
    r'(?:^msgid_plural (?:".*"\n)+)?^msgstr(?:\[0\])? (?P<msgstr>(?:".*"\n?)+)',
    re.MULTILINE,
)


def _text(quoted: str | None) -> str:
    return "".join(re.findall(r'"(.*)"', quoted or ""))


LITERAL = r"(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
TAG = re.compile(
    rf"\b(?P<context>n?p)?(?:n?gettext|_)\(u?(?P<first>{LITERAL})(?:,\s*u?(?P<second>{LITERAL}))?"
)


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
    for path in sorted(ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")):
        room = path.parts[-5]
        written = {
            (context, english): chinese for name, context, english, chinese in entries() if name == room
        }
        with path.with_suffix(".mo").open("rb") as file:
            assert dict(compiled(file)) == written, room


def _quoted(english: str) -> str:
    """As a catalogue writes it."""
    return english.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def in_template(source: str) -> Iterator[Key]:
    """What a template asks for: its tags and `_("…")` as Django reads them, not the rest."""
    for found in TAG.finditer(templatize(source)):
        first, second = (ast.literal_eval(found[part]) if found[part] else "" for part in ("first", "second"))
        yield (first, second) if found["context"] else ("", first)


def in_module(source: str) -> Iterator[Key]:
    """What a module asks for, under whatever name it imports gettext."""
    tree = ast.parse(source)
    asked = {
        alias.asname or alias.name: "pgettext" in alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    constants = {  # N = "navigation"
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in asked:
            words = [
                constants.get(part.id) if isinstance(part, ast.Name) else getattr(part, "value", None)
                for part in node.args[:2]
            ]
            has_context = asked[node.func.id]
            key = (words[0], words[1]) if has_context else ("", words[0])
            if all(isinstance(word, str) for word in key):
                yield key  # type: ignore[misc]


def asked_for() -> Iterator[tuple[str, Key]]:
    """(file, key) of every string that the rooms hand to gettext."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            read = {".py": in_module, ".html": in_template, ".txt": in_template}.get(path.suffix)
            if read is not None and (path.suffix == ".py" or "templates" in path.parts):
                for key in read(path.read_text()):
                    yield str(path.relative_to(ROOT)), key


def compiled(file: BinaryIO) -> Iterator[tuple[Key, str]]:
    """(key, Chinese), written as in a catalogue."""
    catalogue: dict[str | tuple[str, int], str] = vars(GNUTranslations(file))["_catalog"]
    for phrase, chinese in catalogue.items():
        context, _, english = (phrase if isinstance(phrase, str) else phrase[0]).rpartition("\x04")
        if english:
            yield (context, _quoted(english)), _quoted(chinese)


def framework_forms() -> dict[Key, set[str]]:
    forms: dict[Key, set[str]] = defaultdict(set)
    for framework in FRAMEWORKS:
        spec = find_spec(framework)
        assert spec is not None
        assert spec.origin is not None
        for path in Path(spec.origin).parent.rglob("locale/zh_Hans/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                for key, chinese in compiled(file):
                    forms[key].add(chinese)
    return forms


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ('{% load i18n %}<p>{% translate "Day" %}</p>', [("", "Day")]),
        ('{% load i18n %}{% translate "Day" context "shift" as day %}', [("shift", "Day")]),
        ("{% load i18n %}{% blocktranslate with n=1 %}of {{ n }}{% endblocktranslate %}", [("", "of %(n)s")]),
        (
            '{% load i18n %}{% blocktrans count n=x context "c" %}one{% plural %}{{ n }}{% endblocktrans %}',
            [("c", "one")],
        ),
        ('{% status "done" label=_("Right, and \'so\'") %}', [("", "Right, and 'so'")]),
    ],
)
def test_reading_a_template_finds_what_it_asks_for(source: str, keys: list[Key]) -> None:
    assert list(in_template(source)) == keys


def test_reading_a_module_finds_what_it_asks_for() -> None:
    source = (
        "from django.utils.translation import gettext_lazy as _, npgettext, pgettext_lazy as p\n"
        'N = "place"\n'
        'words = [_("Day"), p(N, "Day"), npgettext("c", "one", "many", 2), other("None"), _(variable)]\n'
    )
    assert list(in_module(source)) == [("", "Day"), ("place", "Day"), ("c", "one")]


def test_whatever_a_page_says_has_its_chinese() -> None:
    known = {(context, english) for _, context, english, _ in entries()} | framework_forms().keys()
    rows = [(path, (context, _quoted(english))) for path, (context, english) in asked_for() if english]
    assert len(rows) > 1500
    assert sorted({(path, key) for path, key in rows if key not in known}) == []


def test_our_words_replace_a_frameworks_only_with_a_reason() -> None:
    """All catalogues are one, ours goes first: our "Document" would rename those of the authoring desk."""
    theirs = framework_forms()
    replaced = {
        english
        for _, context, english, chinese in entries()
        if (key := (context, english)) in theirs and chinese not in theirs[key]
    }
    assert replaced == REPLACED.keys()
