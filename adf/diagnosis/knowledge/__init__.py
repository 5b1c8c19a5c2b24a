"""What is known of errors, as data beside this module: kinds, codes of many systems, words."""

from adf.diagnosis.knowledge.codes import CodeFamily, KnownError, codes, named_in
from adf.diagnosis.knowledge.kinds import Kind, kinds
from adf.diagnosis.knowledge.phrases import ErrorPhrase, phrases_in

__all__ = [
    "CodeFamily",
    "ErrorPhrase",
    "Kind",
    "KnownError",
    "codes",
    "kinds",
    "named_in",
    "phrases_in",
]
