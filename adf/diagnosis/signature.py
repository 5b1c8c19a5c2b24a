"""The same error gets the same signature, whatever run, row, file or moment it speaks of."""

import hashlib
import re

from adf.diagnosis.layers import EDGES
from adf.diagnosis.unwrap import peel

_SILENT = re.compile(r"(?:activity failed because an inner activity failed\W*)?", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w./\\-])[\w./\\-]++")
_FILE = re.compile(r"\.(?:csv|json|parquet|avro|orc|txt|gz|zip|xml|xlsx?)$")
_DIGIT = re.compile(r"\d")
_CHANGING = (
    (re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (
        re.compile(r"\b\d{1,4}[-/]\d{1,2}[-/]\d{1,4}(?:[t ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?z?)?"),
        "<when>",
    ),
    (re.compile(r"\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\b"), "<when>"),
    (re.compile(r"\b0x[0-9a-f]+\b|\b[0-9a-f]{16,}\b"), "<id>"),
    (re.compile(r"\d+"), "<n>"),
    (re.compile(r"\s+"), " "),
)


def signature_of(code: str | None, root: str) -> str:
    """Twelve hex digits of the root message without what changes between runs.

    The code counts only for an error without words: the same error carries another outer code, or
    none, at each level it is told.
    """
    plain = _PATH.sub(_without_name, root.strip(EDGES).lower()) or f"|{code}"
    for pattern, word in _CHANGING:
        plain = pattern.sub(word, plain)
    return hashlib.sha256(plain.strip().encode()).hexdigest()[:12]


def signature_in(message: str, code: str | None = None) -> str:
    """The signature of the innermost error of a message; costs little, as no catalogue is asked."""
    return signature_of(code, peel(message).root)


def is_silent(message: str) -> bool:
    """Whether a message only says that something inside failed, and not what."""
    return _SILENT.fullmatch(peel(message).root) is not None


def _without_name(path: re.Match[str]) -> str:
    # Asked for in one pattern, digit and ending would take the square of a name's length.
    name = path.group()
    end = _FILE.search(name)
    return "<file>" if end and _DIGIT.search(name, 0, end.start()) else name
