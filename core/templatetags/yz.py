"""What templates may say: numbers and days in words, and the parts of the design system.

`docs/design-system.md` shows each with its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy

from core.days import SHANGHAI, day_of
from core.icons import ICONS

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTHING = "–"

# state: (tone, icon, word)
STATES: dict[str, tuple[str, str, Any]] = {
    "valid": ("good", "valid", pgettext_lazy("status", "Valid")),
    "done": ("good", "check", pgettext_lazy("status", "Done")),
    "expiring": ("warn", "soon", pgettext_lazy("status", "Expires soon")),
    "suspended": ("warn", "pause", pgettext_lazy("status", "Suspended")),
    "refused": ("warn", "cross", pgettext_lazy("status", "Refused")),
    "revoked": ("stop", "stop", pgettext_lazy("status", "Revoked")),
    "banned": ("stop", "stop", pgettext_lazy("status", "Banned for life")),
    "pending": ("wait", "waiting", pgettext_lazy("status", "Pending")),
    "running": ("wait", "play", pgettext_lazy("status", "In progress")),
    "expired": ("past", "expired", pgettext_lazy("status", "Expired")),
    "replaced": ("past", "replaced", pgettext_lazy("status", "Replaced")),
    "closed": ("past", "check", pgettext_lazy("status", "Closed")),
    "draft": ("none", "draft", pgettext_lazy("status", "Draft")),
    "missing": ("none", "cross", pgettext_lazy("status", "None")),
    "unknown": ("none", "unknown", pgettext_lazy("status", "Unknown")),
}


# ── numbers and days in words ───────────────────────────────────────────────


@register.filter
def class_hours(minutes: int | None, minutes_each: int = 45) -> str:
    """Minutes as class hours of `minutes_each`, cut to one decimal, never rounded up: 44 -> "0.9"."""
    if minutes is None:
        return NOTHING
    tenths = abs(minutes) * 10 // minutes_each
    return f"{'-' if minutes < 0 and tenths else ''}{_tenths(tenths)}"


@register.filter
def hours_missing(minutes: int, minutes_each: int = 45) -> str:
    """Minutes still missing, as class hours, never rounded down: 4 -> "0.1", for "0 missing" would be met."""
    return _tenths(-(-max(0, minutes) * 10 // minutes_each))


def _tenths(tenths: int) -> str:
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else f"{whole}"


@register.filter
def percent(numerator: int | None, denominator: int | None) -> str:
    """Rate with one decimal, cut and never rounded up: 84.96 % is not "85.0%"; "–" without a denominator."""
    if numerator is None or not denominator:
        return NOTHING
    return _in_percent(numerator * 1000 // denominator)


@register.filter
def day(value: date | datetime | None) -> str:
    """The Beijing day in the reader's language: 2026年11月22日, 22 Nov 2026. "–" for none."""
    if value is None or value == "":
        return NOTHING
    on = day_of(value) if isinstance(value, datetime) else value
    if (get_language() or "").startswith("zh"):
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time of day in Beijing: 2026年11月22日 14:05. "–" for none."""
    if value is None or value == "":
        return NOTHING
    return f"{day(value)} {value.astimezone(SHANGHAI):%H:%M}"


@register.filter
def last_day(until: date | None) -> date | None:
    """The last day that belongs to a half-open period: `{{ certificate.valid_until|last_day|day }}`."""
    return until - timedelta(days=1) if until else None


@register.filter
def clock(seconds: int) -> str:
    """A place in a video: 75 -> "1:15", 3675 -> "1:01:15"."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def masked(text: str | None) -> str:
    """A number for eyes without the duty to know: three characters, stars, two characters."""
    if not text:
        return NOTHING
    if len(text) < 6:
        return "*" * len(text)
    head = 3 if len(text) >= 15 else 1
    return text[:head] + "*" * (len(text) - head - 2) + text[-2:]


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """The page numbers worth a link around this one, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


# ── parts ───────────────────────────────────────────────────────────────────


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawn icon; silent to screen readers unless it is given a label. KeyError for a name nobody drew."""
    strokes = mark_safe(ICONS[name])  # our own constant
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, strokes
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', strokes)


@register.inclusion_tag("core/parts/_status.html")
def status(state: str, label: Any = "", on: date | None = None, note: Any = "") -> dict[str, Any]:
    """A chip: icon, word, colour; beside it its day and reason. An unheard-of state looks unknown."""
    tone, drawn, word = STATES.get(str(state), STATES["unknown"])
    return {"tone": tone, "icon": drawn, "word": label or word, "on": on, "note": note}


@register.inclusion_tag("core/parts/_verdict.html")
def verdict(state: str, title: Any = "", text: Any = "") -> dict[str, Any]:
    """The one large status of a page, such as the answer to a verification."""
    tone, drawn, word = STATES.get(str(state), STATES["unknown"])
    return {"tone": tone, "icon": drawn, "title": title or word, "text": text}


@register.inclusion_tag("core/parts/_bar.html")
def bar(label: Any, needed: int, counted: int, pending: int = 0, minutes_each: int = 45) -> dict[str, Any]:
    """Minutes needed, counted and waiting to be checked, in one category."""
    filled = min(counted, needed) if needed else counted
    waiting = max(0, min(pending, needed - filled))
    scale = needed or 1
    return {
        "label": label,
        "needed": needed,
        "counted": counted,
        "pending": pending,
        "missing": max(0, needed - counted),
        "met": counted >= needed,
        "minutes_each": minutes_each,
        "counted_width": _width(filled, scale) if needed else "100%",
        "pending_start": _width(filled, scale),
        "pending_width": _width(waiting, scale),
    }


@register.inclusion_tag("core/parts/_timeline.html")
def timeline(watched: Iterable[Sequence[int]], length: int, position: int | None = None) -> dict[str, Any]:
    """Watched intervals (start, end in seconds, half-open) of a recording of `length` seconds; its gaps."""
    runs: list[list[int]] = []
    for start, end in sorted((max(0, int(a)), min(length, int(b))) for a, b in watched):
        if end <= start:
            continue
        if runs and start <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    edges = [0, *(edge for run in runs for edge in run), length]
    gaps = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
    spans = [{"x": _width(start, length), "width": _width(end - start, length)} for start, end in runs]
    seen = length - sum(end - start for start, end in gaps)
    return {
        "spans": spans,
        "gaps": gaps,
        "length": length,
        "seen": seen,
        "position": None if position is None or not length else _width(min(position, length), length),
        "at": position,
    }


@register.inclusion_tag("core/parts/_rate_bars.html")
def rate_bars(
    rows: Iterable[Any], target: int | None = None, caption: Any = "", of: Any = ""
) -> dict[str, Any]:
    """Rates as a table with bars: rows have label, numerator, denominator, perhaps url; `target` in %."""
    shown = []
    for row in rows:
        numerator, denominator = _of(row, "numerator") or 0, _of(row, "denominator") or 0
        per_mille = numerator * 1000 // denominator if denominator else None
        shown.append(
            {
                "label": _of(row, "label"),
                "url": _of(row, "url"),
                "numerator": numerator,
                "denominator": denominator,
                "width": None if per_mille is None else _in_percent(min(per_mille, 1000)),
                "rate": percent(numerator, denominator),
                "step": _step(per_mille),
                "below": per_mille is not None and target is not None and per_mille < target * 10,
            }
        )
    return {"rows": shown, "target": target, "caption": caption, "of": of}


@register.inclusion_tag("core/parts/_seats.html")
def seats(places: Iterable[Any], caption: Any = "") -> dict[str, Any]:
    """The seats of a pool: number, holder (empty if vacant), field, state (of `STATES`), perhaps url."""
    shown = []
    for place in places:
        holder = _of(place, "holder")
        state = str(_of(place, "state") or ("valid" if holder else "missing"))
        tone, drawn, word = STATES.get(state, STATES["unknown"])
        shown.append(
            {
                "number": _of(place, "number"),
                "holder": holder,
                "field": _of(place, "field"),
                "url": _of(place, "url"),
                "tone": tone,
                "icon": drawn,
                "word": word if holder else pgettext_lazy("status", "Vacant"),
            }
        )
    return {"seats": shown, "held": sum(1 for seat in shown if seat["holder"]), "caption": caption}


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _width(part: int, whole: int) -> str:
    return _in_percent(part * 1000 // whole) if whole else "0%"


def _in_percent(per_mille: int) -> str:
    return f"{per_mille // 10}.{per_mille % 10}%"


def _step(per_mille: int | None) -> int:
    """Which of the four steps of one hue a rate is drawn in."""
    return 1 + sum((per_mille or 0) >= bound for bound in (500, 700, 850))
