"""The look holds its promises: legible colours in one place, nothing inline, nothing unaccounted for."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "config", "audit", "registry", "credentials", "trainers", "lms", "oversight", "cms")
STATIC = ROOT / "core" / "static" / "core"
COLOUR = re.compile(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6});")

GROUNDS = ("page", "surface", "sunken")
TEXT = {  # what is written: what it is written on. WCAG 2.2 AA: 4.5 : 1
    "ink": (*GROUNDS, "jade-soft", "amber-soft", "red-soft", "apricot-soft"),
    "ink-2": (*GROUNDS, "jade-soft", "amber-soft"),
    "ink-3": GROUNDS,
    "jade": (*GROUNDS, "jade-soft"),
    "jade-strong": (*GROUNDS, "jade-soft"),
    "on-jade": ("jade", "jade-strong"),
    "on-masthead": ("masthead", "masthead-edge"),
    "apricot-ink": ("apricot-soft", "surface"),
    "red": ("red-soft", "surface"),
    "on-stop": ("stop", "stop-strong"),
    "amber": ("amber-soft", "page", "surface"),
}
SHAPES = {  # edges and marks that carry meaning: 3 : 1
    "line-strong": GROUNDS,
    "apricot-rim": ("surface", "sunken", "apricot-soft"),
    "jade": ("sunken",),
    "focus": (*GROUNDS, "focus-halo"),
    "target": ("surface", "sunken"),
    **{f"rate-{step}": ("sunken",) for step in (1, 2, 3, 4)},
}
# Decoration, or always beside a counted one: hairlines repeat what space says; apricot has its rim;
# a scanned code's ground is judged by the scanner.
UNCOUNTED = {"line", "apricot", "scan"}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _themes() -> dict[str, dict[str, str]]:
    light, rest = (STATIC / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    dark, paper = rest.split("@media print")
    day = dict(COLOUR.findall(light))
    night, printed = dict(COLOUR.findall(dark)), dict(COLOUR.findall(paper))
    return {"light": day, "dark": day | night, "print": day | printed}


THEMES = _themes()


def test_contrast_is_measured_as_the_guideline_measures_it() -> None:
    assert contrast("#000000", "#FFFFFF") == 21
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48  # the well-known grey that just fails


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3.0)], ids=["text", "shapes"])
def test_every_pair_is_legible_in_every_theme(
    theme: str, pairs: dict[str, tuple[str, ...]], least: float
) -> None:
    colours = THEMES[theme]
    poor = {
        (front, back): round(ratio, 2)
        for front, backs in pairs.items()
        for back in backs
        if (ratio := contrast(colours[front], colours[back])) < least
    }
    assert poor == {}


def test_no_colour_escapes_the_measuring() -> None:
    counted = {name for pairs in (TEXT, SHAPES) for front, backs in pairs.items() for name in (front, *backs)}
    assert counted | UNCOUNTED == set(THEMES["light"])


def test_the_dark_theme_knows_no_colour_the_light_one_lacks() -> None:
    assert set(THEMES["dark"]) == set(THEMES["light"])


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    # a fallback inside var(…, #…) is never reached: every token exists, see below
    sheets = [path for room in ROOMS for path in (ROOT / room).rglob("static/**/*.css")]
    named = {
        (path.name, colour)
        for path in sheets
        if path.name not in ("tokens.css", "print.css") and "vendor" not in path.parts
        for colour in re.findall(r"(?<!, )#[0-9A-Fa-f]{3,8}\b(?=[\s;,)])", path.read_text())
    } - {("lms.css", "#000")}  # the letterbox of a video is black in every theme
    assert named == set()
    assert STATIC / "parts.css" in sheets  # the walk found them


def test_every_token_used_is_a_token_that_exists() -> None:
    known = set(re.findall(r"--([a-z0-9-]+):", (STATIC / "tokens.css").read_text()))
    used = {
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("static/**/*.css")
        for name in re.findall(r"var\(--([a-z0-9-]+)", path.read_text())
    }
    assert used - known == set()


# ── nothing inline: the content security policy refuses it, silently ────────

INLINE = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:"""
    r"""|<script\b(?![^>]*\b(?:src=|type="application/(?:ld\+)?json"|nonce=))""",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="x">',
        "<style>",
        "<a onclick='x'>",
        "<script>",
        '<script defer type="module">',
        'href="javascript:x"',
    ],
)
def test_the_guard_sees_what_is_inline(bad: str) -> None:
    assert INLINE.search(bad)


@pytest.mark.parametrize(
    "good",
    [
        '<script src="a.js" defer>',
        '<script type="application/json">',
        '<script nonce="{{ request.csp_nonce }}">',
        '<p class="style">',
        '<link rel="stylesheet" href="style.css">',
    ],
)
def test_the_guard_lets_pass_what_is_not(good: str) -> None:
    assert not INLINE.search(good)


def test_no_template_has_inline_style_or_script() -> None:
    templates = [path for room in ROOMS for path in (ROOT / room).rglob("templates/**/*.html")]
    found = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line)
    }
    assert found == set()
    assert ROOT / "core/templates/core/base.html" in templates


# ── what others wrote and we ship ───────────────────────────────────────────


def test_every_vendored_file_is_in_the_manifest_with_its_checksum() -> None:
    folder = STATIC / "vendor"
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest:
        assert set(entry) == {"file", "version", "licence", "sha256", "source"}
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {
        "manifest.json"
    }
    assert there == {entry["file"] for entry in manifest}
