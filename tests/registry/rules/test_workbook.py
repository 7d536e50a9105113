"""Hostile, damaged and honest files through the one door for rosters."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from registry.rules.table import Line, Merge
from registry.rules.workbook import DEFAULT_CAPS, SENTENCES, BadWorkbook, read_workbook

Fill = Callable[[openpyxl.Workbook], None]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(fill: Fill) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rows(*values: list[object]) -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        for value in values:
            book.active.append(value)

    return saved(fill)


def with_parts(parts: dict[str, bytes], drop: tuple[str, ...] = ()) -> bytes:
    """An honest workbook whose inner files were exchanged by hand."""
    buffer = io.BytesIO()
    honest = zipfile.ZipFile(io.BytesIO(rows(["姓名"], ["王小明"])))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in honest.namelist():
            if name not in parts and name not in drop:
                archive.writestr(name, honest.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sheet_xml(inside: str, prolog: str = "") -> bytes:
    return f'{prolog}<worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode()


def text_row(number: int, text: str = "王") -> str:
    return f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def with_shared_strings(xml: str) -> bytes:
    """Excel keeps its texts in a part of their own; openpyxl, which makes our files, in the sheet."""
    types = zipfile.ZipFile(io.BytesIO(rows(["x"]))).read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return with_parts(
        {
            "[Content_Types].xml": types.replace("</Types>", override).encode(),
            "xl/sharedStrings.xml": xml.encode(),
            SHEET: sheet_xml(f"<sheetData>{row}</sheetData>"),
        }
    )


def code_of(data: bytes, file_name: str = "名单.xlsx", **caps: int) -> str:
    with pytest.raises(BadWorkbook) as refusal:
        read_workbook(data, file_name=file_name, caps=replace(DEFAULT_CAPS, **caps))
    assert refusal.value.code in SENTENCES
    return refusal.value.code


def cells_of(data: bytes, file_name: str = "名单.xlsx") -> list[tuple[str, ...]]:
    return [line.cells for line in read_workbook(data, file_name=file_name).lines]


def test_cells_come_as_the_text_a_person_sees() -> None:
    moment = datetime.fromisoformat("2026-01-02T03:04")
    data = rows(["王小明", 13800000000, 3.5, 38000.0, date(2026, 11, 22), moment, True, None])
    assert cells_of(data) == [
        ("王小明", "13800000000", "3.5", "38000", "2026-11-22", "2026-01-02 03:04:00", "TRUE")
    ]


def test_a_text_that_looks_like_a_number_stays_as_it_is() -> None:
    assert cells_of(rows(["530199199001010022", "00012345", " 1e5 "])) == [
        ("530199199001010022", "00012345", "1e5")
    ]


def test_a_number_of_fifteen_digits_is_whole_and_a_longer_one_is_shown_damaged() -> None:
    assert cells_of(rows([530199900101002, 530199199001010022])) == [
        ("530199900101002", "5.30199199001010E+17")
    ]


def test_empty_rows_are_left_out_and_keep_their_number() -> None:
    table = read_workbook(rows(["姓名"], [], ["", "  "], ["王"]), file_name="a.xlsx")
    assert table.lines == (Line(1, ("姓名",)), Line(4, ("王",)))


def test_merged_ranges_are_told() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["A1"] = "证件"
        book.active.merge_cells("A1:B1")
        book.active.merge_cells("C2:C5")

    assert read_workbook(saved(fill), file_name="a.xlsx").merges == (Merge(1, 1, 1, 2), Merge(2, 3, 5, 3))


def test_the_first_visible_sheet_with_text_is_read_and_the_others_are_named() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.create_sheet("隐藏").append(["secret"])
        book["隐藏"].sheet_state = "hidden"
        book.create_sheet("名单").append(["姓名"])
        book.create_sheet("空")
        book.create_sheet("说明").append(["说明"])

    table = read_workbook(saved(fill), file_name="a.xlsx")
    assert (table.sheet, table.lines, table.other_sheets) == ("名单", (Line(1, ("姓名",)),), ("说明",))


def test_a_formula_gives_its_last_value_and_is_never_computed() -> None:
    row = '<row r="1"><c r="A1" t="str"><f>1+1</f><v>2</v></c><c r="B1"><f>NOW()</f></c></row>'
    assert cells_of(with_parts({SHEET: sheet_xml(f"<sheetData>{row}</sheetData>")})) == [("2",)]


def test_a_cell_in_the_last_corner_does_not_stop_it() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["姓名"])
        book.active["XFD1048576"] = "x"

    began = time.monotonic()
    table = read_workbook(saved(fill), file_name="a.xlsx")
    assert (table.lines, table.outside) == ((Line(1, ("姓名",)),), 1)
    assert time.monotonic() - began < 4


def test_a_cell_in_the_last_row_is_a_row_with_its_number() -> None:
    table = read_workbook(
        with_parts({SHEET: sheet_xml(f"<sheetData>{text_row(1)}{text_row(1048576)}</sheetData>")}),
        file_name="a.xlsx",
    )
    assert [line.number for line in table.lines] == [1, 1048576]


def test_a_hundred_thousand_formatted_empty_rows_are_read_past() -> None:
    empty = "".join(f'<row r="{n}" ht="20" customHeight="1"/>' for n in range(2, 100_000))
    data = with_parts({SHEET: sheet_xml(f"<sheetData>{text_row(1)}{empty}</sheetData>")})
    assert cells_of(data) == [("王",)]


def test_five_thousand_rows_are_read_and_one_more_is_refused() -> None:
    rows_of = lambda most: "".join(text_row(n) for n in range(1, most + 1))  # noqa: E731
    assert len(cells_of(with_parts({SHEET: sheet_xml(f"<sheetData>{rows_of(5000)}</sheetData>")}))) == 5000
    assert (
        code_of(with_parts({SHEET: sheet_xml(f"<sheetData>{rows_of(5001)}</sheetData>")})) == "too_many_rows"
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    began = time.monotonic()
    assert code_of(with_parts({"xl/media/image1.png": bytes(150_000_000)})) == "too_big"
    assert code_of(with_parts({"xl/media/image1.png": bytes(30_000_000)})) == "too_big"
    assert time.monotonic() - began < 8


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(with_parts({SHEET: sheet_xml(f"<sheetData>{text_row(1) * 2000}</sheetData>")}))
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(SHEET.encode()))
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert code_of(bytes(data)) == "broken"


def test_too_many_members_are_refused() -> None:
    assert code_of(with_parts({f"xl/x{n}": b"" for n in range(2001)})) == "too_big"


def test_too_much_text_is_refused() -> None:
    strings = "".join(text_row(n, "长" * 30_000) for n in range(1, 200))
    assert code_of(with_parts({SHEET: sheet_xml(f"<sheetData>{strings}</sheetData>")})) == "too_big"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "x.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(declaration: str) -> None:
    data = with_parts({SHEET: sheet_xml(f"<sheetData>{text_row(1)}</sheetData>", declaration)})
    assert code_of(data) == "unsafe"


def test_shared_strings_are_read_without_their_phonetic_hints() -> None:
    text = "<si><r><t>王</t></r><r><t>小明</t></r><rPh sb='0' eb='1'><t>wang</t></rPh></si>"
    assert cells_of(with_shared_strings(f'<sst xmlns="{MAIN}">{text}</sst>')) == [("王小明",)]


def test_entities_in_the_shared_strings_are_refused() -> None:
    strings = f'<!DOCTYPE x [<!ENTITY a "a">]><sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    assert code_of(with_shared_strings(strings)) == "unsafe"


def test_a_file_that_needs_too_much_memory_is_refused() -> None:
    strings = f"<si><t>{'x' * 2000}</t></si>" * 30_000
    data = with_shared_strings(f'<sst xmlns="{MAIN}">{strings}</sst>')
    roomy = replace(DEFAULT_CAPS, ratio=10_000)
    assert read_workbook(data, file_name="a.xlsx", caps=roomy).lines == (Line(1, ("x" * 2000,)),)
    assert code_of(data, ratio=10_000, memory_bytes=100 * 1024 * 1024) == "too_heavy"


def test_a_file_that_needs_too_much_time_is_refused_in_time() -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}"/><c r="B{n}"/></row>' for n in range(2, 300_000))
    data = with_parts({SHEET: sheet_xml(f"<sheetData>{text_row(1)}{cells}</sheetData>")})
    began = time.monotonic()
    assert code_of(data, seconds=1, ratio=10_000) == "too_heavy"
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "inside",
    [
        "<sheetData><row r='1'><c r='A1' t='s'><v>99</v></c></row></sheetData>",
        "<sheetData><row r='1'><c r='A1'><v>one</v></c></row></sheetData>",
        "<sheetData><row r='x'/></sheetData>",
        "<sheetData>",
    ],
)
def test_a_damaged_sheet_is_refused(inside: str) -> None:
    assert code_of(with_parts({SHEET: sheet_xml(inside)})) == "broken"


def test_a_cut_off_upload_is_refused() -> None:
    data = rows(["姓名"], ["王小明"])
    assert code_of(data[: len(data) // 2]) == "broken"


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("[Content_Types].xml", "<x/>")
    assert code_of(buffer.getvalue()) == "not_a_workbook"
    assert code_of(with_parts({"xl/workbook.bin": b""})) == "old_excel"


def test_a_workbook_without_text_is_refused() -> None:
    assert code_of(saved(lambda book: None)) == "no_rows"


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "file_name", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (bytes(5_000_001), "a.xlsx", "too_big"),
        (OLD, "a.xls", "old_excel"),
        (OLD, "a.xlsx", "old_excel"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "encrypted"),
        ("姓名,岗位".encode(), "a.xlsx", "renamed"),
        (b"<html><table><tr><td>1</td></tr></table>", "a.xls", "renamed"),
        (b"<html><table><tr><td>1</td></tr></table>", "a.csv", "renamed"),
        (b"PK\x03\x04rest", "a.csv", "renamed"),
        (b"PK\x03\x04rest", "a.xlsx", "broken"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.xlsx", "renamed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.png", "not_a_workbook"),
        (b"%PDF-1.7 text", "a.csv", "not_a_workbook"),
        (b"plain text", "a.pdf", "not_a_workbook"),
        (b"\xff\xff\xff", "a.csv", "encoding"),
        (b"\n , \n", "a.csv", "no_rows"),
        (b"x" * 200_000, "a.csv", "broken"),
    ],
)
def test_other_files_are_refused_by_what_they_are(data: bytes, file_name: str, code: str) -> None:
    assert code_of(data, file_name) == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_file_is_read_in_every_encoding_that_excel_writes(encoding: str) -> None:
    data = "姓名,岗位\r\n王䶮, 保育员 \r\n\r\n张㛃,保育员\r\n".encode(encoding)
    assert read_workbook(data, file_name="a.CSV").lines == (
        Line(1, ("姓名", "岗位")),
        Line(2, ("王䶮", "保育员")),
        Line(4, ("张㛃", "保育员")),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_with_its_delimiter(delimiter: str) -> None:
    assert cells_of(f'姓名{delimiter}"a,;b"'.encode(), "a.csv") == [("姓名", "a,;b")]


def test_a_csv_file_of_a_mac_ends_its_lines_in_its_own_way() -> None:
    assert cells_of("姓名,岗位\r李一,保育员\r".encode(), "a.csv") == [("姓名", "岗位"), ("李一", "保育员")]


def test_a_csv_file_has_the_same_caps() -> None:
    assert code_of(b"a\n" * 5001, "a.csv") == "too_many_rows"
    table = read_workbook(b",".join([b"a"] * 62), file_name="a.csv")
    assert (len(table.lines[0].cells), table.outside) == (60, 2)
