"""Secrets of many kinds, put together from tests/data/redaction, and what it is to leak one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "redaction"
_PARTED = "\u00b7"
# So much of a secret in a row tells something.
_SHORT, _TELLING = 8, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedSecret:
    """A secret of a kind inside a text."""

    kind: str
    secret: str
    text: str

    def leaks_in(self, shown: str) -> bool:
        """Whether a telling part of it is there."""
        if len(self.secret) < _SHORT:
            return self.secret in shown
        begins = range(len(self.secret) - _TELLING + 1)
        return any(self.secret[one : one + _TELLING] in shown for one in begins)


def planted_secrets(name: str = "planted") -> Iterator[PlantedSecret]:
    """Those of a file."""
    for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield PlantedSecret(
            kind=row["kind"],
            secret=row["planted"].replace(_PARTED, ""),
            text=row["text"].replace(_PARTED, ""),
        )
