"""The tree is planted on a fresh database and can be taken out again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Locale, Page, Site, Workflow

from registry.rules.kinds import DutyKind


@pytest.mark.django_db
def test_the_tree_is_sound() -> None:
    assert Page.find_problems() == ([], [], [], [], [])
    assert list(Page.objects.order_by("path").values_list("url_path", flat=True)) == [
        "/",
        "/home/",
        "/home/courses/",
        "/home/experts/",
        "/home/news/",
    ]
    site = Site.objects.get()
    assert (site.hostname, site.is_default_site, site.root_page.specific_class.__name__) == (
        "localhost",
        True,
        "HomePage",
    )
    assert [locale.language_code for locale in Locale.objects.all()] == ["zh-hans"]


@pytest.mark.django_db
def test_the_groups_are_named_as_the_duties_and_no_workflow_competes() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {DutyKind.EDITOR, DutyKind.REVIEWER}
    reviewer = Group.objects.get(name=DutyKind.REVIEWER)
    assert [permission.codename for permission in reviewer.permissions.all()] == ["access_admin"]
    assert not reviewer.page_permissions.exists()
    assert not Workflow.objects.filter(active=True).exists()


@pytest.mark.django_db(transaction=True)
def test_the_planting_has_its_reverse() -> None:
    call_command("migrate", "cms", "0002", verbosity=0, skip_checks=True)
    assert list(Page.objects.order_by("path").values_list("title", flat=True)) == [
        "Root",
        "Welcome to your new Wagtail site!",
    ]
    assert Site.objects.get().root_page.title.startswith("Welcome")
    call_command("migrate", "cms", verbosity=0, skip_checks=True)
    assert Page.objects.count() == 5
    assert Page.find_problems() == ([], [], [], [], [])
