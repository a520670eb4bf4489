"""Draws the pictures of the README again: the demo's last screen, the circular.

It plays the demo, prints its screen to a picture and the first page of the circular
to another, with a headless browser. It never reaches for the network.

    python -m tools.pictures
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from examples.district.demo import play_into
from examples.district.screen import WIDTH, show

ROOT: Final = Path(__file__).parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
LARGEST: Final = 300_000
PAGE: Final = (794, 1123)
"""A4 at 96 dots an inch."""

FONT: Final = 16
LINE: Final = 20
MARGIN: Final = 16
# A font whose Chinese signs are exactly two columns wide keeps tables straight; it
# draws bars, arrows and quotation marks as wide, so those come from another.
SCREEN: Final = f"""<!doctype html><meta charset="utf-8">
<style>
  @font-face {{{{ font-family: narrow; size-adjust: 83.1%;
    src: local("DejaVu Sans Mono"), local("Liberation Mono");
    unicode-range: U+2018-201D, U+2190-21FF, U+2500-259F, U+2713 }}}}
  body {{{{ margin: 0; background: {{background}}; color: {{foreground}} }}}}
  pre {{{{ margin: 0; padding: {MARGIN}px; font: {FONT}px/{LINE}px
        narrow, "Noto Sans Mono CJK SC", "Sarasa Mono SC", monospace }}}}
</style><pre>{{code}}</pre>"""


def browser() -> str:
    """Find a browser that can draw without a screen.

    Raises:
        SystemExit: naming what is missing.
    """
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise SystemExit("Missing: Chromium (package chromium), to draw the pictures.")


def draw(page: str, size: tuple[int, int], picture: Path, scratch: Path) -> None:
    """Draw one page of HTML into a PNG.

    Raises:
        SystemExit: the browser drew nothing, or too large a picture.
    """
    source = scratch / f"{picture.stem}.html"
    source.write_text(page, "utf-8")
    done = subprocess.run(
        [
            browser(),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={scratch / 'profile'}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={picture}",
            source.as_uri(),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if not picture.exists():
        raise SystemExit(f"The browser drew nothing: {done.stderr[-500:]}")
    if picture.stat().st_size > LARGEST:
        raise SystemExit(f"{picture.name} is larger than {LARGEST} bytes.")


def screen_page(console: Console) -> tuple[str, tuple[int, int]]:
    """Give a recorded screen as a page, with its size."""
    text = console.export_text(clear=False)
    drawn = console.export_html(
        theme=DEFAULT_TERMINAL_THEME, code_format=SCREEN, inline_styles=True
    )
    width = WIDTH * FONT // 2 + 2 * MARGIN
    return drawn, (width, len(text.splitlines()) * LINE + 2 * MARGIN)


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="duban-pictures-") as name:
        scratch = Path(name)
        played, outcome = play_into(scratch / "demo")
        console = Console(
            width=WIDTH, record=True, file=io.StringIO(), force_terminal=True
        )
        show(console, played, outcome, Path("build/demo"))
        page, size = screen_page(console)
        draw(page, size, PICTURES / "demo.png", scratch)
        circular = (scratch / "demo" / "circular.html").read_text("utf-8")
        draw(circular, PAGE, PICTURES / "circular.png", scratch)
    for picture in sorted(PICTURES.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
