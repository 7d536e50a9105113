"""How Chinese is found inside Chinese: every run of Han characters as its overlapping pairs.

    grams("托育机构消防安全")  ->  "托育 育机 机构 构消 消防 防安 安全"

A reader's word is cut the same way and looked for as a phrase of pairs: 消防 is found inside
托育机构消防安全培训, 防消 is not. Latin words and numbers stay whole, in lower case. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Unified ideographs with the extensions A to G, compatibility ideographs, 〇 and the repetition mark 々.
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for. `phrases`: each must stand in the grams; `letters`: single characters."""

    phrases: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not self.phrases and not self.letters


def grams(text: str) -> str:
    """The text as it is indexed: pairs of each Han run, words of the rest, in their order."""
    return " ".join(gram for run in _runs(text) for gram in _cut(run))


def wanted(query: str) -> Wanted:
    """A query as phrases of grams; a lone Han character, which no pair can find, as a letter."""
    phrases: list[str] = []
    letters: list[str] = []
    for run in _runs(query):
        if len(run) == 1 and _IS_HAN.match(run):
            letters.append(run)
        else:
            phrases.append(" ".join(_cut(run)))
    return Wanted(tuple(dict.fromkeys(phrases)), tuple(dict.fromkeys(letters)))


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _cut(run: str) -> list[str]:
    if len(run) == 1 or not _IS_HAN.match(run):
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]
