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
