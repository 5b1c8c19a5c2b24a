"""Draws cards in headless Chromium, as Teams would and as a host that knows 1.5 only."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from cards.gallery.samples import GallerySample

HERE = Path(__file__).parent
PALETTES = json.loads((HERE / "palettes.json").read_text(encoding="utf-8"))
HOSTS = ("teams", "plain")
THEMES = ("light", "dark", "contrast")
WIDTHS = (560, 320)
_LIBRARIES = ("adaptivecards/dist/adaptivecards.min.js", "markdown-it/dist/markdown-it.min.js")
_QUIET = [
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]


class NoRenderer(Exception):
    """npm or Chromium is missing on this machine."""


def draw_all(shown: Sequence[GallerySample], out: Path) -> Mapping[str, list[str]]:
    """Draw every card in every host, theme and width; the faults seen while drawing, by picture."""
    folder = prepared()
    pictures = out / "png"
    pictures.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        page = open_page(browser, folder)
        for one, host, theme, width in product(shown, HOSTS, THEMES, WIDTHS):
            name = picture_name(one.name, host, theme, width)
            faults = put(page, one.card.content, theme, host, width)
            page.locator(".frame").screenshot(path=pictures / name)
            if faults:
                found[name] = faults
        browser.close()
    return found


def picture_name(card: str, host: str, theme: str, width: int) -> str:
    """The file of one picture."""
    return f"{card}_{host}_{theme}_{width}.png"


def start_browser(playwright: Playwright) -> Browser:
    """The machine's Chromium, else Playwright's own, with no way to any other host."""
    return playwright.chromium.launch(executable_path=_chromium(), args=_QUIET)


def open_page(browser: Browser, folder: Path) -> Page:
    """A page that can draw cards."""
    page = browser.new_page(device_scale_factor=1.5, viewport={"width": 640, "height": 800})
    page.goto((HERE / "page.html").as_uri())
    for library in _LIBRARIES:
        page.add_script_tag(path=folder / library)
    for script in ("hosts.js", "standins.js", "page.js"):
        page.add_script_tag(path=HERE / script)
    return page


def put(page: Page, content: Mapping[str, Any], theme: str, host: str, width: int) -> list[str]:
    """Draw one card alone on the page; what went wrong."""
    page.evaluate("document.body.replaceChildren()")
    drawn = page.evaluate(
        "([card, theme, host, width, palettes]) => draw(card, theme, host, width, palettes)",
        [content, theme, host, width, PALETTES],
    )
    return [str(one) for one in drawn]


def prepared() -> Path:
    """The folder of the JavaScript libraries, installed on first use at the pinned versions."""
    folder = HERE / "node_modules"
    if not all((folder / library).exists() for library in _LIBRARIES):
        npm = shutil.which("npm")
        if npm is None:
            raise NoRenderer("npm is not installed")
        command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        if subprocess.run(command, cwd=HERE, check=False).returncode:
            raise NoRenderer("npm could not install the renderer")
    return folder


def _chromium() -> str | None:
    """The machine's Chromium; None lets Playwright use its own."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
