"""The image's bill of materials in CycloneDX 1.5: `python -m tests.install.sbom --out FILE`."""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[2] / "deploy" / "requirements.lock"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """A package of the lock file; `marker` says on which machines it is needed."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def locked(text: str) -> tuple[LockedPackage, ...]:
    """The packages of a lock file."""
    found = list(_PINNED.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return tuple(
        LockedPackage(
            name=one[1].lower().replace("_", "-"),
            version=one[2],
            marker=one[3] or "",
            hashes=tuple(_HASH.findall(text, one.end(), end)),
        )
        for one, end in zip(found, ends, strict=True)
    )


def sbom(packages: tuple[LockedPackage, ...]) -> Mapping[str, Any]:
    """A CycloneDX document of the packages."""
    components = [
        {
            "type": "library",
            "name": one.name,
            "version": one.version,
            "purl": f"pkg:pypi/{one.name}@{one.version}",
            "bom-ref": f"pkg:pypi/{one.name}@{one.version}",
            "hashes": [{"alg": "SHA-256", "content": content} for content in one.hashes],
        }
        for one in packages
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "adf-ops-for-teams"}},
        "components": components,
    }


def main() -> int:
    """Write the document."""
    parser = argparse.ArgumentParser(prog="tests.install.sbom", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    packages = locked(LOCK.read_text(encoding="utf-8"))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(sbom(packages), indent=1), encoding="utf-8")
    print(f"{len(packages)} packages in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
