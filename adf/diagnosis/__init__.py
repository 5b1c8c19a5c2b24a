"""What an error text means: cause, side, next steps, and whether a rerun makes sense."""

from adf.diagnosis.diagnose import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
