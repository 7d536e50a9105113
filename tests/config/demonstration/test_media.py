"""What is made can be played and printed, is the same each time, and is made once."""

from __future__ import annotations

import multiprocessing
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from config.demonstration.captions import line_times, slide_times, webvtt
from config.demonstration.content import DemoBlock, DemoCourse, load_courses
from config.demonstration.frames import HEIGHT, POSTER, WIDTH
from config.demonstration.media import POSTER as POSTER_KEY
from config.demonstration.media import captions_beside, ensure_media, make_pdf, make_video
from config.demonstration.palette import face_of, titled, wrapped
from credentials.documents.fonts import FILES, LABEL_FACE

FONT = FILES[LABEL_FACE]
COURSE = load_courses()[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    return ensure_media(tmp_path_factory.mktemp("media"), [FONT], courses=[COURSE])


def printed_only(course: DemoCourse) -> DemoCourse:
    """Quick to make: its handout and its poster."""
    return replace(course, lessons=course.of_kind("pdf"))


def test_a_course_gets_its_video_handout_and_poster(made: dict[tuple[str, str], Path]) -> None:
    assert {key: path.suffix for key, path in made.items()} == {
        (COURSE.slug, "watch"): ".mp4",
        (COURSE.slug, "handout"): ".pdf",
        (COURSE.slug, POSTER_KEY): ".png",
    }


def test_the_video_plays_as_long_as_its_lesson_says(made: dict[tuple[str, str], Path]) -> None:
    path = made[COURSE.slug, "watch"]
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert container.duration == COURSE.lessons[0].seconds * 1_000_000
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.codec_context.profile, audio.codec_context.name) == ("Main", "aac")
        assert (video.width, video.height) == (WIDTH, HEIGHT)
    assert path.stat().st_size < 1_000_000


def test_the_index_stands_before_the_media(made: dict[tuple[str, str], Path]) -> None:
    head = made[COURSE.slug, "watch"].read_bytes()
    assert 0 < head.index(b"moov") < head.index(b"mdat")


def test_the_sound_is_heard_in_every_slide_and_never_clips(made: dict[tuple[str, str], Path]) -> None:
    lesson = COURSE.lessons[0]
    with av.open(str(made[COURSE.slug, "watch"])) as container:
        rate = container.streams.audio[0].rate
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert float(np.abs(sound).max()) < 0.9
    for start, end in slide_times(lesson.slides, lesson.seconds):
        part = sound[round(start * rate) : round(end * rate)]
        assert float(np.sqrt((part**2).mean())) > 0.01


def test_each_slide_is_seen(made: dict[tuple[str, str], Path]) -> None:
    lesson = COURSE.lessons[0]
    with av.open(str(made[COURSE.slug, "watch"])) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    fps = len(frames) / lesson.seconds
    lasts = [frames[round(end * fps) - 2] for _, end in slide_times(lesson.slides, lesson.seconds)]
    for one, other in pairwise(lasts):
        assert float(np.abs(one.astype(int) - other.astype(int)).mean()) > 2


def test_captions_say_all_that_is_spoken_in_order_without_overlap(made: dict[tuple[str, str], Path]) -> None:
    lesson = COURSE.lessons[0]
    text = captions_beside(made[COURSE.slug, "watch"]).read_text("utf-8")
    assert text == webvtt(lesson.slides, lesson.seconds)
    cues = re.findall(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(.+)\n", text)
    times = [
        (int(a) * 3600 + int(b) * 60 + float(c), int(d) * 3600 + int(e) * 60 + float(f))
        for a, b, c, d, e, f, _ in cues
    ]
    assert "".join(cue[-1] for cue in cues) == "".join(slide.spoken for slide in lesson.slides)
    flat = [moment for pair in times for moment in pair]
    assert flat == sorted(flat)
    assert flat[-1] <= lesson.seconds


def test_the_slides_share_the_time_by_what_is_spoken() -> None:
    slides = COURSE.lessons[0].slides
    times = slide_times(slides, 31)
    assert [times[0][0], times[-1][1]] == [0, pytest.approx(31)]
    for slide, (start, end) in zip(slides, times, strict=True):
        shown = line_times(slide, start, end)
        assert start < shown[0] <= shown[-1] < end


def test_the_same_slides_give_the_same_bytes(tmp_path: Path) -> None:
    slides = COURSE.lessons[0].slides[:2]
    for name in ("one.mp4", "two.mp4"):
        make_video(slides, tmp_path / name, 4, font=FONT, topic=COURSE.topic)
    assert (tmp_path / "one.mp4").read_bytes() == (tmp_path / "two.mp4").read_bytes()


def test_the_handout_is_one_tagged_page_of_its_own_words(made: dict[tuple[str, str], Path]) -> None:
    reader = PdfReader(made[COURSE.slug, "handout"])
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == COURSE.of_kind("pdf")[0].title
    assert reader.root_object["/MarkInfo"]["/Marked"].value is True
    text = re.sub(r"\s", "", reader.pages[0].extract_text())
    for block in COURSE.of_kind("pdf")[0].blocks:
        for words in (block.text, *block.items):
            assert re.sub(r"\s", "", words)[:12] in text


def test_all_handouts_fit_one_page(tmp_path: Path) -> None:
    courses = [printed_only(course) for course in load_courses()]
    made = ensure_media(tmp_path, [FONT], courses=courses)
    pages = {key: len(PdfReader(path).pages) for key, path in made.items() if path.suffix == ".pdf"}
    assert pages == {(course.slug, "handout"): 1 for course in courses}


def test_a_long_handout_goes_on_to_a_second_page(tmp_path: Path) -> None:
    blocks = [DemoBlock("paragraph", "很长的一段文字。" * 40)] * 12
    pages = make_pdf(
        "长", blocks, tmp_path / "a.pdf", font=FONT, topic="sleep", course="课", basis=["《依据》"]
    )
    assert pages == len(PdfReader(tmp_path / "a.pdf").pages)
    assert pages > 1


def test_the_poster_is_of_the_size_shared_links_want(made: dict[tuple[str, str], Path]) -> None:
    with Image.open(made[COURSE.slug, POSTER_KEY]) as poster:
        assert (poster.format, poster.size) == ("PNG", POSTER)


def test_what_exists_is_not_made_again(tmp_path: Path) -> None:
    course = printed_only(COURSE)
    first = ensure_media(tmp_path, [FONT], courses=[course])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert ensure_media(tmp_path, [tmp_path / "missing.otf", FONT], courses=[course]) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_other_words_get_another_file(tmp_path: Path) -> None:
    course = printed_only(COURSE)
    old = ensure_media(tmp_path, [FONT], courses=[course])
    new = ensure_media(tmp_path, [FONT], courses=[replace(course, title="另一门课")])
    assert set(old) == set(new)
    assert not set(old.values()) & set(new.values())


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = replace(printed_only(COURSE), topic="unheard_of")
    with pytest.raises(KeyError, match="unheard_of"):
        ensure_media(tmp_path, [FONT], courses=[broken])
    assert list(tmp_path.iterdir()) == []


def test_without_a_font_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"missing\.otf"):
        ensure_media(tmp_path / "media", [tmp_path / "missing.otf"])
    assert not (tmp_path / "media").exists()


def _make(folder: Path) -> None:
    ensure_media(folder, [FONT], courses=[printed_only(course) for course in load_courses()[:3]])


def test_two_processes_may_make_them_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_make, args=(tmp_path,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".pdf"] * 3 + [".png"] * 3
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_title_breaks_before_and() -> None:
    font = face_of(FONT).sized(68)
    assert titled("职业道德与师德底线", font, 600) == ["职业道德", "与师德底线"]
    assert titled("婴幼儿睡眠安全", font, 600) == ["婴幼儿睡眠安全"]


def test_no_line_begins_with_a_closing_mark() -> None:
    font = face_of(FONT).sized(20)
    lines = wrapped("一二三四，五六七八。九十", font, 80)
    assert lines == ["一二三", "四，五六", "七八。九", "十"]
