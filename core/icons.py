"""The icons: strokes on a 24-unit square, drawn for this project. Shown by `{% icon "name" %}`."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "valid": '<circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5.5-6"/>',
    "soon": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "expired": '<path d="M7 3h10M7 21h10M8 3c0 5 8 6.5 8 9s-8 4-8 9M16 3c0 5-8 6.5-8 9s8 4 8 9"/>',
    "pause": '<circle cx="12" cy="12" r="9"/><path d="M10 9v6M14 9v6"/>',
    "stop": '<circle cx="12" cy="12" r="9"/><path d="M5.8 5.8l12.4 12.4"/>',
    "cross": '<circle cx="12" cy="12" r="9"/><path d="M9 9l6 6M15 9l-6 6"/>',
    "replaced": '<path d="M4 9h13l-3.5-3.5M20 15H7l3.5 3.5"/>',
    "unknown": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .9-1 1.7M12 16.7v.1"/>',
    "waiting": '<path d="M4 12h.01M12 12h.01M20 12h.01" stroke-width="4"/>',
    "draft": '<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4"/>',
    "warn": '<path d="M12 4l9 16H3zM12 10v4.5M12 17.3v.1"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.7v.1"/>',
    "empty": '<path d="M4 13l2.5-8h11l2.5 8v6H4zM4 13h5a3 3 0 0 0 6 0h5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c1-4 4-6 7.5-6s6.5 2 7.5 6"/>',
    "globe": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M3 12h18M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="M11 12l9-9M16 7l3 3"/>',
    "shield": '<path d="M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z"/>',
    "leave": '<path d="M10 4H5v16h5M14 8l4 4-4 4M9 12h9"/>',
    "chevron": '<path d="M6 9l6 6 6-6"/>',
    "back": '<path d="M14 6l-6 6 6 6"/>',
    "next": '<path d="M10 6l6 6-6 6"/>',
    "download": '<path d="M12 4v11M7.5 10.5L12 15l4.5-4.5M4 20h16"/>',
    "upload": '<path d="M12 15V4M7.5 8.5L12 4l4.5 4.5M4 20h16"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z"/>',
    "play": '<path d="M8 5l11 7-11 7z"/>',
    "book": '<path d="M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14"/>',
    "scan": '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7 12h10"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8 3v4M16 3v4"/>',
    "house": '<path d="M4 11l8-7 8 7v9H4zM10 20v-6h4v6"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "chart": '<path d="M4 4v16h16M8 16v-4M12 16V8M16 16v-6"/>',
}
