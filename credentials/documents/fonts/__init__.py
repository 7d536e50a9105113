"""The fonts a certificate is set in, vendored whole: the same bytes on every machine, and rare names."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent

NAME_FACE = "LXGW WenKai"
TEXT_FACE = "Noto Serif SC"
LABEL_FACE = "Noto Sans SC"

FILES = {
    NAME_FACE: FOLDER / "LXGWWenKai-Regular.ttf",
    TEXT_FACE: FOLDER / "NotoSerifSC-Regular.otf",
    LABEL_FACE: FOLDER / "NotoSansSC-Regular.otf",
}
