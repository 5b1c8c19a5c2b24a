"""Tells a key in hex from the checksums, versions and ids that are written so too."""

import re

from adf.redaction.checksums import REACH, is_checksum

_HEX = re.compile(r"(?<![\w-])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![\w-])")
# What follows words like these is known to all.
_CHECKSUM = re.compile(
    r"(?i)(?:sha-?\d{0,3}|md5|crc\w*|hash\w*|digest|etag|commit\w*|checksum|fingerprint|thumbprint"
    r"|rev(?:ision)?|blob|tree|merge|version|image|uuid|guid|\w*id|trace\w*|serial\w*|head)"
    r"\W{0,4}(?:\w{1,12}\W{1,3})?$"
)
_KEY = re.compile(
    r"(?i)(?:secret|api[ _-]?key|token|password|credential|pat)\W{1,6}(?:[\d/]{1,24}[:/])?$"
)
_BEFORE = 32
_GUID_DIGITS = 32


def hide_hex(text: str, hidden: str, before: str) -> str:
    """Put `hidden` in the place of keys of over 32 digits; of 32, which ids have, if it is said."""

    def look(hit: re.Match[str]) -> str:
        number = hit.group()
        all_said = f"{before}{text[: hit.start()]}"[-REACH:]
        said = all_said[-_BEFORE:]
        is_mixed = any(map(str.isdigit, number)) and any(map(str.isalpha, number))
        is_key = len(number) > _GUID_DIGITS or _KEY.search(said)
        if not is_mixed or not is_key or _CHECKSUM.search(said):
            return number
        return number if is_checksum(all_said) else hidden

    return _HEX.sub(look, text)
