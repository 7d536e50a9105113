"""The child process that draws one page of a stranger's PDF; `pages.py` starts it and outlives it.

Imports nothing of ours. Arguments: path, page number from 1, width in pixels, caps as JSON. Answers a PNG.
"""

from __future__ import annotations

import io
import json
import resource
import sys


def main() -> None:
    path, number, width = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    caps = json.loads(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_CPU, (caps["seconds"], caps["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (2 * caps["memory_bytes"], 2 * caps["memory_bytes"]))
    import pypdfium2

    page = pypdfium2.PdfDocument(path)[number - 1]
    across, down = page.get_size()
    scale = width / across
    if width * down * scale > caps["pixels"]:
        sys.exit(3)
    picture = page.render(scale=scale).to_pil().convert("P", colors=64)
    whole = io.BytesIO()
    picture.save(whole, "PNG", optimize=True)
    sys.stdout.buffer.write(whole.getvalue())


if __name__ == "__main__":
    main()
