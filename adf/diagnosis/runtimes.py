"""Which integration runtime is offline, when that is what broke a run."""

import re

from adf.diagnosis.diagnose import diagnose
from adf.records import Cause

OFFLINE = "~SelfHostedIROffline"
_NAMED = re.compile(
    r"(?i)integration runtime\s*[(\['\"‘“]+([^'\"’”)\]]{1,120})[)\]'\"’”]+ is offline"
)


def offline_runtime(cause: Cause | None) -> str | None:
    """The name of the offline integration runtime; None when the cause is another one.

    The text names it; where it does not, the activity run tells which runtime it was to run on.
    """
    if cause is None:
        return None
    error = cause.error
    if diagnose(error.message, error.code, error.failure_type).code != OFFLINE:
        return None
    named = _NAMED.search(error.message)
    used = next((one.runtime for one in cause.failed if one.runtime), None)
    return named.group(1) if named else used
