"""What is known of errors, as data beside this module: kinds, codes of many systems, words."""

from adf.diagnosis.knowledge.codes import Entry, Family, codes, named_in
from adf.diagnosis.knowledge.kinds import Kind, kinds
from adf.diagnosis.knowledge.phrases import Phrase, phrases_in

__all__ = ["Entry", "Family", "Kind", "Phrase", "codes", "kinds", "named_in", "phrases_in"]
