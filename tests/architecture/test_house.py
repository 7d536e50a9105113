"""The house shows itself: what lies where, and what points where."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "audit", "registry", "credentials", "trainers", "lms", "oversight", "cms", "config")
FLOOR = {"core": 0, "audit": 1, "registry": 2, "credentials": 3, "trainers": 4, "lms": 5, "oversight": 6, "cms": 6}
LONGEST = 300
NAMELESS = {"utils.py", "helpers.py", "services.py", "mixins.py", "common.py", "misc.py"}


def sources(*rooms: str) -> list[Path]:
    return [
        path
        for room in rooms or ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_there_is_something_to_guard() -> None:
    assert len(sources()) > 100


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_answers_one_question(path: Path) -> None:
    assert path.name not in NAMELESS
    assert len(path.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is(room: str) -> None:
    text = (ROOT / room / "README.md").read_text()
    assert 5 <= len(text.splitlines()) <= 60


def _own_models() -> Iterator[type[models.Model]]:
    for room in FLOOR:
        if apps.is_installed(room):
            yield from apps.get_app_config(room).get_models()


@pytest.mark.parametrize("model", list(_own_models()), ids=lambda model: model.__name__)
def test_foreign_keys_point_down_only(model: type[models.Model]) -> None:
    """A string foreign key escapes the import contract; a reverse accessor would leak a room upward."""
    own = FLOOR[model._meta.app_label]
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if not isinstance(field, models.ForeignKey) or target is None:
            continue
        if field.model is not model:  # a page inherits Wagtail's foreign keys; they are not ours to name
            continue
        label = target._meta.app_label
        if label == model._meta.app_label or label not in FLOOR:
            continue
        assert FLOOR[label] < own, f"{model.__name__}.{field.name} points up"
        assert field.remote_field.related_name == "+", f"{model.__name__}.{field.name} needs related_name='+'"


def test_only_the_clock_asks_the_time() -> None:
    """Everything else is handed its moment, so that any figure can be had as of any day."""
    forbidden = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|timezone\.now|timezone\.localdate|time\.time)\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if path.relative_to(ROOT) != Path("core/clock.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if forbidden.search(line) or "auto_now" in line
    ]
    assert found == []


def test_only_faces_read_the_clock() -> None:
    """Rules and acts take their time as an argument."""
    found = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for folder in ("rules", "actions")
        for path in sorted((ROOT / room / folder).glob("*.py"))
        if "core.clock" in path.read_text() or "import clock" in path.read_text()
    ]
    assert found == []


def _acts() -> Iterator[tuple[str, ast.FunctionDef]]:
    for room in ROOMS:
        for path in sorted((ROOT / room / "actions").glob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and any(
                    isinstance(mark, ast.Name) and mark.id == "act" for mark in node.decorator_list
                ):
                    yield f"{path.relative_to(ROOT)}:{node.name}", node


@pytest.mark.parametrize(("name", "node"), list(_acts()), ids=lambda value: value if isinstance(value, str) else "")
def test_an_act_is_keyword_only_and_handed_its_time(name: str, node: ast.FunctionDef) -> None:
    assert not node.args.args, f"{name} takes positional arguments"
    names = {argument.arg for argument in node.args.kwonlyargs}
    assert {"by", "at"} <= names, f"{name} must name who acts (by) and when (at)"
    assert all(argument.annotation for argument in node.args.kwonlyargs)
    assert node.returns is not None
    assert ast.get_docstring(node), f"{name} needs its contract"


def test_the_floors_hold() -> None:
    answer = subprocess.run(
        [str(Path(__import__("sys").executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


def test_no_file_names_this_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    pattern = re.compile(r"(?<![A-Za-z0-9_.])/(work|farm|root)/[A-Za-z0-9_.]")
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".mo", ".otf", ".ttf", ".png", ".jpg", ".pdf", ".mp4", ".woff2"} or not path.is_file():
            continue
        if pattern.search(path.read_text(errors="ignore")):
            found.append(name)
    assert found == []
