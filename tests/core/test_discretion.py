"""A log says what broke and never whom it was about."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import pytest
from django.db import IntegrityError

from core.discretion import DiscreetFormatter, told

ROW = "DETAIL:  Failing row contains (7, 李小禾, 530199199005010017)."
REFUSED = f'new row for relation "registry_person" violates check constraint "lasts"\n{ROW}\nCONTEXT:  李小禾'


def test_an_error_is_told_by_its_class_and_its_first_line() -> None:
    assert told(IntegrityError(REFUSED)) == f"IntegrityError: {REFUSED.partition(chr(10))[0]}"
    assert told(KeyError()) == "KeyError"


def test_a_traceback_keeps_its_frames_and_loses_the_row() -> None:
    try:
        raise IntegrityError(REFUSED)
    except IntegrityError as error:
        record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "broke", (), (type(error), error, None))
    text = DiscreetFormatter().format(record)
    assert "violates check constraint" in text
    assert "IntegrityError" in text
    assert "李小禾" not in text
    assert "530199" not in text


def test_the_site_logs_through_it(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    formatters = {name: one.get("()") for name, one in settings.LOGGING.get("formatters", {}).items()}
    for handler in settings.LOGGING["handlers"].values():
        assert formatters.get(handler.get("formatter")) == "core.discretion.DiscreetFormatter"
