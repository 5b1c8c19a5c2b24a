"""Reads JSON lines {message, outer_code?, failure_type?} and writes one diagnosis for each."""

import sys

from adf.diagnosis.lines import answer


def main() -> None:
    """Answer line by line, so that it can stand in a pipe."""
    for line in sys.stdin.buffer:
        if line.strip():
            sys.stdout.write(f"{answer(line)}\n")
            sys.stdout.flush()


main()
