"""A real browser plays what was made: picture, colour, sound and captions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from config.demonstration.content import load_courses
from config.demonstration.frames import HEIGHT, WIDTH
from config.demonstration.media import captions_beside, ensure_media
from config.demonstration.palette import JADE
from credentials.documents.fonts import FILES, LABEL_FACE
from tests.plugins.environment import CHROMIUM

COURSE = load_courses()[0]
PAGE = """<!doctype html><title>t</title><video id=v controls><source src="{video}" type="video/mp4">
<track kind=captions src="{captions}" srclang=zh default></video>"""
PLAY = """async () => {
  const v = document.getElementById("v");
  if (v.readyState < 1) await new Promise((done, lost) => { v.onloadedmetadata = done; v.onerror = lost; });
  await v.play();
  await new Promise(done => { v.ontimeupdate = () => { if (v.currentTime > 1.5) done(); }; });
  v.pause();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [v.videoWidth, v.videoHeight];
  const context = canvas.getContext("2d");
  context.drawImage(v, 0, 0);
  return {
    seconds: v.duration, width: v.videoWidth, height: v.videoHeight,
    heard: v.webkitAudioDecodedByteCount, seen: v.webkitDecodedFrameCount,
    colour: [...context.getImageData(20, 20, 1, 1).data].slice(0, 3),
    cues: v.textTracks[0].cues.length,
  };
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not the test's report."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    video = ensure_media(tmp_path, [FILES[LABEL_FACE]], courses=[COURSE])[COURSE.slug, "watch"]
    page = PAGE.format(video=video.name, captions=captions_beside(video).name)
    (tmp_path / "index.html").write_text(page, "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_chromium_plays_the_video_with_sound_and_captions(site: str) -> None:
    from playwright.sync_api import sync_playwright

    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--autoplay-policy=no-user-gesture-required",
    ]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=switches)
        page = browser.new_page()
        page.goto(site)
        seen = page.evaluate(PLAY)
        browser.close()
    assert seen["seconds"] == pytest.approx(COURSE.lessons[0].seconds, abs=0.1)
    assert (seen["width"], seen["height"]) == (WIDTH, HEIGHT)
    assert seen["heard"] > 1000
    assert seen["seen"] > 5
    assert seen["cues"] > 10
    assert seen["colour"] == pytest.approx(list(JADE), abs=6)
