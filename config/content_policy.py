"""What a page may load and run: Content-Security-Policy, by place."""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE, Nonce

Directives = dict[str, list[str | Nonce]]


def everywhere(upload_url: str) -> Directives:
    """Our own files and nothing inline; pictures and films also from the upload host."""
    return {
        "default-src": [SELF],
        "img-src": [SELF, "data:", upload_url],
        "media-src": [SELF, upload_url],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }


# By the beginning of the path. Wagtail's desk brings inline scripts and styles, and frames its previews.
LOOSENED: dict[str, Directives] = {
    "/cms/": {
        "script-src": [SELF, UNSAFE_INLINE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "frame-ancestors": [SELF],
    }
}
