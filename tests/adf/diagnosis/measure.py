"""Measures the diagnosis on labelled messages: python -m tests.adf.diagnosis.measure FILE.

`--part tune|check` takes half of the systems, chosen by hash; `--show` lists what was missed;
`--systems` counts by system. Only totals are printed otherwise.
"""

import argparse
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adf.diagnosis import Diagnosis, diagnose


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How one message was diagnosed against its labels."""

    category: bool
    root: bool
    wrong_but_known: bool


def grade(sample: Mapping[str, Any], found: Diagnosis) -> Grade:
    """Compare a diagnosis with the labels of its message."""
    category = found.category in sample["acceptable_categories"]
    root = re.search(sample["root_phrase"], found.root, re.IGNORECASE | re.DOTALL) is not None
    known = getattr(found, "confidence", "known" if found.exact else "unknown") == "known"
    return Grade(category=category, root=root, wrong_but_known=known and not category)


def part_of(system: str) -> str:
    """Whether the messages of a system are looked at while building, or only counted."""
    return "tune" if hashlib.sha256(system.encode()).digest()[0] % 2 else "check"


def diagnosed(sample: Mapping[str, Any]) -> Diagnosis:
    """The diagnosis of a labelled message with what Data Factory says beside it."""
    return diagnose(sample["message"], sample["outer_code"], sample["failure_type"])


def main() -> None:
    """Print the totals of a file, and what was asked for beside them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--part", choices=("tune", "check"))
    parser.add_argument("--systems", action="store_true")
    parser.add_argument("--show", choices=("category", "root", "wrong"))
    asked = parser.parse_args()
    samples = [
        sample
        for sample in map(json.loads, asked.file.read_text(encoding="utf-8").splitlines())
        if asked.part in (None, part_of(_system(sample)))
    ]
    graded = [(sample, found := diagnosed(sample), grade(sample, found)) for sample in samples]
    print(_totals([one for *_, one in graded]))
    if asked.systems:
        _print_systems(graded)
    for sample, found, one in graded if asked.show else ():
        _print_missed(asked.show, sample, found, one)


def _totals(grades: Sequence[Grade]) -> str:
    count = max(len(grades), 1)
    counts = {
        "category": sum(one.category for one in grades),
        "root": sum(one.root for one in grades),
        "known and wrong": sum(one.wrong_but_known for one in grades),
    }
    told = (f"{name} {n} ({100 * n / count:.1f} %)" for name, n in counts.items())
    return f"{len(grades)} messages: {', '.join(told)}"


def _print_systems(graded: Sequence[tuple[Mapping[str, Any], Diagnosis, Grade]]) -> None:
    every = Counter(_system(sample) for sample, *_ in graded)
    right = Counter(_system(sample) for sample, _, one in graded if one.category)
    for system, count in sorted(every.items()):
        print(f"  {system}: {right[system]} of {count}")


def _print_missed(kind: str, sample: Mapping[str, Any], found: Diagnosis, one: Grade) -> None:
    missed = {"category": not one.category, "root": not one.root, "wrong": one.wrong_but_known}
    if missed[kind]:
        print(f"\n{sample['id']} {_system(sample)} outer={sample['outer_code']}")
        print(f"  {sample['message'][:900]}")
        print(f"  wanted {sample['acceptable_categories']} root {sample['root_phrase']!r}")
        print(f"  found {found.category} code {found.code} root {found.root[:300]!r}")


def _system(sample: Mapping[str, Any]) -> str:
    return str(sample.get("system") or "unnamed")


if __name__ == "__main__":
    main()
