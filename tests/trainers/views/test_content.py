"""Uploaded content behind its signed address: whole, in part, for six hours, and never as a program."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from core import clock
from tests.factories.registry import AT
from tests.trainers import files
from trainers import queries
from trainers.models import MaterialVersion

pytestmark = pytest.mark.django_db
Upload = Callable[..., MaterialVersion]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.set_to(AT):
        yield


def body(answer: HttpResponseBase) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type, attr-defined]


def fetch(address: str, **headers: str) -> HttpResponseBase:
    return Client().get(address, headers=headers)  # type: ignore[arg-type]


def test_a_visitor_with_the_address_gets_the_whole_file(upload: Upload) -> None:
    content = files.video(sound=True)
    version = upload(content, "洗手.mp4")
    answer = fetch(queries.content_url(version, at=AT))
    assert answer.status_code == 200
    assert body(answer) == content
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Length"] == str(len(content))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E6%B4%97%E6%89%8B.mp4"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize(
    ("content", "name", "disposition"),
    [
        (files.pdf(), "a.pdf", 'inline; filename="a.pdf"'),
        (files.picture(), "a.png", 'inline; filename="a.png"'),
        (files.pptx(), "a.pptx", 'attachment; filename="a.pptx"'),
    ],
)
def test_slides_are_saved_and_everything_else_is_shown(
    upload: Upload, content: bytes, name: str, disposition: str
) -> None:
    answer = fetch(queries.content_url(upload(content, name), at=AT))
    assert answer["Content-Disposition"] == disposition
    assert body(answer) == content


def test_any_range_gives_the_bytes_of_the_file_and_says_which(upload: Upload) -> None:
    content = files.video(sound=True)
    address = queries.content_url(upload(content, "a.mp4"), at=AT)
    chance, size = random.Random(7), len(content)
    for _try in range(40):
        start = chance.randrange(size)
        end = chance.randrange(start, size + 1000)
        answer = fetch(address, range=f"bytes={start}-{end}")
        last = min(end, size - 1)
        assert answer.status_code == 206
        assert answer["Content-Range"] == f"bytes {start}-{last}/{size}"
        assert answer["Content-Length"] == str(last - start + 1)
        assert body(answer) == content[start : last + 1]


def test_a_range_without_end_and_the_last_bytes_are_served(upload: Upload) -> None:
    content = files.pdf()
    address = queries.content_url(upload(content), at=AT)
    assert body(fetch(address, range="bytes=10-")) == content[10:]
    assert body(fetch(address, range="bytes=-7")) == content[-7:]


@pytest.mark.parametrize("header", ["bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_416(upload: Upload, header: str) -> None:
    content = files.pdf()
    answer = fetch(queries.content_url(upload(content), at=AT), range=header)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(content)}")


@pytest.mark.parametrize("header", ["bytes=0-1,5-9", "bytes=9-3", "lines=0-1", "bytes=-", "nonsense"])
def test_what_is_no_single_range_gets_the_whole_file(upload: Upload, header: str) -> None:
    content = files.pdf()
    answer = fetch(queries.content_url(upload(content), at=AT), range=header)
    assert (answer.status_code, body(answer)) == (200, content)


def test_a_range_of_another_file_gets_the_whole_file(upload: Upload) -> None:
    version = upload(files.pdf())
    address = queries.content_url(version, at=AT)
    assert fetch(address, range="bytes=0-1", **{"if-range": f'"{version.sha256}"'}).status_code == 206
    assert fetch(address, range="bytes=0-1", **{"if-range": '"another"'}).status_code == 200


def test_what_a_browser_has_is_not_sent_again(upload: Upload) -> None:
    version = upload()
    address = queries.content_url(version, at=AT)
    answer = fetch(address, **{"if-none-match": f'"{version.sha256}"'})
    assert (answer.status_code, body(answer)) == (304, b"")


def test_head_says_the_length_without_the_file(upload: Upload) -> None:
    content = files.pdf()
    answer = Client().head(queries.content_url(upload(content), at=AT))
    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, str(len(content)), b"")


# ── the key ─────────────────────────────────────────────────────────────────


def test_an_address_opens_for_six_hours_and_no_longer_than_seven(upload: Upload) -> None:
    address = queries.content_url(upload(), at=AT)
    with clock.set_to(AT + timedelta(hours=6) - timedelta(seconds=1)):
        assert fetch(address).status_code == 200
    with clock.set_to(AT + timedelta(hours=7)):
        assert fetch(address).status_code == 403


def test_an_address_stays_the_same_within_an_hour(upload: Upload) -> None:
    version = upload()
    begun = AT.replace(minute=0)
    same = {queries.content_url(version, at=begun + timedelta(minutes=minutes)) for minutes in (0, 20, 59)}
    assert len(same) == 1
    assert queries.content_url(version, at=begun + timedelta(minutes=60)) not in same


@pytest.mark.parametrize("key", ["", "x", "x.y", "a" * 43 + ".6a000000", "."])
def test_a_wrong_key_is_403(upload: Upload, key: str) -> None:
    address = queries.content_url(upload(), at=AT).partition("?")[0]
    answer = fetch(f"{address}?key={key}")
    assert answer.status_code == 403
    assert body(answer)


def test_the_key_of_one_version_does_not_open_another(upload: Upload) -> None:
    one, other = upload(files.pdf(pages=1)), upload(files.pdf(pages=2))
    key = queries.content_url(one, at=AT).partition("?")[2]
    address = queries.content_url(other, at=AT).partition("?")[0]
    assert fetch(f"{address}?{key}").status_code == 403


def test_a_key_with_a_later_end_does_not_open(upload: Upload) -> None:
    address = queries.content_url(upload(), at=AT)
    stem, _, stamp = address.rpartition(".")
    assert fetch(f"{stem}.{int(stamp, 16) + 3600:x}").status_code == 403


@pytest.mark.parametrize("wrong", ["prefix", "file_name"])
def test_an_address_with_another_hash_or_name_is_not_found(upload: Upload, wrong: str) -> None:
    version = upload(files.pdf(), "a.pdf")
    address = queries.content_url(version, at=AT)
    other = {"prefix": (version.sha256[:12], "0" * 12), "file_name": ("a.pdf", "b.html")}[wrong]
    assert fetch(address).status_code == 200
    assert fetch(address.replace(*other)).status_code == 404


def test_in_production_the_address_names_the_upload_host(upload: Upload, settings: Any) -> None:
    version = upload()
    assert queries.content_url(version, at=AT).startswith(f"/content/{version.public_id}/")
    settings.DEMONSTRATION = False
    settings.UPLOAD_URL = "https://uploads.example"
    assert queries.content_url(version, at=AT).startswith(
        f"https://uploads.example/content/{version.public_id}/"
    )


def test_in_production_only_the_upload_host_serves_it(upload: Upload, settings: Any) -> None:
    address = queries.content_url(upload(), at=AT)
    settings.DEMONSTRATION = False
    settings.UPLOAD_HOST = "uploads.example"
    settings.ALLOWED_HOSTS = ["uploads.example", "testserver"]
    assert Client().get(address).status_code == 404
    assert Client(headers={"host": "uploads.example"}).get(address).status_code == 200


def test_captions_are_webvtt_behind_the_same_kind_of_key(upload: Upload) -> None:
    version = upload(files.video(), "a.mp4", captions=files.VTT.encode())
    answer = fetch(queries.captions_url(version, at=AT))
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/vtt; charset=utf-8")
    assert body(answer).decode() == files.VTT
    assert answer["X-Content-Type-Options"] == "nosniff"
    with clock.set_to(AT + timedelta(hours=8)):
        assert fetch(queries.captions_url(version, at=AT)).status_code == 403


def test_a_video_without_captions_has_no_address_for_them(upload: Upload) -> None:
    version = upload(files.video(), "a.mp4")
    assert queries.captions_url(version, at=AT) == ""
    key = queries.content_url(version, at=AT).partition("?")[2]
    assert fetch(f"/content/{version.public_id}/{version.sha256[:12]}/captions.vtt?{key}").status_code == 404


def test_a_page_of_a_pdf_is_a_picture_and_no_page_lies_beyond_the_last(upload: Upload) -> None:
    version = upload(files.pdf(pages=2))
    first, last = queries.page_urls(version, at=AT)
    assert body(fetch(first)).startswith(b"\x89PNG")
    assert fetch(last.replace("page-2", "page-3")).status_code == 404


def test_slides_have_no_pages_as_pictures(upload: Upload) -> None:
    assert queries.page_urls(upload(files.pptx(slides=3), "a.pptx"), at=AT) == []
