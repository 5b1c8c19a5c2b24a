"""From an error text to a known error, by order of evidence.

The inner code first, then the text from the innermost message outwards, then the outer code: a
numeric outer code (2010, 2108, 2300) stands for several causes, so the text goes before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adf.diagnosis.catalogue import Known, catalogue
from adf.diagnosis.peel import Peeled, peel
from adf.diagnosis.refinements import refine
from adf.diagnosis.signature import signature_of
from adf.redaction import redact

LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known about an error; `code` and what follows from it are None for an unknown one.

    `exact` tells an error that is known from one of which only the wrapper is.
    """

    code: str | None
    category: str | None
    side: str | None
    cause: str | None
    root: str
    next_steps: tuple[str, ...]
    rerun: str | None
    rerun_note: str
    page: str | None
    signature: str
    exact: bool


def diagnose(
    message: str | None, outer_code: str | None = None, failure_type: str | None = None
) -> Diagnosis:
    """Say what an error means. Secrets are hidden first; no text makes it fail."""
    peeled = peel(redact(message or "")[:LONGEST])
    known = _recognise(peeled, outer_code or "", failure_type or "")
    refined = refine(peeled.root) or refine(peeled.text)
    told = refined or known
    code = known.code if known else None
    return Diagnosis(
        code=code,
        category=known.category if known else None,
        side=peeled.side,
        cause=told.cause if told else None,
        root=peeled.root,
        next_steps=told.next_steps if told else (),
        rerun=told.rerun if told else None,
        rerun_note=known.rerun_note if known and not refined else "",
        page=known.page if known else None,
        signature=signature_of(code or outer_code, peeled.root),
        exact=refined is not None or (known is not None and not known.generic),
    )


def _recognise(peeled: Peeled, outer_code: str, failure_type: str) -> Known | None:
    found = list(_evidence(peeled, outer_code))
    exact = next((one for one in found if not one.generic), None)
    if exact or found:
        return exact or found[0]
    if not peeled.text and not outer_code and failure_type:
        return _by_name("~Cancelled")
    return None


def _evidence(peeled: Peeled, outer_code: str) -> Iterator[Known]:
    """Known errors that fit, the strongest evidence first."""
    for code in peeled.codes:
        yield from _by_code(code)
    for text in (peeled.root, peeled.text):
        yield from (one for one in catalogue() if text and one.pattern.search(text))
    yield from _by_code(outer_code)


def _by_code(code: str) -> Iterator[Known]:
    plain = re.sub(r"(?i)^user(?=error)", "user", code.strip()).lower()
    return (one for one in catalogue() if plain and plain in one.names)


def _by_name(code: str) -> Known | None:
    return next((one for one in catalogue() if one.code == code), None)
