"""Several pipelines by a part of their names: "anything starting with PL_", "PL_*"."""

import re
from dataclasses import dataclass

_SUBJECT = (
    r"(?:(?:any ?thing|every ?thing|all|any|every|each|alles?"
    r"|alle)\s+)?(?:(?:the\s+)?pipelines?\s+)?"
    r"(?:(?:that|which|whose\s+names?|with\s+names?|die|was)\s+)?"
)
_NAME = r"[\"“”'‘’]?([\w-]{2,60})[\"“”'‘’]?"
_FORMS = (
    (
        re.compile(rf"(?i){_SUBJECT}\b(?:starts?|starting|begins?|beginning)\s+with\s+{_NAME}"),
        "{}*",
    ),
    (re.compile(rf"(?i){_SUBJECT}\b(?:ends?|ending)\s+(?:in|with)\s+{_NAME}"), "*{}"),
    (re.compile(rf"(?i){_SUBJECT}\b(?:contains?|containing)\s+{_NAME}"), "*{}*"),
    (
        re.compile(rf"(?i){_SUBJECT}\bmit\s+{_NAME}\s+(?:an)?(?:fängt|fangen|beginnt|beginnen)\w*"),
        "{}*",
    ),
    (re.compile(r"(?i)(?<![\w*])([\w-]{2,60})\*(?!\w)"), "{}*"),
    (re.compile(r"(?i)(?<!\w)\*([\w-]{2,60})(?![\w*])"), "*{}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePattern:
    """A pattern of names with one star at an end, and where in the text it was said."""

    glob: str
    start: int
    end: int


def pattern_in(text: str) -> NamePattern | None:
    """The pattern that a text names; None where it names none."""
    for form, glob in _FORMS:
        found = form.search(text)
        if found:
            return NamePattern(
                glob=glob.format(found.group(1)), start=found.start(), end=found.end()
            )
    return None


def with_anything(text: str) -> str | None:
    """The text with "anything" where it names a pattern; None where it names none."""
    found = pattern_in(text)
    return f"{text[: found.start]}anything{text[found.end :]}" if found else None
