"""Codes drawn by qrcode are read by another library, as pictures."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from credentials.documents.qr import QUIET_ZONE, Matrix, qr_matrix, qr_path, qr_png, qr_svg, qr_text

TEXT = "HTTPS://ZS.WJW.YN.EXAMPLE/C/4K7P0QXM9ATB"


def picture(matrix: Matrix, module_pixels: int = 8) -> Image.Image:
    return Image.open(io.BytesIO(qr_png(matrix, module_pixels=module_pixels))).convert("L")


def read(image: Image.Image) -> str:
    found = zxingcpp.read_barcodes(image)
    assert len(found) == 1
    return found[0].text


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("https://zs.wjw.yn.example", TEXT),
        ("https://zs.wjw.yn.example/", TEXT),
        ("HTTPS://Zs.Wjw.Yn.Example", TEXT),
        ("http://127.0.0.1:8000", "HTTP://127.0.0.1:8000/C/4K7P0QXM9ATB"),
        ("http://[::1]:8000", "HTTP://[::1]:8000/C/4K7P0QXM9ATB"),
    ],
)
def test_the_text_is_an_address_in_capitals(base: str, text: str) -> None:
    assert qr_text(base, "4K7P0QXM9ATB") == text


@pytest.mark.parametrize(
    "base",
    ["", "zs.example", "ftp://zs.example", "https://", "https://zs.example/app", "https://zs.example?a=1",
     "https://zs.example#a", "https://me@zs.example"],
)  # fmt: skip
def test_a_base_that_capitals_would_break_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match=r"is not the address|has more than"):
        qr_text(base, "4K7P0QXM9ATB")


@pytest.mark.parametrize(
    "text", [TEXT, "HTTP://127.0.0.1:8000/C/4K7P0QXM9ATB", "http://[::1]:8000/C/x", "证书 12345678901"]
)
@pytest.mark.parametrize("mask", [None, *range(8)])
def test_another_library_reads_it_under_every_mask(text: str, mask: int | None) -> None:
    assert read(picture(qr_matrix(text, mask=mask))) == text


def test_an_address_of_capitals_takes_the_small_mode() -> None:
    assert len(qr_matrix(TEXT)) == 29  # version 3, 61 alphanumeric characters at M
    assert len(qr_matrix(TEXT.lower())) == 29
    longer = TEXT + "A" * (61 - len(TEXT))
    assert len(qr_matrix(longer)) == 29
    assert len(qr_matrix(longer.lower())) == 33  # version 3 holds 42 bytes, version 4 holds 62


def test_the_offline_form_keeps_the_digits_in_the_numeric_mode() -> None:
    signed = TEXT[:38] + "#1" + "0123456789" * 32
    matrix = qr_matrix(signed)
    assert len(matrix) == 53  # version 9, as measured for 361 characters
    assert read(picture(matrix, 4)) == signed


@pytest.mark.parametrize("degrees", [7, 45, 90, 133, 180, 271])
def test_a_turned_code_is_read(degrees: int) -> None:
    turned = picture(qr_matrix(TEXT)).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    assert read(turned) == TEXT


def test_a_blurred_code_is_read_and_a_wholly_blurred_one_is_not() -> None:
    sharp = picture(qr_matrix(TEXT))
    assert read(sharp.filter(ImageFilter.GaussianBlur(4))) == TEXT
    assert zxingcpp.read_barcodes(sharp.filter(ImageFilter.GaussianBlur(20))) == []


def test_a_stain_on_a_twentieth_of_the_code_is_forgiven() -> None:
    image = picture(qr_matrix(TEXT))
    side = image.width - 2 * QUIET_ZONE * 8
    stain = int(side * 0.05**0.5)
    image.paste(
        0,
        (
            image.width // 2 - stain // 2,
            image.height // 2,
            image.width // 2 + stain // 2,
            image.height // 2 + stain,
        ),
    )
    assert read(image) == TEXT


def test_the_quiet_zone_is_four_light_modules() -> None:
    image = picture(qr_matrix(TEXT), 1)
    assert image.size == (29 + 8, 29 + 8)
    edge = [image.getpixel((x, y)) for x in range(37) for y in range(37) if min(x, y, 36 - x, 36 - y) < 4]
    assert set(edge) == {255}
    assert image.getpixel((4, 4)) == 0


def filled(path: str, side: int) -> list[list[bool]]:
    """The modules a run-length path covers."""
    modules = [[False] * side for _ in range(side)]
    for run in path.removeprefix("M").split("zM"):
        place, rest = run.rstrip("z").split("h", 1)
        x, y = map(int, place.split())
        length = int(rest.split("v")[0])
        assert rest == f"{length}v1h-{length}"
        for step in range(length):
            assert not modules[y][x + step]
            modules[y][x + step] = True
    return modules


def test_the_path_covers_the_dark_modules_and_no_others() -> None:
    matrix = qr_matrix(TEXT)
    assert filled(qr_path(matrix), 29) == [list(row) for row in matrix]


def test_the_svg_is_one_document_with_its_name() -> None:
    svg = qr_svg(qr_matrix(TEXT), title="<验证> & ")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37"')
    assert "<title>&lt;验证&gt; &amp; </title>" in svg
    assert 'role="img"' in svg
    assert svg.count("<path") == 2
    bare = qr_svg(qr_matrix(TEXT), quiet=0, light=None)
    assert bare.count("<path") == 1
    assert 'viewBox="0 0 29 29"' in bare
    assert len(bare) < 5000


def test_nothing_is_no_code() -> None:
    with pytest.raises(ValueError, match="empty"):
        qr_matrix("")
