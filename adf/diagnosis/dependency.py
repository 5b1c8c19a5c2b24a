"""What outside of a pipeline is broken, where its error names it: a runtime, server, login, quota.

Many pipelines fail at once of one such thing, and that is one cause. A text that only looks alike
does not say so: without a name nothing is joined, but for limits that a whole service enforces.
"""

import hashlib
import re
from collections.abc import Iterator

from adf.diagnosis.diagnose import diagnose
from adf.diagnosis.runtimes import offline_runtime
from adf.diagnosis.signature import signature_in
from adf.diagnosis.unwrap import peel
from adf.records import Cause

_QUOTED = r"[\s:=]*[(\[]*['\"‘“`]([^'\"’”`]{1,200})['\"’”`]"
_PLACE = re.compile(
    r"(?i)\b(?:linked ?service|server(?: name)?|sql database|sql server|database server"
    r"|host(?: ?name)?"
    r"|data ?source|account(?: name)?|storage account|endpoint|cluster|warehouse|workspace|vault"
    r"|key vault|gateway|service principal|client(?: id)?|application|tenant|registry|broker|site)"
    rf"{_QUOTED}"
)
_LOGIN = re.compile(
    rf"(?i)\b(?:login(?: failed)?(?: for user)?|for user|user(?: ?name)?|principal"
    rf"|credential){_QUOTED}"
)
_ANY_QUOTED = re.compile(r"['\"‘“`]([^'\"’”`]{2,120})['\"’”`]")
# What differs from run to run: ids, moments, files of a day, numbers.
_CHANGING = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}|^[\W\d]+$").search
_URL = re.compile(r"(?i)\bhttps?://([a-z0-9][a-z0-9.-]{2,200})")
_HOST = re.compile(
    r"(?i)(?<![\w@./-])((?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,20})(?::\d{2,5})?(?![\w(])"
)
_HELP = re.compile(r"(?i)(?:microsoft|aka|learn|msdn|support)\.|\.(?:ms|dll|exe|cs|py|csv|json)$")
_TYPES = re.compile(r"(?i)\b(?:system|microsoft|java|org|com|net|io|azure)\.(?:\w+\.)*\w+")
# Categories of the catalogue whose cause lies outside of the pipeline.
_NAMED = frozenset(
    {
        *("auth", "network", "integration_runtime", "timeout", "compute", "quota", "throttling"),
        "service_transient",
    }
)
# Limits that a service enforces on all who call it, so that they need no name.
_WHOLE = frozenset({"throttling"})


def dependency_of(cause: Cause | None) -> str | None:
    """A name for the broken thing that is the same in every pipeline it breaks; None for none.

    With the same login on the same server, or the same limit of the same service, it is certain.
    """
    if cause is None:
        return None
    runtime = offline_runtime(cause)
    if runtime:
        return f"runtime:{runtime}"
    error = cause.error
    found = diagnose(error.message, error.code, error.failure_type)
    if not found.exact or found.category is None:
        return None
    names = sorted(set(names_in(error.message)))
    if names and found.category in _NAMED:
        return f"{found.category}:{_mark(*names)}"
    if found.category in _WHOLE:
        return f"{found.category}:{_mark(found.signature)}"
    return None


def names_in(message: str) -> Iterator[str]:
    """The servers, accounts, logins and services that an error names, in small letters."""
    root = peel(message).text
    for form in (_PLACE, _LOGIN, _URL):
        for found in form.finditer(root):
            yield _plain(found.group(1))
    for found in _HOST.finditer(_TYPES.sub(" ", root)):
        if not _HELP.search(found.group(1)):
            yield _plain(found.group(1))


def _plain(name: str) -> str:
    """A name without protocol, port and case: "tcp:sql1.db.net,1433" is sql1.db.net."""
    bare = re.sub(r"^[a-z]+:(?://)?", "", name.strip().lower())
    return re.split(r"[,;/\\:]", bare)[0].rstrip(".")


def _mark(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def error_mark(cause: Cause | None, message: str = "") -> str:
    """The same for errors that say the same of the same things, whatever pipeline they broke."""
    text, code = (cause.error.message, cause.error.code) if cause else (message, "")
    quoted = {name.lower() for name in _ANY_QUOTED.findall(peel(text).root) if not _CHANGING(name)}
    return _mark(signature_in(text, code), *sorted({*quoted, *names_in(text)}))
