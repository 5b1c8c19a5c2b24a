"""What the cause of a broken run means, as a record that a card can show."""

from adf.diagnosis.diagnose import diagnose
from adf.records import Cause, Meaning


def meaning_of(cause: Cause | None) -> Meaning | None:
    """What the catalogue says of the cause; None when it knows nothing exact enough."""
    if cause is None:
        return None
    error = cause.error
    found = diagnose(error.message, error.code, error.failure_type)
    if not found.cause or not found.exact:
        return None
    return Meaning(
        code=found.code,
        cause=found.cause,
        next_steps=found.next_steps,
        rerun=found.rerun,
        page=found.page,
        signature=found.signature,
    )
