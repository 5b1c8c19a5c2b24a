"""Whether a file lies where the locks and the memory of SQLite are not shared by all hosts."""

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = re.compile(r"cifs|smb\w*|nfs\d?|9p|afs|ceph|glusterfs|lustre|beegfs|gpfs|fuse(\..+)?")
_OCTAL = re.compile(r"\\([0-7]{3})")


def is_on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether the file system of a path is one of a network; False where that cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    # The deepest mount wins, and of several at one place the last.
    whole, best, kind = path.absolute(), -1, ""
    for line in lines:
        left, _, right = line.partition(" - ")
        place = Path(_OCTAL.sub(lambda found: chr(int(found[1], 8)), left.split()[4]))
        if whole.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), right.split()[0]
    return _NETWORK.fullmatch(kind) is not None
