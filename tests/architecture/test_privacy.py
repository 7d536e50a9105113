"""docs/privacy.toml says of every column whom it concerns, and says nothing that is not there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from core.secrecy import SealedTextField
from registry.models import Account, Person

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("audit", "registry", "credentials", "trainers", "lms", "oversight", "cms")
CLASSES = ("public", "operational", "personal", "sensitive", "secret")
PAGE: dict[str, dict[str, str]] = tomllib.loads((ROOT / "docs" / "privacy.toml").read_text())


def columns() -> Iterator[tuple[str, models.Field]]:  # type: ignore[type-arg]
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                yield f"{room}.{model.__name__}.{field.name}", field


def declared() -> dict[str, str]:
    return {f"{model}.{field}": kind for model, fields in PAGE.items() for field, kind in fields.items()}


def test_every_column_has_its_class_and_no_line_is_stale() -> None:
    real = {name for name, _field in columns()}
    assert len(real) > 250
    assert sorted(real - set(declared())) == [], "say in docs/privacy.toml what these are"
    assert sorted(set(declared()) - real) == [], "these are gone"


def test_there_are_five_classes() -> None:
    assert {name: kind for name, kind in declared().items() if kind not in CLASSES} == {}
    assert set(declared().values()) == set(CLASSES)


def test_what_is_sealed_is_sensitive_and_who_is_named_is_personal() -> None:
    """A column that points at a human being cannot be called public or operational."""
    kinds, wrong = declared(), []
    for name, field in columns():
        if isinstance(field, SealedTextField) and CLASSES.index(kinds[name]) < CLASSES.index("sensitive"):
            wrong.append(f"{name} is sealed")
        if field.related_model in (Person, Account) and CLASSES.index(kinds[name]) < CLASSES.index(
            "personal"
        ):
            wrong.append(f"{name} points at a person")
    assert wrong == []


def test_identity_numbers_and_bans_are_sensitive_and_passwords_secret() -> None:
    kinds = declared()
    for name in (
        "registry.IdentityDocument.number",
        "registry.Exclusion.kind",
        "credentials.BanSubject.evidence",
    ):
        assert kinds[name] == "sensitive"
    for name in ("registry.Account.password", "lms.ClassSession.secret"):
        assert kinds[name] == "secret"
