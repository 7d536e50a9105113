"""The PDF, opened by other libraries than the one that made it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image

from credentials.documents.certificate import ATTACHMENT, CannotDraw, render
from credentials.documents.preview import preview
from credentials.documents.qr import qr_text
from credentials.rules.snapshot import CertificateFacts, HourLine
from tests.credentials.examples import CAREGIVER, facts

QR = qr_text("https://zs.wjw.yn.example", CAREGIVER.verify_code)

EXTREME: dict[str, Any] = {
    "title": "云南省西双版纳傣族自治州托育服务机构专业技术人员岗前培训合格证书",
    "holder_name": "𬱖" * 18,
    "facility": "某" * 120,
    "authority": "某" * 40,
    "standard_title": "标准" * 60,
    "citation": "依据" * 100,
    "hours": tuple(HourLine(str(n), "安全教育与突发事件应急处理", 100_000) for n in range(12)),
    "edition": 2,
    "replaces": CAREGIVER.number,
}


def opened(raw: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(raw))


def words(raw: bytes) -> str:
    """The text of the page without the spaces that tracking makes."""
    return "".join("".join(page.extract_text() for page in opened(raw).pages).split())


@pytest.fixture(scope="module")
def printed() -> bytes:
    return render(CAREGIVER, QR)


def test_it_is_one_a4_page_that_claims_pdf_a_3b(printed: bytes) -> None:
    reader = opened(printed)
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert reader.trailer["/Root"]["/Lang"].lower() == "zh-cn"


def test_every_font_is_embedded(printed: bytes) -> None:
    fonts = opened(printed).pages[0]["/Resources"]["/Font"]
    faces = set()
    for reference in fonts.values():
        descendant = reference.get_object()["/DescendantFonts"][0].get_object()
        descriptor = descendant["/FontDescriptor"].get_object()
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        faces.add(str(descendant["/BaseFont"]).split("+")[1].split("-")[0])
    assert faces == {"NotoSerifSC", "NotoSansSC", "LXGWWenKai"}


def test_the_signed_text_is_attached_byte_for_byte(printed: bytes) -> None:
    reader = opened(printed)
    assert set(reader.attachments) == {ATTACHMENT}
    (attached,) = reader.attachments[ATTACHMENT]
    assert attached == CAREGIVER.canonical_bytes()
    assert CertificateFacts.from_bytes(attached) == CAREGIVER
    (file,) = reader.trailer["/Root"]["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Data"


@pytest.mark.parametrize(
    "text",
    [
        "托育服务人员培训合格证书",
        "CertificateofTrainingforChildcareStaff",
        "杨春燕",
        "证件号码末四位021X",
        "昆明市五华区春城里托育园",
        "于二〇二四年三月一日至二〇二六年五月二十日期间",
        "《云南省托育机构保育人员全员培训标准》",
        "一百二十学时",
        "120学时",
        "60学时",
        "有效期\N{FULLWIDTH COLON}2026年5月20日至2031年5月19日止",
        "4K7P0QXM9ATB",
        CAREGIVER.number,
        "https://zs.wjw.yn.example/C/",
        "云南省卫生健康委员会",
        "依据\N{FULLWIDTH COLON}云南省“十四五”托育发展规划",
        "completed120classhours(45minuteseach)oftrainingforthepostofCaregiver",
        "Validfrom20May2026to19May2031,bothdaysincluded",
    ],
)
def test_what_is_printed_can_be_read_as_text(printed: bytes, text: str) -> None:
    assert text in words(printed)


def test_it_never_prints_the_whole_document_number_nor_speaks_of_a_demonstration(printed: bytes) -> None:
    text = words(printed)
    assert "演示" not in text
    assert "替代编号" not in text
    assert text.count("021X") == 1


def test_a_demonstration_says_so_on_its_face() -> None:
    text = words(render(CAREGIVER, QR, demonstration=True))
    assert text.count("演示") > 10
    assert "无任何效力" in text
    assert "nolegaleffect" in text


def test_a_later_edition_names_the_one_it_replaces() -> None:
    text = words(render(facts(edition=2, replaces="5326B0000001Y"), QR))
    assert "本证书为第2版" in text
    assert "5326B0000001Y" in text


@pytest.mark.parametrize(
    "name", ["䶮㛃𬱖", "阿卜杜热合曼·买买提吐尔逊·阿不都克里木", "𠮷㐆", "Nguyễn Thị Ánh"]
)
def test_rare_and_long_names_are_drawn(name: str) -> None:
    assert "".join(name.split()) in words(render(facts(holder_name=name), QR))


@pytest.mark.parametrize(
    "field", ["holder_name", "facility", "authority", "citation", "title", "document_tail"]
)
def test_a_character_that_no_font_draws_is_refused_and_named(field: str) -> None:
    with pytest.raises(CannotDraw) as caught:
        render(facts(**{field: "王𬞞"}), QR)
    assert caught.value.characters == ["𬞞"]
    assert "U+2C79E" in str(caught.value)


def test_markup_in_a_name_is_text() -> None:
    for name in ("#panic()", "*b* _i_ $x$ <a>", '"]) #read("/etc/passwd")', "\\u{41}"):
        assert "".join(name.split()) in words(render(facts(holder_name=name), QR))


def test_empty_parts_leave_no_label_behind() -> None:
    text = words(render(facts(facility="", hours=(), occupation_title_en=""), QR))
    assert "发证时任职机构" not in text
    assert "oftrainingbetween1March2024" in text


def test_very_many_words_still_fit_on_one_page() -> None:
    raw = render(facts(**EXTREME), QR, demonstration=True)
    assert len(opened(raw).pages) == 1
    text = words(raw)
    assert text.count("某") >= 160
    assert text.count("依据") >= 101
    assert text.count("安全教育与突发事件应急处理") == 12
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(preview(facts(**EXTREME), QR))))[0].text == QR


def test_the_same_facts_give_the_same_bytes(printed: bytes) -> None:
    assert render(CAREGIVER, QR) == printed
    assert render(facts(holder_name="杨春雁"), QR) != printed


def test_many_threads_may_render_at_once() -> None:
    names = [f"杨春{chr(0x4E00 + n)}" for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        rendered = list(pool.map(lambda name: render(facts(holder_name=name), QR), names))
    for name, raw in zip(names, rendered, strict=True):
        assert name in words(raw)


def test_a_process_forked_after_rendering_is_told_instead_of_waiting_for_ever(printed: bytes) -> None:
    assert printed
    child = os.fork()
    if child == 0:
        try:
            render(CAREGIVER, QR)
        except RuntimeError:
            os._exit(17)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 17


@pytest.mark.parametrize("dpi", [100, 150, 300])
def test_another_program_rasters_the_pdf_and_another_library_reads_the_code(
    dpi: int, printed: bytes, tmp_path: Path
) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    (tmp_path / "certificate.pdf").write_bytes(printed)
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "certificate.pdf", "page"],
        cwd=tmp_path,
        check=True,
    )
    with Image.open(tmp_path / "page.png") as page:
        (found,) = zxingcpp.read_barcodes(page)
    assert found.text == QR
    corners = found.position
    side = (corners.top_right.x - corners.top_left.x) / dpi * 25.4
    assert side == pytest.approx(25.8, abs=0.6)  # millimetres, as decided for 300 dpi printers
