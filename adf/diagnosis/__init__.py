"""What an error text means: cause, side, next steps, and whether a rerun makes sense."""

from adf.diagnosis.dependency import dependency_of, error_mark
from adf.diagnosis.diagnose import Diagnosis, diagnose
from adf.diagnosis.meaning import explain_error, meaning_of
from adf.diagnosis.runtimes import offline_runtime
from adf.diagnosis.signature import is_silent, signature_in

__all__ = [
    "Diagnosis",
    "dependency_of",
    "diagnose",
    "error_mark",
    "explain_error",
    "is_silent",
    "meaning_of",
    "offline_runtime",
    "signature_in",
]
