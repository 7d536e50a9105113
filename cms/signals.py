"""Whatever publishes or unpublishes a page, by hand, by schedule or by a script, the LMS follows."""

from __future__ import annotations

from typing import Any

from audit.acts import System
from core import clock

POSTER = "fill-640x360"


def freeze(sender: Any, instance: Any, revision: Any, **_kwargs: Any) -> None:
    """Runs inside the publication: what it refuses does not go live (`CoursePage.publish`)."""
    from cms.actions.publish_course import freeze_course

    if instance.alias_of_id or not instance.live:  # a schedule only; its day is checked when it comes
        return
    by = getattr(revision, "published_by", None) or revision.user or System("cms")
    freeze_course(page=instance, by=by, at=clock.now())
    if instance.poster is not None:  # drawn now, so that no reader's request writes
        instance.poster.get_rendition(POSTER)


def take_off(sender: Any, instance: Any, **_kwargs: Any) -> None:
    from cms.actions.publish_course import withdraw_course

    if not instance.alias_of_id:
        withdraw_course(page=instance, by=System("cms"), at=clock.now())


def connect() -> None:
    from wagtail.signals import page_published, page_unpublished

    from cms.models import CoursePage

    page_published.connect(freeze, sender=CoursePage, dispatch_uid="cms.freeze")
    page_unpublished.connect(take_off, sender=CoursePage, dispatch_uid="cms.take_off")
