"""Puts the names that an error speaks of (column, table, user) into the words of its cause."""

import re

from adf.diagnosis.unwrap import Peeled

_LONGEST = 80
_NAME = r"['\"‘“`](?P<name>[^'\"’”`]{1,120})['\"’”`]"
_FORMS = {
    "column": re.compile(rf"(?i)\bcolumn(?: name)?:? {_NAME}"),
    "table": re.compile(rf"(?i)\btable:? {_NAME}"),
    "object": re.compile(
        r"(?i)\b(?:object(?: name)?|relation|table or view|table|view|database|procedure|schema):? "
        + _NAME
    ),
    "user": re.compile(rf"(?i)\b(?:for user|user|login):? {_NAME}"),
    "server": re.compile(rf"(?i)\b(?:server(?: name)?|host(?:name)?|name):? {_NAME}"),
    "path": re.compile(rf"(?i)\b(?:path|file|folder|container|blob|bucket)(?: name)?:? {_NAME}"),
    "runtime": re.compile(rf"(?i)integration runtime:? \(?{_NAME}"),
    "secret": re.compile(
        r"(?i)secretName: (?P<name>[\w-]{1,80})|\(name/id\) (?P<other>[\w-]{1,80})"
    ),
}
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
_SHOWN = {"column": ": {}", "table": " of {}", "secret": ": {}", "path": ": {}"}


def with_names(cause: str, peeled: Peeled) -> str:
    """Fill `{column}` and the like with the names of the message; without one they vanish."""
    return re.sub(r"\{(\w+)\}", lambda place: _named(place.group(1), peeled), cause)


def _named(kind: str, peeled: Peeled) -> str:
    form = _FORMS[kind]
    match = form.search(peeled.root) or form.search(peeled.text)
    name = next((one for one in match.groups() if one), "") if match else ""
    if not name:
        return ""
    return _SHOWN.get(kind, " ({})").format(name[:_LONGEST])


def side_of_work(peeled: Peeled) -> str | None:
    """Whether the text speaks of writing or of reading, where it names no side."""
    if _LOADING.search(peeled.text):
        return "sink"
    writes = _WRITING.search(peeled.text)
    reads = _READING.search(peeled.text)
    if bool(writes) == bool(reads):
        return None
    return "sink" if writes else "source"
