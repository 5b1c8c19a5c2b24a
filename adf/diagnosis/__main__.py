"""Reads JSON lines {message, outer_code?, failure_type?} and writes one diagnosis for each."""

import dataclasses
import json
import sys
from typing import cast

from adf.diagnosis import diagnose


def main() -> None:
    """Answer line by line, so that it can stand in a pipe; a line that is no JSON is an unknown."""
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(f"{_answer(line)}\n")
            sys.stdout.flush()


def _answer(line: str) -> str:
    try:
        asked: object = json.loads(line)
    except ValueError:
        asked = line
    fields = cast("dict[str, object]", asked) if isinstance(asked, dict) else {"message": asked}
    words = [fields.get(key) for key in ("message", "outer_code", "failure_type")]
    message, outer, kind = (None if word is None else str(word) for word in words)
    found = diagnose(message, outer, kind)
    return json.dumps(dataclasses.asdict(found), ensure_ascii=False)


main()
