"""What the editor shows beside the form: what still stands between the draft and its publication."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel


class PublishingPanel(Panel):
    """Problems of the saved draft, its reviews, and the version learners take now."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "cms/panels/publishing.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from cms.queries import publishing_state

            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "state": publishing_state(self.instance)}
