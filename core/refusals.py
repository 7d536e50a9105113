"""How an act says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An act was refused by a rule. The message is for the person who tried.

    `code` is a stable slug for tests, the API and the audit; `message` a plain,
    translatable sentence that says what to do next; `details` plain data
    (rows, missing minutes) that a page or the API may show.
    """

    def __init__(self, code: str, message: Any, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return str(self.message)
