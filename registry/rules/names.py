"""A person's name: kept as printed, compared by a key, shown masked.

`printed` is what the document says, without the blanks that forms add; `match_key` makes two
spellings of one printed name equal (width, dots, spaces, case). It does not make traditional and
simplified characters equal (呂 and 吕 are two names until a person says otherwise), and a name
never identifies anybody.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused

MAX_LENGTH = 100
DOT = "·"
_DOTS = frozenset("·•‧∙⋅・᛫⸱●.﹒．･。" + "\N{GREEK ANO TELEIA}")
_JOINERS = frozenset(DOT + " -'")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
_HAN_NUMBER_ZERO = "〇"  # a digit to Unicode, a character of names to the registry office

SENTENCES: dict[str, Promise | str] = {
    "empty": _("The name is missing. Write it as it is printed on the document."),
    "digits": _("A name has no digits. Check whether another column slipped into this one."),
    "control": _("The name contains an invisible control character. Delete it and type the name again."),
    "private_use": _(
        "The name contains a character from a private font that other computers cannot show. "
        "Type it with a current input method, or ask for its Unicode character."
    ),
    "characters": _("The name contains a sign that names do not have. Write only the name itself."),
    "length": _("The name is longer than 100 characters. Write only the name itself."),
}


class BadName(Refused):
    """A text that cannot be a name. `code` is a key of SENTENCES."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code, SENTENCES[code], **details)


@dataclass(frozen=True, slots=True)
class PersonName:
    """`printed` for certificates and lists, `match_key` for search and comparison."""

    printed: str
    match_key: str


def read_name(raw: str) -> PersonName:
    """Raises BadName: empty, digits, control, private_use, characters, length."""
    printed = _printed(raw)
    if not printed:
        raise BadName("empty")
    if len(printed) > MAX_LENGTH:
        raise BadName("length")
    for char in unicodedata.normalize("NFKC", printed):
        _demand_name_character(char)
    key = match_key(printed)
    if not any(_is_letter(char) for char in key):
        raise BadName("characters")
    return PersonName(printed, key)


def match_key(name: str) -> str:
    """What two spellings of one name share. For any text, also one that `read_name` refuses."""
    text = unicodedata.normalize("NFKC", _printed(name)).translate(_APOSTROPHES)
    text = "".join(DOT if char in _DOTS else char for char in text if not _is_variation(char))
    text = re.sub(rf"\s*{DOT}+\s*", DOT, re.sub(r"\s+", " ", text)).strip(f" {DOT}")
    if any(_is_han(char) for char in text):
        # Forms stretch short Chinese names with blanks: 王 明.
        text = text.replace(" ", "")
    return unicodedata.normalize("NFC", text.casefold())


def masked_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*, 阿依古丽·买买提 → 阿***·**提, Maria Garcia → M*** G***.

    The family name's first character and the given name's last stay, so that a parent at the door
    recognises the person in front of her and a stranger learns no name. A part never shows more than
    three stars, which keeps a long name on a small screen.
    """
    text = "".join(DOT if char in _DOTS else char for char in _printed(name) if not _is_variation(char))
    text = text.translate(_APOSTROPHES)
    chinese = any(_is_han(char) for char in text)
    if chinese:
        text = text.replace(" ", "")
    parts = re.split(r"([· '-]+)", text.strip(f" {DOT}"))
    words, gaps = [_clusters(part) for part in parts[::2]], parts[1::2]
    if not chinese:
        shown = [word[0] + _stars(len(word) - 1) if word else "" for word in words]
    else:
        shown = [_masked_han(word, first=i == 0, last=i == len(words) - 1) for i, word in enumerate(words)]
    return "".join(word + gap for word, gap in zip(shown, [*gaps, ""], strict=True))


def _masked_han(word: list[str], *, first: bool, last: bool) -> str:
    if not word:
        return ""
    if len(word) == 1:
        return "*"
    head = word[0] if first else ""
    tail = word[-1] if last and len(word) > 2 - (not first) else ""
    return head + _stars(len(word) - bool(head) - bool(tail)) + tail


def _stars(count: int) -> str:
    return "*" * min(count, 3)


def _clusters(text: str) -> list[str]:
    """Characters with the marks that belong to them, so that a mask never leaves a lone accent."""
    clusters: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if clusters and unicodedata.category(char).startswith("M"):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _printed(raw: str) -> str:
    visible = "".join(char for char in raw if unicodedata.category(char) != "Cf")
    return re.sub(r"\s+", " ", visible).strip()


def _demand_name_character(char: str) -> None:
    category = unicodedata.category(char)
    plain = char.translate(_APOSTROPHES)
    if _is_letter(char) or category in ("Mn", "Mc") or plain in _JOINERS or char in _DOTS:
        return
    if category.startswith("N"):
        raise BadName("digits")
    if category == "Co":
        raise BadName("private_use", character=f"U+{ord(char):04X}")
    if category == "Cc":
        raise BadName("control", character=f"U+{ord(char):04X}")
    raise BadName("characters", character=f"U+{ord(char):04X}")


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L") or _is_han(char) or char == _HAN_NUMBER_ZERO


def _is_han(char: str) -> bool:
    """Also those of planes 2 and 3 that are newer than this Python's Unicode tables."""
    point = ord(char)
    return (
        0x3400 <= point <= 0x4DBF
        or 0x4E00 <= point <= 0x9FFF
        or 0xF900 <= point <= 0xFAFF
        or 0x20000 <= point <= 0x3FFFD
        or char == _HAN_NUMBER_ZERO
    )


def _is_variation(char: str) -> bool:
    return 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
