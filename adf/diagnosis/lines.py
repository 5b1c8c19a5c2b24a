"""JSON lines {message, outer_code?, failure_type?} in, one diagnosis for each out."""

import dataclasses
import json
from typing import cast

from adf.diagnosis.diagnose import diagnose

LONGEST = 4_000_000


def answer(line: bytes) -> str:
    """The diagnosis of one line as JSON; a line that cannot be read is answered by an error."""
    try:
        asked = json.loads(line[:LONGEST].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return json.dumps({"error": f"not a line of JSON: {type(error).__name__}"})
    if not isinstance(asked, dict):
        return json.dumps({"error": "a line must be a JSON object with a message"})
    fields = cast("dict[str, object]", asked)
    message, outer, kind = (
        _text(fields.get(key)) for key in ("message", "outer_code", "failure_type")
    )
    # Lone surrogates, which JSON can carry and UTF-8 cannot, are written as escapes.
    return json.dumps(dataclasses.asdict(diagnose(message, outer, kind)))


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)
