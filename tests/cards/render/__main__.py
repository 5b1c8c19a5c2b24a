"""`python -m tests.cards.render --out DIR`: every card as JSON, PNG and one sheet."""

import argparse
import sys
from pathlib import Path

from cards.gallery.samples import gallery
from cards.gallery.writing import write_json
from tests.cards.render.pictures import NoRenderer, draw_all
from tests.cards.render.sheet import write_sheet


def main() -> int:
    """Write the gallery; without npm or Chromium the JSON alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="comma-separated parts of card names")
    asked = parser.parse_args()
    wanted = [part for part in asked.only.split(",") if part]
    shown = [one for one in gallery() if not wanted or any(part in one.name for part in wanted)]
    write_json(shown, asked.out / "json")
    try:
        faults = draw_all(shown, asked.out)
    except NoRenderer as missing:
        print(f"cards written as JSON only: {missing}")
        return 1
    write_sheet(shown, asked.out, faults)
    print(
        f"{len(shown)} cards, {sum(map(len, faults.values()))} faults: {asked.out / 'index.html'}"
    )
    for name, found in faults.items():
        print(f"  {name}: {'; '.join(found)}")
    return 1 if faults else 0


sys.exit(main())
