"""What an error text means: cause, side, next steps, and whether a rerun makes sense."""

from adf.diagnosis.ahead import diagnose_ahead, load_knowledge, read_cause_ahead
from adf.diagnosis.dependency import dependency_of, error_mark
from adf.diagnosis.diagnose import Diagnosis, diagnose
from adf.diagnosis.meaning import explain_error, meaning_of
from adf.diagnosis.runtimes import offline_runtime
from adf.diagnosis.signature import is_silent, signature_in

__all__ = [
    "Diagnosis",
    "dependency_of",
    "diagnose",
    "diagnose_ahead",
    "error_mark",
    "explain_error",
    "is_silent",
    "load_knowledge",
    "meaning_of",
    "offline_runtime",
    "read_cause_ahead",
    "signature_in",
]
