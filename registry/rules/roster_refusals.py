"""Why a roster, or a row of it, is not taken: codes, sentences, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from registry.rules import day_text, documents, names
from registry.rules.roster_words import Field

FILE_SENTENCES: dict[str, Promise | str] = {
    "merged_header": _(
        "The header row has merged cells, so its columns cannot be told apart. Select the header, choose "
        "“Unmerge cells”, give each column one title in one row, then upload the file again."
    ),
    "no_header": _(
        "No header row was found in the first ten rows. The columns need titles: "
        "姓名, 证件类型, 证件号码, 岗位, 入职日期, 离职日期. Add them or use the template."
    ),
    "missing_columns": _(
        "Required columns are missing. Add them with these titles, then upload the file again."
    ),
    "repeated_columns": _(
        "Two columns have the same meaning. Delete one of them, then upload the file again."
    ),
    "no_rows": _("There is no person below the header. Fill in the roster, then upload it again."),
}

_CELL_SENTENCES: dict[str, Promise | str] = {
    "empty": _("This cell is empty. Fill it in."),
    "merged": _("This cell is merged with others and empty. Unmerge the cells and fill in each."),
    "occupation": _(
        "This occupation is not known. Write director (负责人), caregiver (保育人员), "
        "health worker (卫生保健) or security (安保)."
    ),
    "document_kind": _("This kind of document is not known. Write it as it is called on the document."),
    "kind_unsaid": _("The number does not tell its kind of document. Fill in the column 证件类型."),
    "not_yet": _("This day has not come yet. Import the person when she is in post, or correct the date."),
    "too_early": _("This day is before 1950. Correct the date."),
    "too_young": _(
        "On this day the person was not yet 16 years old. Correct the date or the document number."
    ),
    "order": _("The last day in post is before the first. Correct one of the dates."),
    "leaving_far_ahead": _(
        "The last day lies more than 90 days ahead. Leave the cell empty while the person stays in post."
    ),
    "phone": _("This is not a phone number. Write 7 to 15 digits, or leave it empty."),
    "repeated": _("The same person is in this post in another row already. Delete one of the rows."),
    "other_name": _(
        "The same document number stands beside another name in another row. Correct one of them."
    ),
}

# By the field that is wrong: `characters` is another sentence for a name than for a number.
_FIELD_SENTENCES: Mapping[Field, Mapping[str, Promise | str]] = {
    Field.NAME: names.SENTENCES,
    Field.DOCUMENT_NUMBER: documents.SENTENCES,
    Field.STARTED_ON: day_text.SENTENCES,
    Field.LEFT_ON: day_text.SENTENCES,
}


def sentence(field: Field, code: str) -> Promise | str:
    """What to say about one error; KeyError for a code that no reader raises."""
    for sentences in (_CELL_SENTENCES, _FIELD_SENTENCES.get(field, {})):
        if code in sentences:
            return sentences[code]
    raise KeyError(f"{field}: {code}")


class BadRoster(Refused):
    """The file as a whole is not taken. `code` is a key of FILE_SENTENCES.

    `details` may have `row`, the header's row, and `columns`, the titles that are missing or repeated.
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, FILE_SENTENCES[code], **details)


class BadCell(Refused):
    """One cell is not taken, for a reason of rosters."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _CELL_SENTENCES[code])


# All that the reader of a cell may raise.
CELL_REFUSALS = (BadCell, names.BadName, documents.BadDocument, day_text.BadDay)


@dataclass(frozen=True, slots=True)
class RosterError:
    """One thing wrong in one cell: `row` as Excel counts, `column` as the file titles it ('C 证件号码').

    `other_row` is the row that this one contradicts. Holds nothing of what the cell said.
    """

    row: int
    column: str
    field: Field
    code: str
    other_row: int | None = None

    @property
    def sentence(self) -> Promise | str:
        """What is wrong and what to do, in the reader's language when it is shown."""
        return sentence(self.field, self.code)

    def as_json(self) -> dict[str, Any]:
        """Plain data; the sentence is looked up again when it is shown."""
        return {
            "row": self.row,
            "column": self.column,
            "field": self.field.value,
            "code": self.code,
            "other_row": self.other_row,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RosterError:
        """The error that `as_json` wrote."""
        return cls(data["row"], data["column"], Field(data["field"]), data["code"], data["other_row"])
