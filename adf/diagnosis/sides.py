"""At which side an error happened: as the text names it, or as its words and code imply."""

import re

from adf.diagnosis.context import CODE_RUNS
from adf.diagnosis.unwrap import Peeled

# The outer codes of the stored procedure activity.
_PROCEDURE = frozenset({"2400", "2402"})
_COMPUTE = re.compile(r"(?i)(?:livy|spark|notebook|databricks|hdinsight|yarn\b)")
_WRITING = re.compile(
    r"(?i)\b(?:loading data into|bulk ?copy|upload(?:ing)? |insert(?:ing|ed)? |upsert"
    r"|failed to (?:write|import)|writing (?:to|data)|write operation|import(?:ed)? )"
    r"|\w(?:Sink|Write|Import)\w*(?:Fail|Error)"
)
# Loads of a warehouse read their own staged files, which is still writing.
_LOADING = re.compile(r"(?i)\b(?:loading data into|copy command|polybase|bulk ?copy)|hdfsbridge::")
_READING = re.compile(
    r"(?i)\b(?:failed to read|reading (?:from|data)|read operation|when reading|fetch(?:ing)? "
    r"|extract(?:ing|ion)? |export(?:ing)? )"
    r"|\w(?:Source|Read|Export)\w*(?:Fail|Error|Not)"
)


def side_of(peeled: Peeled, outer_code: str) -> str | None:
    """The side that the text names, else what kind of activity or work it is from."""
    if peeled.side:
        return peeled.side
    if outer_code in _PROCEDURE:
        return "procedure"
    if _COMPUTE.search(peeled.text) or outer_code in CODE_RUNS:
        return "compute"
    return _side_of_work(peeled)


def _side_of_work(peeled: Peeled) -> str | None:
    """Whether the text speaks of writing or of reading, where it names no side."""
    if _LOADING.search(peeled.text):
        return "sink"
    writes = _WRITING.search(peeled.text)
    reads = _READING.search(peeled.text)
    if bool(writes) == bool(reads):
        return None
    return "sink" if writes else "source"
