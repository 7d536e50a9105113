"""Routes that frameworks bring. Each is named here or closed."""

from __future__ import annotations

from core.policy import Line, everyone, only, signed_in
from registry.rules.kinds import Kind

LINES: dict[str, Line] = {
    "home": everyone(why="the front page"),
    "healthz": everyone(why="a supervisor asks whether the process lives; says only ok"),
    "readyz": everyone(why="a load balancer asks whether to send traffic; counts only"),
    "style": everyone(why="the design system, without data"),
    "set_language": everyone(why="anybody may choose the language"),
    "wagtail_serve": everyone(why="published pages are public"),
    "media": everyone(why="pictures of published pages"),
    "api:openapi-json": everyone(why="the description of the API, without data"),
    "account_login": everyone(why="the sign-in door"),
    "account_logout": everyone(why="leaving is always allowed"),
    "mfa_authenticate": everyone(why="second step of the sign-in door, bound to its session"),
    "account_reauthenticate": signed_in(),
    "mfa_reauthenticate": signed_in(),
    "account_change_password": signed_in(),
    "mfa_index": signed_in(),
    "mfa_activate_totp": signed_in(),
    "mfa_deactivate_totp": signed_in(),
    "mfa_generate_recovery_codes": signed_in(),
    "mfa_view_recovery_codes": signed_in(),
    "mfa_download_recovery_codes": signed_in(),
    "wagtailadmin_home": only(Kind.EDITOR, Kind.REVIEWER),
}

# ── the authoring desk (Wagtail): what an editor needs, and nothing of accounts, groups, sites, settings ──
_DESK = only(Kind.EDITOR)
_EDITOR_ROUTES = {
    "wagtailadmin_api": ("pages:listing", "pages:detail", "pages:find"),
    "wagtailadmin_pages": (
        "add",
        "add_subpage",
        "choose_parent",
        "copy",
        "delete",
        "edit",
        "history",
        "history_results",
        "move",
        "move_confirm",
        "preview_on_add",
        "preview_on_edit",
        "revisions_compare",
        "revisions_index",
        "revisions_revert",
        "revisions_unschedule",
        "revisions_view",
        "search",
        "search_results",
        "set_page_position",
        "unpublish",
        "usage",
        "view_draft",
    ),
    "wagtailadmin_editing_sessions": ("ping", "release"),
    "wagtailimages": (
        "add",
        "add_multiple",
        "create_multiple_from_uploaded_image",
        "delete_multiple",
        "delete_upload_multiple",
        "edit",
        "edit_multiple",
        "image_usage",
        "index",
        "index_results",
        "preview",
    ),
    "wagtailimages_chooser": (
        "choose",
        "choose_results",
        "chosen",
        "chosen_multiple",
        "create",
        "select_format",
    ),
    "wagtaildocs": (
        "add",
        "add_multiple",
        "create_multiple_from_uploaded_document",
        "delete_multiple",
        "delete_upload_multiple",
        "document_usage",
        "edit",
        "edit_multiple",
        "index",
        "index_results",
    ),
    "wagtaildocs_chooser": ("choose", "choose_results", "chosen", "chosen_multiple", "create"),
}
LINES |= {f"{space}:{route}": _DESK for space, routes in _EDITOR_ROUTES.items() for route in routes}
LINES |= dict.fromkeys(
    (
        "wagtailadmin_explore_root",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_choose_page_external_link",
        "wagtailadmin_tag_autocomplete",
        "wagtailadmin_tag_model_autocomplete",
        "wagtailadmin_block_preview",
    ),
    _DESK,
)
LINES |= {
    route: only(Kind.EDITOR, Kind.REVIEWER)
    for route in ("wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "wagtailadmin_dismissibles")
}
LINES["wagtaildocs_serve"] = everyone(why="documents that public pages link to")
