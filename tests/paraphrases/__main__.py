"""`python -m tests.paraphrases --count 1200 --seed 1 [--show 40]`: how often sure and wrong."""

import argparse
import asyncio
import logging
import sys
import time

from tests.paraphrases.generator import generate
from tests.paraphrases.measure import Measure, measured


def main() -> int:
    """Generate, play, judge, print; returns 1 when more than one in a hundred is sure and wrong."""
    parser = argparse.ArgumentParser(prog="tests.paraphrases")
    parser.add_argument("--count", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="so many mistakes in full")
    parser.add_argument("--unsure", type=int, default=0, help="so many plain ones not understood")
    parser.add_argument("--family", default="", help="only this family")
    parser.add_argument("--words", default="", help="only phrases of this collection")
    parser.add_argument("--world", default="", help="only this world")
    given = parser.parse_args()
    begun = time.monotonic()
    made = list(generate(given.seed, given.count))
    chosen = [
        one
        for one in made
        if given.family in {"", one.family}
        and given.words in {"", one.words}
        and given.world in {"", one.world}
    ]
    found = asyncio.run(measured(chosen))
    print(found.table())
    for one in found.mistakes()[: given.show]:
        print(one.told())
    for one in found.crashes()[: given.show]:
        print(one.told())
    for one in found.plain_unsure()[: given.unsure]:
        print(one.told())
    print(f"seed {given.seed}: {found.summary()}; {time.monotonic() - begun:.0f} s")
    return _verdict(found)


def _verdict(found: Measure) -> int:
    return 1 if found.share_wrong > 0.01 else 0


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
