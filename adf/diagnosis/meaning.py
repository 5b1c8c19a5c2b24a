"""What an error means, as a record that a card can show."""

from adf.diagnosis.diagnose import Diagnosis, diagnose
from adf.records import Cause, ErrorExplanation, Meaning


def meaning_of(cause: Cause | None) -> Meaning | None:
    """What is known of the cause of a broken run; None when that is only where it failed."""
    if cause is None:
        return None
    error = cause.error
    return _meaning(diagnose(error.message, error.code, error.failure_type))


def explain_error(text: str, outer_code: str | None = None) -> ErrorExplanation:
    """What an error text means that stands for itself."""
    found = diagnose(text, outer_code, None)
    return ErrorExplanation(
        root=found.root, category=found.category, side=found.side, meaning=_meaning(found)
    )


def _meaning(found: Diagnosis) -> Meaning | None:
    if not found.cause or not found.exact:
        return None
    return Meaning(
        code=found.code,
        cause=found.cause,
        next_steps=found.next_steps,
        rerun=found.rerun,
        page=found.page,
        signature=found.signature,
        confidence=found.confidence,
        candidates=found.candidates,
        actor=found.actor,
    )
