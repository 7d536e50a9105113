"""The house shows itself: what lies where, and what points where. Each guard lists all who offend."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "audit", "registry", "credentials", "trainers", "lms", "oversight", "cms", "config")
FLOOR = {
    **{"core": 0, "audit": 1, "registry": 2, "credentials": 3, "trainers": 4, "lms": 5},
    **{"oversight": 6, "cms": 6},
}
LONGEST = 300
NAMELESS = {"utils.py", "helpers.py", "services.py", "mixins.py", "common.py", "misc.py", "base.py"}
WRITING = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
IMPURE = re.compile(r"^(django\.(db|http|shortcuts|urls)|core\.clock|audit)\b|\.models\b")

# A model whose factory has another name, or that comes about otherwise.
FACTORIES = {
    "registry.IdentityDocument": "person",
    "registry.StandardVersion": "standard",
    "credentials.StatusMark": "mark",
    "trainers.ExpertPool": "pool",
    "lms.QuizAttempt": "attempt",
    "lms.HourEntry": "hours",
    "lms.ContestStep": "contest",
}
BORN_OTHERWISE = {
    "audit.Entry": "only an act writes one",
    "audit.Work": "only an act owes one",
    "audit.ChainHead": "one row, made by the migration",
    "cms.CatalogueIndexPage": "one page, made by the migration",
    "cms.HomePage": "one page, made by the migration",
    "cms.ExpertPoolPage": "one page, made by the migration",
    "cms.NewsIndexPage": "one page, made by the migration",
    "cms.TextPage": "pages made by the migration",
}


def sources(*rooms: str, folder: str = "") -> list[Path]:
    return [
        path
        for room in rooms or ROOMS
        for path in sorted((ROOT / room / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_guard() -> None:
    assert len(sources()) > 200
    assert len(sources(folder="actions")) > 40
    assert len(list(_own_models())) > 40


def test_a_file_answers_one_question() -> None:
    assert [named(path) for path in sources() if path.name in NAMELESS] == []
    long = [named(path) for path in sources() if len(path.read_text().splitlines()) > LONGEST]
    assert long == [], "a file over 300 lines hides a second noun or verb"


def test_every_room_says_what_it_is() -> None:
    wrong = []
    for room in ROOMS:
        page = ROOT / room / "README.md"
        if not page.exists() or not 5 <= len(page.read_text().splitlines()) <= 40:
            wrong.append(room)
    assert wrong == [], "README.md of 5 to 40 lines: what it is, its words, its doors, what it is not"


def test_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    assert [page[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    assert len(pages) >= 5
    listed = (folder / "README.md").read_text()
    assert [page for page in pages if page not in listed] == []


def test_migrations_are_named() -> None:
    nameless = [named(path) for room in ROOMS for path in (ROOT / room).glob("migrations/0*_auto_*.py")]
    assert nameless == []


# ── what points where ───────────────────────────────────────────────────────


def test_the_floors_hold() -> None:
    answer = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


def _own_models() -> Iterator[type[models.Model]]:
    for room in FLOOR:
        if apps.is_installed(room):
            yield from apps.get_app_config(room).get_models()


def test_foreign_keys_point_down_only() -> None:
    """A string foreign key escapes the import contract; a reverse accessor would leak a room upward."""
    wrong, seen = [], 0
    for model in _own_models():
        own = model._meta.app_label
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            target = field.related_model
            if target is None or isinstance(target, str):
                continue
            room = target._meta.app_label
            if room == own or room not in FLOOR:
                continue
            seen += 1
            if FLOOR[room] >= FLOOR[own]:
                wrong.append(f"{model.__name__}.{field.name} points up")
            if field.remote_field.related_name != "+":  # type: ignore[union-attr]
                wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
    assert wrong == []
    assert seen > 30


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_rules_are_pure() -> None:
    """What follows from facts asks no database, no clock and no request."""
    paths = sources(folder="rules")
    assert len(paths) > 30
    wrong = [f"{named(path)}: {name}" for path in paths for name in _imports(path) if IMPURE.search(name)]
    assert wrong == []


def test_views_write_nothing_themselves() -> None:
    """A view understands, acts once through a door, and answers."""
    wrong = [
        f"{named(path)}:{node.lineno} {node.func.attr}"
        for path in sources(folder="views")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING
    ]
    assert wrong == []


# ── time ────────────────────────────────────────────────────────────────────


def test_only_the_clock_asks_the_time() -> None:
    """Everything else is handed its moment, so that any figure can be had as of any day."""
    forbidden = re.compile(
        r"\b(datetime\.(now|utcnow|today)|date\.today|timezone\.(now|localdate|localtime)|time\.time)\(|auto_now"
    )
    found = [
        f"{named(path)}:{number}"
        for path in sources()
        if named(path) != "core/clock.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


def test_only_faces_read_the_clock() -> None:
    """Rules and acts take their time as an argument."""
    found = [
        named(path)
        for folder in ("rules", "actions")
        for path in sources(folder=folder)
        if any(name.startswith("core.clock") for name in _imports(path))
    ]
    assert found == []


# ── acts ────────────────────────────────────────────────────────────────────


def _acts() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sources(folder="actions"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Name) and mark.id == "act" for mark in node.decorator_list
            ):
                yield f"{named(path)}:{node.name}", node


def test_an_act_is_keyword_only_handed_its_time_and_has_a_contract() -> None:
    wrong, seen = [], 0
    for name, node in _acts():
        seen += 1
        names = {argument.arg for argument in node.args.kwonlyargs}
        if node.args.args or node.args.posonlyargs or node.args.vararg:
            wrong.append(f"{name} takes positional arguments")
        if not {"by", "at"} <= names:
            wrong.append(f"{name} must name who acts (by) and when (at)")
        if not all(argument.annotation for argument in node.args.kwonlyargs) or node.returns is None:
            wrong.append(f"{name} is not typed")
        if not ast.get_docstring(node):
            wrong.append(f"{name} needs its contract")
    assert wrong == []
    assert seen > 50


# ── tests and words ─────────────────────────────────────────────────────────


def test_every_model_has_a_factory() -> None:
    known = {f"{model._meta.app_label}.{model.__name__}" for model in _own_models()}
    assert (set(FACTORIES) | set(BORN_OTHERWISE)) - known == set(), "these are gone"
    missing = []
    for name in sorted(known - set(BORN_OTHERWISE)):
        room, _, model = name.partition(".")
        function = FACTORIES.get(name) or re.sub(r"(?<!^)(?=[A-Z])", "_", model).lower()
        if not callable(getattr(importlib.import_module(f"tests.factories.{room}"), function, None)):
            missing.append(f"{name}: tests/factories/{room}.py has no {function}")
    assert missing == []


def test_every_room_speaks_chinese_and_its_words_are_compiled(tmp_path: Path) -> None:
    """Nothing untranslated, nothing fuzzy, and the .mo that is shipped is the .po that is read."""
    if not shutil.which("msgfmt"):
        if os.environ.get("CI") == "true":
            pytest.fail("CI must not skip: no gettext on this machine")
        pytest.skip("no gettext on this machine (Debian: apt-get install gettext)")
    wrong, seen = [], 0
    for source in sorted(ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po")):
        seen += 1
        made = tmp_path / f"{seen}.mo"
        answer = subprocess.run(
            ["msgfmt", "--check", "--statistics", "-o", str(made), str(source)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        if answer.returncode or "fuzzy" in answer.stderr or "untranslated" in answer.stderr:
            wrong.append(f"{named(source)}: {answer.stderr.strip()}")
        elif made.read_bytes() != source.with_suffix(".mo").read_bytes():
            wrong.append(f"{named(source)}: its .mo is another; make messages")
    assert wrong == []
    assert seen >= 6


def test_no_file_names_this_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pattern = re.compile(
        r"(?<![A-Za-z0-9_.])/(work|farm|root)/[A-Za-z0-9_.]|pypi\.org/simple|index-url\s*=\s*http"
    )
    unread = {".mo", ".otf", ".ttf", ".png", ".jpg", ".pdf", ".mp4", ".woff2"}
    found = [
        name
        for name in filter(None, listed.split("\n"))
        if (path := ROOT / name).suffix not in unread
        and path.is_file()
        and name != "tests/architecture/test_house.py"
        and pattern.search(path.read_text(errors="ignore"))
    ]
    assert found == []
