"""What an error text means: cause, side, next steps, and whether a rerun makes sense."""

from adf.diagnosis.diagnose import Diagnosis, diagnose
from adf.diagnosis.meaning import meaning_of
from adf.diagnosis.runtimes import offline_runtime

__all__ = ["Diagnosis", "diagnose", "meaning_of", "offline_runtime"]
