"""The words of rosters and what they mean; the words themselves are `registry/data/roster_words.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from registry.rules.documents import DocumentKind
from registry.rules.standard import Occupation

Meaning = TypeVar("Meaning", bound=StrEnum)


class Field(StrEnum):
    """What a roster says of a person in post."""

    NAME = "name"
    DOCUMENT_KIND = "document_kind"
    DOCUMENT_NUMBER = "document_number"
    OCCUPATION = "occupation"
    STARTED_ON = "started_on"
    LEFT_ON = "left_on"
    PHONE = "phone"


REQUIRED = (Field.NAME, Field.DOCUMENT_NUMBER, Field.OCCUPATION, Field.STARTED_ON)


def word_key(text: str) -> str:
    """What two spellings of one word share: width, case, blanks, punctuation, remarks in brackets."""
    text = re.sub(r"[(\[【〔][^)\]】〕]*[)\]】〕]", "", unicodedata.normalize("NFKC", text))
    return "".join(char for char in text.casefold() if char.isalnum())


def index(words: dict[str, list[str]], meanings: type[Meaning]) -> dict[str, Meaning]:
    """From the key of each spelling to its meaning. Raises ValueError for a word that means two things."""
    found: dict[str, Meaning] = {}
    for value, spellings in words.items():
        meaning = meanings(value)
        for spelling in (value, *spellings):
            if found.setdefault(word_key(spelling), meaning) is not meaning:
                raise ValueError(f"{spelling} means two things")
    return found


_WORDS = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "roster_words.toml").read_text(encoding="utf-8"),
)

COLUMN_OF = index(_WORDS["columns"], Field)
OCCUPATION_OF = index(_WORDS["occupations"], Occupation)
DOCUMENT_KIND_OF = index(_WORDS["documents"], DocumentKind)
TEMPLATE_COLUMNS: dict[Field, str] = {field: _WORDS["columns"][field][0] for field in Field}
TEMPLATE_OCCUPATIONS: tuple[str, ...] = tuple(_WORDS["occupations"][member][0] for member in Occupation)
TEMPLATE_DOCUMENTS: tuple[str, ...] = tuple(_WORDS["documents"][member][0] for member in DocumentKind)
NOTHING = frozenset({""} | {word_key(word) for word in _WORDS["nothing"]["words"]})
