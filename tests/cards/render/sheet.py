"""One HTML page to look through: each card in all its pictures, with the faults found."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import product
from pathlib import Path

from cards.gallery.samples import GallerySample
from tests.cards.render.pictures import HOSTS, THEMES, WIDTHS, picture_name

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cards</title><style>
body { font-family: sans-serif; margin: 16px; } h2 { margin: 24px 0 4px; }
.row { display: flex; gap: 8px; overflow-x: auto; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: 12px; color: #555; } .fault { color: #b10e1c; }
</style></head><body><h1>Every card</h1>
"""


def write_sheet(shown: Sequence[GallerySample], out: Path, faults: Mapping[str, list[str]]) -> None:
    """Write index.html beside the pictures."""
    parts = [_HEAD, *(_one(one, faults) for one in shown), "</body></html>\n"]
    (out / "index.html").write_text("".join(parts), encoding="utf-8")


def _one(one: GallerySample, faults: Mapping[str, list[str]]) -> str:
    rows = "".join(_row(one.name, host, faults) for host in HOSTS)
    return f"<h2>{escape(one.name)}</h2><p>{escape(one.card.summary)}</p>{rows}"


def _row(name: str, host: str, faults: Mapping[str, list[str]]) -> str:
    figures = "".join(
        _figure(picture_name(name, host, theme, width), f"{host} {theme} {width}", width, faults)
        for theme, width in product(THEMES, WIDTHS)
    )
    return f'<div class="row">{figures}</div>'


def _figure(file: str, caption: str, width: int, faults: Mapping[str, list[str]]) -> str:
    found = "".join(f'<div class="fault">{escape(one)}</div>' for one in faults.get(file, ()))
    image = f'<img src="png/{file}" width="{width + 24}" alt="{escape(caption)}" loading="lazy">'
    return f"<figure>{image}<figcaption>{escape(caption)}{found}</figcaption></figure>"
