"""Draws the app's two icons: work that branches, and the one branch that needs somebody.

Drawn from distances in plain Python, so that the package needs no picture library.
"""

import argparse
import math
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

COLOR, OUTLINE = "color.png", "outline.png"
COLOR_SIZE, OUTLINE_SIZE = 192, 32
HERE = Path(__file__).parent

Paint = tuple[int, int, int, int]
Distance = Callable[[float, float], float]
Layer = tuple[Distance, Paint]

_BLUE, _WHITE, _RED = (15, 76, 129, 255), (255, 255, 255, 255), (226, 75, 64, 255)
_START, _FORK, _GOOD = (42.0, 64.0), (94.0, 64.0), (146.0, 64.0)
_CORNER, _BAD = (94.0, 130.0), (140.0, 130.0)


def draw_color() -> bytes:
    """The colour icon: the symbol on a filled square, as Teams rounds its corners itself."""
    layers: list[Layer] = [
        (lambda _x, _y: -1.0, _BLUE),
        (_line(_START, _GOOD, 6.0), _WHITE),
        (_line(_FORK, _CORNER, 6.0), _WHITE),
        (_line(_CORNER, _BAD, 6.0), _WHITE),
        *((_disc(node, 17.0), _WHITE) for node in (_START, _FORK, _GOOD)),
        (_disc(_BAD, 30.0), _WHITE),
        (_disc(_BAD, 22.0), _RED),
    ]
    return _picture(COLOR_SIZE, layers, scale=1.0, corner=0.0)


def draw_outline() -> bytes:
    """The outline icon: white lines and nothing behind them."""
    layers: list[Layer] = [
        (_line((58.0, 64.0), (78.0, 64.0), 4.5), _WHITE),
        (_line((110.0, 64.0), (130.0, 64.0), 4.5), _WHITE),
        (_line((94.0, 80.0), _CORNER, 4.5), _WHITE),
        (_line(_CORNER, _BAD, 4.5), _WHITE),
        *((_ring(node, 15.0, 4.0), _WHITE) for node in (_START, _FORK, _GOOD)),
        (_disc(_BAD, 22.0), _WHITE),
    ]
    return _picture(OUTLINE_SIZE, layers, scale=4.5, corner=22.0)


def _disc(centre: tuple[float, float], radius: float) -> Distance:
    return lambda x, y: _length(x - centre[0], y - centre[1]) - radius


def _ring(centre: tuple[float, float], radius: float, half: float) -> Distance:
    return lambda x, y: abs(_length(x - centre[0], y - centre[1]) - radius) - half


def _line(begin: tuple[float, float], end: tuple[float, float], half: float) -> Distance:
    dx, dy = end[0] - begin[0], end[1] - begin[1]

    def distance(x: float, y: float) -> float:
        along = ((x - begin[0]) * dx + (y - begin[1]) * dy) / (dx * dx + dy * dy)
        along = min(1.0, max(0.0, along))
        return _length(x - begin[0] - along * dx, y - begin[1] - along * dy) - half

    return distance


def _length(dx: float, dy: float) -> float:
    # Square root is rounded alike on every machine; hypot is not promised to be.
    return math.sqrt(dx * dx + dy * dy)


def _picture(size: int, layers: Sequence[Layer], *, scale: float, corner: float) -> bytes:
    rows: list[bytes] = []
    for row in range(size):
        y = corner + (row + 0.5) * scale
        pixels = (
            _pixel(corner + (column + 0.5) * scale, y, layers, scale) for column in range(size)
        )
        rows.append(b"\0" + b"".join(bytes(pixel) for pixel in pixels))
    return _png(size, b"".join(rows))


def _pixel(x: float, y: float, layers: Sequence[Layer], scale: float) -> Paint:
    """One pixel: each layer over those before, as far as it covers the pixel."""
    below: Paint = (255, 255, 255, 0)
    for distance, paint in layers:
        cover = min(1.0, max(0.0, 0.5 - distance(x, y) / scale))
        if cover:
            below = _over(paint, below, cover)
    return below


def _over(paint: Paint, below: Paint, cover: float) -> Paint:
    behind = below[3] / 255 * (1 - cover)
    whole = cover + behind
    red, green, blue = (round((paint[i] * cover + below[i] * behind) / whole) for i in range(3))
    return red, green, blue, round(whole * 255)


def _png(size: int, rows: bytes) -> bytes:
    """The rows (each led by its filter, 0) as a PNG of 8-bit RGBA."""
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main(words: Sequence[str] | None = None) -> int:
    """Write both icons into a folder."""
    parser = argparse.ArgumentParser(prog="python -m manifest.icons", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="the folder; this one by default")
    given = parser.parse_args(words)
    (given.out / COLOR).write_bytes(draw_color())
    (given.out / OUTLINE).write_bytes(draw_outline())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
