"""What an error text means, as one decision tells it."""

from dataclasses import dataclass
from functools import lru_cache

from adf.diagnosis.decide import Decision, decide
from adf.diagnosis.names import with_names
from adf.diagnosis.sides import side_of
from adf.diagnosis.signature import signature_of
from adf.diagnosis.unwrap import Peeled, peel
from adf.redaction import redact

# A level of an error is shorter, and the innermost levels stand at the end.
_LONGEST = 12 * 1024
# A card, its alert and its fingerprint ask for the same error within a moment.
MOST_KNOWN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is known about an error; `code` and what follows from it are None for an unknown one.

    `confidence` is known (a code says it, and the words do not speak against it), likely (words or
    a vague code) or unknown; `candidates` are other causes that fit, each with what tells it apart.
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
    confidence: str = "unknown"
    actor: str | None = None
    candidates: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether more is known than that something failed."""
        return self.confidence != "unknown"


@lru_cache(maxsize=MOST_KNOWN)
def diagnose(
    message: str | None, outer_code: str | None = None, failure_type: str | None = None
) -> Diagnosis:
    """Say what an error means. Secrets are hidden first; no text makes it fail."""
    peeled = peel(redact(message or "", _LONGEST))
    decision = decide(peeled, outer_code or "", failure_type or "")
    code = decision.code if decision else outer_code
    signature = signature_of(code, peeled.root)
    if decision is None:
        return _unknown(peeled, signature)
    return _diagnosis(peeled, decision, signature, outer_code or "")


def _diagnosis(peeled: Peeled, decision: Decision, signature: str, outer_code: str) -> Diagnosis:
    kind = decision.kind
    return Diagnosis(
        code=decision.code,
        category=kind.category(side_of(peeled, outer_code)),
        side=peeled.side or kind.side,
        cause=with_names(decision.cause, peeled),
        root=peeled.root,
        next_steps=_steps(decision),
        rerun=kind.rerun,
        rerun_note="",
        page=decision.page,
        signature=signature,
        confidence=decision.confidence,
        actor=kind.actor,
        candidates=tuple(f"{with_names(one.cause, peeled)}" for one in decision.rivals),
    )


def _steps(decision: Decision) -> tuple[str, ...]:
    """The steps of its kind; where others fit too, first how to tell them apart."""
    steps = decision.kind.steps
    if not decision.rivals:
        return steps
    checks = "; or ".join(one.check for one in (decision.kind, *decision.rivals))
    return (f"To tell the causes apart: {checks}", *steps)


def _unknown(peeled: Peeled, signature: str) -> Diagnosis:
    return Diagnosis(
        code=None,
        category=None,
        side=peeled.side,
        cause=None,
        root=peeled.root,
        next_steps=(),
        rerun=None,
        rerun_note="",
        page=None,
        signature=signature,
    )
