"""What an error text means, as far as the catalogue and the innermost message tell."""

from dataclasses import dataclass

from adf.diagnosis.match import evidence
from adf.diagnosis.refinements import refine
from adf.diagnosis.signature import signature_of
from adf.diagnosis.unwrap import peel
from adf.redaction import redact


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
    peeled = peel(redact(message or ""))
    found = list(evidence(peeled, outer_code or "", failure_type or ""))
    known = found[0] if found else None
    exact = next((one for one in found if not one.generic), None)
    refined = refine(peeled.root) or refine(peeled.text)
    told = refined or exact or known
    return Diagnosis(
        code=known.code if known else None,
        category=known.category if known else None,
        side=peeled.side,
        cause=told.cause if told else None,
        root=peeled.root,
        next_steps=told.next_steps if told else (),
        rerun=told.rerun if told else None,
        rerun_note=exact.rerun_note if exact and not refined else "",
        page=known.page if known else None,
        signature=signature_of(known.code if known else outer_code, peeled.root),
        exact=(refined or exact) is not None,
    )
