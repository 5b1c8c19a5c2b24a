"""Knows checksums, commits and fingerprints by what is said before them: all may know those."""

import re

_SUM = re.compile(
    r"(?i)\b(?:sha-?\d{0,3}|md5|crc\w*|hash(?:es)?|digest|etag|checksum|integrity|fingerprint"
    r"|thumbprint|commit\w*|(?-i:HEAD))(?![A-Za-z])"
)
# What is said of a secret in between makes its value one.
_SECRET = re.compile(r"(?i)passw|pwd|secret|token|credential|\bpat\b|(?<!host )(?<!public )\bkey\b")
_END = re.compile(r"[.;!?](?=\s)|[\r\n]")
REACH = 120


def is_checksum(said: str) -> bool:
    """Whether the sentence so far speaks of a checksum, and of no secret."""
    sentence = _END.split(said[-REACH:])[-1]
    return _SUM.search(sentence) is not None and _SECRET.search(sentence) is None
