"""`python -m cards.gallery --out DIR` writes every card as JSON."""

import argparse
from pathlib import Path

from cards.gallery.samples import gallery
from cards.gallery.writing import write_json

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--out", type=Path, required=True)
write_json(gallery(), parser.parse_args().out)
