"""Diagnoses what is long beside the event loop; it is kept, so that asking for it costs nothing."""

import asyncio
from functools import partial

from adf.diagnosis.diagnose import diagnose
from adf.records import Cause

# So much text takes some milliseconds, and each card asks for its diagnosis more than once.
LONG_TEXT = 2_000
_ANY_ERROR = "something went wrong here"


async def diagnose_ahead(
    message: str | None, code: str | None = None, failure_type: str | None = None
) -> None:
    """Work out what a long error means, in a thread; a short one is worked out where it is asked.

    The arguments are those of `diagnose`.
    """
    if len(message or "") > LONG_TEXT:
        await asyncio.to_thread(partial(diagnose, message, code, failure_type))


async def read_cause_ahead(cause: Cause | None) -> None:
    """The same for the error that a run broke with."""
    if cause is not None:
        await diagnose_ahead(cause.error.message, cause.error.code, cause.error.failure_type)


async def load_knowledge() -> None:
    """Read what is known of errors before the first one comes: it takes a tenth of a second."""
    await asyncio.to_thread(diagnose, _ANY_ERROR)
