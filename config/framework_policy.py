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
