"""The sentences of a Markdown page, without its marks: no headings, tables, code or pictures."""

import re
from collections.abc import Iterator

_CODE = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)")
_TAG = re.compile(r"<[^<>]{0,300}>")
_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,600}\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,600}\)")
_NO_PROSE = re.compile(r"^\s*(?:#|\||:::|---|===|>\s*\[!)")
_LEAD = re.compile(r"^\s*(?:>\s*)*(?:[-*+]\s+|\d{1,3}[.)]\s+)?")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`)(?=\S)(.{1,300}?)(?<=\S)\1")
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(A-Z0-9])")
SHORTEST = 12


def sentences(text: str) -> Iterator[str]:
    """Each sentence of the prose, in order."""
    for paragraph in _paragraphs(_LINK.sub(r"\1", _PICTURE.sub("", _CODE.sub("\n\n", text)))):
        for one in _END.split(paragraph):
            if len(one.strip()) >= SHORTEST:
                yield one.strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Lines that belong together as one; a heading, a list item or an empty line begins anew."""
    lines: list[str] = []
    for line in text.splitlines():
        is_prose = bool(line.strip()) and not _NO_PROSE.match(line)
        lead = _LEAD.match(line)
        if lines and (not is_prose or (lead and lead[0].strip())):
            yield " ".join(lines)
            lines = []
        if is_prose:
            lines.append(_clean(line))
    if lines:
        yield " ".join(lines)


def _clean(line: str) -> str:
    return " ".join(_EMPHASIS.sub(r"\2", _TAG.sub("", _LEAD.sub("", line))).split())
